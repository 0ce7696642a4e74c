"""An SPO who is to read the level before a move is told it by no page (RULES 1, 5)."""

import re

import pytest
from sqlmodel import select

from qa_service.caseload.tables import CaseloadReviewCase, Move, MoveStatus
from qa_service.core.db import SYSTEM, transaction
from qa_service.rounds.tables import Check

# Both cases that move are low, of tier C3: 79 points each.
TELLS_THE_LEVEL = re.compile(r"\b79\b|\b158\b|low risk")
HIDDEN = "Shown after the level is read again"


def _pages(fail) -> list[str]:
    return [f"/moves/{fail.move_id}", "/moves", "/moves?format=csv", f"/cuts/{fail.cut_id}"]


def _cells(client, address) -> str:
    """Return the text of the page's own part, without addresses."""
    return re.sub(r"<[^>]+>", " ", client.get(address).text.split("<main")[-1])


def _set_status(session, fail, status) -> None:
    for move in session.exec(select(Move)):
        move.status = status


@pytest.mark.parametrize("is_begun", [False, True], ids=["before the read", "during the read"])
def test_neither_points_nor_reason_of_a_proposed_move_are_told_before_its_level_is_read(
    spo, head, fail, is_begun
):
    if is_begun:
        spo.post(f"/moves/{fail.move_id}/read-level")

    told = [
        (address, found[0])
        for client in (spo, head)
        for address in _pages(fail)
        if (found := TELLS_THE_LEVEL.findall(_cells(client, address)))
    ]

    assert told == []
    assert HIDDEN in spo.get(f"/moves/{fail.move_id}").text
    assert "2 with" not in spo.get("/failing-checks/CHECK1").text


def test_the_order_of_a_list_does_not_tell_which_case_was_proposed_first_as_the_lowest(spo, fail, committed):
    def swap(session):
        first, second = session.exec(select(Move).order_by(Move.id))
        first_case, second_case = first.case_id, second.case_id
        first.status = MoveStatus.DECLINED  # one open move a case
        session.flush()
        second.case_id = first_case
        session.flush()
        first.case_id, first.status = second_case, MoveStatus.PROPOSED

    def listed(address):
        return re.findall(r"X00000\d", _cells(spo, address))

    before = {address: listed(address) for address in ("/moves", f"/cuts/{fail.cut_id}")}
    committed(swap)

    assert {address: listed(address) for address in before} == before
    assert [len(crns) for crns in before.values()] == [2, 2]


def test_both_are_told_once_the_level_is_read(spo, fail, committed):
    committed(_set_status, fail, MoveStatus.LEVEL_CONFIRMED)

    page = _cells(spo, f"/moves/{fail.move_id}")

    assert "low risk, 79 points; the receiver is in the same team" in page
    assert HIDDEN not in page
    assert re.search(r"\b79\b", _cells(spo, "/moves"))
    assert "2 with 158 points." in spo.get("/failing-checks/CHECK1").text


def test_an_spo_who_does_not_read_may_still_decline(spo, fail, fresh_engine):
    answer = spo.post(f"/moves/{fail.move_id}/decline", data={"reason": "Moves house next week."})

    assert answer.status_code == 303
    with transaction(fresh_engine, SYSTEM) as session:
        assert session.get(Move, fail.move_id).status is MoveStatus.DECLINED


def test_the_list_of_a_caseload_review_hides_the_level_of_a_case_while_its_spo_reads_it(
    spo, fail, fresh_engine, committed
):
    def put_on_the_list(session):
        """A medium that moves is on both lists; here it is the case that moves."""
        move = session.get(Move, fail.move_id)
        listed = session.exec(select(CaseloadReviewCase).order_by(CaseloadReviewCase.rank)).first()
        listed.case_id = move.case_id

    committed(put_on_the_list)
    address = f"/caseload-reviews/{fail.duties['caseload_review']}"

    before = _cells(spo, address)
    spo.post(f"/moves/{fail.move_id}/read-level")
    during = _cells(spo, address)

    assert (len(re.findall(r"\bLow\b", before)), len(re.findall(r"\bLow\b", during))) == (1, 0)
    assert "X000002" in during
    with transaction(fresh_engine, SYSTEM) as session:
        assert session.exec(select(Check).where(Check.reference != "CHECK1")).one().case_id == (
            session.get(Move, fail.move_id).case_id
        )
