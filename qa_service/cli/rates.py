"""The rates of RULES 10 on the command line: the figures of the pages, for people and for scripts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from qa_service.cli.context import system_clock, system_session
from qa_service.cli.output import AsJson, progress_bar, show, table
from qa_service.core.clock import day_of, in_full
from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import Area, area_tree
from qa_service.reporting.rate_rows import list_waiting
from qa_service.reporting.rates import (
    AreaLevel,
    AreaRates,
    NamedRate,
    Rate,
    RateName,
    rates_by,
    window_start,
)
from qa_service.reporting.reader_error import reader_skills, with_corrections
from qa_service.reporting.unfinished import WaitingChecks, n_told, waiting_in

By = Annotated[AreaLevel, typer.Option("--by", help="pdu, region or national.")]
HEADINGS = (
    "Area",
    "Rate",
    "Found",
    "Each officer counts once a year",
    "Each case counts",
    "Corrected",
    "Note",
)


@dataclass(frozen=True)
class AreaLine:
    """An area's rates and, by rate, how many of the checks drawn in it are not final; None: a few."""

    rates: AreaRates
    n_waiting: Mapping[RateName, int | None]


def rates(by: By = AreaLevel.PDU, *, as_json: AsJson = False) -> None:
    """Show the rates of the random arm, each with n, its 95% interval and how many checks wait."""
    at, policy = system_clock().now(), load_policy()
    with system_session() as session:
        raw = rates_by(session, by, at=at, policy=policy.rates)
        skills = reader_skills(session, at=at, policy=policy)
        tree = area_tree(session)
        waiting = list_waiting(session, tree, at=at)
    areas, least, lines = {area.code: area for area in tree.areas(by)}, policy.rates.suppress_below, []
    with progress_bar() as report:
        for done, area in enumerate(raw, start=1):
            corrected = with_corrections(area, skills, policy.rates.too_few_to_compare_n)
            lines.append(AreaLine(corrected, _n_waiting(areas[area.code], waiting, least)))
            report("Correcting for readers", done, len(raw))
    days = f"{in_full(day_of(window_start(by, at, policy.rates)))} to {in_full(day_of(at))}"
    told = f"Cases drawn at random and decided from {days}. What is drawn and not final yet is in no rate."
    text = f"{told}\n\n{table(HEADINGS, _rows(lines, least))}"
    show([*_lines(lines)], as_json=as_json, text=text)


def _n_waiting(area: Area, waiting: Sequence[WaitingChecks], least: int) -> dict[RateName, int | None]:
    return {name: n_told(waiting_in(area, name, waiting), least=least) for name in RateName}


def _lines(areas: Iterable[AreaLine]) -> Iterator[dict[str, object]]:
    """Give one line for each area and rate; `value` is that in which every officer counts once."""
    for line in areas:
        area = line.rates
        for named in area.rates:
            corrected = named.corrected
            yield {
                "code": area.code,
                "name": area.name,
                "rate": named.name.value,
                "k": named.by_officer.k,
                "n": named.by_officer.n,
                **_figures("", named.by_officer),
                **_figures("by_case_", named.by_case),
                **(_figures("corrected_", corrected) if corrected else {}),
                "is_too_few": named.is_too_few,
                "n_not_scorable": area.n_not_scorable,
                "n_waiting": line.n_waiting[named.name],
                "since": day_of(area.since),
                "until": day_of(area.until),
            }


def _figures(prefix: str, found: Rate) -> dict[str, object]:
    return {f"{prefix}{name}": getattr(found, name) for name in ("value", "low", "high", "method")}


def _rows(areas: Iterable[AreaLine], least: int) -> Iterator[tuple[object, ...]]:
    for area in areas:
        for named in area.rates.rates:
            n = area.n_waiting[named.name]
            waiting = "" if n == 0 else f"{f'fewer than {least}' if n is None else n} not final yet"
            few = "too few to compare" if named.is_too_few else ""
            note = ", ".join(part for part in (few, waiting) if part)
            yield area.rates.name, named.name.value, *_cells(named), note


def _cells(named: NamedRate) -> tuple[str, ...]:
    found = f"{named.by_officer.k} of {named.by_officer.n}"
    return found, *(_in_words(one) for one in (named.by_officer, named.by_case, named.corrected) if one)


def _in_words(found: Rate) -> str:
    if found.value is None or found.low is None or found.high is None:
        return found.method
    return f"{found.value:.1%} ({found.low:.1%} to {found.high:.1%})"
