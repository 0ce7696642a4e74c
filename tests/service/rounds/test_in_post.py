"""The weeks of a joiner count from the present unbroken service, whatever postings came before it."""

from datetime import date

import pytest
from factories.estate import make_area, make_national_post, make_officer
from sqlmodel import select

from qa_service.estate.tables import Grade, Posting
from qa_service.rounds import store

ON = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("postings", "in_post_on"),
    [
        pytest.param(
            [(date(2015, 3, 2), date(2018, 5, 31)), (date(2026, 10, 19), None)],
            date(2026, 10, 19),
            id="back two weeks ago",
        ),
        pytest.param(
            [(date(2015, 3, 2), date(2018, 5, 31)), (date(2018, 6, 1), None)],
            date(2015, 3, 2),
            id="moved from one day to the next",
        ),
        pytest.param(
            [(date(2015, 3, 2), date(2018, 6, 1)), (date(2018, 6, 4), None)],
            date(2015, 3, 2),
            id="moved over a weekend",
        ),
        pytest.param(
            [(date(2015, 3, 2), None), (date(2026, 10, 19), None)],
            date(2015, 3, 2),
            id="a second team beside the first",
        ),
        pytest.param(
            [(date(2015, 3, 2), date(2026, 11, 2)), (date(2026, 12, 1), None)],
            date(2015, 3, 2),
            id="a later posting is known already",
        ),
    ],
)
def test_the_weeks_of_a_joiner_count_from_the_last_run_of_postings_without_a_gap(
    session, postings, in_post_on
):
    make_national_post(session)
    make_area(session)
    make_officer(session, "N07A001", from_on=postings[0][0])
    first = session.exec(select(Posting).where(Posting.staff_code == "N07A001")).one()
    first.to_on = postings[0][1]
    later = {"staff_code": "N07A001", "team_code": "N07T02", "grade": Grade.PO, "contracted_hours": 37}
    session.add_all(Posting(**later, from_on=start, to_on=end) for start, end in postings[1:])
    session.flush()

    [officer] = store.list_officers(session, ["LDNTST"], ON)

    assert officer.in_post_on == in_post_on


def test_a_posting_that_was_taken_back_before_it_began_is_none(session):
    make_national_post(session)
    make_area(session)
    make_officer(session, "N07A001", from_on=date(2015, 3, 2))
    taken_back = {"from_on": date(2026, 11, 9), "to_on": date(2026, 11, 8)}
    session.add(
        Posting(staff_code="N07A001", team_code="N07T02", grade=Grade.PO, contracted_hours=37, **taken_back)
    )
    session.flush()

    [officer] = store.list_officers(session, ["LDNTST"], ON)

    assert officer.regions == (("N07", date(2015, 3, 2), None),)
