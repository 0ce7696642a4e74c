"""Measure speed as ratios within one run (`make bench`); ends with 1 when a bar is missed.

Seconds differ from machine to machine and from minute to minute, so every figure stands beside the work it
is compared with, done in the same process a moment before. No test asserts any of this.
"""

import argparse
import gc
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import md5, sha256
from time import process_time
from zlib import crc32

import bench_dashboard
import bench_flags
import bench_intake
import bench_rates
import bench_service
import numpy as np
from consistent_sampler import sampler

from models.ranker import MisclassificationClassifier
from models.text import near_duplicates
from sampling import Frame, PerOfficer, Unit, draw_round, estimate_rates_by_group


@dataclass(frozen=True)
class Figure:
    """One measurement beside what it is compared with; `most` is the bar for their ratio, if there is one."""

    name: str
    seconds: float
    beside: str
    beside_seconds: float
    most: float
    unit: str = "s"

    @property
    def ratio(self) -> float:
        return self.seconds / self.beside_seconds

    @property
    def is_met(self) -> bool:
        return self.ratio <= self.most


def best_of(n_times: int, work: Callable[[], object]) -> float:
    """Seconds of this process on its processor: neither other processes nor the collector's walks count."""
    seconds = []
    gc.disable()
    for _ in range(n_times):
        begun = process_time()
        work()
        seconds.append(process_time() - begun)
    gc.enable()
    return min(seconds)


def make_frame(n_officers: int, n_cases: int) -> Frame:
    names = [md5(str(i).encode(), usedforsecurity=False).hexdigest()[:16] for i in range(n_cases)]
    return Frame("2026H2", tuple(Unit(name, f"o{i % n_officers:05d}") for i, name in enumerate(names)))


def draws() -> list[Figure]:
    national = make_frame(18_000, 720_000)
    of_officer: dict[str, list[str]] = {}
    for unit in national.units:
        of_officer.setdefault(unit.officer, []).append(unit.pseudonym)
    hashes = best_of(3, lambda: [sha256(name.encode()).digest() for name in national.pseudonyms])
    whole = best_of(3, lambda: draw_round(national, PerOfficer(), "ab" * 32).selected)
    # Its quicker way is a pool per officer: all cases in one pool take it several times as long.
    pools = of_officer.values()
    theirs = best_of(2, lambda: [list(sampler(names, "ab" * 32, output="id")) for names in pools])
    first_only = best_of(3, lambda: [next(sampler(names, "ab" * 32, output="id")) for names in pools])
    name = "draw of 18,000 from 720,000"
    return [
        Figure(name, whole, "bare SHA-256 loop over them", hashes, 2.0),
        Figure(name, whole, "consistent_sampler, an officer at a time, reserves in order too", theirs, 0.25),
        Figure(name, whole, "consistent_sampler without reserves", first_only, math.inf),
    ]


def rates() -> list[Figure]:
    rows = np.arange(18_000)
    y, pdu, weights = (rows % 15 == 0).astype(float), rows % 109, 1.0 + rows % 40
    all_pdus = best_of(5, lambda: estimate_rates_by_group(y, pdu, weights=weights))
    found = bench_rates.measure()
    return [
        Figure("rates of 109 PDUs with intervals", all_pdus, "50 milliseconds", 0.05, 1.0),
        Figure("the same, each as a page names it", found.raw, "50 milliseconds", 0.05, 1.0),
        Figure("corrected for readers too", found.raw_and_corrected, "50 milliseconds", 0.05, math.inf),
        Figure("funnel of 109 PDUs, warm", found.funnel, "15 milliseconds", 0.015, 1.0),
        Figure("p-chart of 8 quarters, warm", found.p_chart, "15 milliseconds", 0.015, 1.0),
    ]


def ranker() -> list[Figure]:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(18_000, 60))
    high = features[:, 0] + rng.logistic(size=18_000) > 1
    reviewed = np.where(high, np.nan, features[:, 1] + rng.logistic(size=18_000) > 2.7)
    fit = best_of(2, lambda: MisclassificationClassifier().fit(features, high, reviewed_high=reviewed))
    return [Figure("fit of the ranker, 18,000 x 60 reviewed", fit, "1 second", 1.0, 1.0)]


def dashboard() -> list[Figure]:
    found = bench_dashboard.measure()
    parts = found.empty + found.queries_as_json
    beside = f"its empty layout and its own {found.n_queries} queries as JSON"
    return [
        Figure("rates page, 10,700 officers", found.page, beside, parts, 1.3),
        Figure("rates page, 10,700 officers", found.page, "ten of 1,070", 10 * found.page_of_a_tenth, 1.2),
    ]


def copied_text() -> list[Figure]:
    rng = np.random.default_rng(5)
    words = np.array([f"w{number}" for number in range(5000)])
    texts = [" ".join(words[rng.zipf(1.3, 300) % 5000]) for _ in range(24_000)]
    officer = np.arange(len(texts)) // 40
    floor = best_of(1, lambda: [[crc32(word.encode()) for word in text.split()] for text in texts])
    found = best_of(1, lambda: near_duplicates(texts, officer))
    return [Figure("copies among 24,000 texts of 300 words", found, "a CRC-32 of each word", floor, 4.0)]


def intake(preset: str) -> list[Figure]:
    found = bench_intake.measure_intake(preset)
    name = f"extract of {found.n_cases:,} cases validated and merged"
    return [
        Figure(name, found.merged, "bare COPY of its rows into the same tables", found.own_copy, 3.0),
        Figure(name, found.merged, "bare COPY of its files as text", found.text_copy, 3.0),
        Figure(name, found.merged, "ten of a tenth of the cases", 10 * found.merged_tenth, 1.2),
        Figure(f"{name}: memory", found.peak_megabytes, "500 MB", 500.0, 1.0, unit="MB"),
    ]


def flags(preset: str) -> list[Figure]:
    found = bench_flags.measure_refresh(preset)
    name = f"flags of {found.n_scored:,} cases refreshed"
    return [Figure(name, found.refreshed, "bare features and predictions of them", found.bare, 2.0)]


def whole_rounds(n_officers: int) -> list[Figure]:
    whole, tenth = bench_service.measure_draws(n_officers)
    name = f"whole round of {n_officers:,} officers x 40 cases drawn"
    return [
        Figure(name, whole, "20 seconds for 18,000", 20 * n_officers / 18_000, 1.0),
        Figure(name, whole, "ten of a tenth", 10 * tenth, 1.2),
    ]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--area", default="region", help="extract to load: pdu, region, national (242,000 cases)"
    )
    options.add_argument("--officers", type=int, default=1_800, help="of the round drawn; nationally 18,000")
    chosen = options.parse_args()
    figures = [
        *draws(),
        *rates(),
        *ranker(),
        *copied_text(),
        *dashboard(),
        *intake(chosen.area),
        *flags(chosen.area),
        *whole_rounds(chosen.officers),
    ]
    for one in figures:
        beside = f"{one.beside} ({one.beside_seconds:.3f} {one.unit})"
        told = f"{one.name}: {one.seconds:.3f} {one.unit}, {one.ratio:.2f} x {beside}"
        bar = f"bar {one.most:g} x: {'met' if one.is_met else 'MISSED'}" if one.most < math.inf else "no bar"
        print(f"{told}; {bar}")
    return 0 if all(one.is_met for one in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
