"""Before lock 2 a reader's responses are the same to the byte, whatever the officer's level was.

Two databases differ only in the officer's level, in what derives from it, and in the flag; or in whether a
first read went before. Nonces, tokens, references and the clock stand still. Everything that a reader can
ask for until lock 2 is asked for in both: status, headers (sizes too) and bytes.
"""

import re
from datetime import UTC, datetime

import pytest
from factories.cases import add_pack_item, add_registration, make_assessment
from factories.flags import make_artefact_row, make_flag
from factories.reviews import make_check, make_reader, make_setting, read_through, want
from pages.reviewer.clicks import stage_1
from sqlalchemy import event

from qa_service.core.db import SYSTEM, transaction
from qa_service.estate.tables import Grade
from qa_service.reviews.tables import ReadKind
from rubrics import load

EARLY = datetime(2026, 9, 20, 15, 0, tzinfo=UTC)
LATE = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)
MEDIUM = {
    "word": "medium",
    "code": "RMRH",
    "group_level": "RSKM",
    "tier": "C2",
    "mappa": "M1",
    "grade": Grade.PSO,
    "points": 50,
    "groups": {"children": "LOW", "public": "MEDIUM", "known_adult": "LOW", "staff": "LOW"},
    "countersigned": None,
    "is_flagged": True,
}
VERY_HIGH = {
    "word": "very high",
    "code": "RVHR",
    "group_level": "RSKV",
    "tier": "A3",
    "mappa": "M3",
    "grade": Grade.PO,
    "points": 206,
    "groups": {
        "children": "HIGH",
        "public": "VERY_HIGH",
        "known_adult": "HIGH",
        "staff": "HIGH",
        "prisoners": "HIGH",
    },
    "countersigned": "Countersigned as very high, MAPPA level 3.",
    "is_flagged": False,
}


# Below both officers' levels; and above the one officer's, so that a correction is opened, but not the other's.
BELOW_BOTH, ABOVE_ONE = stage_1("LOW"), stage_1("HIGH")


def _assess(session, case, level, at):
    return make_assessment(
        session,
        case,
        completed_at=at,
        groups=level["groups"],
        texts={
            "nature_of_risk": f"Assessed as {level['word']} risk of serious harm. He is a {level['word']} risk.",
            "risk_imminence": f"RoSH: {level['word'].upper()}. Tier {level['tier']}, MAPPA level {level['mappa'][1]}.",
        },
        screening={"R1.2.1": "YES", "R1.3.7": "YES" if level is VERY_HIGH else "NO"},
        has_full_analysis=True,
        full_analysis_reason=f"Because the risk is {level['word']}.",
        countersigner_staff_code="N07A009" if level["countersigned"] else None,
        countersignature_comment=level["countersigned"],
        predictors={"outputVersion": "1", "output": {"scoreLevel": level["word"]}},
    )


def _make_level(session, setting, level):
    """Give the case and all around it the level, and everything that derives from it."""
    case = setting.case
    case.tier, case.mappa_level, case.mappa_category = level["tier"], level["mappa"], "M2"
    session.connection().exec_driver_sql("UPDATE posting SET grade = %s", (level["grade"].value,))
    _assess(session, case, level, EARLY)
    assessment = _assess(session, case, level, LATE)
    add_registration(session, case, level["code"], level=level["group_level"])
    add_registration(session, case, "ADVP", level=level["group_level"])
    if level is VERY_HIGH:
        for code in ("RCHD", "REG15", "REG16", "REG17", "AV2S", "MAPP"):
            add_registration(session, case, code, level=level["group_level"])
        add_pack_item(session, case, kind="meeting", title="MAPPA level 3 meeting", body="Held.")
        add_pack_item(session, case, kind="supervision", title="Supervision", body="Discussed.")
    make_artefact_row(session)
    make_flag(
        session,
        assessment.id,
        0.9 if level["is_flagged"] else 0.1,
        is_flagged=level["is_flagged"],
    )
    for title in ("Home visit", "Telephone call"):
        add_pack_item(session, case, title=title, body=f"Still {level['word']} risk, tier {level['tier']}.")
    session.flush()


def _world(engine, level, *, kind=ReadKind.FIRST):
    """Commit a world of one level with one read in the pool; returns the reader's id."""
    with transaction(engine, SYSTEM) as session:
        setting = make_setting(session)
        make_reader(session, "somebody-else")
        _make_level(session, setting, level)
        check = make_check(session, setting.case, setting.officer, number=2)
        check.workload_points = level["points"]
        first, reader = make_reader(session, "first"), make_reader(session, "rita")
        if kind is ReadKind.SECOND:
            want(session, check)
            read_through(session, first)
        want(session, check, kind).reference = "R2345678AAAA"
        return reader


def _fix_the_date(engine):
    """Give the read a fixed date: it is the one thing that a first and a second read are drawn alike in."""
    with transaction(engine, SYSTEM) as session:
        session.connection().exec_driver_sql(
            "UPDATE review SET due_at = '2026-11-09T23:59:59Z' WHERE reference = 'R2345678AAAA'"
        )


