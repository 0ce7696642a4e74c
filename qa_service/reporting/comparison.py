"""Which areas differ from the whole nation by more than chance: funnel limits, a list, and shrunk rates.

Areas are compared with limits, never ranked (Spiegelhalter 2005); an area with few checks is not compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from qa_service.reporting.rates import NamedRate, Rate
from sampling import benjamini_hochberg, excess_p_values, funnel_curves, funnel_limits, shrink_rates

# 99.8% for action, 95% for a look (STATISTICS 2).
_ACTION_LEVEL, _LOOK_LEVEL = 0.998, 0.95
_N_STEPS = 60


class Standing(StrEnum):
    """Where an area's rate lies against the limits of its own number of checks."""

    WITHIN = "within"
    LOOK_ABOVE = "look_above"
    LOOK_BELOW = "look_below"
    ABOVE = "above"
    BELOW = "below"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Limits:
    """Exact limits around the centre at ascending numbers of checks, interpolated to be drawn; rates 0-1."""

    n_cases: Sequence[float]
    low_95: Sequence[float]
    high_95: Sequence[float]
    low_998: Sequence[float]
    high_998: Sequence[float]


@dataclass(frozen=True)
class Comparison:
    """Areas against the nation: by code their standing, and what chance alone would have brought about."""

    nation: Rate
    standing: Mapping[str, Standing]
    is_listed: Mapping[str, bool]
    expected_beyond_95: float
    expected_beyond_998: float
    limits: Limits

    @property
    def centre(self) -> float:
        """Return the rate of the nation, 0-1."""
        return self.nation.value or 0.0

    @property
    def n_compared(self) -> int:
        """Return how many areas had enough checks."""
        return sum(where is not Standing.TOO_FEW for where in self.standing.values())


def compare_areas(rates: Mapping[str, NamedRate], nation: Rate, *, least: int) -> Comparison | None:
    """Compare areas, each check counting once, with the nation; None where nothing can be compared.

    Parameters
    ----------
    rates : mapping of area code to NamedRate
        Not suppressed.
    nation : Rate
        Over the same window.
    least : int
        Areas with fewer checks are not compared.
    """
    counted = {code: rate.by_officer for code, rate in rates.items()}
    enough = [code for code, rate in counted.items() if rate.n >= least]
    centre = nation.value or 0.0
    if not enough or not 0 < centre < 1:
        return None
    n = np.array([counted[code].n for code in enough])
    k = np.array([counted[code].k or 0 for code in enough])
    action, look = (funnel_limits(n, centre, level) for level in (_ACTION_LEVEL, _LOOK_LEVEL))
    standing = dict.fromkeys(rates, Standing.TOO_FEW)
    for place, code in enumerate(enough):
        if k[place] > action.upper_k[place] or k[place] < action.lower_k[place]:
            standing[code] = Standing.ABOVE if k[place] > action.upper_k[place] else Standing.BELOW
        elif k[place] > look.upper_k[place] or k[place] < look.lower_k[place]:
            standing[code] = Standing.LOOK_ABOVE if k[place] > look.upper_k[place] else Standing.LOOK_BELOW
        else:
            standing[code] = Standing.WITHIN
    listed = benjamini_hochberg(excess_p_values(k, n, centre)).listed
    return Comparison(
        nation=nation,
        standing=standing,
        is_listed={code: bool(is_listed) for code, is_listed in zip(enough, listed, strict=True)},
        expected_beyond_95=look.expected_false_alarms_above + look.expected_false_alarms_below,
        expected_beyond_998=action.expected_false_alarms_above + action.expected_false_alarms_below,
        limits=_limits(max(int(n.max()), least + 1), centre),
    )


def _limits(largest_n: int, centre: float) -> Limits:
    sizes = np.unique(np.linspace(2, largest_n * 1.05, _N_STEPS).astype(int))
    # With so few checks that even one hit would stand out there is no limit to draw.
    sizes = sizes[(funnel_limits(sizes, centre, _LOOK_LEVEL).upper_k > 0) | (sizes > largest_n)]
    curves = (funnel_curves(sizes, centre, level) for level in (_LOOK_LEVEL, _ACTION_LEVEL))
    lines = (sizes.astype(float), *(line for pair in curves for line in pair))
    return Limits(*(line.tolist() for line in lines))


def shrink(rates: Mapping[str, NamedRate]) -> dict[str, Rate]:
    """Draw the case-weighted rates of areas towards what they have in common: for display only.

    Nothing where no area found both what it looks for and its absence: then nothing tells how far areas
    differ, and their own limits say more.
    """
    known = {
        code: rate.by_case
        for code, rate in rates.items()
        if rate.by_case.value is not None and rate.by_case.n_eff > 0
    }
    if len(known) < 2 or all(rate.value in {0, 1} for rate in known.values()):
        return {}
    hits = [(rate.value or 0) * rate.n_eff for rate in known.values()]
    sizes = [rate.n_eff for rate in known.values()]
    shrunk = shrink_rates(hits, sizes)
    return {
        code: Rate(
            rate.k,
            rate.n,
            float(shrunk.value[place]),
            float(shrunk.low[place]),
            float(shrunk.high[place]),
            f"{shrunk.method}, interval right at least 90 times of 100 on average over PDUs",
        )
        for place, (code, rate) in enumerate(known.items())
    }
