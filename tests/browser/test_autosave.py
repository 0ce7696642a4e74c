import re
import runpy
from pathlib import Path

import pytest
from playwright.sync_api import expect

from qa_service.pages.render import templates

SAMPLE = Path(__file__).parent / "sample"
STATUS = ".qa-autosave"
expect.set_options(timeout=20_000)  # retries back off; a busy machine adds to that


@pytest.fixture(scope="module")
def served(serve):
    app, draft = runpy.run_path(str(SAMPLE / "site.py"))["make_site"]()
    yield serve(app), draft
    templates.env.loader.loaders.pop()


@pytest.fixture(autouse=True)
def draft(served):
    _, draft = served
    draft.mode, draft.token, draft.evidence, draft.window_id, draft.submitted = "ok", "token", "", "", []
    return draft


@pytest.fixture
def form(served, page):
    page.goto(served[0] + "/draft")
    page.wait_for_load_state("networkidle")
    return page


def type_evidence(page, words):
    page.fill("#evidence", words)


def leaving_warns(page):
    """Whether the browser would ask before the page is left."""
    script = (
        "() => { const leave = new Event('beforeunload', {cancelable: true}); return !dispatchEvent(leave) }"
    )
    return page.evaluate(script)


def test_what_is_typed_is_saved_by_itself_and_the_page_says_so(form, draft):
    before = draft.version

    type_evidence(form, "Seen on 3 May")

    assert leaving_warns(form)
    expect(form.locator(STATUS)).to_have_text("Saved at 14:05")
    assert draft.evidence == "Seen on 3 May"
    assert form.input_value("[name=version]") == str(draft.version) == str(before + 1)
    assert form.get_attribute(STATUS, "role") == "status"
    assert not leaving_warns(form)


def test_a_page_that_nobody_touched_saves_nothing_and_may_be_left(form, draft):
    before = draft.version

    form.wait_for_timeout(1200)

    assert draft.version == before
    assert not leaving_warns(form)


def test_the_second_window_stops_and_keeps_its_answers(form, draft, served):
    other = form.context.new_page()
    other.goto(served[0] + "/draft")
    type_evidence(other, "From the other window")
    expect(other.locator(STATUS)).to_contain_text("Saved")

    type_evidence(form, "From this window")

    expect(form.locator(STATUS)).to_contain_text("changed in another window")
    assert form.input_value("#evidence") == "From this window"
    assert draft.evidence == "From the other window"
    assert leaving_warns(form)


def test_a_window_whose_stage_was_locked_in_another_is_told_so_and_stops(form, draft):
    locked = {
        "code": "stage_locked",
        "message": "Your own levels were locked before, in another window.",
        "next_step": "What was locked is kept; what this window holds instead does not count.",
    }
    form.route("**/draft", lambda route: route.fulfill(status=409, json=locked))

    type_evidence(form, "Too late")

    expect(form.locator(STATUS)).to_contain_text("Your own levels were locked before, in another window.")
    assert form.input_value("#evidence") == "Too late"
    assert leaving_warns(form)


def test_when_the_service_is_down_the_text_stays_and_is_saved_when_it_is_back(form, draft):
    draft.mode = "down"
    type_evidence(form, "Ten minutes of work")
    expect(form.locator(STATUS)).to_contain_text("Not saved yet")
    assert leaving_warns(form)

    draft.mode = "ok"

    expect(form.locator(STATUS)).to_contain_text("Saved at")
    assert draft.evidence == "Ten minutes of work"


def test_without_a_network_the_text_is_saved_as_soon_as_it_returns(form, draft):
    form.context.set_offline(True)
    type_evidence(form, "On the train")
    expect(form.locator(STATUS)).to_contain_text("Not saved yet")

    form.context.set_offline(False)

    expect(form.locator(STATUS)).to_contain_text("Saved at")
    assert draft.evidence == "On the train"


def test_a_save_whose_answer_was_lost_is_not_taken_for_another_window(form, draft):
    form.route("**/draft", lambda route: (route.fetch(), route.abort()), times=1)
    type_evidence(form, "Saved twice")
    expect(form.locator(STATUS)).to_contain_text("Not saved yet")

    expect(form.locator(STATUS)).to_contain_text("Saved at")
    assert draft.evidence == "Saved twice"


@pytest.mark.parametrize("way", ["an answer 401", "a redirect to the sign-in page"])
def test_who_was_signed_out_is_told_and_the_text_saves_after_signing_in_again(form, draft, way):
    if way == "an answer 401":
        draft.mode = "signed out"
    else:
        form.route(
            "**/draft", lambda route: route.fulfill(status=303, headers={"location": "/sign-in"}), times=1
        )
    type_evidence(form, "Typed after the session ended")
    expect(form.locator(STATUS)).to_contain_text("You have been signed out")
    assert form.get_attribute(f"{STATUS} a", "target") == "_blank"

    draft.mode = "ok"

    expect(form.locator(STATUS)).to_contain_text("Saved at")
    assert draft.evidence == "Typed after the session ended"


def test_after_signing_in_again_the_page_takes_the_new_session_s_token(form, draft):
    draft.mode = "signed out"
    type_evidence(form, "Typed before")
    expect(form.locator(STATUS)).to_contain_text("You have been signed out")

    draft.mode, draft.token = "ok", "token of the new session"

    expect(form.locator(STATUS)).to_contain_text("Saved at")
    assert draft.evidence == "Typed before"
    assert form.input_value("form[data-autosave] [name=csrf_token]") == draft.token


def test_a_refusal_is_said_in_the_service_s_words_and_the_text_stays(form, draft):
    draft.mode = "too long"

    type_evidence(form, "Very long")

    expect(form.locator(STATUS)).to_contain_text("Not saved. The evidence is too long. Shorten it.")
    assert form.input_value("#evidence") == "Very long"
    assert leaving_warns(form)


def test_pressing_continue_during_a_save_posts_the_version_that_the_save_returned(form, draft):
    def slowly(route):
        answer = route.fetch()
        form.wait_for_timeout(600)
        route.fulfill(response=answer)

    form.route("**/draft", slowly, times=1)
    with form.expect_request("**/draft"):
        type_evidence(form, "Last words")

    form.check("#answer")
    form.click("text=Continue")

    form.wait_for_url("**/check")
    assert draft.submitted[-1]["version"] == str(draft.version)
    assert draft.submitted[-1]["evidence"] == "Last words"


def test_nothing_is_kept_in_the_browser(form):
    type_evidence(form, "Case text")
    expect(form.locator(STATUS)).to_contain_text("Saved")

    assert form.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_without_scripts_the_save_button_posts_to_the_same_place(served, draft, page_without_scripts):
    page_without_scripts.goto(served[0] + "/draft")
    page_without_scripts.fill("#evidence", "Typed without scripts")

    page_without_scripts.click("text=Save and come back later")

    assert re.search(r"/draft$", page_without_scripts.url)
    assert draft.evidence == "Typed without scripts"
    assert page_without_scripts.input_value("#evidence") == "Typed without scripts"
