"""How often each interval of the simulated programme was right, and how often it promises to be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from simulated_service import Floats

Numbers = float | Floats


class Figure(Protocol):
    """A figure as the pages' code gives it; limits are empty where none is shown."""

    @property
    def value(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...


@dataclass
class Tally:
    """Hits and misses of one interval over all rounds; a share is told times 100, hours and cases as such."""

    name: str
    low: float
    high: float
    against: str
    scale: float = 100
    held: list[float] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)

    def add(self, value: Numbers, low: Numbers, high: Numbers, truth: Numbers) -> None:
        self.held.append(float(np.mean((low <= truth) & (truth <= high))))
        self.errors.append(float(np.mean(value - truth)))
        self.widths.append(float(np.mean(high - low)))

    def add_shown(self, figures: Sequence[Figure], truths: Iterable[float]) -> None:
        """Count the figures of a round that have limits, against what each should tell."""
        rows = [
            (one.value, one.low, one.high, truth)
            for one, truth in zip(figures, truths, strict=True)
            if one.value is not None and one.low is not None and one.high is not None
        ]
        if rows:
            self.add(*np.array(rows, dtype=float).T)

    @property
    def coverage(self) -> float:
        return float(np.mean(self.held))

    @property
    def kept(self) -> bool:
        return self.low <= self.coverage <= self.high

    @property
    def sizes(self) -> str:
        bias, width = self.scale * np.mean(self.errors), self.scale * np.mean(self.widths)
        return f"{bias:+.2f} | {width:.2f} | {100 * self.coverage:.1f}"

    def row(self) -> str:
        promise = f"{100 * self.low:.1f} to {100 * self.high:.1f}"
        verdict = "kept" if self.kept else "missed"
        return f"| {self.name} | {self.against} | {self.sizes} | {promise} | {verdict} |"


def national_promise(n_rounds: int) -> tuple[float, float]:
    return (0.94, 0.965) if n_rounds >= 4000 else (0.93, 0.97)


def tallies(n_rounds: int) -> dict[str, Tally]:
    national = national_promise(n_rounds)
    rows = {
        "national": ("National, case-weighted, Wilson", *national, "reviewed level"),
        "officers": ("National, officer average, Wilson", *national, "reviewed level"),
        "corrected": ("National, corrected with gold cases (not on a page)", *national, "truth"),
        "corrected_page": ("National, corrected as pages do (conservative)", 0.945, 1.0, "truth"),
        "pdu": ("PDU, 24 months, case-weighted, Wilson", 0.94, 0.97, "reviewed level"),
        "pdu_officers": ("PDU, 24 months, officer average, Wilson", 0.94, 0.97, "reviewed level"),
        "pdu_kg": (
            "PDU, 24 months, Korn-Graubard (conservative; not on a page)",
            0.945,
            1.0,
            "reviewed level",
        ),
        "pdu_page": ("PDU, 24 months, corrected as pages do (conservative)", 0.945, 1.0, "truth"),
        "pdu_bounds": (
            "PDU, 24 months, not scorable right to wrong (conservative)",
            0.945,
            1.0,
            "reviewed level",
        ),
        "pdu_eb": ("PDU, 24 months, shrunk (empirical Bayes)", 0.90, 1.0, "reviewed level"),
        "union": (
            "National, random and targeted by probability (conservative; not on a page)",
            0.945,
            1.0,
            "reviewed level",
        ),
        "naive": ("National, random and targeted pooled naively (never shown)", 0.0, 0.5, "reviewed level"),
    }
    return {key: Tally(*row) for key, row in rows.items()}
