"""What every estimate carries: its value, how sure it is, and how it was made."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """Limits for a proportion `value` out of n; unpacks as (low, high)."""

    value: float
    low: float
    high: float
    n: float
    confidence: float
    method: str

    def __iter__(self) -> Iterator[float]:
        return iter((self.low, self.high))


@dataclass(frozen=True)
class Estimate:
    """An estimate with its standard error and limits.

    `n` counts the units it rests on; `n_eff` the simple random sample that would be as precise.
    """

    value: float
    se: float
    low: float
    high: float
    n: int
    n_eff: float
    method: str
    confidence: float = 0.95

    def __float__(self) -> float:
        return self.value
