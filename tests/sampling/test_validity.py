"""The simulation behind docs/validity.md runs, and shows the naive pooled rate failing."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_two_simulated_rounds_give_the_table_and_the_naive_rate_never_holds():
    told = subprocess.run(
        [sys.executable, ROOT / "scripts/validity.py", "--rounds", "2"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )

    assert told.stderr == ""
    rows = [
        line.split("|")
        for line in told.stdout.splitlines()
        if line.startswith(("| National", "| Region", "| PDU"))
    ]
    assert len(rows) >= 24
    naive = next(row for row in rows if "naively" in row[1])
    assert float(naive[5]) == 0


def test_the_published_table_keeps_every_promise_over_at_least_five_hundred_years():
    page = (ROOT / "docs/validity.md").read_text("utf-8")

    assert int(page.split(" national years")[0].rsplit("\n", 1)[1]) >= 500
    assert page.count("| kept |") == 30
    assert "| missed |" not in page
