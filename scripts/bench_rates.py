"""How long the figures of all PDUs take from arrays, shrunk and corrected too, and the charts of a page."""

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from validity_cool_off import check_arrays

from qa_service.pages.charts import FunnelLimits, FunnelPoint, Period, funnel_plot, p_chart
from qa_service.pages.charts.drawing import Caption
from qa_service.reporting.comparison import Comparison, Standing, compare_areas, shrink
from qa_service.reporting.queries import CheckArrays, Found
from qa_service.reporting.rates import NamedRate, RateName, named_rate, named_rates
from qa_service.reporting.reader_error import ReaderSkill, correct

N_CHECKS, N_PDUS, N_TIMES, LEAST = 18_000, 109, 5, 20
NAME = RateName.MEDIUM_SHOULD_BE_HIGH
READERS = ReaderSkill((20.4, 27.0), (386.0, 390.0), 27, 390)


@dataclass(frozen=True)
class Seconds:
    """The best of some runs, warm."""

    raw: float
    raw_and_corrected: float
    funnel: float
    p_chart: float


def make_checks() -> CheckArrays:
    """Two years of mediums, one in fifteen too low."""
    row = np.arange(N_CHECKS)
    found = Found.SCORABLE + Found.MEDIUM + (row % 15 == 0) * int(Found.HIGH_INSTEAD)
    pdu = np.char.add("P", (row * 7 % N_PDUS).astype(np.str_))
    weight = 1.0 + np.zeros(N_CHECKS) + row % 40
    return check_arrays(pdu, np.full(N_CHECKS, "N07"), np.asarray(found), weight)


def measure() -> Seconds:
    checks = make_checks()
    rates = named_rates(NAME, checks, checks.pdu)
    compared = compare_areas(rates, named_rate(NAME, checks).by_officer, least=LEAST)
    if compared is None:
        raise AssertionError("so many checks can be compared")
    best = [float("inf")] * 4
    for _ in range(N_TIMES):
        begun = perf_counter()
        rates = named_rates(NAME, checks, checks.pdu)
        shrink(rates)
        raw = perf_counter() - begun
        for one in rates.values():
            correct(one.by_case, READERS, LEAST)
        both = perf_counter() - begun
        drawn = perf_counter()
        _funnel(rates, compared)
        funnel = perf_counter() - drawn
        drawn = perf_counter()
        _p_chart(compared.centre)
        best = [min(pair) for pair in zip(best, (raw, both, funnel, perf_counter() - drawn), strict=True)]
    return Seconds(*best)


def _funnel(rates: dict[str, NamedRate], compared: Comparison) -> str:
    points = [
        FunnelPoint(
            code,
            one.by_officer.n,
            one.by_officer.value or 0.0,
            compared.standing[code] in {Standing.ABOVE, Standing.BELOW},
        )
        for code, one in rates.items()
    ]
    limits = FunnelLimits(**vars(compared.limits))
    return funnel_plot(Caption("funnel", "Rate", "By PDU"), points, limits, compared.centre, own_name="P9")


def _p_chart(centre: float) -> str:
    periods = [
        Period(f"Q{n % 4 + 1} {2025 + n // 4}", 2_000 + 50 * n, centre + 0.002 * (n - 4), 0.05, 0.08)
        for n in range(8)
    ]
    return p_chart(Caption("trend", "Rate", "By quarter"), periods, centre)
