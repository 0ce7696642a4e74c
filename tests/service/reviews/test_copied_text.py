"""Text that stands in the assessments of an officer's other people too: its own words and a number, no more."""

from datetime import UTC, date, datetime, timedelta

import pytest
from factories.cases import make_assessment, make_case
from factories.estate import make_officer
from factories.reviews import AT, make_check, make_setting
from sqlmodel import select

from qa_service.cases.tables import CaseAssignment
from qa_service.reviews.service.copied_text import shared_text_of

BEFORE = datetime(2026, 10, 1, 15, tzinfo=UTC)
PLAN = "Weekly visits by the officer, a curfew from seven in the evening and no contact with former partners."
EDITED = PLAN.replace("seven", "eight")
OTHER = "He is a danger to strangers late at night in town when he has lost money on machines."


@pytest.fixture
def setting(session):
    """A check of case 1, whose plan reads as PLAN."""
    found = make_setting(session)
    make_assessment(session, found.case, completed_at=BEFORE, texts={"rmp_supervision": PLAN})
    return found


def _hold(session, number, texts, *, staff_code="N07A001", **options):
    case = make_case(session, number, staff_code=staff_code, **options)
    make_assessment(session, case, completed_at=BEFORE, texts=texts)
    return case


def _shared(session, setting):
    return shared_text_of(session, make_check(session, setting.case, setting.officer, number=2))


def test_a_text_nearly_the_same_for_two_other_people_is_told_in_the_cases_own_words(session, setting):
    _hold(session, 2, {"rmp_supervision": EDITED})
    _hold(session, 3, {"rmp_supervision": EDITED.replace("Weekly", "Daily")})
    _hold(session, 4, {"rmp_supervision": OTHER})

    found = _shared(session, setting)

    assert list(found) == ["rmp_supervision"]
    assert found["rmp_supervision"].n_people == 2
    assert [passage.text for passage in found["rmp_supervision"].passages] == [
        "in the evening and no contact with former partners.",
        "Weekly visits by the officer, a curfew from",
    ]


def test_only_the_same_field_is_compared(session, setting):
    _hold(session, 2, {"rmp_contingency": PLAN})

    assert _shared(session, setting) == {}


def test_a_person_whose_access_is_limited_is_not_even_counted(session, setting):
    _hold(session, 2, {"rmp_supervision": PLAN}, is_limited_access=True)

    assert _shared(session, setting) == {}


def test_another_officers_people_are_not_compared(session, setting):
    make_officer(session, "N07A002")
    _hold(session, 2, {"rmp_supervision": PLAN}, staff_code="N07A002")

    assert _shared(session, setting) == {}


def test_nothing_recorded_or_taken_over_after_the_draw_is_compared(session, setting):
    late = _hold(session, 2, {"rmp_supervision": OTHER})
    make_assessment(
        session,
        late,
        completed_at=BEFORE + timedelta(days=1),
        texts={"rmp_supervision": PLAN},
        recorded_at=AT + timedelta(hours=1),
    )
    _hold(session, 3, {"rmp_supervision": PLAN}, held_from=AT.date() + timedelta(days=1))

    assert _shared(session, setting) == {}


def test_a_person_no_longer_held_is_not_compared(session, setting):
    former = _hold(session, 2, {"rmp_supervision": PLAN})
    session.exec(select(CaseAssignment).where(CaseAssignment.case_id == former.id)).one().to_on = date(
        2026, 6, 1
    )
    session.flush()

    assert _shared(session, setting) == {}


def test_only_the_latest_assessment_of_each_other_person_counts(session, setting):
    other = _hold(session, 2, {"rmp_supervision": PLAN})
    make_assessment(session, other, completed_at=BEFORE + timedelta(days=1), texts={"rmp_supervision": OTHER})

    assert _shared(session, setting) == {}


def test_a_few_words_in_common_are_chance(session, setting):
    make_assessment(
        session,
        setting.case,
        completed_at=BEFORE + timedelta(days=2),
        texts={"rmp_supervision": "Weekly visits by the officer."},
    )
    _hold(session, 2, {"rmp_supervision": "Weekly visits by the officer."})

    assert _shared(session, setting) == {}
