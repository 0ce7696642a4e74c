"""A national draw costs little more than its hashes."""

from hashlib import md5, sha256
from time import perf_counter

import numpy as np
import pytest
from consistent_sampler import sampler

from sampling import Frame, PerOfficer, Unit, draw_round, estimate_rates_by_group


def best_of(n_times, work):
    seconds = []
    for _ in range(n_times):
        begun = perf_counter()
        work()
        seconds.append(perf_counter() - begun)
    return min(seconds)


def make_frame(n_officers, n_cases):
    names = [md5(str(i).encode(), usedforsecurity=False).hexdigest()[:16] for i in range(n_cases)]
    return Frame("2026H2", tuple(Unit(name, f"o{i % n_officers:05d}") for i, name in enumerate(names)))


@pytest.mark.slow
def test_eighteen_thousand_officers_are_drawn_within_twice_the_bare_hashes():
    frame = make_frame(18_000, 720_000)

    def bare():
        for name in frame.pseudonyms:
            sha256(name.encode()).digest()

    def whole():
        assert len(draw_round(frame, PerOfficer(), "ab" * 32).selected) == 18_000

    assert best_of(2, whole) <= 2 * best_of(2, bare)


def test_a_draw_is_at_least_four_times_as_fast_as_consistent_sampler():
    frame = make_frame(450, 18_000)

    ours = best_of(3, lambda: draw_round(frame, PerOfficer(), "seed").selected)
    theirs = best_of(1, lambda: list(sampler(frame.pseudonyms, "seed", output="id")))

    assert theirs >= 4 * ours


def test_the_rates_of_all_pdus_take_fifty_milliseconds_at_most():
    rows = np.arange(18_000)
    y, pdu, weights = (rows % 15 == 0).astype(float), rows % 109, 1.0 + rows % 40

    assert best_of(5, lambda: estimate_rates_by_group(y, pdu, weights=weights)) <= 0.05
