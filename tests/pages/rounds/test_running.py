"""While a round runs: who sees it, its cases and log, replacing, pausing and closing."""

import re
from datetime import date

import pytest
from factories.cases import make_case
from factories.estate import make_area, make_officer
from sqlmodel import select

from qa_service.auth.roles import Role
from qa_service.auth.tables import UserAccount
from qa_service.cases.tables import Case
from qa_service.core.db import SYSTEM, transaction
from qa_service.reviews.tables import Review, ReviewStatus
from qa_service.rounds.tables import Check, CheckStatus, Round, RoundStatus

PARTS = ("", "/cases", "/left-out", "/log")


def replace_address(client, here):
    return re.search(rf"{here}/cases/\w+/replace", client.get(f"{here}/cases").text).group()


def test_a_round_in_review_shows_progress_the_transcript_and_the_script(lead, round_at):
    here = round_at("drawn")

    page = lead.get(here).text

    assert "0 of 3 checks are finished" in page
    assert "transcript.json" in page
    assert "/draws/verify_draw.py" in page
    assert "PDU LDNTST" in page


def test_every_case_drawn_is_listed_with_its_officer_and_where_it_is(lead, round_at):
    here = round_at("drawn")

    page = lead.get(f"{here}/cases?page=99").text  # the last page: there is one

    assert "Cases drawn (3)" in page
    for code in ("N07A001", "N07A002", "N07A003"):
        assert f"Officer {code}" in page


def test_cases_are_filtered_by_officer_and_status(lead, round_at):
    here = round_at("drawn")

    assert "Cases drawn (1)" in lead.get(f"{here}/cases?officer=n07a002").text
    assert "No case matches" in lead.get(f"{here}/cases?status=final").text


def test_a_limited_access_case_is_in_no_list_but_keeps_the_round_open(lead, round_at, fresh_engine):
    here = round_at("drawn")
    with transaction(fresh_engine, SYSTEM) as session:
        check = session.exec(select(Check)).first()
        session.get(Case, check.case_id).is_limited_access = True
        for other in session.exec(select(Check).where(Check.id != check.id)):
            other.status = CheckStatus.VOID
        reference = check.reference

    cases = lead.get(f"{here}/cases").text

    assert reference not in cases
    assert "Cases drawn (2)" in cases
    assert lead.get(f"{here}/cases/{reference}/replace").status_code == 404
    assert lead.post(f"{here}/close").status_code == 409


@pytest.mark.parametrize("part", ["", "/cases", "/cases?format=csv", "/cases?status=being_read"])
def test_a_round_does_not_tell_a_lead_who_reads_whether_theirs_is_the_first_read(
    client_as, committed, round_at, area, clock, part
):
    here = round_at("drawn")
    committed(make_area, region="W01", pdu="WALTST", teams=("W01T01",))
    client_as(Role.REVIEWER, username="both", region="W01")
    both = client_as(Role.QUALITY_LEAD, username="both", region="N07")

    def stand(session, status):
        first, second, _ = session.exec(select(Check).order_by(Check.id)).all()
        first.status, second.status = status, CheckStatus.SECOND_READ

    def give(session):
        read = session.exec(select(Review).order_by(Review.check_id)).first()
        read.reader_id = session.exec(select(UserAccount.id).where(UserAccount.username == "both")).one()
        read.status, read.assigned_at = ReviewStatus.ASSIGNED, clock.now()

    committed(give)
    pages = {}
    for status in (CheckStatus.ASSIGNED, CheckStatus.SECOND_READ, CheckStatus.IN_MODERATION):
        committed(stand, status)
        page = both.get(here + part).text
        pages[re.sub(r'nonce="[^"]*"|name="csrf_token" value="[^"]*"', "", page)] = status

    assert len(pages) == 1
    assert "Being read" in page
    assert page.count("Second read") == (0 if "being_read" in part else 1) + (
        "csv" not in part and part != ""
    )


@pytest.mark.parametrize("part", PARTS)
def test_a_round_of_another_region_does_not_exist_for_a_lead(client_as, committed, round_at, part):
    here = round_at("drawn")
    committed(make_area, region="W01", pdu="WALTST", teams=("W01T01",))
    stranger = client_as(Role.QUALITY_LEAD, region="W01")

    other, missing = stranger.get(here + part), stranger.get(f"/rounds/N07-none{part}")

    assert (other.status_code, missing.status_code) == (404, 404)
    assert here not in stranger.get("/rounds").text


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    ("role", "scope", "sees"),
    [
        (Role.REGIONAL_DIRECTOR, {"region": "N07"}, 200),
        (Role.NATIONAL_LEAD, {}, 200),
        (Role.REVIEWER, {"region": "N07"}, 403),
        (Role.OFFICER, {}, 403),
        (Role.ANALYST, {}, 403),
        (Role.ADMINISTRATOR, {}, 403),
    ],
    ids=lambda value: value.value if isinstance(value, Role) else "",
)
def test_who_may_look_at_a_round(client_as, round_at, part, role, scope, sees):
    here = round_at("drawn")

    assert client_as(role, **scope).get(here + part).status_code == sees


