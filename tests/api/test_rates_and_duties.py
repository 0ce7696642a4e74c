"""Rates and duties over HTTP: each in one's own area, and small counts hidden from analysts."""

import pytest
from factories.caseload import make_verdict
from factories.cases import make_assessment, make_case
from factories.estate import make_area, make_national_post, make_officer
from factories.rates import make_final_check, make_rates_area
from factories.rounds import make_planned_round
from sqlmodel import select

from qa_service.auth.roles import Role
from qa_service.estate import service as estate
from qa_service.estate.tables import PostHolder
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import ObligationKind
from qa_service.reviews.tables import VerdictValue
from qa_service.rounds.tables import Arm, Check, CheckStatus

N_CHECKED = 25


def make_checked_area(session, at, *, n_fails: int = 3):
    """Add London with 25 checked officers, `n_fails` of them wrong, and Wales with one right."""
    make_national_post(session)
    make_area(session)
    make_area(session, region="W01", pdu="WALTST", teams=("W01T01",))
    planned = make_planned_round(session, at)
    places = [("N07", "LDNTST", "N07T01")] * N_CHECKED + [("W01", "WALTST", "W01T01")]
    for number, (region, pdu, team) in enumerate(places, start=1):
        code = f"{region}A{number:03d}"
        officer = make_officer(session, code, team=team)
        case = make_case(session, number, staff_code=code, team=team, region=region, pdu=pdu)
        check = Check(
            reference=f"C{number}",
            round_id=planned.id,
            arm=Arm.RANDOM,
            status=CheckStatus.FINAL,
            case_id=case.id,
            assessment_id=make_assessment(session, case, author_staff_code=code).id,
            person_id=officer.id,
            staff_code=code,
            team_code=team,
            drawn_pdu_code=pdu,
            drawn_region_code=region,
            inclusion_probability=0.1,
            rubric_version="1",
            policy_version="2026-11-01",
            drawn_at=at,
            pack_through_item_id=0,
        )
        session.add(check)
        session.flush()
        is_fail = number <= n_fails
        verdict = make_verdict(
            session,
            check,
            verdict=VerdictValue.FAIL if is_fail else VerdictValue.PASS,
            severity="S3" if is_fail else "S0",
            reviewed_overall="HIGH" if is_fail else "MEDIUM",
        )
        assert verdict.is_underclassified


def _rate(area, name="medium_should_be_high_rate"):
    return next(rate for rate in area["rates"] if rate["name"] == name)


def test_a_head_of_pdu_gets_their_own_rate_with_its_n_and_interval(committed, client_as, clock):
    committed(make_checked_area, clock.now())

    [area] = client_as(Role.HEAD_OF_PDU, pdu="LDNTST").get("/api/rates").json()

    rate = _rate(area)["by_officer"]
    assert (area["code"], _rate(area)["is_too_few"]) == ("LDNTST", False)
    assert (rate["k"], rate["n"], rate["value"]) == (3, 25, 0.12)
    # Wilson (1927) for 3 of 25, from R: binom.wilson(3, 25)
    assert (round(rate["low"], 4), round(rate["high"], 4)) == (0.0417, 0.2996)


def test_an_analyst_gets_no_count_from_1_to_4(committed, client_as, clock):
    committed(make_checked_area, clock.now())
    clock.advance(days=70)  # the year of the checks is over

    analyst = client_as(Role.ANALYST)
    areas, [nation] = (analyst.get(f"/api/rates?by={level}").json() for level in ("pdu", "national"))

    london = next(area for area in areas if area["code"] == "LDNTST")
    rate = _rate(london)["by_officer"]
    assert (rate["k"], rate["n"], rate["value"], rate["low"]) == (None, None, None, None)
    assert (london["n_drawn"], london["n_checked"], london["n_not_scorable"]) == (None, None, None)
    assert _rate(nation, "overclassified_rate")["by_officer"]["n"] == 26
    assert london["until"].startswith("2026-12-31T23:59:59")


def test_whether_a_rate_rests_on_too_few_checks_is_told_of_each_rate(committed, client_as):
    def make_few_mediums(session):
        round_ = make_rates_area(session)
        for number in range(25):
            make_final_check(session, number, round_, assessed="MEDIUM" if number < 10 else "HIGH")

    committed(make_few_mediums)

    [area] = client_as(Role.HEAD_OF_PDU, pdu="LDNTST").get("/api/rates").json()

    assert _rate(area)["is_too_few"]
    assert not _rate(area, "insufficient_rate")["is_too_few"]


def test_a_region_counts_all_its_pdus_and_the_nation_all_regions(committed, client_as, clock):
    committed(make_checked_area, clock.now())
    head = client_as(Role.HEAD_OF_PDU, pdu="LDNTST")

    [region] = head.get("/api/rates?by=region").json()
    [nation] = head.get("/api/rates?by=national").json()

    assert _rate(region)["by_officer"]["n"] == 25
    assert _rate(nation)["by_officer"]["n"] == 26


def test_an_unknown_level_is_named(committed, client_as):
    committed(make_area)

    answer = client_as(Role.HEAD_OF_PDU, pdu="LDNTST").get("/api/rates?by=street")

    assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, "by")


def _make_duty(session, at, *, team: str):
    post = estate.spo_post(session, team)
    duty = obligations.Duty(ObligationKind.SUPPORT, post.id, f"Support in {team}", at)
    obligations.open_obligation(session, duty, at=at, by="user:1")
    return session.exec(select(PostHolder.person_id).where(PostHolder.post_id == post.id)).one()


def test_an_spo_gets_the_duties_of_the_post_they_hold_and_no_others(committed, client_as, clock):
    committed(make_area)
    person_id = committed(_make_duty, clock.now(), team="N07T01")
    committed(_make_duty, clock.now(), team="N07T02")
    spo = client_as(Role.SPO, team="N07T01", person_id=person_id)
    clock.advance(minutes=5)

    [duty] = spo.get("/api/duties").json()

    assert (duty["what"], duty["kind"], duty["is_overdue"]) == ("Support in N07T01", "support", True)
    assert duty["holder"] == "Holder of spo N07T01"


@pytest.mark.parametrize("url", ["/api/rates", "/api/duties"])
def test_nobody_signed_in_gets_a_problem_and_no_page(app, committed, url):
    from fastapi.testclient import TestClient

    answer = TestClient(app, follow_redirects=False).get(url)

    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    assert answer.headers["content-type"] == "application/problem+json"
