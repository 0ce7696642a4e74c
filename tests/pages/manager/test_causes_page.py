"""Causes of an area: what is said of one fail, and which lines of the rubric are put in order."""

import csv
import io

from factories.rates import add_read, make_fails, make_final_check, make_rates_area

from qa_service.auth.roles import Role
from qa_service.reviews.statuses import ReadKind

CAUSES = "/rates/pdu/LDNTST/causes"


def test_one_fail_is_said_in_the_singular_and_without_a_share(committed, client_as):
    committed(lambda session: make_fails(session, make_rates_area(session), 1, 1))

    page = client_as(Role.HEAD_OF_PDU, pdu="LDNTST").get(CAUSES).text

    assert "1 of 1 confirmed fail since " in page
    assert " names workload, oversight or IT as a cause." in page


def test_without_a_fail_it_is_said_that_there_may_be_some_that_one_may_not_see(committed, client_as):
    committed(make_rates_area)

    page = client_as(Role.HEAD_OF_PDU, pdu="LDNTST").get(CAUSES).text

    assert "There is no confirmed fail that you may see since " in page


def test_a_line_with_few_cases_stands_below_however_often_it_was_answered_no(committed, client_as):
    def make(session):
        found = make_rates_area(session)
        for number in range(20):
            answers = {"B1": ("no" if number < 4 else "yes", "officer" if number < 4 else "")}
            if number < 2:
                answers["A2"] = ("no", "officer")
            add_read(
                session,
                make_final_check(session, number, found),
                ReadKind.FIRST,
                level="MEDIUM",
                answers=answers,
            )

    committed(make)
    head = client_as(Role.HEAD_OF_PDU, pdu="LDNTST")

    lines = list(csv.DictReader(io.StringIO(head.get(f"{CAUSES}?format=csv&table=lines").text)))

    told = [(row["Line of the rubric"][:2], row["Times"], row["Of"]) for row in lines]
    assert told == [("B1", "4", "20"), ("A2", "2", "2")]
    assert lines[0]["Share and 95% interval"].startswith("20.0%")
    assert lines[1]["Share and 95% interval"] == "Too few to compare"
