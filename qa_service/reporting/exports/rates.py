"""Rates of areas without small counts, and without what would give them away: those of pages and API."""

from sqlmodel import Session

from qa_service.core.clock import day_of
from qa_service.policy.numbers import Policy
from qa_service.reporting.areas import Area, AreaLevel, area_tree
from qa_service.reporting.exports.definition import NOT_PROMISED, Column, Definition, Row, Wanted
from qa_service.reporting.published import published
from qa_service.reporting.published_offences import missed_in_year
from qa_service.reporting.rates import AreaRates, NamedRate, Rate
from qa_service.reporting.reader_error import reader_skills, with_corrections
from qa_service.reporting.releases import Release, release_of

TOO_FEW = "too few to compare"
MISSED, _READ_AGAIN = "missed_before_offence_rate", "read_again"
_HIDDEN = "suppressed, or no scorable check; the method says which"
_RATE = (
    "the rate; where few were found it is suppressed, so that the PDUs' rates that are given are higher on"
    " average than the others"
)
AREA_COLUMNS = (
    Column("area_level", "pdu, region or national", "what the area is", may_be_left_out=True),
    Column("area_code", "text", "nDelius code of the area; E&W for the nation"),
    Column("area_name", "text", "name of the area", may_be_left_out=True),
)
RANDOM_ARM = Column(
    "arm", "text", "random: only cases drawn at random enter a rate, by the final verdict in force"
)
FIGURE_COLUMNS = (
    Column("window_from_on", "date, YYYY-MM-DD", "first day that counts"),
    Column(
        "window_to_on",
        "date, YYYY-MM-DD",
        "last day that counts: of a finished half-year, of a PDU a finished year",
    ),
    Column("n", "whole number", "scorable checks that the rate is about", "suppressed"),
    Column("k", "whole number", "checks of these in which it was found", _HIDDEN, may_be_left_out=True),
    Column("value_rate", "number, 0 to 1", _RATE, _HIDDEN),
    Column("low_rate", "number, 0 to 1", "lower end of the 95% interval", _HIDDEN),
    Column("high_rate", "number, 0 to 1", "upper end of the 95% interval", _HIDDEN),
    Column("method", "text", "how value and interval were worked out, or why they are not given"),
    Column("note", "text", "too few to compare: do not set beside other areas", "nothing to say"),
)
RATE_MEANINGS = (
    "medium_should_be_high_rate: agreed high or above, of assessed medium; underclassified_rate and"
    " overclassified_rate: agreed above or below assessed, of all; insufficient_rate: recheck or fail, of all"
)
BY_OFFICER_AND_CASE = (
    "by_officer: one case an officer counts once; by_case: weighted by the inverse chance of being drawn,"
    " beside the cases that could not be drawn because the same assessment had been checked in an earlier"
    " round, as they were found then (neither k nor n holds these);"
    " both: a check counts half where officers are checked twice a year"
)
_READING = Column(
    "reading",
    f"by_officer, by_case, corrected or {_READ_AGAIN}",
    f"{BY_OFFICER_AND_CASE}; corrected: by_case, as it would be if readers never erred; {_READ_AGAIN}: each"
    " check that was read again counts once",
)
_MISSED_MEANING = (
    f"{MISSED}, of England and Wales alone: of the checks that were read again blind in a finished calendar"
    " year after a serious further offence, those that had let a level stand that this read finds too low, as"
    " everything stood when the year ended; no rate of error, and never to be added to the others"
)
_ARM = Column(RANDOM_ARM.name, RANDOM_ARM.kind, f"{RANDOM_ARM.meaning}; {_READ_AGAIN}: those of {MISSED}")


def rates_export(session: Session, wanted: Wanted, policy: Policy) -> list[Row]:
    """Return the rates of a level for the areas that some PDUs lie in, or for all."""
    tree, release = area_tree(session), release_of(wanted.level, wanted.at, policy.rates)
    told = published(session, tree, release, policy=policy.rates)
    skills, least = reader_skills(session, at=release.until, policy=policy), policy.rates.too_few_to_compare_n
    return [
        {
            **area_columns(wanted.level, area),
            "rate": named.name.value,
            "reading": reading,
            "arm": "random",
            **window_columns(release),
            **figures_of(rate),
            "note": TOO_FEW if named.is_too_few else "",
        }
        for area in sorted(tree.areas(wanted.level, wanted.pdus), key=lambda area: (area.name, area.code))
        for named in with_corrections(told.rates(area), skills, least).rates
        for reading, rate in _readings(named)
    ] + ([_missed(session, tree.nation, wanted, policy)] if wanted.level is AreaLevel.NATIONAL else [])


def _missed(session: Session, nation: Area, wanted: Wanted, policy: Policy) -> Row:
    found = missed_in_year(session, at=wanted.at, policy=policy.rates)
    is_few = found.missed.k is not None and found.missed.n < policy.rates.too_few_to_compare_n
    return {
        **area_columns(wanted.level, nation),
        "rate": MISSED,
        "reading": _READ_AGAIN,
        "arm": _READ_AGAIN,
        "window_from_on": day_of(found.since),
        "window_to_on": day_of(found.until),
        **figures_of(found.missed),
        "note": TOO_FEW if is_few else "",
    }


def window_columns(release: Release) -> dict[str, object]:
    """Return what says which days a row counts."""
    return {"window_from_on": day_of(release.since), "window_to_on": day_of(release.until)}


def figures_of(rate: Rate) -> dict[str, object]:
    """Return the figures of a rate; none of one that is not shown."""
    is_hidden = rate.k is None
    return {
        "n": None if is_hidden else rate.n,
        "k": rate.k if rate.n else None,
        "value_rate": rate.value,
        "low_rate": rate.low,
        "high_rate": rate.high,
        "method": rate.method,
    }


def area_columns(level: AreaLevel, area: Area | AreaRates) -> dict[str, object]:
    """Return what says which area a row is about."""
    return {"area_level": level.value, "area_code": area.code, "area_name": area.name}


def _readings(named: NamedRate) -> list[tuple[str, Rate]]:
    corrected = [("corrected", named.corrected)] if named.corrected else []
    return [("by_officer", named.by_officer), ("by_case", named.by_case), *corrected]


RATES = Definition(
    name="rates",
    what="Rates of wrong risk levels found by blind reading (random arm); of England and Wales also what"
    " checks before serious further offences had missed, in days of its own",
    levels=tuple(AreaLevel),
    columns=(
        *AREA_COLUMNS,
        Column("rate", "text", f"{RATE_MEANINGS}; {_MISSED_MEANING}"),
        _READING,
        _ARM,
        *FIGURE_COLUMNS,
    ),
    rows=rates_export,
    suppression=lambda policy: (
        f"counts from 1 to {policy.rates.suppress_below - 1} are not given, nor any other figure from which"
        f" one could be worked out, with files of other periods and the service's pages too. {NOT_PROMISED}"
    ),
    release=lambda wanted, policy: release_of(wanted.level, wanted.at, policy.rates),
)
