"""A quality lead takes a round from plan to draw in the browser; nothing irreversible happens unasked."""

import hashlib
import re

import pytest
from factories.rounds import DICE
from sqlmodel import select

from qa_service.core.db import SYSTEM, transaction
from qa_service.rounds.tables import Check, Round, RoundStatus

DICE_FORM = {"witness_1": "Ann Wells", "rolls_1": DICE, "witness_2": "Bo Lee", "rolls_2": DICE}
SIGNATURE = "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"


def the_round(engine):
    with transaction(engine, SYSTEM) as session:
        return session.exec(select(Round)).one()


def test_the_first_round_is_planned_opened_seeded_and_drawn_and_reviewers_can_start(lead, fresh_engine):
    assert "Plan the first round" in lead.get("/rounds").text

    planned = lead.post("/rounds/plan", data={"area": "region:N07", "seed": "dice"})
    here = planned.headers["location"]
    opened = lead.post(f"{here}/open")
    seeded = lead.post(f"{here}/seed", data=DICE_FORM)
    drawn = lead.post(f"{here}/draw")

    assert [answer.status_code for answer in (planned, opened, seeded, drawn)] == [303] * 4
    assert "0 of 3 checks are finished" in lead.get(here).text
    with transaction(fresh_engine, SYSTEM) as session:
        assert len(session.exec(select(Check)).all()) == 3


def test_a_plan_with_further_checks_by_flag_keeps_its_design(lead, fresh_engine):
    refused = lead.post("/rounds/plan", data={"area": "region:N07", "seed": "dice", "n_targeted": "1"})

    planned = lead.post("/rounds/plan", data={"area": "region:N07", "seed": "dice", "n_targeted": "20"})

    assert (refused.status_code, "Enter a number from 2 to 10,000" in refused.text) == (422, True)
    assert planned.status_code == 303
    [random, targeted] = the_round(fresh_engine).design["arms"]
    assert (random["kind"], targeted["kind"]) == ("per_officer", "take_all_top")
    assert (targeted["n"], targeted["n_rest"]) == (18, 2)


def test_further_checks_are_forecast_apart_from_those_drawn_at_random_and_reduce_no_workload(lead):
    form = {"area": "region:N07", "seed": "dice", "n_targeted": "20"}
    here = lead.post("/rounds/plan", data=form).headers["location"]

    for page in (lead.get(here).text, lead.get(f"{here}/open").text):
        assert ": checks drawn at random" in page
        assert ": further checks by flag" in page
        assert "18 with the highest scores, but only 0 have one; 2 without a flag" in page
        assert "corrects the case and reduces nobody&#39;s workload" in page
        assert "No approved classifier was measured on enough checks drawn at random" in page


def test_the_plan_page_shows_how_often_the_area_is_checked_and_only_the_leads_own_areas(lead, committed):
    from factories.estate import make_area

    committed(make_area, region="W01", pdu="WALTST", teams=("W01T01",))

    page = lead.get("/rounds/plan").text

    assert "Every six months" in page
    assert "1 July 2026 to 31 December 2026" in page
    assert 'value="region:N07"' in page
    assert "W01" not in page
    assert "WALTST" not in page


def test_an_area_of_another_region_is_refused_whatever_the_browser_sends(lead, committed, fresh_engine):
    from factories.estate import make_area

    committed(make_area, region="W01", pdu="WALTST", teams=("W01T01",))

    answer = lead.post("/rounds/plan", data={"area": "region:W01", "seed": "dice"})

    assert answer.status_code == 422
    assert "Choose the area of the round" in answer.text
    with transaction(fresh_engine, SYSTEM) as session:
        assert session.exec(select(Round)).all() == []


def test_a_plan_with_faults_keeps_what_was_typed_and_names_every_fault(lead):
    answer = lead.post(
        "/rounds/plan", data={"seed": "drand", "drand_chain": "quicknet", "drand_round": "soon"}
    )

    assert answer.status_code == 422
    assert "Choose the area of the round" in answer.text
    assert "Enter the number of a drand round" in answer.text
    assert 'value="quicknet"' in answer.text
    assert 'value="soon"' in answer.text


def test_a_second_plan_for_the_same_window_is_refused_on_the_same_page(lead, round_at):
    round_at("planned")

    answer = lead.post("/rounds/plan", data={"area": "region:N07", "seed": "dice"})

    assert answer.status_code == 409
    assert "already planned" in answer.text
    assert 'value="region:N07" selected' in answer.text


