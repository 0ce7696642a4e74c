"""A blind read is not for whoever may have seen what an earlier reader found (RULES 1, 2 and 8)."""

import pytest
from factories.accounts import LONG_AGO, make_account
from factories.fails import FIRST_READ, make_suspected_fail
from factories.reviews import AT, make_reader, make_setting, read_through, references, want
from sqlmodel import select
from workflows.reading import lock_1

from qa_service.auth.roles import Role
from qa_service.auth.tables import RoleGrant
from qa_service.cases.tables import CaseAssignment
from qa_service.reviews import service as reviews
from qa_service.reviews.tables import ReadKind
from qa_service.rounds.tables import Check

OF_THE_AREA = [
    pytest.param(Role.SPO, {"team": "N07T01"}, id="SPO of the team"),
    pytest.param(Role.HEAD_OF_PDU, {"pdu": "LDNTST"}, id="head of its PDU"),
    pytest.param(Role.QUALITY_LEAD, {"region": "N07"}, id="quality lead of its region"),
    pytest.param(Role.REGIONAL_DIRECTOR, {"region": "N07"}, id="regional director"),
    pytest.param(Role.NATIONAL_LEAD, {}, id="national lead"),
]
OF_ELSEWHERE = [
    pytest.param(Role.SPO, {"team": "N07T02"}, id="SPO of another team"),
    pytest.param(Role.QUALITY_LEAD, {"region": "W01"}, id="quality lead of another region"),
    pytest.param(Role.ANALYST, {}, id="analyst"),
]


def _manager_who_reads(session, role, place) -> int:
    make_account(session, role, username="both", **place)
    return make_account(session, Role.REVIEWER, username="both", region="W01")


def _is_given_a_read(session, reader_id, at=FIRST_READ) -> bool:
    return reviews.claim_next(session, reader_id=reader_id, at=at) is not None


@pytest.mark.parametrize(("role", "place"), OF_THE_AREA)
def test_a_manager_of_the_area_does_not_read_again_what_a_first_reader_found_too_low(session, role, place):
    make_suspected_fail(session)

    assert not _is_given_a_read(session, _manager_who_reads(session, role, place))


@pytest.mark.parametrize(("role", "place"), OF_ELSEWHERE)
def test_whoever_manages_elsewhere_or_nobody_may_read_it_again(session, role, place):
    make_suspected_fail(session)

    assert _is_given_a_read(session, _manager_who_reads(session, role, place))


def test_a_managers_role_that_has_ended_keeps_nobody_from_a_read(session):
    make_suspected_fail(session)
    reader = _manager_who_reads(session, Role.REGIONAL_DIRECTOR, {"region": "N07"})
    for grant in session.exec(select(RoleGrant).where(RoleGrant.role == Role.REGIONAL_DIRECTOR)):
        grant.to_at = LONG_AGO.replace(month=2)
    session.flush()

    assert _is_given_a_read(session, reader)


@pytest.mark.parametrize(("role", "place"), OF_THE_AREA)
def test_first_reads_stay_open_to_managers(session, role, place):
    want(session, make_setting(session).check)

    assert _is_given_a_read(session, _manager_who_reads(session, role, place), AT)


def test_a_first_read_given_back_after_its_correction_opened_is_not_for_a_manager_of_the_area(session):
    want(session, make_setting(session).check)
    first = make_reader(session, "first", region="N07")
    locked = lock_1(session, first, at=AT)
    reviews.declare_conflict(
        session,
        locked.review.reference,
        reader_id=first,
        reason="My neighbour.",
        knows_officer=True,
        at=AT,
        references=references("again"),
    )
    manager = _manager_who_reads(session, Role.HEAD_OF_PDU, {"pdu": "LDNTST"})

    assert not _is_given_a_read(session, manager, AT)
    assert _is_given_a_read(session, make_reader(session, "sam", region="N07"), AT)


def test_a_manager_of_the_area_that_a_case_has_moved_to_does_not_read_it_again(session):
    make_suspected_fail(session)
    case_id = session.exec(select(Check.case_id).where(Check.reference == "CHECK1")).one()
    held = session.exec(select(CaseAssignment).where(CaseAssignment.case_id == case_id)).one()
    held.team_code = "N07T02"
    session.flush()

    assert not _is_given_a_read(session, _manager_who_reads(session, Role.SPO, {"team": "N07T02"}))


@pytest.mark.parametrize(
    ("kind", "may_read"),
    [
        (ReadKind.SECOND, False),
        (ReadKind.REPLACEMENT, False),
        (ReadKind.EXPERT, False),
        (ReadKind.SFO, False),
        (ReadKind.GOLD, True),
        (ReadKind.CALIBRATION, True),
    ],
)
def test_every_further_blind_read_is_kept_from_managers_but_common_ones_are_not(session, kind, may_read):
    check = make_setting(session).check
    want(session, check)
    read_through(session, make_reader(session, "first", region="N07"))
    want(session, check, kind)
    make_account(session, Role.MODERATOR, username="both")
    manager = _manager_who_reads(session, Role.REGIONAL_DIRECTOR, {"region": "N07"})

    assert _is_given_a_read(session, manager, AT) is may_read
