"""Seeded draws over whole columns, from one stream of numbers per area and noun."""

from zlib import crc32

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def stream(seed: int, *labels: str) -> np.random.Generator:
    """Open the stream of random numbers that belongs to these labels under this seed."""
    return np.random.default_rng([seed, *(crc32(label.encode()) for label in labels)])


def happens(rng: np.random.Generator, chance: float | Floats, n: int) -> Bools:
    """Decide for each of `n` rows whether something happens, by one chance or one per row."""
    return rng.random(n) < chance


def choose(rng: np.random.Generator, rates: tuple[float, ...], n: int) -> Ints:
    """Choose one place of `rates` for each of `n` rows."""
    edges = np.cumsum(rates)
    places = np.searchsorted(edges / edges[-1], rng.random(n), side="right")
    chosen: Ints = np.minimum(places, len(rates) - 1)
    return chosen


def choose_by(rng: np.random.Generator, rates: tuple[tuple[float, ...], ...], group: Ints) -> Ints:
    """Choose one place for each row, by the rates of the row's group."""
    chosen = np.zeros(len(group), dtype=np.int64)
    for number, group_rates in enumerate(rates):
        members = np.flatnonzero(group == number)
        chosen[members] = choose(rng, group_rates, len(members))
    return chosen


def apportion(total: int, weights: Floats) -> Ints:
    """Share a whole number in proportion to weights (largest remainder), so that the parts add up."""
    exact = total * weights / weights.sum()
    parts: Ints = np.floor(exact).astype(np.int64)
    short = total - int(parts.sum())
    parts[np.argsort(parts - exact, kind="stable")[:short]] += 1
    return parts


def truncated_normal(
    rng: np.random.Generator, mean: Floats, sd: float, limits: tuple[float, float]
) -> Floats:
    """Draw normal values, drawing again those outside the limits."""
    values = rng.normal(mean, sd)
    while (outside := np.flatnonzero((values < limits[0]) | (values > limits[1]))).size:
        values[outside] = rng.normal(mean[outside], sd)
    return values
