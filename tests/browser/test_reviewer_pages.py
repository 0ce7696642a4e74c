"""A reader's and a moderator's pages in a real browser: accessible, narrow enough, complete without scripts."""

import os
from functools import partial
from pathlib import Path

import pytest
from factories.cases import make_assessment, make_case
from factories.reviews import (
    AT,
    HIGH,
    SAME,
    answers,
    claimed,
    judgement,
    make_check,
    make_reader,
    make_setting,
    read_through,
    references,
    want,
)

from qa_service.app import make_app
from qa_service.auth import service as auth
from qa_service.auth.roles import Role
from qa_service.auth.tables import RoleGrant
from qa_service.core.clock import FixedClock
from qa_service.core.db import SYSTEM, transaction
from qa_service.reviews import service as reviews
from qa_service.settings import Settings
from qa_service.workflows.finalise_check import reply_on_accuracy, submit_read

# Where a person who wants to look at the pages has them drawn; nowhere by default.
PICTURES = os.environ.get("QA_PICTURES")


def _moderation(session, rita, sam):
    """Take the first check into moderation."""
    submit = partial(submit_read, references=references("split"))
    read_through(session, rita, grid=HIGH, submit=submit)
    done = read_through(session, sam, grid=SAME, submit=submit, B1="no")
    reply_on_accuracy(
        session,
        done.check.id,
        person_id=done.check.person_id,
        text="The visit was on 3 August.",
        disputes_a_fact=False,
        at=AT,
        references=references("reply"),
    )


@pytest.fixture
def addresses(fresh_engine):
    """Reads in each stage and a moderation, all one person's; returns the person and the pages to look at."""
    with transaction(fresh_engine, SYSTEM) as session:
        setting = make_setting(session)
        rita, sam, mo = (make_reader(session, name) for name in ("rita", "sam", "mo"))
        session.add(RoleGrant(user_id=mo, role=Role.MODERATOR, from_at=AT.replace(year=2025)))
        want(session, setting.check)
        _moderation(session, rita, sam)
        split = reviews.take_moderation(session, moderator_id=mo, at=AT).reference
        reads = []
        for number in range(2, 6):
            case = make_case(session, number)
            make_assessment(session, case)
            want(session, make_check(session, case, setting.officer, number=number))
            read = claimed(session, mo)
            reviews.open_read(session, read.reference, reader_id=mo, at=AT)
            reads.append(read.reference)
        for reference in reads[1:]:
            reviews.lock_own_judgement(session, reference, judgement(), reader_id=mo, at=AT)
        for reference in reads[2:]:
            reviews.lock_quality(session, reference, answers(2), reader_id=mo, at=AT)
        last = reads[3]
        reviews.submit_read(session, last, answers(3), reader_id=mo, at=AT, submission_key="k")
    one, two, three, four = (f"/reviews/{reference}" for reference in reads)
    return mo, [
        "/reviews",
        f"{one}/levels",
        f"{one}/levels/check",
        f"{one}/worry",
        f"{one}/seen-elsewhere",
        f"{one}/conflict",
        f"{two}/quality/A",
        f"{two}/quality/A?missing=true",
        f"{two}/quality/check",
        f"{three}/officer-level",
        f"{three}/submit",
        f"{four}/flag",
        f"{four}/receipt",
        "/moderation",
        f"/moderation/{split}",
    ]


@pytest.fixture
def site(serve, fresh_engine):
    clock = FixedClock(AT)
    return serve(make_app(fresh_engine, clock=clock, references=references("pages"), settings=Settings()))


def _sign_in(page, site, engine, user_id):
    with transaction(engine, SYSTEM) as session:
        token = auth.open_session(session, user_id, at=AT, settings=Settings()).token
    page.context.add_cookies([{"name": "session", "value": token, "url": site}])


def test_the_pages_of_a_read_and_of_a_moderation_break_no_accessibility_rule(
    site, page, fresh_engine, addresses, axe_violations, has_no_sideways_scroll, console_errors
):
    person, paths = addresses
    _sign_in(page, site, fresh_engine, person)

    found = {}
    for path in paths:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(site + path)
        wide = axe_violations(page)
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{path.strip('/').replace('/', '-')[-30:]}.png")
        fits = has_no_sideways_scroll(page)
        found[path] = (wide, axe_violations(page), fits)

    assert {path: result for path, result in found.items() if result != ([], [], True)} == {}
    assert [error for error in console_errors if "422" not in error] == []


# Cells that hold one word and need more than one line for it.
BROKEN_WORDS = """() => [...document.querySelectorAll(".qa-read__case .qa-table :is(th, td)")].filter(cell => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  const lines = new Set([...range.getClientRects()].map(line => line.top));
  return lines.size > 1 && !/\\s/.test(cell.innerText.trim());
}).map(cell => cell.innerText)"""


def test_no_level_is_broken_into_two_lines_on_a_narrow_screen(site, page, fresh_engine, addresses):
    person, paths = addresses
    _sign_in(page, site, fresh_engine, person)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(site + next(path for path in paths if path.endswith("/officer-level")))

    assert "medium" in page.inner_text(".qa-read__case .qa-table")
    assert page.evaluate(BROKEN_WORDS) == []


def test_stage_1_is_complete_without_scripts(site, page_without_scripts, fresh_engine, addresses):
    page = page_without_scripts
    person, paths = addresses
    _sign_in(page, site, fresh_engine, person)
    page.goto(site + paths[1])

    page.fill("#own_reasons", "He has a key.")
    page.click("text=Save and come back later")

    assert page.url == f"{site}/reviews"
    page.goto(site + paths[1])
    assert page.input_value("#own_reasons") == "He has a key."


def test_what_is_typed_is_saved_without_a_click(site, page, fresh_engine, addresses):
    person, paths = addresses
    _sign_in(page, site, fresh_engine, person)
    page.goto(site + paths[1])

    page.fill("#own_reasons", "He has a key.")
    page.wait_for_selector(".qa-autosave[data-state=saved]")
    page.goto(site + paths[1])

    assert page.input_value("#own_reasons") == "He has a key."


LEVEL = "select[name=level_community_public]"


@pytest.mark.parametrize(
    ("answer", "value"), [("#own_reasons", "He has a key."), (LEVEL, "HIGH")], ids=["typed", "chosen"]
)
def test_what_is_answered_before_the_script_arrives_is_saved_too(
    site, page, fresh_engine, addresses, answer, value
):
    person, paths = addresses
    _sign_in(page, site, fresh_engine, person)
    held = []

    def hold(route):
        held.append(route)

    page.route("**/static/autosave.js", hold)
    with page.expect_request("**/static/autosave.js"):
        page.goto(site + paths[1])

    if answer == LEVEL:
        page.select_option(answer, value)
    else:
        page.fill(answer, value)
    held[0].continue_()
    page.wait_for_selector(".qa-autosave[data-state=saved]")
    page.unroute("**/static/autosave.js")
    page.goto(site + paths[1])

    assert page.input_value(answer) == value
