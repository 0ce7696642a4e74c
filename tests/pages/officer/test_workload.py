"""My workload: before and now, why, until when, what restores it, and what became of the cases (SCREENS 10)."""

from qa_service.feedback import service as feedback


def test_without_a_cut_the_plain_figures_show(suspected):
    page = suspected.get("/my-workload").text

    assert "You carry 2,502 points of 2,176: 115.0% (WMT capacity)." in page
    assert "No cap limits your workload." in page


def test_the_officer_learns_of_a_cut_with_its_feedback_and_not_before(officer):
    assert "No cap limits your workload." in officer.get("/my-workload").text


def test_a_cut_is_shown_with_its_reason_its_end_and_what_restores_it(officer, committed, fail, clock):
    committed(feedback.record_conversation, fail.feedback, at=clock.now(), by="user:9")

    page = officer.get("/my-workload").text

    assert "2,176 points (100% in WMT)" in page
    assert "1,740 points (80.0% in WMT)" in page
    assert "2,502 points (115.0% in WMT), 762 above the cap" in page
    assert "This is to give you time, not a sanction." in page
    assert "16 November 2026 to 14 February 2027" in page
    assert f"/my-feedback/{fail.feedback}" in page
    assert "So far 0 of 2." in page


def test_the_cases_that_move_and_those_that_cannot_are_listed_with_who_holds_the_risk(
    officer, committed, fail, clock
):
    committed(feedback.record_conversation, fail.feedback, at=clock.now(), by="user:9")

    page = officer.get("/my-workload").text

    moves, stuck = page.split(">What could not move<")
    assert "Officer N07A002, Team N07T01" in moves
    assert moves.count(">79<") == 2  # theirs to know, though no manager is told before the blind read
    assert "Proposed: the level is to be read again first" in moves
    assert "spo N07T01 (Holder of spo N07T01)" in stuck
