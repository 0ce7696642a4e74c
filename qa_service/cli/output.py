"""What a command prints: a table for people, JSON for scripts, one line for an error."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from qa_service.core.errors import ServiceError

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Progress = Callable[[str, int, int], None]


def command_group() -> typer.Typer:
    """Return an empty group of commands; plain help, because drawing frames takes longer than answering."""
    return typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


def show(value: object, *, as_json: bool, text: str) -> None:
    """Print a result in the asked form."""
    typer.echo(json.dumps(value, indent=1, default=str) if as_json else text)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a plain table with aligned columns."""
    cells = [list(map(str, headings)), *([("" if v is None else str(v)) for v in row] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(headings))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join([lines[0], "  ".join("-" * w for w in widths), *lines[1:]])


def fields(values: Mapping[str, object]) -> str:
    """Return names and values, one a line."""
    width = max((len(name) for name in values), default=0)
    return "\n".join(f"{name.replace('_', ' ').ljust(width)}  {value}" for name, value in values.items())


def tell_error(error: ServiceError) -> None:
    """Say in one line what is wrong and what to do, then every fault that was found."""
    typer.echo(f"Error: {error.message} {error.next_step}", err=True)
    for place, message in getattr(error, "faults", ()):
        typer.echo(f"  {place}: {message}", err=True)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Give a callback `(what, done, total)` that draws a bar on a terminal and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich import console, progress  # noqa: PLC0415 - slow to load; only a terminal needs it

    with progress.Progress(console=console.Console(stderr=True), transient=True) as bar:
        tasks: dict[str, progress.TaskID] = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield report
