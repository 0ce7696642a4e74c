"""Causes above the officer go to whoever can mend them (RULES 4)."""

from datetime import UTC, datetime

from factories.caseload import make_verdict

from qa_service.obligations import service as obligations
from qa_service.obligations.tables import Obligation
from qa_service.policy.numbers import load_policy
from rubrics import FindingOwner

POLICY = load_policy("2026-11-01")
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


def test_each_cause_becomes_a_finding_of_its_own_owner_and_the_officers_own_causes_of_nobody(session, area):
    verdict = make_verdict(session, area.check)
    causes = [
        obligations.Cause("G3", "supervisor", "no supervision for 4 months", FindingOwner.HEAD_OF_PDU),
        obligations.Cause("A5", "it_lost_work", "lost twice", FindingOwner.NATIONAL_LEAD),
        obligations.Cause("B2", "officer", "not asked", FindingOwner.NONE),
    ]

    found = obligations.open_findings(
        session,
        obligations.FailedCheck(area.check.id, area.case.id, verdict.id, "LDNTST"),
        causes,
        at=MONDAY,
        by="job:test",
        policy=POLICY,
    )

    owners = [session.get(Obligation, finding.obligation_id).owner_post_id for finding in found]
    assert [finding.item_id for finding in found] == ["G3", "A5"]
    assert owners == [area.head.id, area.national.id]
    assert {finding.pdu_code for finding in found} == {"LDNTST"}
