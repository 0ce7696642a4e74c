"""`qa-service flags train` and `refresh` on an area with checks: what they print is what a person needs."""

import json
from datetime import timedelta

import pytest
from factories.accounts import make_account
from service.flags.conftest import TRAINED_AT

from qa_service.auth.roles import Role
from qa_service.cli import main
from qa_service.core.clock import FixedClock
from qa_service.core.db import SYSTEM, transaction
from qa_service.flags import rules
from qa_service.flags.service import artefacts
from qa_service.settings import get_settings

AT = TRAINED_AT + timedelta(days=1)


@pytest.fixture(name="run")
def fixture_run(small_area, monkeypatch, capsys):
    """Return a function: run a command on the small area; its exit code and what it printed."""
    url = small_area.url.render_as_string(hide_password=False)
    monkeypatch.setenv("QA_DATABASE_URL", url)
    monkeypatch.setattr("qa_service.cli.flags.system_clock", lambda: FixedClock(AT))
    get_settings.cache_clear()

    def call(*arguments):
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        return left.value.code, capsys.readouterr().out

    yield call
    get_settings.cache_clear()


def test_a_training_prints_what_its_candidate_finds_and_leaves_it_waiting_for_an_approval(small_area, run):
    code, told = run("flags", "train")

    assert code == 0
    with transaction(small_area, SYSTEM) as session:
        made = artefacts.find_artefact(session)
    assert made.trained_at == AT
    heading, *lines = told.splitlines()
    assert f"candidate {made.digest[:12]}" in heading
    assert lines[1].startswith("checks that judge, overall ")  # the overall level comes first
    assert any(line.startswith("precision reading 10%, overall") for line in lines)
    precision = rules.precision_of(made.evaluation)
    assert (precision.sentence if precision else rules.UNKNOWN_PRECISION) in told
    assert "of the wrong mediums with 90% confidence, " in told
    listed = json.loads(run("flags", "list", "--json")[1])
    assert [row["status"] for row in listed] == ["candidate"] * 4  # two of each purpose; none is in force


def test_a_refresh_of_new_assessments_scores_each_once(small_area, run):
    with transaction(small_area, SYSTEM) as session:
        make_account(session, Role.NATIONAL_LEAD, username="nadia")
    waiting = json.loads(run("flags", "list", "--json")[1])
    [digest] = [row["digest"] for row in waiting if row["purpose"] == "flag"]
    assert run("flags", "approve", digest[:12], "--by", "nadia", "--reason", "It finds more.")[0] == 0

    code, first = run("flags", "refresh", "--only-new", "--json")
    again = json.loads(run("flags", "refresh", "--only-new", "--json")[1])

    done = json.loads(first)
    assert (code, done["digests"]) == (0, [digest])
    assert done["n_scored"] > done["n_flagged"] > 0
    assert again["n_scored"] == 0
