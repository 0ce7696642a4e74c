"""The rates of RULES 10, from the random arm only: each with its n, its interval and how it was made.

Two readings of each: by officer (every check counts once: one case of each officer) and by case (each check
weighted by the inverse of its chance of being drawn, so that large caseloads count for what they are).
By case, those that nobody could draw because they were checked a round ago count too, by what was found.
Where officers are checked twice a year, each check counts for half a year: else a nation that checks others
once would count them double.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from qa_service.core.clock import months_before
from qa_service.policy.numbers import RatePolicy
from qa_service.reporting import queries
from qa_service.reporting.areas import Area, AreaLevel, area_tree
from qa_service.reporting.queries import CheckArrays, Found
from sampling import GroupRates, estimate_rates_by_group, wilson_interval

__all__ = ["AreaLevel", "AreaRates", "NamedRate", "Rate", "RateName", "named_rate", "rates_by"]


class RateName(StrEnum):
    """RULES 10."""

    MEDIUM_SHOULD_BE_HIGH = "medium_should_be_high_rate"
    UNDERCLASSIFIED = "underclassified_rate"
    OVERCLASSIFIED = "overclassified_rate"
    INSUFFICIENT = "insufficient_rate"


@dataclass(frozen=True)
class Rate:
    """A rate with its working; `value`, `low`, `high` are 0-1 and empty when n is 0 or k is suppressed.

    A suppressed rate has no n either: it is 0. `n_eff` is the simple random sample that would be as precise.
    """

    k: int | None
    n: int
    value: float | None
    low: float | None
    high: float | None
    method: str
    n_eff: float = 0.0


@dataclass(frozen=True)
class NamedRate:
    """One of RULES 10's rates, by officer and by case; corrected for reader error where that was asked.

    `is_too_few`: it rests on too few checks to set beside another area's.
    """

    name: RateName
    by_officer: Rate
    by_case: Rate
    corrected: Rate | None = None
    is_too_few: bool = False


@dataclass(frozen=True)
class AreaRates:
    """The rates of one area over its window.

    Numbers of checks and officers are empty for those who may not see small counts.
    """

    code: str
    name: str
    since: datetime
    until: datetime
    rates: tuple[NamedRate, ...]
    n_not_scorable: int | None
    n_drawn: int | None = None
    n_checked: int | None = None

    def rate(self, name: RateName) -> NamedRate:
        """Return one of the rates."""
        return next(rate for rate in self.rates if rate.name is name)


HITS = {
    RateName.MEDIUM_SHOULD_BE_HIGH: Found.HIGH_INSTEAD,
    RateName.UNDERCLASSIFIED: Found.UNDER,
    RateName.OVERCLASSIFIED: Found.OVER,
    RateName.INSUFFICIENT: Found.INSUFFICIENT,
}
_NOTHING = Rate(0, 0, None, None, None, "no scorable check")


def asked_of(name: RateName, checks: CheckArrays) -> NDArray[np.bool_]:
    """Tell for each check whether a rate is about it, whether or not it could be scored."""
    if name is RateName.MEDIUM_SHOULD_BE_HIGH:
        return checks.has(Found.MEDIUM)
    return np.ones(len(checks), dtype=bool)


def named_rates(name: RateName, checks: CheckArrays, codes: NDArray[np.str_]) -> dict[str, NamedRate]:
    """Compute one rate of every area at once, from final checks of the random arm.

    Parameters
    ----------
    name : RateName
        Which of RULES 10's.
    checks : CheckArrays
        Of shape (n_checks,); those not scorable are left out here and counted apart.
    codes : ndarray of shape (n_checks,)
        The area of each check. An area without a scorable check that the rate asks about has no entry.
    """
    counts = asked_of(name, checks) & checks.has(Found.SCORABLE)
    found = readings_by_group(
        checks.has(HITS[name])[counts],
        checks.weight[counts],
        codes[counts],
        checks.has(Found.KNOWN)[counts],
        checks.years[counts],
    )
    return {
        code: NamedRate(name, readings["by_officer"], readings["by_case"]) for code, readings in found.items()
    }


def readings_by_group(
    hits: NDArray[np.bool_],
    weights: NDArray[np.float64],
    groups: NDArray[np.str_],
    known: NDArray[np.bool_],
    years: NDArray[np.float64],
) -> dict[str, dict[str, Rate]]:
    """Compute both readings of a rate for every group at once, from the checks that it asks about.

    Parameters
    ----------
    hits, weights, groups, known, years : ndarray of shape (n_checks,)
        What was found, the inverse chance of being drawn, the group, whether it is a case in cool-off that
        stands for itself, and how much of a year its round stands for. A group of cases in cool-off alone
        has no entry.
    """
    drawn = ~known
    if not drawn.any():
        return {}
    names, place = np.unique(groups[drawn], return_inverse=True)
    stands_for = (weights * years)[drawn]
    by_case = estimate_rates_by_group(hits[drawn], place, weights=stands_for)
    by_officer = estimate_rates_by_group(hits[drawn], place, weights=years[drawn])
    n_hits = np.bincount(place, weights=hits[drawn]).astype(int)
    n_cases = np.bincount(place, weights=stands_for)
    mean_years = np.bincount(place, weights=years[drawn]) / np.bincount(place)
    is_uneven = np.bincount(place, weights=years[drawn] != mean_years[place]) > 0
    found = {}
    for row, name in enumerate(names):
        k, n = int(n_hits[row]), int(by_case.n[row])
        theirs = (
            _weighted(by_officer, row, k, "one case an officer and year, Wilson on n_eff 95%")
            if is_uneven[row]
            else share_of(k, n, "one case an officer, Wilson 95%")
        )
        # One check has no variance to estimate from; both readings are the same.
        both = _weighted(by_case, row, k, f"{by_case.method} 95%") if n > 1 else theirs
        found[str(name)] = {"by_officer": theirs, "by_case": both}
    for name, rows in _rows_by_group(groups, known).items():
        if name in found:
            cases = float(n_cases[np.searchsorted(names, name)])
            found[name]["by_case"] = with_known(found[name]["by_case"], cases, hits[rows], years[rows])
    return found


def _weighted(rates: GroupRates, row: int, k: int, method: str) -> Rate:
    value, low, high = (float(part[row]) for part in (rates.value, rates.low, rates.high))
    return Rate(k, int(rates.n[row]), value, low, high, method, float(rates.n_eff[row]))


def _rows_by_group(groups: NDArray[np.str_], among: NDArray[np.bool_]) -> dict[str, NDArray[np.intp]]:
    """Return the rows of each group among some."""
    rows = np.flatnonzero(among)
    rows = rows[np.argsort(groups[rows], kind="stable")]
    names, starts = np.unique(groups[rows], return_index=True)
    return dict(zip(names.tolist(), np.split(rows, starts[1:]), strict=True)) if len(names) else {}


def with_known(rate: Rate, stands_for: float, known: NDArray[np.bool_], years: NDArray[np.float64]) -> Rate:
    """Add cases whose result is known, a stratum without doubt, to the cases that drawn ones stand for.

    Parameters
    ----------
    rate : Rate
        Of the cases that could be drawn, `stands_for` of them by the weights of those that were.
    known, years : ndarray of shape (n_known,)
        What was found in each of the others, and how much of a year its round stands for.
    """
    if not len(known) or rate.value is None or rate.low is None or rate.high is None:
        return rate
    drawn = stands_for / (stands_for + float(years.sum()))
    value, low, high = (
        drawn * one + (1 - drawn) * float(np.average(known, weights=years))
        for one in (rate.value, rate.low, rate.high)
    )
    method = f"{rate.method}, beside cases in cool-off as they were found"
    return replace(rate, value=value, low=low, high=high, method=method, n_eff=rate.n_eff / drawn**2)


def no_readings() -> dict[str, Rate]:
    """Return both readings where no scorable check was asked about."""
    return {"by_officer": _NOTHING, "by_case": _NOTHING}


def share_of(k: int, n: int, method: str = "Wilson 95%") -> Rate:
    """Return a plain share of counts with Wilson's interval."""
    if n == 0:
        return _NOTHING
    low, high = wilson_interval(k, n)
    return Rate(k, n, k / n, low, high, method, n)


