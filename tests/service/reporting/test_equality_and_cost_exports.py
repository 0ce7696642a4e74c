"""Equality and cost exports: sums of the random arm by group, and costs by arm; no small count, no case."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count, islice

import pytest
from factories.flags import make_artefact_row, make_flag
from factories.rates import AT, LONDON, WALES, add_read, make_final_check

from qa_service.cases.tables import CaseAuditFact
from qa_service.core.errors import Invalid
from qa_service.estate.tables import FactKind, PersonAuditFact, PractitionerFact
from qa_service.flags.tables import ScorePurpose
from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import AreaLevel
from qa_service.reporting.exports.cost import COST
from qa_service.reporting.exports.definition import Wanted, counted_to, make
from qa_service.reporting.exports.equality import EQUALITY
from qa_service.reporting.exports.kinds import ExportKind
from qa_service.reporting.exports.rates import RATES
from qa_service.reporting.hours import told_hours
from qa_service.reviews.statuses import ReadKind
from qa_service.rounds.tables import Arm

POLICY = load_policy()
# A year ends after the checks of the factory, and files count whole ones.
IN_JANUARY = datetime(2027, 1, 4, 10, tzinfo=UTC)


@pytest.fixture
def add(session, round_):
    """Return a function: add n checks of people of a group, held by officers of a group."""
    numbers = count(1)

    def checks(n, *, ethnicity="WHITE", sex="M", officer="F", birth_year=1990, **options):
        made = []
        for number in islice(numbers, n):
            check = make_final_check(session, number, round_, **options)
            facts = {"ethnicity": ethnicity, "sex": sex, "birth_year": birth_year}
            session.add(CaseAuditFact(case_id=check.case_id, **facts))
            session.add(PersonAuditFact(person_id=check.person_id, sex=officer))
            made.append(check)
        session.flush()
        return made

    return checks


def _rows(session, definition, level=AreaLevel.NATIONAL, **wanted):
    made = make(session, definition, Wanted(level, IN_JANUARY, **wanted), policy=POLICY)
    names = [column.name for column in made.columns]
    return [dict(zip(names, row, strict=True)) for row in made.rows]


def _figures(rows, of_whom, characteristic, rate):
    return {
        row["group"]: (row["k"], row["n"])
        for row in rows
        if (row["of_whom"], row["characteristic"], row["rate"]) == (of_whom, characteristic, rate)
        and row["reading"] == "by_officer"
    }


def test_rates_are_given_by_the_person_supervised_and_by_the_officer_each_with_its_n(session, add):
    add(12, ethnicity="BLACK", reviewed="LOW")
    add(10, ethnicity="BLACK", officer="M")
    add(11, ethnicity="WHITE", reviewed="LOW")
    add(30, ethnicity="WHITE", officer="M")

    rows = _rows(session, EQUALITY)

    over = "overclassified_rate"
    assert _figures(rows, "person_supervised", "ethnicity", over) == {"BLACK": (12, 22), "WHITE": (11, 41)}
    assert _figures(rows, "person_supervised", "ethnicity_and_sex", over)["BLACK, M"] == (12, 22)
    assert _figures(rows, "officer", "sex", over) == {"F": (23, 23), "M": (0, 40)}
    assert _figures(rows, "person_supervised", "age_band", over) == {"35 to 49": (23, 63)}
    assert all(
        row["low_rate"] <= row["value_rate"] <= row["high_rate"]
        for row in rows
        if row["value_rate"] is not None
    )


def test_fails_are_given_by_the_officers_working_hours_and_whether_they_are_newly_qualified(session, add):
    checks = add(12, verdict="fail", reviewed="HIGH") + add(12)
    for check in checks[:12]:
        new = {"kind": FactKind.NEWLY_QUALIFIED, "from_on": check.drawn_at.date()}
        session.add(PractitionerFact(person_id=check.person_id, **new))
    session.flush()

    rows = _rows(session, EQUALITY)

    assert _figures(rows, "officer", "newly_qualified", "fail_rate") == {"yes": (12, 12), "no": (0, 12)}
    assert _figures(rows, "officer", "working_hours", "fail_rate") == {"full time": (12, 24)}


def test_flags_are_those_of_the_approved_classifier_and_never_a_second_score(session, add):
    make_artefact_row(session)
    make_artefact_row(session, "b" * 64, purpose=ScorePurpose.REVIEW_NOW)
    for place, check in enumerate(add(30)):
        make_flag(session, check.assessment_id, 0.9 if place < 12 else 0.1)
        make_flag(session, check.assessment_id, 0.9, digest="b" * 64)

    rows = _rows(session, EQUALITY)

    assert _figures(rows, "person_supervised", "ethnicity", "flagged_rate") == {"WHITE": (12, 30)}


def test_nobody_is_left_out_because_nothing_is_recorded_of_them(session, round_):
    for number in range(12):
        make_final_check(session, number, round_)

    rows = _rows(session, EQUALITY)

    for characteristic in ("sex", "ethnicity", "age_band"):
        found = _figures(rows, "person_supervised", characteristic, "underclassified_rate")
        assert found == {"not recorded": (0, 12)}


def test_a_count_under_ten_is_hidden_with_another_beside_it_because_the_total_is_known(session, add):
    add(9, ethnicity="ASIAN", reviewed="HIGH")
    add(20, ethnicity="ASIAN")
    add(11, ethnicity="BLACK", reviewed="HIGH")
    add(20, ethnicity="BLACK")
    add(14, ethnicity="WHITE", reviewed="HIGH")
    add(20, ethnicity="WHITE")

    found = _figures(_rows(session, EQUALITY), "person_supervised", "ethnicity", "underclassified_rate")

    assert found == {"ASIAN": (None, 29), "BLACK": (None, 31), "WHITE": (14, 34)}


def test_a_group_of_under_ten_people_is_not_counted_out(session, add):
    add(4, ethnicity="OTHER")
    add(20, ethnicity="BLACK")
    add(30, ethnicity="WHITE")

    found = _figures(_rows(session, EQUALITY), "person_supervised", "ethnicity", "underclassified_rate")

    assert found["OTHER"] == (None, None)
    assert [n for _, n in found.values()].count(None) == 2


def test_what_is_hidden_of_the_nation_is_hidden_of_every_region(session, add):
    # Of the nation, BLACK (11) is hidden only to protect ASIAN (9); all eleven are of one region.
    add(9, ethnicity="ASIAN", reviewed="HIGH", place=LONDON)
    add(11, ethnicity="BLACK", reviewed="HIGH", place=WALES)
    add(14, ethnicity="WHITE", reviewed="HIGH", place=WALES)
    for ethnicity in ("ASIAN", "BLACK", "WHITE"):
        add(12, ethnicity=ethnicity, place=LONDON)
        add(12, ethnicity=ethnicity, place=WALES)

    rows = _rows(session, EQUALITY, AreaLevel.REGION)

    wales = [row for row in rows if row["area_code"] == "W01"]
    found = _figures(wales, "person_supervised", "ethnicity", "underclassified_rate")
    assert found["BLACK"] == (None, 23)


def test_the_cost_of_an_error_is_given_by_arm_and_never_for_a_small_number_of_errors(session, add):
    for arm, n_wrong in ((Arm.RANDOM, 6), (Arm.TARGETED, 4)):
        for check in add(n_wrong, arm=arm, reviewed="HIGH") + add(20, arm=arm):
            add_read(session, check, ReadKind.FIRST, level="MEDIUM")

    random, targeted = _rows(session, COST, AreaLevel.PDU, pdus=["LDNTST"])

    hours = 26 * POLICY.forecast.first_read_hours
    assert (random["arm"], random["k"], random["n"], random["reviewer_hours"]) == ("random", 6, 26, hours)
    # Wilson's interval of 6 in 26, from R: prop.test(6, 26, correct = FALSE): 0.1103 to 0.4205.
    assert random["hours_per_error"] == round(hours / 6, 1)
    assert random["low_hours_per_error"] == pytest.approx(2.5 / 0.4205, abs=0.1)
    assert random["high_hours_per_error"] == pytest.approx(2.5 / 0.1103, abs=0.1)
    assert targeted["arm"] == "targeted"
    hidden = (
        "n",
        "k",
        "n_reads",
        "reviewer_hours",
        "value_rate",
        "hours_per_error",
        "low_hours_per_error",
        "high_hours_per_error",
        "caseload_years_per_error",
    )
    assert {targeted[name] for name in hidden} == {None}


def test_hours_are_rounded_halves_up_as_on_the_page():
    assert [told_hours(one) for one in (Decimal("1368.5"), 2.25, 2.34)] == [1368.5, 2.3, 2.3]


def test_so_few_checks_that_their_number_is_hidden_are_not_counted_out_by_their_reads(session, add):
    for check in add(3, arm=Arm.TARGETED):
        add_read(session, check, ReadKind.FIRST, level="MEDIUM")

    [targeted] = _rows(session, COST)

    hidden = ("n", "n_reads", "n_moderations", "reviewer_hours", "caseload_years")
    assert {targeted[name] for name in hidden} == {None}


@pytest.mark.parametrize("definition", [RATES, EQUALITY, COST], ids=lambda one: one.name)
def test_every_row_has_the_columns_of_the_dictionary_and_no_others(session, add, definition):
    for check in add(3):
        add_read(session, check, ReadKind.FIRST, level="MEDIUM")

    rows = definition.rows(session, Wanted(AreaLevel.NATIONAL, IN_JANUARY), POLICY)

    assert rows
    assert {frozenset(row) for row in rows} == {frozenset(one.name for one in definition.columns)}


def test_neither_interval_nor_window_can_be_left_out(session, round_):
    with pytest.raises(Invalid, match="low_rate cannot be left out"):
        _rows(session, RATES, left_out=["low_rate"])


def test_only_finished_half_years_are_offered_and_of_equality_figures_finished_years():
    offered = [
        [str(day) for day in kind.days_offered(AT.date(), POLICY.rates)[:3]]
        for kind in (ExportKind.RATES, ExportKind.EQUALITY)
    ]

    assert offered == [
        ["2026-06-30", "2025-12-31", "2025-06-30"],
        ["2025-12-31", "2024-12-31", "2023-12-31"],
    ]
    with pytest.raises(Invalid, match="is not over"):
        counted_to(AT.date(), AT)


@pytest.mark.parametrize(
    ("asked", "level", "days"),
    [
        (date(2026, 6, 30), AreaLevel.REGION, ("2025-07-01", "2026-06-30")),
        (date(2026, 6, 29), AreaLevel.REGION, ("2025-01-01", "2025-12-31")),
        (date(2026, 6, 30), AreaLevel.PDU, ("2024-01-01", "2025-12-31")),
        (None, AreaLevel.NATIONAL, ("2025-07-01", "2026-06-30")),
    ],
)
def test_a_file_counts_whole_half_years_and_of_a_pdu_whole_years_whichever_day_is_asked_for(
    session, round_, asked, level, days
):
    made = make(session, RATES, Wanted(level, counted_to(asked, AT)), policy=POLICY)

    names = [column.name for column in made.columns]
    places = [names.index("window_from_on"), names.index("window_to_on")]
    rates = [row for row in made.rows if row[names.index("arm")] == "random"]
    assert {tuple(str(row[place]) for place in places) for row in rates} == {days}
    assert made.about["counted"] == f"{days[0]} to {days[1]}, as verdicts stood then"
