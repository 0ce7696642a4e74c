"""A case that several arms could draw is taught by its chance over all of them, so every case counts once."""

from itertools import product

import pytest
from factories.flags import make_artefact_row, make_flag
from factories.rounds import LEAD, make_drawable_area, make_planned_round, make_references
from sqlalchemy import text
from sqlmodel import select

from qa_service.cases.tables import Assessment
from qa_service.flags.store.labels import read_reviews
from qa_service.rounds import drawing, service
from qa_service.rounds.rules.targeting import design_with_targeted

# Two officers with three cases each. The first case has the highest flag, so the targeted arm takes it for
# certain; the fourth has a lower one and no chance there; one of the other four is drawn without a flag.
SCORES = (0.9, 0.1, 0.1, 0.8, 0.1, 0.1)
CERTAIN, FLAGGED, UNFLAGGED = 0, 3, (1, 2, 4, 5)
TRULY_HIGH = {CERTAIN, 1}
_FINISH = (
    "UPDATE round SET cadence = 'annual'",
    "UPDATE check_record SET status = 'final'",
    (
        "INSERT INTO verdict (check_id, verdict, severity, is_urgent, is_underclassified, is_overclassified,"
        " assessed_overall, reviewed_overall, decision, attribution, decided_by, rubric_version, policy_version,"
        " decided_at) SELECT id, 'pass', 'S0', false, false, false, 'MEDIUM', 'MEDIUM', '{}', 'none', '{}', '1',"
        " '2026-11-01', drawn_at FROM check_record"
    ),
)


@pytest.fixture(name="places")
def fixture_places(session):
    """Return the place of each of the six cases, by its assessment."""
    make_drawable_area(session, n_officers=2, n_cases_each=3)
    make_artefact_row(session)
    rows = session.exec(select(Assessment).order_by(Assessment.id)).all()
    for row, score in zip(rows, SCORES, strict=True):
        make_flag(session, row.id, score)
    return {row.id: place for place, row in enumerate(rows)}


@pytest.fixture(name="taught")
def fixture_taught(session, clock):
    """Return a function: draw a round by some throws, finish its checks, tell what they teach, undo it all."""

    def draw(throws, *afterwards):
        undo = session.begin_nested()
        planned = make_planned_round(session, clock.now(), design=design_with_targeted(2, 0.10))
        step = {"by": LEAD, "at": clock.now()}
        service.open_round(session, planned.reference, references=make_references(), **step)
        dice = f"{throws:020d}"
        seed = {"dice": [{"witness": name, "rolls": dice} for name in ("Ann Wells", "Bo Lee")]}
        service.seed_round(session, planned.reference, seed, **step)
        drawing.draw_checks(session, planned.reference, references=make_references("draw"), **step)
        for statement in (*_FINISH, *afterwards):
            session.execute(text(statement))
        found = read_reviews(session)
        undo.rollback()
        return found

    return draw


@pytest.fixture(name="chances")
def fixture_chances(places, taught):
    """Return what thirty draws taught each case by: its own arm's chance by (place, arm), and the union's."""
    own, union = {}, {}
    for throws in range(30):
        for row in taught(throws).itertuples():
            place = places[row.assessment_id]
            own[place, row.arm], union[place] = row.inclusion_probability, row.union_probability
    return own, union


def _every_draw():
    """List what can be drawn, each as likely as any other: the arm of each checked case by its place."""
    for first, second, rest in product((0, 1, 2), (3, 4, 5), UNFLAGGED):
        yield {CERTAIN: "targeted", rest: "targeted", first: "random", second: "random"}


def test_over_every_draw_that_can_happen_the_labels_add_up_to_the_truth(chances):
    own, union = chances

    by_union = [sum(1 / union[place] for place in drawn if place in TRULY_HIGH) for drawn in _every_draw()]
    by_own_arm = [
        sum(1 / own[place, arm] for place, arm in drawn.items() if place in TRULY_HIGH)
        for drawn in _every_draw()
    ]

    assert sum(by_union) / len(by_union) == pytest.approx(len(TRULY_HIGH))
    # By the chance of the arm that drew it each of the two counts 5/3 times.
    assert sum(by_own_arm) / len(by_own_arm) == pytest.approx(5 / 3 * len(TRULY_HIGH))


def test_a_surely_flagged_case_stands_for_itself_and_one_that_only_chance_could_draw_for_three(chances):
    own, union = chances

    assert (own[CERTAIN, "random"], own[CERTAIN, "targeted"]) == (pytest.approx(1 / 3), 1)
    assert union[CERTAIN] == 1
    assert union[FLAGGED] == pytest.approx(own[FLAGGED, "random"]) == pytest.approx(1 / 3)


def test_a_follow_up_was_drawn_outside_the_frame_and_teaches_by_its_own_chance(places, taught):
    found = taught(
        3, "UPDATE check_record SET arm = 'follow_up', cause = 'after_recheck', round_id = NULL"
    ).set_index("assessment_id")

    assert set(found["arm"]) == {"follow_up"}
    assert found["union_probability"].equals(found["inclusion_probability"].rename("union_probability"))


def test_where_officers_are_checked_twice_a_year_a_check_counts_half_as_much_for_the_figures(places, taught):
    once = taught(3, "UPDATE round SET cadence = 'annual'").set_index(["arm", "assessment_id"])
    twice = taught(3, "UPDATE round SET cadence = 'six_monthly'").set_index(["arm", "assessment_id"])

    assert once.loc["random", "inclusion_probability"].tolist() == pytest.approx([1 / 3, 1 / 3])
    assert twice.loc["random", "inclusion_probability"].tolist() == pytest.approx([2 / 3, 2 / 3])
    assert twice.loc["targeted"].equals(once.loc["targeted"])
    assert twice["union_probability"].equals(once["union_probability"])
