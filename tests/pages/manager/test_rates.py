"""The rates page: the sentence with its interval first, and no small number that would rank (RULES 10)."""

from api.test_rates_and_duties import make_checked_area
from factories.rates import WALES, add_read, make_final_check, make_rates_area, make_rates_round

from qa_service.auth.roles import Role
from qa_service.reviews.statuses import ReadKind
from qa_service.reviews.tables import SeriousFurtherOffence

LONDON = "/rates/pdu/LDNTST"


def test_a_head_reads_the_rate_of_their_pdu_in_one_sentence_with_n_and_interval(committed, client_as, clock):
    committed(make_checked_area, clock.now())
    head = client_as(Role.HEAD_OF_PDU, pdu="LDNTST")

    begun = head.get("/rates")
    page = head.get(begun.headers["location"]).text

    assert begun.headers["location"] == LONDON
    assert (
        "12.0% of checked medium cases should have been high (3 of 25; 95% interval 4.2% to 30.0%)." in page
    )
    assert page.index("12.0% of checked") < page.index("<svg") < page.index("<table")
    assert 'class="govuk-table__cell qa-long">How often the checks of this area found it' in page
    assert "WALTST" not in page


def test_a_head_opens_neither_their_region_nor_the_nation_nor_another_pdu(committed, client_as, clock):
    committed(make_checked_area, clock.now())
    head = client_as(Role.HEAD_OF_PDU, pdu="LDNTST")

    answers = [
        head.get(f"/rates/{place}").status_code
        for place in ("region/N07", "national/E&W", "pdu/WALTST", "street/1")
    ]

    assert answers == [404] * 4


def test_a_national_lead_goes_down_from_the_nation_to_a_region_to_a_pdu_and_up_again(
    committed, client_as, clock
):
    committed(make_checked_area, clock.now())
    lead = client_as(Role.NATIONAL_LEAD)

    nation = lead.get(lead.get("/rates").headers["location"]).text
    region = lead.get("/rates/region/N07").text
    pdu = lead.get(LONDON).text

    assert 'href="/rates/region/N07"' in nation
    assert f'href="{LONDON}"' in region
    assert 'href="/rates/region/N07"' in pdu
    assert 'href="/rates/national/E%26W"' in pdu


def test_an_area_with_few_checks_is_not_compared(committed, client_as, clock):
    committed(make_checked_area, clock.now())

    page = client_as(Role.HEAD_OF_PDU, pdu="WALTST").get("/rates/pdu/WALTST").text

    assert "Too few to compare" in page
    assert "England and Wales" in page


def test_a_rate_that_too_few_further_reads_stand_beside_is_not_corrected(committed, client_as, clock):
    committed(make_checked_area, clock.now())

    page = client_as(Role.HEAD_OF_PDU, pdu="LDNTST").get(LONDON).text

    assert "Corrected for reader error" in page
    assert "Too little to correct" in page


def test_an_analyst_is_shown_no_count_under_five_in_any_table_or_chart(committed, client_as, clock):
    committed(make_checked_area, clock.now(), n_fails=3)
    clock.advance(days=70)  # the year of the checks is over

    page = client_as(Role.ANALYST, pdu="LDNTST").get(LONDON).text

    assert "The count is small and is not shown." in page
    assert "Not shown" in page
    assert "12.0%" not in page
    assert "Officer N07A001" not in page


def test_another_rate_is_chosen_by_name(committed, client_as, clock):
    committed(make_checked_area, clock.now())
    head = client_as(Role.HEAD_OF_PDU, pdu="LDNTST")

    assert "12.0% of checks ended in a recheck or a fail" in head.get(f"{LONDON}?name=insufficient_rate").text
    assert head.get(f"{LONDON}?name=league_table").status_code == 422


def test_before_any_check_the_page_says_that_nothing_is_known(committed, client_as):
    from factories.estate import make_area

    committed(make_area)

    page = client_as(Role.HEAD_OF_PDU, pdu="LDNTST").get(LONDON).text

    assert "No checked cases yet" in page


def _make_offences(session, n_missed: int, n_right: int) -> None:
    """Add London checks that let the level stand, an offence after each, and its blind re-read."""
    found = make_rates_area(session)
    for number in range(n_missed + n_right):
        check = make_final_check(session, number, found)
        day = check.drawn_at.date()
        session.add(
            SeriousFurtherOffence(
                case_id=check.case_id,
                occurred_on=day,
                notified_on=day,
                region_code="N07",
                pdu_code="LDNTST",
                check_id=check.id,
                entered_by="user:1",
                entered_at=check.drawn_at,
            )
        )
        add_read(session, check, ReadKind.SFO, level="HIGH" if number < n_missed else "MEDIUM")


def test_the_share_that_checks_missed_stands_beside_the_rates_with_n_interval_and_what_it_is_not(
    committed, client_as
):
    committed(_make_offences, 5, 15)

    head = client_as(Role.HEAD_OF_PDU, pdu="LDNTST").get(LONDON).text

    assert "Serious further offences: what the last check before had missed" in head
    # Wilson's interval of 5 of 20, from R: prop.test(5, 20, correct = FALSE).
    assert "25.0%" in head
    assert "11.2% to 46.9%" in head
    assert "It is no rate of error: nobody drew these cases at random" in head


