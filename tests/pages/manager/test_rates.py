"""The rates page: the sentence with its interval first, and no small number that would rank (RULES 10)."""

from api.test_rates_and_duties import make_checked_area

from qa_service.auth.roles import Role


def test_a_head_reads_the_rate_of_their_pdu_in_one_sentence_with_n_and_interval(committed, client_as, clock):
    committed(make_checked_area, clock.now())

    page = client_as(Role.HEAD_OF_PDU, pdu="LDNTST").get("/rates").text

    assert (
        "12.0% of checked medium cases should have been high (3 of 25; 95% interval 4.2% to 30.0%)." in page
    )
    assert page.index("12.0% of checked") < page.index("<svg") < page.index("<table")
    assert "25 of 25" in page
    assert "WALTST" not in page


def test_an_area_with_few_checks_is_not_compared(committed, client_as, clock):
    committed(make_checked_area, clock.now())

    page = client_as(Role.HEAD_OF_PDU, pdu="WALTST").get("/rates").text

    assert "Too few to compare" in page
    assert "England and Wales" in page


def test_an_analyst_is_shown_no_count_under_five(committed, client_as, clock):
    committed(make_checked_area, clock.now(), n_fails=3)

    page = client_as(Role.ANALYST, pdu="LDNTST").get("/rates").text

    assert "The count is under 5 and is not shown." in page
    assert "Under 5" in page
    assert "12.0%" not in page


def test_another_rate_is_chosen_by_name(committed, client_as, clock):
    committed(make_checked_area, clock.now())
    head = client_as(Role.HEAD_OF_PDU, pdu="LDNTST")

    assert "12.0% of checks ended in a recheck or a fail" in head.get("/rates?name=insufficient_rate").text
    assert head.get("/rates?name=league_table").status_code == 422


def test_before_any_check_the_page_says_that_nothing_is_known(committed, client_as):
    from factories.estate import make_area

    committed(make_area)

    page = client_as(Role.HEAD_OF_PDU, pdu="LDNTST").get("/rates").text

    assert "No checked cases yet" in page
