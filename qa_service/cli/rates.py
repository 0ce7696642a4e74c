"""The rates of RULES 10 on the command line: the figures of the pages, for people and for scripts."""

from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from qa_service.cli.context import system_clock, system_session
from qa_service.cli.output import AsJson, progress_bar, show, table
from qa_service.policy.numbers import load_policy
from qa_service.reporting.rates import AreaLevel, AreaRates, NamedRate, Rate, rates_by
from qa_service.reporting.reader_error import reader_skills, with_corrections

By = Annotated[AreaLevel, typer.Option("--by", help="pdu, region or national.")]
HEADINGS = ("Area", "Rate", "Found", "Each officer counts once", "Each case counts", "Corrected", "Note")


def rates(by: By = AreaLevel.PDU, *, as_json: AsJson = False) -> None:
    """Show the rates of the random arm, each with n and its 95% interval."""
    at, policy = system_clock().now(), load_policy()
    with system_session() as session:
        raw = rates_by(session, by, at=at, policy=policy.rates)
        skills = reader_skills(session, at=at, policy=policy)
    areas = []
    with progress_bar() as report:
        for done, area in enumerate(raw, start=1):
            areas.append(with_corrections(area, skills, policy.rates.too_few_to_compare_n))
            report("Correcting for readers", done, len(raw))
    show([*_lines(areas)], as_json=as_json, text=table(HEADINGS, _rows(areas)))


def _lines(areas: Iterable[AreaRates]) -> Iterator[dict[str, object]]:
    """Give one line for each area and rate; `value` is that in which every officer counts once."""
    for area in areas:
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
                "since": area.since.date(),
            }


def _figures(prefix: str, found: Rate) -> dict[str, object]:
    return {f"{prefix}{name}": getattr(found, name) for name in ("value", "low", "high", "method")}


def _rows(areas: Iterable[AreaRates]) -> Iterator[tuple[object, ...]]:
    for area in areas:
        for named in area.rates:
            note = "too few to compare" if named.is_too_few else ""
            yield area.name, named.name.value, *_cells(named), note


def _cells(named: NamedRate) -> tuple[str, ...]:
    found = f"{named.by_officer.k} of {named.by_officer.n}"
    return found, *(_in_words(one) for one in (named.by_officer, named.by_case, named.corrected) if one)


def _in_words(found: Rate) -> str:
    if found.value is None or found.low is None or found.high is None:
        return found.method
    return f"{found.value:.1%} ({found.low:.1%} to {found.high:.1%})"
