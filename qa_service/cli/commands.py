"""The table of commands, each loaded when it runs, and the one place where their errors are told."""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from qa_service.cli.output import command_group, tell_error
from qa_service.core.errors import ServiceError

# Name -> (file in this folder, what in it, the line shown by --help).
COMMANDS = {
    "serve": ("serve", "serve", "Serve the pages and the API."),
    "worker": ("serve", "worker", "Do what falls due until stopped."),
    "demo": ("demo", "demo", "Run one round on a made-up London and serve it."),
    "db": ("serve", "db", "Look after the database."),
    "import": ("loading", "import_files", "Load files of the other systems; the format is recognised."),
    "synth": ("loading", "synth", "Make a synthetic area in the extract format."),
    "round": ("rounds", "round_group", "Plan, open, seed, draw and close a round."),
    "verify-draw": ("rounds", "verify_draw", "Check a published draw; needs no database."),
    "flags": ("flags", "flags", "Train, judge, approve and refresh the classifier's flags."),
    "cuts": ("caseload", "cuts", "List workload reductions."),
    "gate": ("caseload", "gate", "Ask whether an officer may take a case."),
    "escalations": ("caseload", "escalations", "List escalations."),
    "rates": ("rates", "rates", "Show the rates of the random arm, each with n and interval."),
    "export": ("reports", "export", "Write rates, equality figures or costs to a file."),
    "audit": ("reports", "audit", "Verify the log."),
    "user": ("accounts", "user", "Look after accounts."),
}


class _LoadedWhenRun(TyperCommand):
    """Stands in the list of commands; hands over to the real one when it is called."""

    def __init__(self, name: str, file: str, attribute: str, line: str) -> None:
        super().__init__(name=name, help=line, rich_markup_mode=None)
        self._source = (file, attribute)

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **extra: Any) -> Any:  # noqa: ANN401 - click's own
        """Load the real command and begin with it."""
        file, attribute = self._source
        found: typer.Typer | Callable[..., None] = getattr(import_module(f"qa_service.cli.{file}"), attribute)
        if not isinstance(found, typer.Typer):
            alone = command_group()
            alone.command(name=info_name)(found)
            found = alone
        return get_command(found).make_context(info_name, args, *rest, **extra)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code; an error is one line, never a traceback."""
    commands = {name: _LoadedWhenRun(name, *source) for name, source in COMMANDS.items()}
    group = TyperGroup(
        name="qa-service",
        commands=dict(commands),
        no_args_is_help=True,
        rich_markup_mode=None,
        help="Spot checks of risk of serious harm assessments, and what follows from them.",
    )
    try:
        group.main(args=list(sys.argv[1:] if arguments is None else arguments), prog_name="qa-service")
    except ServiceError as error:
        tell_error(error)
        sys.exit(error.exit_code)
