import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
from factories.cases import add_pack_item, add_registration, make_assessment
from factories.flags import evaluation, make_artefact_row, make_flag
from factories.reviews import AT, answers, claimed, judgement, make_check, make_reader, make_setting, want
from sqlalchemy import event
from sqlmodel import select

from qa_service.cases.tables import Case, Registration
from qa_service.core.errors import Conflict
from qa_service.flags.tables import ArtefactStatus
from qa_service.reviews import service as reviews
from qa_service.reviews.case_view import BlindCase
from qa_service.reviews.service.judging import lock_own_judgement, lock_quality
from qa_service.reviews.tables import Review
from qa_service.rounds.tables import Check

COPIED = "He has been violent to two former partners when he drinks."


@pytest.fixture
def rita(session):
    """A reader of a check of case 1, whose assessment followed an earlier one and says its level in words."""
    setting = make_setting(session)
    early = datetime(2026, 9, 20, 15, 0, tzinfo=UTC)
    make_assessment(
        session, setting.case, completed_at=early, texts={"nature_of_risk": COPIED}, groups={"public": "HIGH"}
    )
    make_assessment(
        session,
        setting.case,
        completed_at=datetime(2026, 10, 1, 15, 0, tzinfo=UTC),
        texts={"nature_of_risk": f"{COPIED} Risk to the public is medium."},
        screening={"R1.2.1": "YES", "R1.3.7": "YES"},
        has_full_analysis=True,
        other_answers={"R6.2": "Violent to partners, a medium risk.", "R10.6": "MEDIUM", "R11.1": "YES"},
        countersignature_comment="I agree with medium.",
    )
    add_pack_item(session, setting.case, title="Home visit", body="Assessed as medium risk, Tier C2.")
    add_pack_item(session, setting.case, kind="supervision", title="Supervision of the officer")
    add_pack_item(session, setting.case, kind="meeting", title="MAPPA level 2 meeting")
    add_registration(session, setting.case, "RMRH")
    add_registration(session, setting.case, "ADVP")
    setting.case.mappa_level = "M2"
    check = make_check(session, setting.case, setting.officer, number=2)
    add_pack_item(session, setting.case, title="Recorded later", body="Nobody sees this.")
    want(session, check)
    return make_reader(session, "rita")


@pytest.fixture
def reference(session, rita):
    return claimed(session, rita).reference


def test_the_level_in_the_text_is_hidden(session, rita, reference):
    view = reviews.blind_case(session, reference, reader_id=rita)

    nature = next(passage for passage in view.passages if passage.anchor == "nature-of-risk")
    assert nature.text == f"{COPIED} Risk to the public is [level hidden]."
    visit = next(item for item in view.pack if item.title == "Home visit")
    assert "medium" not in visit.body
    assert "C2" not in visit.body


def test_the_full_analysis_is_shown_without_the_level(session, rita, reference):
    view = reviews.blind_case(session, reference, reader_id=rita)

    shown = [(one.label, one.text) for one in view.passages if one.anchor.startswith("full-analysis")]
    assert shown == [("R6.2 Full analysis", "Violent to partners, a [level hidden] risk.")]


def test_nothing_recorded_after_the_draw_is_shown(session, rita, reference):
    view = reviews.blind_case(session, reference, reader_id=rita)

    assert "Recorded later" not in [item.title for item in view.pack]


def test_the_case_stays_for_its_readers_as_it_stood_at_the_draw(session, rita, reference):
    case = session.exec(select(Case)).one()
    blind = reviews.blind_case(session, reference, reader_id=rita)

    case.tier, case.mappa_level, case.next_hearing_on = "A3", "M3", date(2026, 12, 1)
    case.contact_status, case.released_on = "recalled", date(2026, 11, 20)
    session.flush()

    assert reviews.blind_case(session, reference, reader_id=rita) == blind
    lock_own_judgement(session, reference, judgement(), reader_id=rita, at=AT)
    lock_quality(session, reference, answers(2), reader_id=rita, at=AT)
    facts = dict(reviews.revealed_level(session, reference, reader_id=rita).facts)
    assert (facts["Tier"], facts["MAPPA level"]) == ("C2", "M2")


def test_the_register_stays_for_its_readers_as_it_stood_at_the_draw(session, rita, reference):
    case = session.exec(select(Case)).one()
    blind = reviews.blind_case(session, reference, reader_id=rita)

    later = AT + timedelta(days=3)

    # given: after the draw the level is corrected, an entry ends, and a backdated one comes
    for entry in session.exec(select(Registration)).all():
        entry.replaced_at = later
    session.flush()
    add_registration(session, case, "RMRH", level="RSKH", recorded_at=later)
    add_registration(session, case, "ADVP", to_on=date(2026, 10, 1), recorded_at=later)
    add_registration(session, case, "RHRH", recorded_at=later)
    add_registration(session, case, "WEAP", recorded_at=later)

    assert reviews.blind_case(session, reference, reader_id=rita) == blind
    lock_own_judgement(session, reference, judgement(), reader_id=rita, at=AT)
    lock_quality(session, reference, answers(2), reader_id=rita, at=AT)
    revealed = reviews.revealed_level(session, reference, reader_id=rita)
    assert [(one.code, one.description) for one in revealed.registers] == [("RMRH", "")]


