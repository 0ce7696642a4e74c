"""The case first: both sides' levels in words, closed in one of the only two ways (RULES 3)."""

import pytest
from sqlmodel import select

from qa_service.core.db import SYSTEM, transaction
from qa_service.obligations.tables import LevelCorrection

CHANGED = {
    "outcome": "changed",
    "changed_on": "13",
    "changed_on-month": "11",
    "changed_on-year": "2026",
    "changed_to": "HIGH",
}


@pytest.fixture
def address(fail):
    return f"/corrections/{fail.correction_id}"


@pytest.fixture
def stored(fresh_engine):
    def read():
        with transaction(fresh_engine, SYSTEM) as session:
            return session.exec(select(LevelCorrection)).one()

    return read


def test_the_spo_reads_which_group_was_found_higher_and_whose_duty_it_is(spo, address):
    page = spo.get(address).text

    row = page.split("Public, in the community")[1].split("</tr>")[0]
    assert row.index("Medium") < row.index("High") < row.index("Reader found it higher")
    assert "Known adult, in the community" in page
    assert "spo N07T01 (Holder of spo N07T01)" in page


def test_a_change_is_checked_in_words_before_it_counts(spo, address, stored):
    checked = spo.post(address, data=CHANGED)

    assert "was changed to high" in checked.text
    assert "13 November 2026" in checked.text
    assert stored().outcome is None


def test_a_confirmed_change_closes_the_duty_with_its_day_and_level(spo, address, stored, confirm):
    answer = confirm(spo, spo.post(address, data=CHANGED))

    assert (answer.status_code, answer.headers["location"]) == (303, address)
    assert "Changed on 13 November 2026 to high" in spo.get(address).text
    assert (stored().outcome, str(stored().changed_on)) == ("changed", "2026-11-13")


def test_keeping_the_level_needs_its_reason_and_stands_with_it(spo, address, stored, confirm):
    kept = {"outcome": "kept", "kept_reason": "The partner moved abroad in May."}

    refused = spo.post(address, data=kept | {"kept_reason": "  "})
    confirm(spo, spo.post(address, data=kept))

    assert (refused.status_code, "Enter why the level is kept" in refused.text) == (422, True)
    assert stored().kept_reason == "The partner moved abroad in May."


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"outcome": ""}, ["Choose whether the level was changed or kept"]),
        ({"changed_on": "31"}, ["Enter the day of the change, such as 27 3 2026"]),
        ({"changed_on-year": "2027"}, ["Enter a day up to today"]),
        (
            {"changed_on": "", "changed_to": ""},
            ["Enter the day of the change, such as 27 3 2026", "Choose the level it was changed to"],
        ),
    ],
    ids=["no way chosen", "31 November", "in the future", "both missing"],
)
def test_wrong_answers_are_all_named_and_what_was_typed_is_kept(spo, address, changes, errors):
    answer = spo.post(address, data=CHANGED | changes)

    summary = answer.text.split("govuk-error-summary__list")[1].split("</ul>")[0]
    assert answer.status_code == 422
    assert [error in summary for error in errors] == [True] * len(errors)
    assert 'value="11"' in answer.text


def test_going_back_from_the_check_page_keeps_what_was_typed(spo, address):
    page = spo.post(address, data=CHANGED | {"confirmed": "yes", "change": "yes"})

    assert page.status_code == 200
    assert 'value="2026"' in page.text


def test_a_second_close_is_told_that_it_is_closed(spo, address):
    spo.post(address, data=CHANGED | {"confirmed": "yes"})

    assert spo.post(address, data=CHANGED | {"confirmed": "yes"}).status_code == 409


def test_the_head_of_pdu_may_close_it_and_another_teams_spo_does_not_know_of_it(head, other_spo, address):
    assert other_spo.get(address).status_code == 404
    assert other_spo.post(address, data=CHANGED | {"confirmed": "yes"}).status_code == 404
    assert head.post(address, data=CHANGED | {"confirmed": "yes"}).status_code == 303
