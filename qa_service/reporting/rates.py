"""The rates of RULES 10, from the random arm only: each with its n, its interval and how it was made.

Two readings of each: by officer (every check counts once: one case of each officer) and by case (each check
weighted by the inverse of its chance of being drawn, so that large caseloads count for what they are).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.estate import service as estate
from qa_service.policy.numbers import RatePolicy
from qa_service.reporting import queries
from qa_service.reporting.queries import FinalCheck
from sampling import estimate_mean, wilson_interval


class AreaLevel(StrEnum):
    """What a rate is about."""

    PDU = "pdu"
    REGION = "region"
    NATIONAL = "national"


class RateName(StrEnum):
    """RULES 10."""

    MEDIUM_SHOULD_BE_HIGH = "medium_should_be_high_rate"
    UNDERCLASSIFIED = "underclassified_rate"
    OVERCLASSIFIED = "overclassified_rate"
    INSUFFICIENT = "insufficient_rate"


@dataclass(frozen=True)
class Rate:
    """A rate with its working; `value`, `low`, `high` are 0-1 and empty when n is 0 or k is suppressed."""

    k: int | None
    n: int
    value: float | None
    low: float | None
    high: float | None
    method: str


@dataclass(frozen=True)
class NamedRate:
    """One of RULES 10's rates, by officer and by case."""

    name: RateName
    by_officer: Rate
    by_case: Rate


@dataclass(frozen=True)
class AreaRates:
    """The rates of one area over its window."""

    code: str
    name: str
    since: datetime
    rates: tuple[NamedRate, ...]
    n_not_scorable: int
    n_drawn: int
    n_checked: int
    is_too_few: bool

    def rate(self, name: RateName) -> NamedRate:
        """Return one of the rates."""
        return next(rate for rate in self.rates if rate.name is name)


_HIGH = {"HIGH", "VERY_HIGH"}
_DOMAINS: dict[RateName, Callable[[FinalCheck], bool]] = {
    RateName.MEDIUM_SHOULD_BE_HIGH: lambda check: check.assessed_overall == "MEDIUM",
    RateName.UNDERCLASSIFIED: lambda _check: True,
    RateName.OVERCLASSIFIED: lambda _check: True,
    RateName.INSUFFICIENT: lambda _check: True,
}
_HITS: dict[RateName, Callable[[FinalCheck], bool]] = {
    RateName.MEDIUM_SHOULD_BE_HIGH: lambda check: check.reviewed_overall in _HIGH,
    RateName.UNDERCLASSIFIED: lambda check: check.is_underclassified,
    RateName.OVERCLASSIFIED: lambda check: check.is_overclassified,
    RateName.INSUFFICIENT: lambda check: check.verdict in {"recheck", "fail"},
}


def named_rate(name: RateName, checks: Sequence[FinalCheck]) -> NamedRate:
    """Compute one rate from final checks of the random arm; not-scorable ones are counted apart."""
    inside = [check for check in checks if check.verdict != "not_scorable" and _DOMAINS[name](check)]
    hits = [1.0 if _HITS[name](check) else 0.0 for check in inside]
    n, k = len(inside), int(sum(hits))
    if n == 0:
        none = Rate(0, 0, None, None, None, "no scorable check")
        return NamedRate(name, none, none)
    low, high = wilson_interval(k, n)
    by_officer = Rate(k, n, k / n, low, high, "one case an officer, Wilson 95%")
    if n == 1:  # one check has no variance to estimate from; both readings are the same
        return NamedRate(name, by_officer, by_officer)
    weighted = estimate_mean(hits, weights=[1 / check.inclusion_probability for check in inside])
    return NamedRate(
        name,
        by_officer=by_officer,
        by_case=Rate(k, n, weighted.value, weighted.low, weighted.high, f"{weighted.method} 95%"),
    )


def rates_by(
    session: Session,
    level: AreaLevel,
    *,
    at: datetime,
    policy: RatePolicy,
    pdus: Collection[str] | None = None,
) -> list[AreaRates]:
    """Return the rates of every area of a level, of some PDUs or of all, in order of name.

    Rates count checks where they were drawn, so they are computed over everything; who may see which
    area's line is the caller's `pdus`.
    """
    months = policy.pdu_window_months if level is AreaLevel.PDU else policy.region_window_months
    since = at - timedelta(days=round(months * 365.25 / 12))
    with seeing_everything(session):
        checks = queries.list_final_checks(session, since, pdus)
        coverage = queries.list_coverage(session, since)
    groups: dict[str, list[FinalCheck]] = defaultdict(list)
    for check in checks:
        groups[_code_of(level, check)].append(check)
    areas = _areas(session, level, pdus)
    members = {
        code: [
            pdu.code
            for pdu in estate.pdus(session)
            if level is AreaLevel.NATIONAL or code in (pdu.code, pdu.region_code)
        ]
        for code in areas
    }
    return [
        _area_rates(
            code, name, since, groups[code], [coverage.get(pdu, (0, 0)) for pdu in members[code]], policy
        )
        for code, name in areas.items()
    ]


def _code_of(level: AreaLevel, check: FinalCheck) -> str:
    return {AreaLevel.PDU: check.pdu_code, AreaLevel.REGION: check.region_code}.get(level, "E&W")


def _areas(session: Session, level: AreaLevel, pdus: Collection[str] | None) -> dict[str, str]:
    if level is AreaLevel.NATIONAL:
        return {"E&W": "England and Wales"}
    wanted = [pdu for pdu in estate.pdus(session) if pdus is None or pdu.code in pdus]
    if level is AreaLevel.PDU:
        return {pdu.code: pdu.name for pdu in wanted}
    in_use = {pdu.region_code for pdu in wanted}
    return {region.code: region.name for region in estate.regions(session) if region.code in in_use}


def _area_rates(
    code: str,
    name: str,
    since: datetime,
    checks: Sequence[FinalCheck],
    coverage: Sequence[tuple[int, int]],
    policy: RatePolicy,
) -> AreaRates:
    rates = tuple(named_rate(rate, checks) for rate in RateName)
    return AreaRates(
        code=code,
        name=name,
        since=since,
        rates=rates,
        n_not_scorable=sum(check.verdict == "not_scorable" for check in checks),
        n_drawn=sum(drawn for drawn, _ in coverage),
        n_checked=sum(checked for _, checked in coverage),
        is_too_few=rates[0].by_officer.n < policy.too_few_to_compare_n,
    )
