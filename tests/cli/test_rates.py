"""`qa-service rates` gives the very figures of the page and of the API."""

import pytest
from factories.rates import AT, make_final_check, make_rates_area, make_waiting_check
from sqlmodel import select

from qa_service.auth.roles import Role
from qa_service.core.clock import FixedClock
from qa_service.core.db import SYSTEM, transaction
from qa_service.rounds.tables import Round


@pytest.fixture
def checked(fresh_engine):
    """London with 25 final checks, 3 mediums of which should have been high, at a fixed moment."""
    with transaction(fresh_engine, SYSTEM) as session:
        found = make_rates_area(session)
        for number in range(25):
            is_wrong = number < 3
            make_final_check(
                session,
                number,
                found,
                verdict="fail" if is_wrong else "pass",
                reviewed="HIGH" if is_wrong else "MEDIUM",
                n_cases=number + 1,
            )


def test_every_named_rate_of_every_pdu_is_listed_raw_by_case_and_corrected(run_json, checked):
    code, lines = run_json("rates", "--by", "pdu")

    assert code == 0
    assert [(line["code"], line["rate"]) for line in lines if line["code"] == "LDNTST"] == [
        ("LDNTST", "medium_should_be_high_rate"),
        ("LDNTST", "underclassified_rate"),
        ("LDNTST", "overclassified_rate"),
        ("LDNTST", "insufficient_rate"),
    ]
    first = lines[0]
    assert (first["k"], first["n"], first["value"]) == (3, 25, 0.12)
    assert first["by_case_value"] == pytest.approx((1 + 2 + 3) / sum(range(1, 26)))
    assert first["corrected_method"] == "too few checks were read again to correct it"


def test_the_command_and_the_page_say_the_same(run_json, checked, fresh_engine):
    from factories.accounts import SETTINGS, client_of, make_account

    from qa_service.app import make_app

    with transaction(fresh_engine, SYSTEM) as session:
        user_id = make_account(session, Role.HEAD_OF_PDU, pdu="LDNTST")
    client = client_of(
        make_app(fresh_engine, clock=FixedClock(AT), settings=SETTINGS), fresh_engine, user_id, at=AT
    )

    _, lines = run_json("rates", "--by", "pdu")
    page = client.get("/rates/pdu/LDNTST").text
    [area] = client.get("/api/rates").json()

    line = lines[0]
    assert f"{line['low']:.1%} to {line['high']:.1%}" in page
    assert f"{line['by_case_low']:.1%} to {line['by_case_high']:.1%}" in page
    assert area["rates"][0]["by_case"]["value"] == line["by_case_value"]


def test_people_read_a_table_with_n_and_interval(run, checked):
    code, text, _ = run("rates", "--by", "national")

    assert code == 0
    assert "3 of 25" in text
    assert "12.0% (4.2% to 30.0%)" in text


def test_the_window_and_what_waits_are_said_in_words_and_in_json(run, run_json, checked, fresh_engine):
    with transaction(fresh_engine, SYSTEM) as session:
        found = session.exec(select(Round)).one()
        for number in range(100, 106):
            make_waiting_check(session, number, found, level="MEDIUM" if number < 104 else "HIGH")

    _, text, _ = run("rates", "--by", "national")
    _, [medium, under, *_] = run_json("rates", "--by", "national")

    assert text.startswith(
        "Cases drawn at random and decided from 2 November 2025 to 2 November 2026. What is drawn and not final"
        " yet is in no rate."
    )
    assert "fewer than 5 not final yet" in text  # four mediums
    assert "6 not final yet" in text
    assert (under["since"], under["until"], under["n_waiting"]) == ("2025-11-02", "2026-11-02", 6)
    assert medium["n_waiting"] is None