def test_before_opening_the_lead_sees_the_forecast_with_ranges_and_nothing_is_frozen(
    lead, round_at, fresh_engine
):
    here = round_at("planned")

    page = lead.get(f"{here}/open").text

    for what in ("Reviewer hours", "Checks expected to fail", "Workload reductions expected"):
        assert what in page
    assert "Cases the PDUs could not absorb" in page
    assert "This cannot be undone" in page
    assert the_round(fresh_engine).status is RoundStatus.PLANNED
    assert the_round(fresh_engine).frame_digest is None


def test_before_opening_a_due_officer_without_a_case_to_draw_is_named(lead, round_at, committed):
    from factories.estate import make_officer

    committed(make_officer, "N07A900")
    here = round_at("planned")

    page = lead.get(f"{here}/open").text

    assert "Due, but not covered (1)" in page
    assert "Officer N07A900" in page


def test_after_opening_both_digests_are_shown_for_publication(lead, round_at, fresh_engine):
    here = round_at("planned")

    lead.post(f"{here}/open")

    found = the_round(fresh_engine)
    page = lead.get(here).text
    assert found.frame_digest in page
    assert found.commitment_digest in page
    assert "Publish both digests outside the service" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"rolls_2": "41415926535897932384"}, "differ at die 1"),
        ({"witness_2": "Ann Wells"}, "two different named witnesses"),
        ({"rolls_1": "3141", "rolls_2": "3141"}, "at least 20 digits"),
        ({"witness_1": ""}, "Enter the name of the first witness"),
    ],
    ids=["readings differ", "one witness twice", "too few dice", "no witness"],
)
def test_dice_that_do_not_hold_are_refused_and_kept_on_the_page(lead, round_at, fresh_engine, changed, said):
    here = round_at("open")

    answer = lead.post(f"{here}/seed", data={**DICE_FORM, **changed})

    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="Bo Lee"' in answer.text or changed.get("witness_2") is not None
    assert the_round(fresh_engine).seed is None


def test_a_pasted_drand_record_is_checked_here_and_only_the_announced_round_counts(lead, fresh_engine):
    plan = {"area": "region:N07", "seed": "drand", "drand_chain": "quicknet", "drand_round": "657413"}
    here = lead.post("/rounds/plan", data=plan).headers["location"]
    lead.post(f"{here}/open")
    record = {
        "drand_chain": "quicknet",
        "drand_round": "657413",
        "drand_signature": SIGNATURE,
        "drand_randomness": hashlib.sha256(bytes.fromhex(SIGNATURE)).hexdigest(),
    }

    other_round = lead.post(f"{here}/seed", data={**record, "drand_round": "657414"})
    tampered = lead.post(f"{here}/seed", data={**record, "drand_signature": "00" + SIGNATURE[2:]})
    right = lead.post(f"{here}/seed", data=record)

    assert (other_round.status_code, tampered.status_code, right.status_code) == (422, 422, 303)
    assert "nobody may pick another round" in other_round.text
    assert "randomness is not SHA-256 of the signature" in tampered.text
    # drand's published randomness of quicknet round 657413.
    assert the_round(fresh_engine).seed["drand"]["randomness"].startswith("fc1873a13f3545ae")


@pytest.mark.parametrize("step", ["seed", "draw", "pause", "close"])
def test_a_step_out_of_order_is_refused_with_what_comes_before(lead, round_at, step):
    here = round_at("planned")

    answer = lead.get(f"{here}/{step}")

    assert answer.status_code == 409
    assert "It can after it was" in answer.text


def test_every_form_of_a_round_carries_the_sessions_token(lead, round_at):
    here = round_at("drawn")
    replace = re.search(rf"{here}/cases/\w+/replace", lead.get(f"{here}/cases").text).group()

    for path in ("/rounds/plan", replace, f"{here}/pause"):
        forms = re.findall(r'<form method="post".*?</form>', lead.get(path).text, re.DOTALL)
        assert forms
        assert all('name="csrf_token"' in form for form in forms)


def test_a_post_without_the_sessions_token_changes_nothing(lead, round_at, fresh_engine):
    here = round_at("planned")

    answer = lead.post(f"{here}/open", headers={"x-csrf-token": "forged"})

    assert answer.status_code == 403
    assert the_round(fresh_engine).status is RoundStatus.PLANNED
