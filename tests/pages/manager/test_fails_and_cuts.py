"""Failing checks with their timeline, cuts with their sums, and the moves they lead to (RULES 9, SCREENS 13-14)."""

import re

import pytest
from factories.flags import evaluation, make_artefact_row, make_flag
from factories.reviews import references
from sqlmodel import select

from qa_service.caseload.tables import CaseloadReviewCase, Move
from qa_service.cases.tables import Assessment
from qa_service.core.db import SYSTEM, transaction
from qa_service.estate.tables import WeeklyWorkload
from qa_service.feedback import service as feedback
from qa_service.flags.tables import ScorePurpose
from qa_service.reviews.tables import Review
from qa_service.rounds.tables import Check
from qa_service.workflows.run_due import run_due


def test_a_fail_is_listed_with_the_days_it_is_open_and_its_cut_decision(spo, clock):
    clock.advance(days=12)

    page = spo.get("/failing-checks").text

    assert "Officer N07A001" in page
    assert "12 days" in page
    assert ">New</strong>" in page
    assert "A confirmed fail" in page


def test_an_empty_list_says_what_its_reader_may_see_and_never_that_nothing_failed(spo, other_spo):
    assert "No check that you may see has failed here." in other_spo.get("/failing-checks").text
    assert "No check that you may see fits your choice." in spo.get("/failing-checks?state=closed").text


@pytest.mark.parametrize(("query", "n"), [("decision=none", 0), ("decision=new", 1), ("state=closed", 0)])
def test_the_list_is_narrowed_by_decision_and_state(spo, query, n):
    assert f"Failing checks ({n})" in spo.get(f"/failing-checks?{query}").text


def test_one_page_tells_the_whole_story_of_a_fail_in_its_order(spo, fail, committed, clock):
    clock.advance(days=3)
    committed(feedback.record_conversation, fail.feedback, at=clock.now(), by="user:9")
    spo.post(f"/reductions/{fail.request_id}/keyed")
    clock.advance(hours=1)
    committed(run_due, at=clock.now(), references=references("active"))

    story = spo.get(f"/failing-checks/{fail.check}").text.split("What happened")[1]

    places = [
        story.index(words)
        for words in (
            "Case drawn",
            "Level correction opened",
            "Read 1 of this check, blind.",
            "Officer asked whether the facts are right",
            "Read 2 of this check, blind.",
            "Verdict: fail",
            "Conversation held",
            "Cut active",
        )
    ]
    assert places == sorted(places)
    assert "5 November 2026 (day 3)" in story
    assert "Reduction keyed in WMT" in story
    assert "1,740 of 2,176 points" in story


def test_no_reader_is_named_on_the_page_of_a_fail(spo, fail):
    page = spo.get(f"/failing-checks/{fail.check}").text

    assert ">First<" not in page
    assert "by First" not in page
    assert "by Second" not in page


def test_a_cut_is_shown_before_and_after_with_the_sum_of_the_pdu(spo):
    page = spo.get("/cuts").text

    row = page.split(">Cuts, officer by officer<")[1]
    assert [figure in row for figure in ("2,176", "1,740", "2,502", "Not yet, 762 over")] == [True] * 4
    assert "14 February 2027" in row
    assert "436" in page.split(">What the live cuts come to<")[1].split("</table>")[0]


def test_the_arithmetic_of_a_cut_can_be_read_again(spo, fail):
    page = spo.get(f"/cuts/{fail.cut_id}").text

    assert "N07A001 in N07T01" in page
    assert "7.4 a week" in page
    assert "Officer N07A002" in page


@pytest.mark.parametrize("page", ["/failing-checks", "/cuts", "/moves", "/escalations"])
def test_another_team_sees_no_name_of_this_one(other_spo, page):
    assert "N07A001" not in other_spo.get(page).text


def test_a_move_needs_the_spos_own_read_of_the_level_first(spo, fail):
    address = f"/moves/{fail.move_id}"

    too_early = spo.post(f"{address}/accept")
    read = spo.post(f"{address}/read-level")
    again = spo.post(f"{address}/read-level")

    assert too_early.status_code == 409
    assert read.status_code == 303
    assert read.headers["location"].startswith("/reviews/")
    assert again.headers["location"] == read.headers["location"]


def test_an_spo_who_has_read_the_level_comes_back_to_the_cases_to_move(spo, fail):
    read = spo.post(f"/moves/{fail.move_id}/read-level").headers["location"]
    page = spo.get(read, follow_redirects=True).text
    levels = dict.fromkeys(re.findall(r'name="(level_[a-z_]+)"', page), "LOW")
    answers = {"confidence": "high", "is_somebody_exposed": "no", "own_reasons": "Nothing points higher."}

    spo.post(f"{read}/levels", data={"version": "0", **levels, **answers})
    check = spo.get(f"{read}/levels/check").text
    spo.post(f"{read}/levels/lock", data={"version": re.search(r'name="version" value="(\d+)"', check)[1]})

    assert 'href="/moves">Cases to move' in check
    assert spo.get(read).headers["location"] == "/moves"
    assert "Level confirmed" in spo.get(f"/moves/{fail.move_id}").text


def test_a_declined_move_needs_a_reason_and_becomes_an_item_of_the_escalation(spo, fail, fresh_engine):
    address = f"/moves/{fail.move_id}"

    without = spo.post(f"{address}/decline", data={"reason": ""})
    spo.post(f"{address}/decline", data={"reason": "Knows the victim."})

    assert (without.status_code, "Enter why the case is declined" in without.text) == (422, True)
    assert "declined, Knows the victim." in spo.get(f"/escalations/{fail.escalation_id}").text
    with transaction(fresh_engine, SYSTEM) as session:
        assert session.get(Move, fail.move_id).status == "declined"


