"""The score that looks at what came since an assessment orders an SPO's review of a caseload, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from factories.accounts import make_account
from factories.cases import make_assessment, make_case
from factories.estate import make_area, make_officer
from factories.flags import make_artefact_row, make_flag
from service.flags.conftest import LOADED_AT, TRAINED_AT
from sqlalchemy import text

from models.columns import Purpose
from qa_service.auth.roles import Role
from qa_service.caseload.service.held_cases import other_cases_by_flag
from qa_service.core.db import SYSTEM, transaction
from qa_service.core.ids import ReferenceSource, seeded_bytes
from qa_service.flags.service import artefacts
from qa_service.flags.service.learning import read_what_teaches
from qa_service.flags.service.records import of_flag, purpose_of
from qa_service.flags.service.scoring import refresh_flags
from qa_service.flags.tables import ArtefactStatus, ScorePurpose
from rubrics import Level

AT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
FLAG, NOW = "a" * 64, "b" * 64
LEVELS = {Level.MEDIUM, Level.HIGH}


def quietly(*_):
    """Show no progress."""


def rows(engine, statement, **values):
    with transaction(engine, SYSTEM) as session:
        return session.execute(text(statement), values).all()


def approve(session, digest, *, at=AT):
    lead = make_account(session, Role.NATIONAL_LEAD, username="lee")
    references = ReferenceSource(seeded_bytes("review now"))
    return artefacts.approve(
        session, digest, user_id=lead, reason="It knows more.", at=at, references=references
    )


def second_score(engine):
    """The digest of the candidate that looks at what came since."""
    [row] = rows(engine, "SELECT digest FROM flag_artefact WHERE purpose = 'review_now'")
    return row.digest


def late_event(engine, case_id, received_at):
    rows(
        engine,
        "INSERT INTO case_pack_item (case_id, content_digest, kind, happened_on, state, source, title, body,"
        " is_review_trigger, recorded_at, received_at) VALUES (:case, 'late', 'event', '2026-09-01', NULL,"
        " 'police', 'Arrested with a knife', 'Threatened to kill her.', true, :recorded, :received) RETURNING id",
        case=case_id,
        recorded=received_at - timedelta(hours=1),
        received=received_at,
    )


@pytest.fixture(name="scored")
def fixture_scored(session):
    """An officer with two mediums: the flag doubts the first, what came since the second."""
    make_artefact_row(session, FLAG)
    make_artefact_row(session, NOW, purpose=ScorePurpose.REVIEW_NOW, status=ArtefactStatus.CANDIDATE)
    make_area(session)
    officer = make_officer(session, "N07A001")
    assessed = [make_assessment(session, make_case(session, number)) for number in (1, 2)]
    for digest, chances in ((FLAG, (0.9, 0.1)), (NOW, (0.2, 0.8))):
        for row, chance in zip(assessed, chances, strict=True):
            make_flag(session, row.id, chance, digest=digest)
    return officer, [row.case_id for row in assessed]


def test_a_caseload_review_comes_in_its_order_once_a_national_lead_has_approved_it(session, scored):
    officer, [first, second] = scored

    assert other_cases_by_flag(session, officer.id, 0, levels=LEVELS, at=AT) == [first, second]
    approve(session, NOW)

    assert other_cases_by_flag(session, officer.id, 0, levels=LEVELS, at=AT) == [second, first]


def test_it_is_in_force_beside_the_flags_which_go_on_alone_everywhere_else(session, scored):
    approve(session, NOW)

    assert artefacts.approved_artefact(session).digest == FLAG
    assert artefacts.approved_artefact(session, ScorePurpose.REVIEW_NOW).digest == NOW
    used = session.execute(text("SELECT DISTINCT artefact_digest FROM approved_flag")).scalars().all()
    assert used == [FLAG]  # what rounds, stage 4 and all lists of flags read


def test_where_it_has_no_score_the_flag_orders(session, scored):
    officer, [first, second] = scored
    approve(session, NOW)
    session.execute(text("DELETE FROM flag WHERE artefact_digest = :now"), {"now": NOW})

    assert other_cases_by_flag(session, officer.id, 0, levels=LEVELS, at=AT) == [first, second]


def test_a_training_makes_a_candidate_of_each_kind_and_none_is_in_force(area):
    made = rows(
        area, "SELECT purpose, status, evaluation->'reports' AS r FROM flag_artefact ORDER BY purpose"
    )

    assert [(row.purpose, row.status) for row in made] == [("flag", "candidate"), ("review_now", "candidate")]
    assert set(made[1].r) == {"overall"}


def test_it_learns_what_came_until_the_check_was_drawn_and_nothing_its_reader_could_not_see(area):
    # given: of one checked case an event received a day before its check was drawn, of another a day after
    [before, after] = rows(
        area,
        "SELECT k.case_id, k.assessment_id FROM check_record k JOIN assessment a ON a.id = k.assessment_id"
        " WHERE a.completed_at < :day ORDER BY k.id LIMIT 2",
        day=LOADED_AT - timedelta(days=2),
    )
    records, _ = read_what_teaches(area, at=TRAINED_AT, progress=quietly, with_since=True)
    was = records.set_index("assessment_id")["since_n_trigger_events"]
    late_event(area, before.case_id, LOADED_AT - timedelta(days=1))
    late_event(area, after.case_id, LOADED_AT + timedelta(days=1))

    records, _ = read_what_teaches(area, at=TRAINED_AT, progress=quietly, with_since=True)

    now = records.set_index("assessment_id")["since_n_trigger_events"]
    assert now[before.assessment_id] == was[before.assessment_id] + 1
    assert now[after.assessment_id] == was[after.assessment_id]
    assert purpose_of(records) is Purpose.REVIEW_NOW
    assert purpose_of(of_flag(records)) is Purpose.FLAG


def test_it_scores_once_approved_and_again_when_more_was_received(area):
    done = refresh_flags(area, since=TRAINED_AT, at=TRAINED_AT, progress=quietly)
    now = second_score(area)
    assert now not in done.digests  # nobody has approved it, so nobody waits for it
    with transaction(area, SYSTEM) as session:
        approve(session, now, at=TRAINED_AT)

    later = TRAINED_AT + timedelta(hours=1)
    refresh_flags(area, since=TRAINED_AT, at=later, progress=quietly)
    [case] = rows(
        area,
        "SELECT a.case_id, f.score_rate FROM approved_review_now f JOIN assessment a ON a.id = f.assessment_id"
        " WHERE f.score_rate < 0.2 ORDER BY f.score_rate DESC LIMIT 1",
    )
    late_event(area, case.case_id, later + timedelta(minutes=1))
    done = refresh_flags(area, since=TRAINED_AT, at=later + timedelta(days=1), progress=quietly)

    assert done.n_scored == 1
    [again] = rows(
        area,
        "SELECT f.score_rate, f.reasons FROM approved_review_now f JOIN assessment a ON a.id = f.assessment_id"
        " WHERE a.case_id = :case",
        case=case.case_id,
    )
    assert again.score_rate != case.score_rate
    flags = rows(area, "SELECT DISTINCT artefact_digest FROM approved_flag")
    assert now not in {row.artefact_digest for row in flags}