def test_a_director_looks_at_a_round_but_cannot_move_it(client_as, round_at):
    here = round_at("planned")
    director = client_as(Role.REGIONAL_DIRECTOR, region="N07")

    assert "Check and open" not in director.get(here).text
    assert director.get(f"{here}/open").status_code == 403
    assert director.post(f"{here}/open").status_code == 403


def test_a_spoiled_case_is_replaced_and_both_stay_on_the_list(lead, round_at, fresh_engine):
    here = round_at("drawn")

    answer = lead.post(replace_address(lead, here), data={"reason": "Transferred to another region"})

    assert answer.status_code == 303
    page = lead.get(answer.headers["location"]).text
    assert "Cases drawn (4)" in page
    assert "Transferred to another region" in page
    assert "0 of 3 checks are finished" in lead.get(here).text


def test_a_case_is_not_replaced_without_a_reason_and_the_words_are_kept(lead, round_at):
    here = round_at("drawn")

    answer = lead.post(replace_address(lead, here), data={"reason": "closed"})

    assert answer.status_code == 422
    assert "at least 10 characters" in answer.text
    assert ">closed</textarea>" in answer.text


def test_a_round_pauses_with_its_reason_and_goes_on(lead, round_at, fresh_engine):
    here = round_at("drawn")

    lead.post(f"{here}/pause", data={"reason": "Fails exceed the forecast"})
    paused = lead.get(here).text
    lead.post(f"{here}/resume")

    assert "Fails exceed the forecast" in paused
    assert "Go on with the round" in paused
    with transaction(fresh_engine, SYSTEM) as session:
        assert session.exec(select(Round)).one().status is RoundStatus.IN_REVIEW


def test_a_round_with_open_checks_says_what_keeps_it_open_and_does_not_close(lead, round_at):
    here = round_at("drawn")

    page = lead.get(f"{here}/close").text

    assert "cannot be closed yet" in page
    assert "3 checks" in page
    assert lead.post(f"{here}/close").status_code == 409


def test_a_finished_round_is_closed(lead, round_at, fresh_engine):
    here = round_at("drawn")
    with transaction(fresh_engine, SYSTEM) as session:
        for check in session.exec(select(Check)):
            check.status = CheckStatus.FINAL

    assert "Every check is finished" in lead.get(f"{here}/close").text
    assert lead.post(f"{here}/close").status_code == 303
    assert "Closed on 2 November 2026" in lead.get(here).text


def test_who_was_left_out_is_listed_with_the_reason_and_what_became_of_their_cases(lead, round_at, committed):
    for code in ("N07A901", "N07A902"):
        committed(make_officer, code)
    committed(make_case, 901, staff_code="N07A902")
    committed(make_officer, "N07A903", from_on=date(2026, 10, 12))
    here = round_at("drawn")

    page = lead.get(f"{here}/left-out?page=99").text
    only_not_due = lead.get(f"{here}/left-out?reason=not_due").text

    rows = dict(re.findall(r'<th scope="row"[^>]*>(Officer \w+)</th>(.*?)</tr>', page, re.DOTALL))
    assert "Holds no case here" in rows["Officer N07A901"]
    assert "1 no completed assessment with a level" in rows["Officer N07A902"]
    assert "less than 8 weeks" in rows["Officer N07A903"]
    assert "Practitioners left out (1)" in only_not_due
    assert "2 practitioners are due but had no case" in lead.get(here).text


def test_the_log_tells_each_step_with_its_digests_and_who_took_it(lead, round_at):
    here = round_at("drawn")

    page = lead.get(f"{here}/log").text

    for step in ("Round planned", "Round opened and frame frozen", "Seed recorded", "Round drawn"):
        assert step in page
    assert "Transcript digest" in page


def test_the_cases_who_is_left_out_and_the_log_of_a_round_are_files_for_its_lead(lead, round_at):
    here = round_at("drawn")

    cases, left_out, log = (
        lead.get(f"{here}/{part}?format=csv").text.splitlines() for part in ("cases", "left-out", "log")
    )

    assert cases[0] == "Practitioner,PDU,Status,Verdict,Ticket"
    assert len(cases) == 1 + 3
    assert left_out[0] == "Practitioner,Why,In full"
    assert log[0] == "When,What,By,In full"
    assert any("Round drawn" in line for line in log)