def test_a_share_of_fewer_than_twenty_offences_is_not_said(committed, client_as):
    committed(_make_offences, 5, 14)

    head = client_as(Role.HEAD_OF_PDU, pdu="LDNTST").get(LONDON).text

    assert "26.3%" not in head
    assert head.count("Too few to compare") >= 3


def test_an_analyst_reads_what_checks_missed_last_year_in_england_and_wales_as_the_api_tells_it(
    committed, client_as, clock
):
    committed(_make_offences, 5, 15)
    clock.advance(days=70)  # the year of the re-reads is over
    analyst = client_as(Role.ANALYST)

    page, told = analyst.get(LONDON).text, analyst.get("/api/rates/further-offences").json()

    # Wilson's interval as above.
    assert "In 2026, 25.0% (5 of 20; 95% interval 11.2% to 46.9%) of checks in England and Wales" in page
    assert "as everything stood on 31 December 2026. It is no rate of error" in page
    assert (told["missed"]["k"], told["missed"]["n"], told["until"][:10]) == (5, 20, "2026-12-31")


def test_an_analyst_is_not_told_how_many_checks_missed_where_the_number_is_small(committed, client_as, clock):
    committed(_make_offences, 4, 16)
    clock.advance(days=70)
    analyst = client_as(Role.ANALYST)

    page, told = analyst.get(LONDON).text, analyst.get("/api/rates/further-offences").json()

    assert "In 2026, a number that is not shown of checks in England and Wales" in page
    assert "4 of 20" not in page
    assert (told["missed"]["k"], told["missed"]["n"], told["missed"]["value"]) == (None, None, None)


def test_a_pdu_reads_how_many_of_its_checked_texts_were_carried_over_beside_the_nation(committed, client_as):
    def make(session):
        found = make_rates_area(session)
        for number in range(20):
            make_final_check(session, number, found).copied_text_rate = 0.8 if number < 3 else 0.2
        session.flush()

    committed(make)

    page = client_as(Role.HEAD_OF_PDU, pdu="LDNTST").get(LONDON).text

    # Wilson's interval of 3 of 20, from R: prop.test(3, 20, correct = FALSE).
    assert "In 15.0% (3 of 20; 95% interval 5.2% to 36.0%) of checked cases with an assessment before" in page
    assert "at least 50% of the words stand word for word in that one" in page
    assert "England and Wales: 15.0% (3 of 20;" in page


def test_where_a_check_counts_half_the_page_says_so_and_gives_no_fraction_that_is_not_the_rate(
    committed, client_as, clock
):
    def make(session):
        annual = make_rates_area(session)
        halves = make_rates_round(session, "LDN-H2", cadence="six_monthly")
        for number in range(40):
            is_wrong = number < 10
            verdict, level = ("fail", "HIGH") if is_wrong else ("pass", "MEDIUM")
            make_final_check(session, number, halves, verdict=verdict, reviewed=level)
        for number in range(100, 120):
            make_final_check(session, number, annual, place=WALES)

    committed(make)
    lead = client_as(Role.NATIONAL_LEAD)

    nation, pdu = lead.get("/rates/national/E%26W").text, lead.get(LONDON).text

    # 40 checks that count half and 20 that count whole: 5 in 40.
    assert (
        "12.5% of checked medium cases should have been high (10 found in 60 checks, each officer" in nation
    )
    assert "25.0% of checked medium cases should have been high (10 of 40; 95% interval" in pdu


def test_what_stands_beside_an_area_is_of_the_same_months(committed, client_as, clock):
    def make(session):
        found = make_rates_area(session)
        for number in range(60):
            days_ago = 30 if number < 30 else 500
            verdict, level = ("fail", "HIGH") if number >= 45 else ("pass", "MEDIUM")
            make_final_check(session, number, found, verdict=verdict, reviewed=level, days_ago=days_ago)

    committed(make)
    lead = client_as(Role.NATIONAL_LEAD)

    pdu, nation = lead.get(LONDON).text, lead.get("/rates/national/E%26W").text
    beside = lead.get(LONDON, params={"format": "csv", "table": "around"}).text.splitlines()

    assert [row.split(",")[1:3] for row in beside[1:]] == [["60", "15"]] * 3
    assert "(0 of 30; 95% interval" in nation
    same = "compared with England and Wales, all since 2 November 2024: 25.0% (15 of 60; 95% interval"
    assert same in pdu
    assert same in nation
    assert "by PDU (2), decided since 2 November 2024" in nation


def test_an_analyst_reads_of_finished_periods_in_words_tables_and_names_of_files(committed, client_as):
    committed(make_rates_area)
    analyst = client_as(Role.ANALYST)

    page = analyst.get("/rates/national/E%26W").text
    names = [
        analyst.get("/rates/national/E%26W", params={"format": "csv", "table": table}).headers[
            "content-disposition"
        ]
        for table in ("regions", "pdus")
    ]

    assert "No case was checked from 1 July 2025 to 30 June 2026" in page
    assert "by PDU, decided from 1 January 2024 to 31 December 2025" in page
    assert "No checked cases yet" not in page
    assert ["2026-06-30" in names[0], "2025-12-31" in names[1]] == [True, True]
