"""A moderator's click path, from the list to the verdict."""

import re
from functools import partial

import pytest
from factories.reviews import AT, HIGH, SAME, make_reader, read_through, references

from qa_service.auth.roles import Role
from qa_service.auth.tables import RoleGrant
from qa_service.core.db import SYSTEM, transaction
from qa_service.reviews import service as reviews
from qa_service.reviews.tables import Moderation
from qa_service.workflows.finalise_check import reply_on_accuracy, submit_read


@pytest.fixture
def split(scene):
    """Two readers differ about the check of the scene; returns the engine and a moderator's id."""
    engine, rita, sam = scene
    with transaction(engine, SYSTEM) as session:
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
        moderator = make_reader(session, "mo")
        session.add(RoleGrant(user_id=moderator, role=Role.MODERATOR, from_at=AT.replace(year=2025)))
        session.flush()
    return engine, moderator


@pytest.fixture
def mo(split, sign_in):
    return sign_in(*split)


@pytest.fixture
def address(mo):
    return mo.post("/moderation/next").headers["location"]


def _version(page):
    return re.search(r'name="version" value="(\d+)"', page.text)[1]


def _for(letter):
    lines = ("level_community_public", "B1")
    choices = {f"{line}_choice": letter for line in lines}
    reasons = {f"{line}_choice_reason": "As the record shows." for line in lines}
    return choices | reasons | {"colleague_would_have": "no", "reasons": "The record supports this."}


def test_the_differing_lines_come_first_and_name_no_reader(mo, address):
    page = mo.get(address)

    assert "Where they differ (2)" in page.text
    assert page.text.index("Level: Public, community") < page.text.index("Where they agree")
    assert "Reviewer A" in page.text
    assert "The visit was on 3 August." in page.text
    assert "Rita" not in page.text
    assert "Sam" not in page.text


def test_what_is_missing_is_named_and_kept(mo, address):
    refused = mo.post(address, version="0", B1_choice="a", reasons="Half a reason.")

    assert refused.status_code == 422
    assert 'href="#B1_choice_reason"' in refused.text
    assert 'href="#level_community_public_choice"' in refused.text
    assert "Half a reason." in refused.text


def _high_letter(page):
    return "a" if "Reviewer A: High" in page.text else "b"


def test_the_finalise_page_says_in_words_what_will_happen(mo, address):
    letter = _high_letter(mo.get(address))

    checked = mo.post(address, version="0", **_for(letter))
    page = mo.get(checked.headers["location"])

    assert checked.headers["location"] == f"{address}/finalise"
    assert "The check fails." in page.text
    assert "caseload cap goes from 2,176 to 1,740 points, from 3 November 2026" in page.text
    assert "The check fails." in mo.get(checked.headers["location"]).text


def test_a_decision_for_the_lower_reading_ends_without_a_cut(mo, address):
    other = {"a": "b", "b": "a"}[_high_letter(mo.get(address))]

    page = mo.get(mo.post(address, version="0", **_for(other)).headers["location"])

    assert "The check fails." not in page.text
    assert "A hold on new cases, if there is one, ends." in page.text


def test_finalising_gives_the_verdict_once(mo, address, split):
    engine, moderator = split
    mo.post(address, version="0", **_for(_high_letter(mo.get(address))))
    version = _version(mo.get(f"{address}/finalise"))

    done = [mo.post(f"{address}/finalise", version=version).status_code for _ in range(2)]

    assert done == [303, 303]
    with transaction(engine, SYSTEM) as session:
        verdict = reviews.standing_verdict(session, 1)
        moderation = session.get_one(Moderation, 1)
    assert verdict.verdict == "fail"
    assert verdict.decided_by["moderator"] == moderator
    assert set(moderation.choices) == {"level_community_public", "B1"}


def test_another_answer_than_both_readers_gave_needs_a_reason(mo, address):
    fields = _for(_high_letter(mo.get(address))) | {"A1_choice": "other:no"}

    refused = mo.post(address, version="0", **fields)

    assert 'href="#A1_choice_reason"' in refused.text


def test_a_decision_changed_in_another_window_is_not_finalised(mo, address):
    mo.post(address, version="0", **_for("a"))
    version = _version(mo.get(f"{address}/finalise"))
    mo.autosave(f"{address}/draft", version=version, reasons="Changed elsewhere.")

    assert mo.post(f"{address}/finalise", version=version).status_code == 409


def test_an_empty_pool_is_said_in_words(mo, address, scene, sign_in):
    engine, _, _ = scene
    with transaction(engine, SYSTEM) as session:
        other = make_reader(session, "another")
        session.add(RoleGrant(user_id=other, role=Role.MODERATOR, from_at=AT.replace(year=2025)))
    browser = sign_in(engine, other)

    page = browser.get(browser.post("/moderation/next").headers["location"])

    assert "No case is waiting for you at present." in page.text
