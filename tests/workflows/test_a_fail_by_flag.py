"""A fail that the targeted arm found: the case is corrected, the PDU told, and nobody's load is cut (RULES 2)."""

from datetime import UTC, datetime, timedelta

import pytest
from factories.estate import make_area
from factories.flags import make_artefact_row, make_flag
from factories.reviews import HIGH, SAME, claimed, make_reader, references
from factories.rounds import LEAD, SEED, make_drawable_area, make_planned_round, make_references
from sqlmodel import col, select
from workflows.reading import read

from qa_service.caseload.tables import (
    CaseloadReviewCase,
    Cut,
    CutDecision,
    CutDecisionValue,
    Hold,
    ReductionRequest,
)
from qa_service.cases.tables import Assessment
from qa_service.estate import service as estate
from qa_service.feedback.tables import Feedback
from qa_service.obligations.tables import Escalation, EscalationKind, Finding, LevelCorrection, Obligation
from qa_service.outbox.tables import OutboxEvent
from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import area_tree
from qa_service.reporting.cost import cost_of
from qa_service.reviews.tables import AccuracyReply, ReadKind, ReviewKind, Verdict, VerdictValue
from qa_service.rounds import service as rounds
from qa_service.rounds.rules.targeting import design_with_targeted
from qa_service.rounds.tables import Arm, Check, CheckStatus
from qa_service.workflows.draw_round import draw_round
from qa_service.workflows.open_round import open_round
from qa_service.workflows.run_due import run_due

DAY_0 = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
DAY_3 = DAY_0 + timedelta(days=3)


def _all(session, kind) -> list:
    return list(session.exec(select(kind).order_by(col(kind.id))))


@pytest.fixture(name="reader")
def fixture_reader(session):
    """A reader of Wales, and a round of one officer's six cases: one drawn at random, two by flag."""
    make_drawable_area(session, n_officers=1, n_cases_each=6)
    make_area(session, region="W01", pdu="WALTST", teams=("W01T01",))
    make_artefact_row(session)
    for place, assessment in enumerate(session.exec(select(Assessment).order_by(Assessment.id)).all()):
        make_flag(session, assessment.id, 0.9 if place == 0 else 0.1)
    planned = make_planned_round(session, DAY_0, design=design_with_targeted(2, 0.10))
    open_round(session, planned.reference, by=LEAD, at=DAY_0, references=make_references())
    rounds.seed_round(session, planned.reference, SEED, by=LEAD, at=DAY_0)
    draw_round(session, planned.reference, by=LEAD, at=DAY_0, references=make_references("draw"))
    return make_reader(session, "first")


@pytest.fixture(name="failed")
def fixture_failed(session, reader) -> Check:
    """The flagged case, found high because nobody supervised; whatever else was drawn was found right."""
    [flagged] = [
        check for check in _all(session, Check) if check.case_id == _all(session, Assessment)[0].case_id
    ]
    assert flagged.arm is Arm.TARGETED
    for _ in _all(session, Check):
        given = claimed(session, reader, at=DAY_3)
        if given.check_id == flagged.id:
            read(session, reader, at=DAY_3, grid=HIGH, given={"G3": "no"}, causes={"G3": "supervisor"})
        else:
            read(session, reader, at=DAY_3, grid=SAME)
    return flagged


def test_one_read_is_enough_and_the_case_is_corrected_first(session, failed):
    [verdict] = [row for row in _all(session, Verdict) if row.check_id == failed.id]
    assert (verdict.verdict, failed.status) == (VerdictValue.FAIL, CheckStatus.FINAL)
    assert ReadKind.SECOND not in set(session.exec(select(ReviewKind.kind)))
    assert not _all(session, AccuracyReply)
    [correction] = _all(session, LevelCorrection)
    duty = session.get_one(Obligation, correction.obligation_id)
    assert (correction.check_id, duty.owner_post_id) == (
        failed.id,
        estate.spo_post(session, failed.team_code).id,
    )


def test_nobodys_load_is_cut_or_held_not_even_when_every_clock_has_run_out(session, failed):
    run_due(session, at=DAY_3 + timedelta(days=60), references=references("due"))

    [decision] = _all(session, CutDecision)
    assert (decision.decision, decision.reason) == (CutDecisionValue.NONE, "arm_does_not_cut")
    for kind in (Cut, Hold, ReductionRequest, CaseloadReviewCase):
        assert not _all(session, kind), kind
    assert Arm.FOLLOW_UP not in {row.arm for row in _all(session, Check)}
    # What did rise is the level that nobody corrected in all that time: the case comes first in every arm.
    assert [row.kind for row in _all(session, Escalation)] == [EscalationKind.CORRECTION]
    assert {event.event_type for event in _all(session, OutboxEvent)} == {
        "rosh-qa.level-correction.opened",
        "rosh-qa.check.finalised",
    }


def test_the_manager_concerned_is_told_the_officer_is_told_and_the_pdu_counts_it_apart(session, failed):
    [finding] = _all(session, Finding)
    duty = session.get_one(Obligation, finding.obligation_id)
    assert (finding.cause, finding.pdu_code) == ("supervisor", "LDNTST")
    assert duty.owner_post_id == estate.head_of_pdu_post(session, "LDNTST").id
    feedback = {row.check_id: row for row in _all(session, Feedback)}[failed.id]
    assert feedback.content["reasons"][0] == (
        "The overall level was recorded as medium and the review found high."
    )
    tree, at = area_tree(session), DAY_3 + timedelta(days=1)
    of_pdu = cost_of(session, tree, tree.pdus["LDNTST"], at=at, policy=load_policy())
    assert {one.arm: one.too_low.k for one in of_pdu.arms} == {Arm.RANDOM: 0, Arm.TARGETED: 1}
