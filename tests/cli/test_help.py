"""The list of commands answers at once, and each command in it is there."""

import subprocess
import sys
from importlib import import_module

import pytest
import typer

from qa_service.cli.commands import COMMANDS

# PRODUCT's contract: the names of the commands.
NAMES = [
    "serve",
    "worker",
    "demo",
    "db",
    "import",
    "synth",
    "round",
    "verify-draw",
    "flags",
    "cuts",
    "gate",
    "escalations",
    "rates",
    "export",
    "audit",
    "user",
]
PARTS = {
    "flags": {"train", "list", "evaluate", "compare", "approve", "withdraw", "refresh", "card"},
    "round": {"plan", "open", "seed", "draw", "close", "status"},
    "cuts": {"list", "due"},
    "escalations": {"due", "hidden"},
    "audit": {"verify"},
    "db": {"upgrade"},
    "user": {"add"},
}


def python(*arguments):
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, timeout=60
    )


def test_help_lists_every_command_and_loads_neither_database_nor_web():
    code = (
        "import sys\n"
        "from qa_service.cli import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit:\n    pass\n"
        "heavy = {'sqlalchemy', 'fastapi', 'numpy', 'pandas', 'sklearn', 'rich'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)\n"
    )
    result = python("-c", code)

    assert result.returncode == 0, result.stderr
    assert set(NAMES) <= {line.split()[0] for line in result.stdout.splitlines() if line.strip()}


@pytest.mark.parametrize("name", NAMES)
def test_every_command_in_the_list_is_there_with_its_parts(name):
    file, attribute, _ = COMMANDS[name]

    found = getattr(import_module(f"qa_service.cli.{file}"), attribute)

    if isinstance(found, typer.Typer):
        commands = found.registered_commands
        assert {command.name or command.callback.__name__ for command in commands} == PARTS[name]
    else:
        assert callable(found)
        assert name not in PARTS


def test_both_ways_to_start_it_are_the_same():
    assert python("-m", "qa_service", "--help").stdout.startswith("Usage: qa-service")


@pytest.mark.parametrize("wrong", [["nonsense"], ["gate"], ["round", "plan"], ["rates", "--by", "team"]])
def test_wrong_words_end_with_two_and_no_traceback(wrong):
    result = python("-m", "qa_service", *wrong)

    assert result.returncode == 2
    assert "Error" in result.stderr
    assert "Traceback" not in result.stderr
