"""A reader's click path, from the list to the receipt."""

import pytest
from factories.cases import make_assessment, make_case
from factories.flags import make_artefact_row, make_flag
from factories.reviews import AT
from pages.reviewer.clicks import (
    STAGE_1,
    go_through_stage_1,
    go_through_stage_2,
    go_through_stage_3,
    go_through_to_stage_4,
    mark_of,
    version_of,
    yes,
)
from sqlalchemy import text
from sqlmodel import select

from qa_service.core.db import SYSTEM, transaction
from qa_service.reviews.tables import Review
from qa_service.rounds.tables import Check


def test_an_empty_list_says_what_to_do(scene, sign_in):
    engine, _, sam = scene

    page = sign_in(engine, sam).get("/reviews")

    assert "You have no cases." in page.text
    assert "Start next case" in page.text


def test_an_empty_pool_is_said_in_words(rita, start, scene, sign_in):
    engine, _, sam = scene
    other = sign_in(engine, sam)

    page = other.get(other.post("/reviews/next").headers["location"])

    assert "No case is waiting for you at present." in page.text


def test_stage_4_shows_the_flag_with_its_precision_its_reasons_and_where_to_look(rita, start, scene):
    engine, _, _ = scene
    with transaction(engine, SYSTEM) as session:
        check = session.exec(select(Check).join(Review).where(Review.reference == start.split("/")[-1])).one()
        make_artefact_row(session)
        make_flag(session, check.assessment_id, 0.7)

    before, flag = go_through_to_stage_4(rita, start)

    assert "Two unanswered police enquiries. (A2)" in flag
    assert "Of 100 cases it flags, about 30 (20 to 41) need a higher level" in flag
    assert "Two unanswered police enquiries" not in before


def test_stage_4_shows_what_reads_the_same_for_the_officers_other_people_and_not_who_they_are(
    rita, start, scene
):
    engine, _, _ = scene
    with transaction(engine, SYSTEM) as session:
        make_assessment(session, make_case(session, 77))

    before, flag = go_through_to_stage_4(rita, start)

    assert "R10.3 When is the risk likely to be greatest: 1 other person" in flag
    assert "Person Number 77" not in flag
    assert "X000077" not in flag
    assert "1 other person" not in before


def test_a_read_goes_from_the_list_to_the_receipt(rita, start, scene):
    engine, _, _ = scene
    go_through_stage_1(rita, start)
    go_through_stage_2(rita, start)
    submission = go_through_stage_3(rita, start)

    submitted = rita.post(f"{start}/submit", **submission)
    flag = rita.get(f"{start}/flag")
    answer = {"changes_view": "no", "changes_view_reason": "It names nothing new."}
    done = rita.post(f"{start}/flag", version=mark_of(flag), **answer)
    receipt = rita.get(f"{start}/receipt")

    assert submitted.headers["location"] == f"{start}/flag"
    assert "There is no flag. The classifier has not scored this assessment." in flag.text
    assert done.headers["location"] == f"{start}/receipt"
    assert "Read submitted" in receipt.text
    with transaction(engine, SYSTEM) as session:
        row = session.get_one(Review, 1)
        assert (row.stage, row.status, row.submitted_at) == (4, "done", AT)
        assert row.decision["verdict"] == "fail"


def test_a_submission_sent_twice_is_one_and_leads_to_the_same_page(rita, start, scene):
    engine, _, _ = scene
    go_through_stage_1(rita, start)
    go_through_stage_2(rita, start)
    submission = go_through_stage_3(rita, start)

    first, second = (rita.post(f"{start}/submit", **submission) for _ in range(2))
    other = rita.post(f"{start}/submit", version="1", submission_key="another")

    assert first.headers["location"] == second.headers["location"]
    assert other.status_code == 409
    with engine.connect() as connection:
        connection.execute(text("SELECT set_config('app.all_cases', 'on', true)"))
        assert (
            connection.execute(text("SELECT count(*) FROM review WHERE submitted_at IS NOT NULL")).scalar()
            == 1
        )


def test_what_is_missing_is_named_and_what_was_typed_is_kept(rita, start):
    page = rita.post(f"{start}/levels", version="0", own_reasons="He has a key.", level_community_staff="LOW")

    assert page.status_code == 422
    assert "<title>Error: Your own levels" in page.text
    assert 'href="#level_community_children"' in page.text
    assert 'href="#is_somebody_exposed"' in page.text
    assert "He has a key." in page.text