def test_a_handover_is_recorded_only_for_an_accepted_case(spo, fail, committed, clock):
    address = f"/moves/{fail.move_id}"

    def confirm(session):
        session.get(Move, fail.move_id).status = "level_confirmed"

    committed(confirm)
    too_early = spo.post(f"{address}/handover")
    accepted, handed_over = spo.post(f"{address}/accept"), spo.post(f"{address}/handover")

    assert [answer.status_code for answer in (too_early, accepted, handed_over)] == [409, 303, 303]
    assert "Handed over" in spo.get(address).text


def test_a_receiver_who_can_no_longer_take_a_case_is_told_on_its_page_and_not_why(spo, fail, committed):
    def fill(session):
        move = session.get(Move, fail.move_id)
        move.status = "level_confirmed"
        receiver = WeeklyWorkload.staff_code == move.to_staff_code
        for figure in session.exec(select(WeeklyWorkload).where(receiver)):
            figure.total_points = 5000

    committed(fill)
    refused = spo.post(f"/moves/{fail.move_id}/accept")

    assert refused.status_code == 422
    assert "can no longer take this case" in refused.text
    assert 'href="#reason"' in refused.text
    assert "5,000" not in refused.text
    assert "Level confirmed" in spo.get(f"/moves/{fail.move_id}").text


def test_a_caseload_review_is_gone_through_case_by_case_and_the_last_one_meets_the_duty(
    spo, fail, fresh_engine
):
    address = f"/caseload-reviews/{fail.duties['caseload_review']}"
    with transaction(fresh_engine, SYSTEM) as session:
        rows = [row.id for row in session.exec(select(CaseloadReviewCase).order_by(CaseloadReviewCase.rank))]

    before = spo.get(address).text
    wrong = spo.post(f"{address}/{rows[0]}", data={"outcome": "fine"})
    answers = [spo.post(f"{address}/{row}", data={"outcome": "agreed"}) for row in rows]

    assert "Caseload review (0 of 2 done)" in before
    assert wrong.status_code == 422
    assert {answer.status_code for answer in answers} == {303}
    assert "Caseload review (2 of 2 done)" in spo.get(address).text
    assert "Caseload review" not in spo.get("/duties").text.split("<tbody")[1]


def test_the_spo_sees_why_a_case_comes_early_and_those_above_do_not(spo, head, fail, committed):
    address = f"/caseload-reviews/{fail.duties['caseload_review']}"

    def score(session):
        make_artefact_row(session)
        make_artefact_row(session, "b" * 64, purpose=ScorePurpose.REVIEW_NOW)
        first = session.exec(select(CaseloadReviewCase).order_by(CaseloadReviewCase.rank)).first()
        key = session.exec(select(Assessment.id).where(Assessment.case_id == first.case_id)).first()
        make_flag(session, key, 0.1, sentence="Known at the assessment.")
        make_flag(session, key, 0.25, digest="b" * 64, sentence="The record since mentions a weapon.")

    committed(score)

    page = spo.get(address).text
    assert (
        "About a 1 in 4 chance that the level overall should be high, by what was recorded up to now" in page
    )
    assert "The record since mentions a weapon." in page
    assert "Known at the assessment." not in page
    assert "chance that" not in head.get(address).text


def test_the_spo_is_told_how_many_cases_of_a_review_wait_for_a_score(spo, head, fail, committed):
    address = f"/caseload-reviews/{fail.duties['caseload_review']}"
    before = spo.get(address).text

    def score_one(session):
        make_artefact_row(session)
        first = session.exec(select(CaseloadReviewCase).order_by(CaseloadReviewCase.rank)).first()
        make_flag(session, session.exec(select(Assessment.id).filter_by(case_id=first.case_id)).first(), 0.1)

    committed(score_one)

    assert "for a score" not in before  # no classifier is in force
    assert "1 of them waits for a score." in spo.get(address).text
    assert "for a score" not in head.get(address).text


def test_the_spo_is_told_no_chance_that_the_score_used_cannot_state(spo, fail, committed):
    def score(session):
        make_artefact_row(session)
        now = make_artefact_row(session, "b" * 64, purpose=ScorePurpose.REVIEW_NOW)
        now.evaluation = evaluation(n_reviewed_high=0)
        first, second = session.exec(select(CaseloadReviewCase).order_by(CaseloadReviewCase.rank))
        for case, digest in ((first, "b" * 64), (second, "a" * 64)):
            key = session.exec(select(Assessment.id).where(Assessment.case_id == case.case_id)).first()
            make_flag(session, key, 0.25, digest=digest)

    committed(score)
    page = " ".join(spo.get(f"/caseload-reviews/{fail.duties['caseload_review']}").text.split())

    assert "nobody can say yet how likely it is too low, by what was recorded up to now" in page
    assert (
        "About a 1 in 4 chance that the level overall should be high, by what was recorded up to the" in page
    )


def test_a_case_sent_for_a_read_gets_a_blind_one_that_can_cut_nobody(spo, fail, fresh_engine):
    with transaction(fresh_engine, SYSTEM) as session:
        row = session.exec(select(CaseloadReviewCase).order_by(CaseloadReviewCase.rank)).first()

    spo.post(
        f"/caseload-reviews/{fail.duties['caseload_review']}/{row.id}", data={"outcome": "sent_for_read"}
    )

    with transaction(fresh_engine, SYSTEM) as session:
        check = session.exec(select(Check).where(Check.case_id == row.case_id)).one()
        read = session.exec(select(Review).where(Review.check_id == check.id)).one()
        assert (check.arm, check.person_id) == ("caseload_review", fail.officer_id)
        assert (read.status, read.reader_id) == ("wanted", None)
