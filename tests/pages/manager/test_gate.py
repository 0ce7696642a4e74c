"""The gate as a form: three answers with reasons, overrides by name, a place kept (RULES 5)."""

import pytest

ASKED = {"staff_code": "N07A002", "crn": "X000001"}


def test_the_form_asks_for_both_and_names_what_is_missing(spo):
    answer = spo.post("/gate", data={"crn": "X000001"})

    assert (answer.status_code, "Enter the officer&#39;s staff code" in answer.text) == (422, True)
    assert 'value="X000001"' in answer.text


def test_an_officer_under_a_cap_is_refused_with_the_reason_and_who_may_go_over_it(spo):
    page = spo.post("/gate", data={"staff_code": "n07a001", "crn": "x000002"}).text

    assert "No, this officer may not take this case" in page
    assert "would pass the cap of 1,740" in page
    assert "Only your head of PDU can go over this" in page
    assert "Go over the answer" not in page


def test_a_head_of_pdu_goes_over_a_refusal_by_name_and_with_a_reason(head):
    asked = {"staff_code": "N07A001", "crn": "X000002", "step": "override", "hold_place": "yes"}

    without = head.post("/gate", data=asked | {"name": "Head", "reason": ""})
    page = head.post("/gate", data=asked | {"name": "Head", "reason": "Court ordered it."}).text

    assert (without.status_code, "Enter the reason" in without.text) == (422, True)
    assert "A place is kept until 17 November 2026." in page
    assert "Head went over a refusal" in head.get("/escalations/3").text


def test_an_spo_who_tries_all_the_same_is_refused_and_nothing_is_kept(spo):
    data = {"staff_code": "N07A001", "crn": "X000002", "step": "override", "name": "S", "reason": "R"}

    assert spo.post("/gate", data=data | {"hold_place": "yes"}).status_code == 403


@pytest.mark.parametrize("changes", [{"staff_code": "W01A001"}, {"crn": "X999999"}, {"crn": "\0"}])
def test_what_is_not_in_the_area_is_said_in_the_form(spo, changes):
    answer = spo.post("/gate", data=ASKED | changes)

    assert answer.status_code == 422
    assert "govuk-error-summary" in answer.text
