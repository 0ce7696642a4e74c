"""After a serious further offence the last check of the case is read again blind, and changes no verdict (RULES 10)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from factories.cases import make_case
from factories.reviews import HIGH, SAME, claimed, make_reader, make_setting, references, want
from sqlalchemy import text
from sqlmodel import select
from workflows.reading import go_on, lock_1, read

from qa_service.caseload.tables import Cut
from qa_service.core.db import Scope, set_scope
from qa_service.core.errors import Conflict, Invalid, NotFound
from qa_service.obligations.tables import LevelCorrection
from qa_service.reviews import service as reviews
from qa_service.reviews.service import Notification
from qa_service.reviews.statuses import ReadKind, ReviewStatus
from qa_service.reviews.tables import Review, ReviewKind, SeriousFurtherOffence, Verdict
from qa_service.workflows.run_due import run_due

CHECKED = datetime(2026, 11, 5, 10, tzinfo=UTC)
LATER = datetime(2027, 5, 10, 10, tzinfo=UTC)
OFFENCE = date(2027, 5, 4)
ENTERED = Notification("X000001", OFFENCE, date(2027, 5, 6))


@pytest.fixture
def passed(session):
    """A case of London whose check a reader passed in November 2026, at the officer's own levels."""
    setting = make_setting(session)
    want(session, setting.check)
    read(session, make_reader(session, "first"), at=CHECKED, grid=SAME)
    return setting


# Nobody: sequences go on from test to test, so that any other number may be a reader's.
def _enter(session, notification=ENTERED, *, by="user:0", at=LATER, seed="offence"):
    return reviews.enter_further_offence(session, notification, at=at, by=by, references=references(seed))


def _rereads(session):
    statement = select(Review).join(ReviewKind).where(ReviewKind.kind == ReadKind.SFO).order_by(Review.id)
    return session.exec(statement).all()


def test_the_last_check_before_the_offence_is_wanted_again_in_another_region(session, passed):
    offence = _enter(session)

    [again] = _rereads(session)
    assert (offence.check_id, again.check_id) == (passed.check.id, passed.check.id)
    assert session.get(ReviewKind, again.id).unwanted_region_code == "N07"


def test_a_case_never_checked_before_that_day_is_counted_and_nothing_is_read(session, passed):
    make_case(session, 2)

    never = _enter(session, Notification("X000002", OFFENCE, OFFENCE))
    too_early = _enter(session, Notification("X000001", CHECKED.date(), LATER.date()))

    assert (never.check_id, too_early.check_id, _rereads(session)) == (None, None, [])


def test_a_level_found_higher_opens_a_correction_and_neither_verdict_nor_cut_changes(session, passed):
    _enter(session)

    read(session, make_reader(session, "again"), at=LATER, grid=HIGH)

    assert session.exec(select(LevelCorrection.check_id)).all() == [passed.check.id]
    assert [one.verdict.value for one in session.exec(select(Verdict))] == ["pass"]
    assert session.exec(select(Cut)).all() == []


def test_whoever_entered_it_or_read_the_check_before_is_never_given_the_read(session, passed):
    lead = make_reader(session, "lead")
    _enter(session, by=f"user:{lead}")
    first = session.exec(select(Review.reader_id).where(Review.submitted_at.is_not(None))).one()

    given = [reviews.claim_next(session, reader_id=one, at=LATER) for one in (lead, first)]

    assert given == [None, None]
    assert claimed(session, make_reader(session, "again"), at=LATER) is not None


def test_a_contaminated_read_is_followed_by_another_and_a_good_one_by_none(session, passed):
    _enter(session)
    seen = make_reader(session, "seen")
    locked = lock_1(session, seen, at=LATER, grid=SAME)
    reviews.mark_contaminated(session, locked.review.reference, reader_id=seen, at=LATER)
    go_on(session, locked.review.reference, seen, at=LATER)

    for days in (1, 1, 2):
        run_due(session, at=LATER + timedelta(days=days), references=references(f"due{days}"))
    wanted_again = len(_rereads(session))
    read(session, make_reader(session, "again"), at=LATER + timedelta(days=3), grid=SAME)
    run_due(session, at=LATER + timedelta(days=4), references=references("due4"))

    assert (wanted_again, len(_rereads(session))) == (2, 2)


