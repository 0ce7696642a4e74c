"""The command line on a database of the test's own, at the tests' time."""

import json

import pytest

from qa_service.cli import main
from qa_service.settings import get_settings


@pytest.fixture
def configured(fresh_url, monkeypatch, clock):
    """Point the commands at a fresh database and at the fixed clock."""
    monkeypatch.setenv("QA_DATABASE_URL", fresh_url)
    get_settings.cache_clear()
    for module in ("rounds", "caseload", "reports", "rates", "loading", "accounts", "flags"):
        monkeypatch.setattr(f"qa_service.cli.{module}.system_clock", lambda: clock)
    yield
    get_settings.cache_clear()


@pytest.fixture
def run(configured, capsys):
    """Return a function: run a command and return its exit code, what it printed and what it complained of."""

    def call(*arguments):
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return call


@pytest.fixture
def run_json(run):
    """Return a function: run a command with --json and return its exit code and the value it printed."""

    def call(*arguments):
        code, out, err = run(*arguments, "--json")
        assert err == ""
        return code, json.loads(out)

    return call
