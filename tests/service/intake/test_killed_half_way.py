"""An import that is killed at any point is whole or absent, and loads whole when it is offered again."""

import signal
import subprocess
import sys

import pytest
from factories.extracts import write_extract

from qa_service.intake.tables import RunStatus

# Told the step at which to die, this process kills itself as the machine's out-of-memory killer would.
IMPORT = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from qa_service.core.clock import FixedClock
from qa_service.core.db import make_engine
from qa_service.intake import service

url, folder, fatal = sys.argv[1:]

def die(step):
    if step == fatal:
        os.kill(os.getpid(), signal.SIGKILL)

def progress(n_done, n_total, step):
    die(step)

before_commit = service.record
def record(*arguments, **named):
    before_commit(*arguments, **named)
    die("before the commit")

service.record = record
clock = FixedClock(datetime(2026, 11, 2, 10, tzinfo=UTC))
service.import_paths(make_engine(url), [Path(folder)], by="cli", clock=clock, progress=progress)
die("after the commit")
"""

COUNTS = (
    "SELECT (SELECT count(*) FROM region) + (SELECT count(*) FROM person) + (SELECT count(*) FROM case_record)"
    " + (SELECT count(*) FROM assessment) + (SELECT count(*) FROM case_pack_item) + (SELECT count(*) FROM intake_run)"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fatal", "n_rows"),
    [
        ("reading cases.csv", 0),
        ("merging people", 0),
        ("merging case_pack_items", 0),
        ("before the commit", 0),
        ("after the commit", 17),
    ],
)
def test_an_import_killed_is_whole_or_absent_and_loads_when_offered_again(
    fresh_url, load, ask, area, tmp_path, fatal, n_rows
):
    folder = write_extract(tmp_path / "area", area)

    ended = subprocess.run([sys.executable, "-c", IMPORT, fresh_url, str(folder), fatal], check=False)
    left = ask(COUNTS)
    (report,) = load(folder)

    assert ended.returncode == -signal.SIGKILL
    assert left == [(n_rows,)]
    assert report.status is (RunStatus.UNCHANGED if n_rows else RunStatus.LOADED)
    assert ask("SELECT count(*) FROM case_pack_item") == [(4,)]
