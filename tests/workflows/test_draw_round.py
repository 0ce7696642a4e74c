"""From the draw to the pool of reads, in one step; a spoiled case is replaced by ticket, never by choice."""

from datetime import date

import pytest
from factories.rounds import (
    LEAD,
    make_drawable_area,
    make_drawn_round,
    make_open_round,
    make_references,
    make_seeded_round,
)
from sqlmodel import select

from qa_service.cases.tables import Case
from qa_service.core.clock import day_of
from qa_service.core.db import Scope, set_scope
from qa_service.core.errors import Conflict
from qa_service.reviews.statuses import ReadKind, ReviewStatus
from qa_service.reviews.tables import Review, ReviewKind
from qa_service.rounds import service as rounds
from qa_service.rounds.tables import CheckStatus, RoundStatus
from qa_service.workflows.close_round import close_round
from qa_service.workflows.draw_round import draw_round
from qa_service.workflows.substitute_check import substitute_check


def reads_of(session, check):
    return session.exec(
        select(Review, ReviewKind).join(ReviewKind).where(Review.check_id == check.id).order_by(Review.id)
    ).all()


def test_every_check_drawn_has_one_first_read_that_a_reviewer_can_take(session, clock):
    make_drawable_area(session)

    drawn, checks = make_drawn_round(session, clock.now())

    assert drawn.status is RoundStatus.IN_REVIEW
    assert len(checks) == 3
    for check in checks:
        [(review, kind)] = reads_of(session, check)
        assert (review.status, kind.kind) == (ReviewStatus.WANTED, ReadKind.FIRST)
        # 15 working days after Monday 2 November.
        assert day_of(kind.true_due_at) == date(2026, 11, 23)


def test_a_round_without_its_public_seed_is_not_drawn(session, clock):
    make_drawable_area(session)
    opened = make_open_round(session, clock.now())

    with pytest.raises(Conflict, match="cannot become drawn"):
        draw_round(session, opened.reference, by=LEAD, at=clock.now(), references=make_references())

    assert rounds.checks(session, opened) == []


def test_a_limited_access_case_is_drawn_although_the_lead_may_not_see_it(session, clock):
    make_drawable_area(session, n_officers=1, n_cases_each=1)
    session.exec(select(Case)).one().is_limited_access = True
    session.flush()
    seeded = make_seeded_round(session, clock.now())
    set_scope(session, Scope(regions=("N07",)))

    checks = draw_round(session, seeded.reference, by=LEAD, at=clock.now(), references=make_references())

    assert len(checks) == 1
    assert rounds.checks(session, seeded) == []


def test_a_round_is_not_closed_over_an_open_check_that_the_lead_may_not_see(session, clock):
    make_drawable_area(session, n_officers=1, n_cases_each=1)
    session.exec(select(Case)).one().is_limited_access = True
    session.flush()
    drawn, _ = make_drawn_round(session, clock.now())
    set_scope(session, Scope(regions=("N07",)))

    with pytest.raises(Conflict, match="1 open check"):
        close_round(session, drawn.reference, by=LEAD, at=clock.now())


def test_a_spoiled_case_is_replaced_by_its_officers_next_ticket_which_gets_a_first_read(session, clock):
    make_drawable_area(session)
    drawn, checks = make_drawn_round(session, clock.now())
    before = drawn.transcript_digest

    new = substitute_check(
        session,
        checks[0].reference,
        "Transferred abroad",
        by=LEAD,
        at=clock.now(),
        references=make_references("spare"),
    )

    assert new is not None
    assert (new.person_id, new.ticket_rank) == (checks[0].person_id, 2)
    assert checks[0].status is CheckStatus.SUBSTITUTED
    [(spoiled_read, _)] = reads_of(session, checks[0])
    [(new_read, kind)] = reads_of(session, new)
    assert spoiled_read.status is ReviewStatus.WITHDRAWN
    assert (new_read.status, kind.kind) == (ReviewStatus.WANTED, ReadKind.FIRST)
    assert drawn.transcript_digest != before


def test_an_officer_without_another_case_loses_the_check_and_nothing_is_made_up(session, clock):
    make_drawable_area(session, n_officers=1, n_cases_each=1)
    drawn, [only] = make_drawn_round(session, clock.now())

    new = substitute_check(
        session,
        only.reference,
        "Case closed before the draw",
        by=LEAD,
        at=clock.now(),
        references=make_references("spare"),
    )

    assert new is None
    assert [check.status for check in rounds.checks(session, drawn)] == [CheckStatus.SUBSTITUTED]