def test_two_offences_after_one_check_ask_for_one_read(session, passed):
    _enter(session)
    _enter(session, Notification("X000001", OFFENCE + timedelta(days=1), LATER.date()))

    assert len(_rereads(session)) == 1


@pytest.mark.parametrize(
    ("notification", "fields"),
    [
        (Notification("X999999", OFFENCE, OFFENCE), {"crn"}),
        (Notification("X000001", None, None), {"occurred_on", "notified_on"}),
        (Notification("X000001", OFFENCE, OFFENCE - timedelta(days=1)), {"notified_on"}),
        (
            Notification("", LATER.date() + timedelta(days=1), LATER.date()),
            {"crn", "occurred_on", "notified_on"},
        ),
    ],
)
def test_every_fault_of_what_was_entered_is_named_at_once(session, passed, notification, fields):
    with pytest.raises(Invalid) as refused:
        _enter(session, notification)

    assert {field for field, _ in refused.value.faults} == fields


def test_the_same_offence_is_not_entered_twice(session, passed):
    _enter(session)

    with pytest.raises(Invalid, match="cannot be entered"):
        _enter(session, Notification(" x000001 ", OFFENCE, LATER.date()))


def _withdraw(session, offence, *, at=LATER):
    return reviews.withdraw_further_offence(
        session, offence.id, reason="Another person of the same name.", at=at, by="user:0"
    )


def test_an_offence_withdrawn_before_anybody_began_asks_for_no_read_and_may_be_entered_again(session, passed):
    _withdraw(session, _enter(session))
    run_due(session, at=LATER + timedelta(days=1), references=references("due"))

    dropped = [one.status for one in _rereads(session)]
    _enter(session, seed="entered again")

    assert dropped == [ReviewStatus.WITHDRAWN]
    assert [one.status for one in _rereads(session)] == [ReviewStatus.WITHDRAWN, ReviewStatus.WANTED]


def test_a_read_begun_goes_on_when_the_offence_is_withdrawn_and_still_opens_a_correction(session, passed):
    offence = _enter(session)
    reader = make_reader(session, "again")
    begun = claimed(session, reader, at=LATER)
    _withdraw(session, offence)

    read(session, reader, at=LATER, grid=HIGH)

    assert begun.status not in {ReviewStatus.WITHDRAWN, ReviewStatus.WANTED}
    assert session.exec(select(LevelCorrection.check_id)).all() == [passed.check.id]


def test_a_read_that_another_offence_needs_stays_wanted(session, passed):
    offence = _enter(session)
    _enter(session, Notification("X000001", OFFENCE + timedelta(days=1), LATER.date()))

    _withdraw(session, offence)

    assert [one.status for one in _rereads(session)] == [ReviewStatus.WANTED]


def test_an_offence_is_withdrawn_once(session, passed):
    offence = _enter(session)
    _withdraw(session, offence)

    with pytest.raises(Conflict, match="withdrawn already"):
        _withdraw(session, offence)


def test_nobody_withdraws_what_they_may_not_see(session, passed):
    offence = _enter(session)
    set_scope(session, Scope(regions=("W01",)))

    with pytest.raises(NotFound):
        _withdraw(session, offence)


def test_whose_area_it_is_sees_the_offence_and_nobody_who_reads_the_check_at_that_moment(session, passed):
    _enter(session)
    reading = text("SELECT set_config('app.reading', :check, true)")
    seen = []

    for scope, check in (
        (Scope(regions=("N07",)), ""),
        (Scope(regions=("W01",)), ""),
        (Scope(regions=("N07",)), f"{{{passed.check.id}}}"),
    ):
        set_scope(session, scope)
        session.connection().execute(reading, {"check": check})
        seen.append(len(session.exec(select(SeriousFurtherOffence)).all()))

    assert seen == [1, 0, 0]