def test_the_progress_is_said_in_words(rita, start):
    go_through_stage_1(rita, start)
    page = rita.get(f"{start}/quality/B")
    rita.post(f"{start}/draft", version=version_of(page), **yes(2, "B"))

    assert "3 of 22 questions answered." in rita.get(f"{start}/quality/A").text


def test_a_no_asks_for_evidence_cause_and_reason(rita, start):
    go_through_stage_1(rita, start)
    page = rita.get(f"{start}/quality/B")
    answers = yes(2, "B") | {"B2_judgement": "no"}

    refused = rita.post(f"{start}/quality/B", version=version_of(page), **answers)

    assert refused.status_code == 422
    for part in ("evidence", "cause", "reason"):
        assert f'href="#B2_{part}"' in refused.text


def test_locking_with_something_missing_leads_to_it(rita, start):
    go_through_stage_1(rita, start)
    check = rita.get(f"{start}/quality/check")

    led = rita.post(f"{start}/quality/lock", version=version_of(check))
    page = rita.get(led.headers["location"])

    assert page.status_code == 422
    assert 'href="#A1_judgement"' in page.text


def test_autosave_answers_a_script_and_the_button_leads_to_the_list(rita, start):
    saved = rita.autosave(f"{start}/draft", version="0", window_id="w", seq="1", own_reasons="a")
    plain = rita.post(f"{start}/draft", version="1", own_reasons="a b")

    assert saved.json() == {"saved_at": AT.isoformat(), "version": 1}
    assert (plain.status_code, plain.headers["location"]) == (303, "/reviews")
    assert "a b" in rita.get(f"{start}/levels").text


def test_a_second_window_is_told_with_409_and_its_text_is_given_back(rita, start):
    rita.autosave(f"{start}/draft", version="0", window_id="one", seq="1", own_reasons="first window")

    script = rita.autosave(f"{start}/draft", version="0", window_id="two", seq="1", own_reasons="x")
    plain = rita.post(f"{start}/draft", version="0", own_reasons="second window")

    assert (script.status_code, script.json()["code"]) == (409, "draft_version")
    assert plain.status_code == 409
    assert "second window" in plain.text


def test_answers_changed_after_they_were_read_back_are_not_locked(rita, start):
    rita.post(f"{start}/levels", version="0", **STAGE_1)
    check = rita.get(f"{start}/levels/check")
    rita.autosave(f"{start}/draft", version="1", own_reasons="changed elsewhere")

    assert rita.post(f"{start}/levels/lock", version=version_of(check)).status_code == 409


@pytest.mark.parametrize("stage", ["officer-level", "flag", "quality/A"])
def test_a_stage_not_reached_leads_back_to_where_the_read_is(rita, start, stage):
    assert rita.get(f"{start}/{stage}").headers["location"] == f"{start}/levels"


def test_nobody_opens_somebody_elses_read(rita, start, scene, sign_in):
    engine, _, sam = scene
    other = sign_in(engine, sam)

    assert other.get(f"{start}/levels").status_code == 404
    assert other.post(f"{start}/draft", version="0", own_reasons="x").status_code == 404
    assert other.post(f"{start}/worry", sentence="x").status_code == 404


def test_a_worry_is_sent_from_any_stage_and_the_read_goes_on(rita, start):
    empty = rita.post(f"{start}/worry", sentence=" ")
    sent = rita.post(f"{start}/worry", sentence="The children are there tonight.")

    assert empty.status_code == 422
    assert "must acknowledge it within 4 working hours" in sent.text
    assert rita.get(f"{start}/levels").status_code == 200


def test_a_level_seen_elsewhere_is_said_once(rita, start):
    rita.post(f"{start}/seen-elsewhere")

    page = rita.get(f"{start}/levels")

    assert "You said that you saw the officer's level elsewhere" in page.text.replace("&#39;", "'")


def test_a_declared_conflict_gives_the_case_back(rita, start, scene, sign_in):
    engine, _, sam = scene
    empty = rita.post(f"{start}/conflict")
    given = rita.post(f"{start}/conflict", knows="person", reason="My cousin.")

    assert empty.status_code == 422
    assert given.headers["location"] == "/reviews"
    assert rita.get(f"{start}/levels").status_code == 404
    assert sign_in(engine, sam).post("/reviews/next").headers["location"] != "/reviews?nothing_left=true"
