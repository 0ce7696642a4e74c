"""The truth of a synthetic area, as `synth` writes it beside the extract; nothing else may read it."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rubrics import Grid

_HALVES = ("community", "custody")


@dataclass(frozen=True)
class Truth:
    """What a perfect reader of one assessment would find."""

    grid: Grid
    is_somebody_exposed: bool
    why: str
    items: Mapping[str, str]


class Truths:
    """The truth of every assessment of an area, by its outside id; parsed when it is asked for."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as lines:
            self._rows = {row["assessment_id"]: row for row in csv.DictReader(lines)}

    def __getitem__(self, assessment_id: str) -> Truth:
        return _truth_of(self._rows[assessment_id])


def _truth_of(row: Mapping[str, str]) -> Truth:
    halves = {
        half: {
            name.removeprefix(f"true_{half}_"): level
            for name, level in row.items()
            if name.startswith(f"true_{half}_") and level
        }
        for half in _HALVES
    }
    items = {name.removeprefix("item_"): value for name, value in row.items() if name.startswith("item_")}
    return Truth(Grid.from_record(halves), row["is_somebody_exposed"] == "true", _in_words(row["why"]), items)


def _in_words(why: str) -> str:
    """Write the facts behind a wrong level as a reader would: the file keeps them as names."""
    facts = [name.replace("_", " ") for name in why.split(";") if name]
    return f"Not weighed: {', '.join(facts)}." if facts else ""
