"""The finding about a PDU that passed a threshold: the regional director answers it, the PDU reads of it."""

import pytest
from factories.rates import AT, make_fails, make_rates_area

from qa_service.auth.roles import Role
from qa_service.core.clock import day_of
from qa_service.estate import service as estate
from qa_service.pages.manager_plans import counted_in_words
from qa_service.policy.numbers import load_policy
from qa_service.reporting.thresholds import PlanRow
from qa_service.workflows.open_improvement_plans import open_improvement_plans

CAUSES = "/rates/pdu/LDNTST/causes"


def _make(session):
    """Twelve fails, seven of them with workload, oversight or IT as a cause; the director's key."""
    make_fails(session, make_rates_area(session), 12, 7)
    open_improvement_plans(session, at=AT, policy=load_policy())
    director = estate.holder_of_post(session, estate.regional_director_post(session, "N07").id, day_of(AT))
    return director.id


@pytest.fixture
def director(client_as, committed):
    return client_as(Role.REGIONAL_DIRECTOR, region="N07", person_id=committed(_make))


def _address(page):
    start = page.index('href="/duties/') + len('href="')
    return page[start : page.index('"', start)]


def _plan(n_counted, n_of):
    moments = {"since_at": AT.replace(year=2025), "opened_at": AT, "closed_at": None}
    version = load_policy().version
    return PlanRow(
        "risen", "LDNTST", "PDU", n_counted, n_of, policy_version=version, decision=None, **moments
    )


def test_a_share_of_few_is_told_as_counts_and_of_enough_with_its_interval():
    assert counted_in_words(_plan(1, 1)) == (
        "1 of 1 escalations rose past the head of PDU in PDU from 2 November 2025 to 2 November 2026: more than"
        " 50%, but of too few to say a share."
    )
    # Wilson's interval of 14 of 24, from R: prop.test(14, 24, correct = FALSE).
    assert counted_in_words(_plan(14, 24)).endswith(": 58.3% (95% interval 38.8% to 75.5%), more than 50%.")


def test_the_director_reads_what_was_counted_and_records_the_plan(director):
    duties = director.get("/duties").text
    address = _address(duties)

    page = director.get(address).text
    empty = director.post(address, data={"decision": ""})
    answer = director.post(address, data={"decision": "Two SPO posts are filled from 1 January."})

    assert "Agree an improvement plan with the head of PDU LDNTST" in duties
    assert "7 of 12 confirmed fails named workload, oversight or IT as a cause in PDU LDNTST" in page
    assert "more than 40%, but of too few to say a share." in page
    assert "58.3%" not in page
    assert f'href="{CAUSES}"' in page
    assert (empty.status_code, answer.status_code) == (422, 303)


def test_the_head_of_pdu_reads_of_the_finding_and_of_its_answer(director, client_as):
    head = client_as(Role.HEAD_OF_PDU, pdu="LDNTST")

    before = head.get(CAUSES).text
    director.post(_address(director.get("/duties").text), data={"decision": "Two SPO posts are filled."})
    after = head.get(CAUSES).text

    assert "A finding for the regional director: 7 of 12" in before
    assert "It has not been answered yet." in before
    assert "Two SPO posts are filled." in after


def test_a_region_reads_in_how_many_of_its_pdus_a_plan_was_called_for(director):
    page = director.get("/rates/region/N07/causes").text

    assert "called for in 1 of 1 PDUs; 1 of 1 findings wait for an answer." in page


def test_an_analyst_reads_of_no_finding(director, client_as):
    page = client_as(Role.ANALYST, pdu="LDNTST").get(CAUSES).text

    assert "finding for the regional director" not in page
