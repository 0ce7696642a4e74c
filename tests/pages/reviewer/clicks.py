"""A reader's clicks, stage by stage, for the tests of what the pages show on the way."""

import re

from rubrics import load

LEVELS = {
    f"level_{setting}_{row.group.value}": "HIGH" if row.group.value == "public" else "LOW"
    for row in load().groups
    for setting in row.settings
}
STAGE_1 = LEVELS | {
    "confidence": "high",
    "is_somebody_exposed": "no",
    "own_reasons": "The pattern needs no change to happen again.",
}


def stage_1(level):
    """Return the answers of stage 1 with every cell at one level."""
    return STAGE_1 | dict.fromkeys(LEVELS, level)


def yes(stage, section=""):
    return {f"{q.id}_judgement": "yes" for q in load().at_stage(stage) if not section or q.section == section}


def version_of(page):
    return re.search(r'name="version" value="(\d+)"', page.text)[1]


def mark_of(page):
    """Return the mark of the flag that stage 4 shows."""
    return re.search(r'name="version" value="([0-9a-f]{16})"', page.text)[1]


def go_through_stage_1(rita, start):
    assert rita.post(f"{start}/levels", version="0", **STAGE_1).headers["location"] == f"{start}/levels/check"
    check = rita.get(f"{start}/levels/check")
    assert rita.post(f"{start}/levels/lock", version=version_of(check)).status_code == 303


def go_through_stage_2(rita, start):
    for section, following in zip("ABCEF", [*"BCEF", "check"], strict=True):
        page = rita.get(f"{start}/quality/{section}")
        saved = rita.post(f"{start}/quality/{section}", version=version_of(page), **yes(2, section))
        assert saved.headers["location"] == f"{start}/quality/{following}"
    check = rita.get(f"{start}/quality/check")
    assert rita.post(f"{start}/quality/lock", version=version_of(check)).status_code == 303


def go_through_stage_3(rita, start):
    page = rita.get(f"{start}/officer-level")
    saved = rita.post(f"{start}/officer-level", version=version_of(page), **yes(3))
    assert saved.headers["location"] == f"{start}/submit"
    check = rita.get(f"{start}/submit")
    key = re.search(r'name="submission_key" value="([^"]+)"', check.text)[1]
    return {"version": version_of(check), "submission_key": key}


def go_through_to_stage_4(rita, start):
    """Go through a whole read; return what stage 3 and stage 4 show."""
    go_through_stage_1(rita, start)
    go_through_stage_2(rita, start)
    before = rita.get(f"{start}/officer-level").text
    rita.post(f"{start}/submit", **go_through_stage_3(rita, start))
    return before, rita.get(f"{start}/flag").text