def test_what_exists_because_of_the_level_waits_for_lock_2(session, rita, reference):
    view = reviews.blind_case(session, reference, reader_id=rita)

    assert [item.title for item in view.pack] == ["Office appointment", "Home visit"]
    assert [register.code for register in view.registers] == ["ADVP"]
    assert [number for _, number, _ in view.screening] == ["R1.2.1"]


def test_the_blind_view_has_no_place_for_a_level():
    names = {field.name for field in dataclasses.fields(BlindCase)}

    assert not names & {"grid", "tier", "mappa_level", "grade", "points", "flag", "hints", "predictors"}


def test_the_blind_queries_load_no_level(session, rita, reference):
    statements = []
    engine = session.get_bind().engine

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        reviews.blind_case(session, reference, reader_id=rita)
    finally:
        event.remove(engine, "before_cursor_execute", note)

    loaded = " ".join(
        one.split(" FROM ")[0] for one in statements if "assessment" in one or "case_record" in one
    )
    for withheld in ("grid", "overall", "tier", "mappa", "predictors", "countersign", "assessment_type"):
        assert withheld not in loaded


def test_the_officers_levels_are_refused_before_lock_2(session, rita, reference):
    lock_own_judgement(session, reference, judgement(), reader_id=rita, at=AT)

    with pytest.raises(Conflict):
        reviews.revealed_level(session, reference, reader_id=rita)
    with pytest.raises(Conflict):
        reviews.revealed_flag(session, reference, reader_id=rita)


def test_stage_3_shows_the_officers_levels_beside_ones_own(session, rita, reference):
    lock_own_judgement(session, reference, judgement(), reader_id=rita, at=AT)
    lock_quality(session, reference, answers(2), reader_id=rita, at=AT)

    view = reviews.revealed_level(session, reference, reader_id=rita)

    assert ("community", "public", "medium", "high") in view.levels
    assert {register.code for register in view.registers} == {"RMRH"}
    assert {item.title for item in view.pack} == {"Supervision of the officer", "MAPPA level 2 meeting"}
    assert ("MAPPA level", "M2") in view.facts
    assert ("Countersigner's comment", "I agree with medium.") in view.facts
    assert (date(2026, 9, 20), "high") in view.earlier_levels


def test_stage_4_says_what_repeats_the_last_assessment(session, rita, reference):
    lock_own_judgement(session, reference, judgement(), reader_id=rita, at=AT)
    lock_quality(session, reference, answers(2), reader_id=rita, at=AT)
    reviews.submit_read(session, reference, answers(3), reader_id=rita, at=AT, submission_key="k")

    view = reviews.revealed_flag(session, reference, reader_id=rita)

    assert view.why_unscored == "The classifier has not scored this assessment."
    assert [(passage.anchor, passage.text) for passage in view.copied] == [("nature_of_risk", COPIED)]
    assert view.copied_share_pct == round(100 * 11 / (11 + 6))  # words
    assert any(name.startswith("A2 ") for name, _ in view.hints)


@pytest.mark.parametrize(
    ("target", "n_found_high", "chance", "why"),
    [
        ("overall", 26, 0.7, None),
        ("overall", 0, None, None),
        ("none", 26, None, "Every level that was recorded is high already, so none is in doubt."),
        ("unscored", 26, None, "No scorer for its lower levels (staff)."),
    ],
)
def test_stage_4_states_no_chance_that_nobody_knows_and_says_why_there_is_no_score(
    session, rita, reference, target, n_found_high, chance, why
):
    check = session.exec(select(Check).join(Review).where(Review.reference == reference)).one()
    make_artefact_row(session).evaluation = evaluation(n_reviewed_high=n_found_high)
    sentence = "No scorer for its lower levels (staff)."
    make_flag(session, check.assessment_id, 0.7, target=target, sentence=sentence)
    lock_own_judgement(session, reference, judgement(), reader_id=rita, at=AT)
    lock_quality(session, reference, answers(2), reader_id=rita, at=AT)
    reviews.submit_read(session, reference, answers(3), reader_id=rita, at=AT, submission_key="k")

    view = reviews.revealed_flag(session, reference, reader_id=rita)

    assert (view.chance_rate, view.why_unscored) == (chance, why)


def test_stage_4_tells_the_approved_flag_its_reasons_and_how_often_it_is_right(session, rita, reference):
    assessment_id = session.exec(
        select(Check.assessment_id).join(Review).where(Review.reference == reference)
    ).one()
    make_artefact_row(session, "a" * 64)
    make_artefact_row(session, "b" * 64, status=ArtefactStatus.CANDIDATE)
    make_flag(session, assessment_id, 0.7, digest="a" * 64)
    make_flag(session, assessment_id, 0.1, digest="b" * 64, sentence="A candidate's view.")
    lock_own_judgement(session, reference, judgement(), reader_id=rita, at=AT)
    lock_quality(session, reference, answers(2), reader_id=rita, at=AT)
    reviews.submit_read(session, reference, answers(3), reader_id=rita, at=AT, submission_key="k")

    view = reviews.revealed_flag(session, reference, reader_id=rita)

    assert (view.shown.is_flagged, view.chance_rate, view.level_in_doubt) == (True, 0.7, "overall")
    assert view.reasons == ("Two unanswered police enquiries. (A2)",)
    assert view.precision.startswith("Of 100 cases it flags, about 30 (20 to 41) need a higher level")