def named_rate(name: RateName, checks: CheckArrays) -> NamedRate:
    """Compute one rate of all of some checks."""
    everywhere = np.full(len(checks), "")
    return named_rates(name, checks, everywhere).get("", no_rate(name))


def no_rate(name: RateName) -> NamedRate:
    """Return the rate of an area without a scorable check."""
    return NamedRate(name, _NOTHING, _NOTHING)


def window_start(level: AreaLevel, at: datetime, policy: RatePolicy) -> datetime:
    """Return where the rolling window of a level begins: 24 months for a PDU, 12 above (RULES 10)."""
    return moment_months_before(
        at, policy.pdu_window_months if level is AreaLevel.PDU else policy.region_window_months
    )


def moment_months_before(at: datetime, months: int) -> datetime:
    """Return the same time of day, so many months earlier."""
    return datetime.combine(months_before(at.date(), months), at.timetz())


def checks_of(area: Area, checks: CheckArrays) -> CheckArrays:
    """Return an area's checks; a region's are those that were drawn while they lay in it."""
    if area.level is AreaLevel.NATIONAL:
        return checks
    return checks.take((checks.pdu if area.level is AreaLevel.PDU else checks.region) == area.code)


def rates_by(
    session: Session,
    level: AreaLevel,
    *,
    at: datetime,
    policy: RatePolicy,
    pdus: Collection[str] | None = None,
) -> list[AreaRates]:
    """Return the rates of every area of a level that some PDUs lie in, or of all, in order of name.

    Rates count checks where they were drawn, so they are computed over everything; who may see which
    area's line is the caller's `pdus`.
    """
    since = window_start(level, at, policy)
    tree = area_tree(session)
    checks = queries.list_final_checks(
        session, since=since, at=at, current_code=tree.current_code, policy=policy
    )
    coverage = queries.list_coverage(session, since=since, at=at)
    found = []
    for area in tree.areas(level, pdus):
        counts = [coverage.get(pdu, (0, 0)) for pdu in tree.drawn_codes(area)]
        rates = area_rates(area, checks_of(area, checks), policy, since=since, until=at)
        n_drawn, n_checked = (sum(column) for column in zip((0, 0), *counts, strict=True))
        found.append(replace(rates, n_drawn=n_drawn, n_checked=n_checked))
    return found


def area_rates(
    area: Area, checks: CheckArrays, policy: RatePolicy, *, since: datetime, until: datetime
) -> AreaRates:
    """Compute every rate of an area's checks."""
    named = (named_rate(name, checks) for name in RateName)
    return AreaRates(
        code=area.code,
        name=area.name,
        since=since,
        until=until,
        rates=tuple(
            replace(rate, is_too_few=rate.by_officer.n < policy.too_few_to_compare_n) for rate in named
        ),
        n_not_scorable=int((~checks.has(Found.SCORABLE)).sum()),
    )
