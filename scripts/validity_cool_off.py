"""What it matters that cases in cool-off count as found, at its most: no case ends or is assessed anew."""

from dataclasses import fields

import numpy as np
from numpy.typing import NDArray
from simulated_service import N_OFFICERS, Reads, Service, review
from validity_tallies import Tally

from qa_service.reporting.queries import CheckArrays, Found
from qa_service.reporting.rates import RateName, named_rate


def cool_off_tallies(national: tuple[float, float]) -> dict[str, Tally]:
    return {
        "counted": Tally("National, beside cases in cool-off as found", *national, "reviewed level"),
        "left_out": Tally("cases in cool-off left out", 0, 1, "reviewed level"),
    }


def cool_off_round(service: Service, rng: np.random.Generator, aim: float, kept: dict[str, Tally]) -> None:
    """Draw one case of each officer in a year, and in the next another one of those left."""
    n = service.caseload.astype(np.int64)
    before = (rng.random(N_OFFICERS) * n).astype(np.int64)
    now = (rng.random(N_OFFICERS) * (n - 1)).astype(np.int64)
    now += now >= before
    has_more = n > 1
    known = review(service, service.first + before, rng)
    drawn = review(service, (service.first + now)[has_more], rng)
    weight = (service.caseload - 1)[has_more]
    parts = [_rows(service, drawn, weight, Found(0)), _rows(service, known, np.ones(N_OFFICERS), Found.KNOWN)]
    found, weights = (np.concatenate(part) for part in zip(*parts, strict=True))
    nowhere = np.full(len(found), "")
    both = check_arrays(nowhere, nowhere, found, weights)
    for name, checks in (("counted", both), ("left_out", both.drawn)):
        rate = named_rate(RateName.MEDIUM_SHOULD_BE_HIGH, checks).by_case
        if rate.value is not None and rate.low is not None and rate.high is not None:
            kept[name].add(rate.value, rate.low, rate.high, aim)


def _rows(
    service: Service, reads: Reads, weight: NDArray[np.float64], flag: Found
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    medium = service.medium[reads.case]
    found = Found.SCORABLE * reads.scorable + Found.MEDIUM * medium + Found.HIGH_INSTEAD * reads.final + flag
    # What was not scorable is not known: only scorable results stand for a case.
    rows = reads.scorable if flag else np.ones(len(weight), dtype=bool)
    return found[rows], weight[rows]


def check_arrays(
    pdu: NDArray[np.str_], region: NDArray[np.str_], found: NDArray[np.int64], weight: NDArray[np.float64]
) -> CheckArrays:
    """Return checks as the pages' statements give them, of one rubric and moment: rates ask for neither."""
    moments = [np.zeros(len(found))] * (len(fields(CheckArrays)) - 5)
    return CheckArrays(pdu, region, np.full(len(found), "1"), found, weight, *moments)
