from datetime import UTC, datetime, timedelta

import pytest
from factories.cases import make_limited
from factories.reviews import AT, claimed, make_reader, make_setting, read_through, want

from qa_service.core.clock import day_of
from qa_service.core.errors import Invalid
from qa_service.estate import service as estate
from qa_service.obligations.tables import Obligation
from qa_service.reviews import service as reviews
from qa_service.reviews.rules import NextStep
from qa_service.reviews.tables import ReadKind


@pytest.fixture
def setting(session):
    return make_setting(session)


@pytest.fixture
def rita(session, setting):
    want(session, setting.check)
    return make_reader(session, "rita")


def test_a_worry_reaches_the_cases_spo_at_once_with_four_working_hours_to_acknowledge(session, rita):
    friday = datetime(2026, 11, 6, 15, 0, tzinfo=UTC)
    reference = claimed(session, rita, at=friday).reference

    worry = reviews.raise_worry(
        session, reference, "The children are there tonight.", reader_id=rita, at=friday
    )

    duty = session.get_one(Obligation, worry.obligation_id)
    assert duty.owner_post_id == estate.spo_post(session, "N07T01").id
    assert duty.due_at == datetime(2026, 11, 9, 11, 0, tzinfo=UTC)
    assert duty.is_urgent


def test_a_worry_about_a_limited_access_case_reaches_whoever_may_know_of_it(session, setting, rita):
    reference = claimed(session, rita).reference
    head = estate.head_of_pdu_post(session, "LDNTST")
    make_limited(session, setting.case, listed=estate.holder_of_post(session, head.id, day_of(AT)))

    worry = reviews.raise_worry(session, reference, "He has a key.", reader_id=rita, at=AT)

    assert session.get_one(Obligation, worry.obligation_id).owner_post_id == head.id


def test_the_same_worry_sent_twice_is_one_duty(session, rita):
    reference = claimed(session, rita).reference

    first, again = (
        reviews.raise_worry(session, reference, "He has a key.", reader_id=rita, at=AT) for _ in range(2)
    )

    assert first.id == again.id


def test_a_worry_says_something(session, rita):
    with pytest.raises(Invalid):
        reviews.raise_worry(session, claimed(session, rita).reference, "  ", reader_id=rita, at=AT)


def test_a_contaminated_read_keeps_its_first_mark(session, rita):
    reference = claimed(session, rita).reference
    reviews.mark_contaminated(session, reference, reader_id=rita, at=AT)

    again = reviews.mark_contaminated(session, reference, reader_id=rita, at=AT + timedelta(hours=1))

    assert again.contaminated_at == AT


def test_a_contaminated_fail_asks_for_a_replacement_first(session, setting, rita):
    submitted = read_through(session, rita)
    reviews.mark_contaminated(session, submitted.review.reference, reader_id=rita, at=AT)

    found = reviews.combine_reads(session, setting.check, at=AT)

    assert (found.step, found.wanted_kind) == (NextStep.WANT_READ, ReadKind.REPLACEMENT)