def _asked(browser, engine, own):
    """Ask for everything a reader can ask for until lock 2; yields each response."""
    yield browser.get("/reviews")
    yield browser.post("/reviews/next")
    _fix_the_date(engine)
    start = "/reviews/R2345678AAAA"
    for path in (
        "/reviews",
        start,
        *(f"{start}/{page}" for page in ("levels", "worry", "seen-elsewhere", "conflict")),
    ):
        yield browser.get(path)
    yield browser.autosave(f"{start}/draft", version="0", window_id="w", seq="1", own_reasons="Nothing")
    yield browser.autosave(f"{start}/draft", version="0", own_reasons="Another window")
    yield browser.post(f"{start}/levels", version="1")
    yield browser.post(f"{start}/levels", version="2", **own)
    yield browser.get(f"{start}/levels/check")
    for path in (f"{start}/officer-level", f"{start}/submit", f"{start}/flag", f"{start}/receipt"):
        yield browser.get(path)
    yield browser.post(f"{start}/levels/lock", version="3")
    yield browser.post(f"{start}/worry", sentence="He has a key.")
    for version, section in enumerate("ABCEF", start=3):
        yield browser.get(f"{start}/quality/{section}")
        answers = {f"{q.id}_judgement": "yes" for q in load().at_stage(2) if q.section == section}
        yield browser.post(f"{start}/quality/{section}", version=str(version), **answers)
    yield browser.get(f"{start}/quality/check")
    for path in (
        f"{start}/officer-level",
        f"{start}/submit",
        f"{start}/flag",
        f"{start}/receipt",
        "/reviews",
    ):
        yield browser.get(path)


def _whole(response):
    """Return all that a response says, but for its own random reference."""
    headers = sorted((name, value) for name, value in response.headers.items() if name != "x-request-id")
    return response.status_code, headers, response.content


@pytest.fixture
def everything(new_engine, sign_in):
    """Everything a reader gets until lock 2 in a world of one level, and the first page after it."""

    def ask(level, kind=ReadKind.FIRST, own=BELOW_BOTH):
        engine = new_engine()
        browser = sign_in(engine, _world(engine, level, kind=kind))
        before = [_whole(response) for response in _asked(browser, engine, own)]
        browser.post("/reviews/R2345678AAAA/quality/lock", version="8")
        return before, browser.get("/reviews/R2345678AAAA/officer-level")

    return ask


@pytest.mark.parametrize("own", [BELOW_BOTH, ABOVE_ONE], ids=["below both", "above one"])
@pytest.mark.parametrize("kind", [ReadKind.FIRST, ReadKind.SECOND], ids=["first read", "second read"])
def test_no_response_before_lock_2_tells_the_officers_level(everything, kind, own):
    medium, medium_revealed = everything(MEDIUM, kind, own)
    very_high, very_high_revealed = everything(VERY_HIGH, kind, own)

    assert [response[0] for response in medium] == [response[0] for response in very_high]
    assert medium == very_high
    assert medium_revealed.content != very_high_revealed.content


def test_no_response_before_lock_2_tells_a_second_read_from_a_first(everything):
    first, _ = everything(MEDIUM)
    second, _ = everything(MEDIUM, ReadKind.SECOND)

    assert first == second


def test_the_pages_that_were_compared_are_the_pages_of_a_read(everything):
    pages, revealed = everything(VERY_HIGH)
    statuses = [status for status, _, _ in pages]
    text = b"".join(content for _, _, content in pages).decode()

    assert statuses.count(200) >= 15
    assert "[level hidden]" in text
    assert not re.search(r"very high, MAPPA|RVHR|RSKV|[Tt]ier A|classifier", text)
    assert "very high" in revealed.text
    assert "RVHR" in revealed.text


def test_no_work_before_lock_2_but_that_of_lock_1_depends_on_the_officers_level(new_engine, sign_in):
    """What takes longer tells as much as what reads differently; the answer to lock 1 is held (test_pace.py)."""
    work, n_corrections = [], []
    for level in (MEDIUM, VERY_HIGH):
        engine = new_engine()
        browser = sign_in(engine, _world(engine, level))
        n_statements = []
        event.listen(engine, "before_cursor_execute", lambda *_, counted=n_statements: counted.append(1))
        steps = []
        for response in _asked(browser, engine, ABOVE_ONE):
            steps.append((response.request.method, response.request.url.path, len(n_statements)))
            n_statements.clear()
        work.append(steps)
        with transaction(engine, SYSTEM) as session:
            found = session.connection().exec_driver_sql("SELECT count(*) FROM level_correction")
            n_corrections.append(found.scalar_one())

    differing = [one[:2] for one, other in zip(*work, strict=True) if one != other]

    assert n_corrections == [1, 0]
    assert differing == [("POST", "/reviews/R2345678AAAA/levels/lock")]
