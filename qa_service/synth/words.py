"""Columns of text from banks of sentences: each line's slots are filled from other columns."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qa_service.synth.draws import Bools, Ints

SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Bank:
    """Lines of text cut at their slots: `parts[k]` holds what stands before slot k of every line."""

    slots: tuple[str, ...]
    parts: tuple[pa.Array, ...]
    orders: Ints

    def __len__(self) -> int:
        return len(self.parts[0])

    def fill(self, lines: Ints, values: Mapping[str, pa.Array]) -> pa.Array:
        """Write line `lines[i]` for row i, with row i's values in its slots."""
        places = pa.array(lines)
        if not self.slots:
            return self.parts[0].take(places)
        pieces: list[pa.Array] = [self.parts[0].take(places)]
        for order in range(len(self.slots)):
            pieces += [self._in_order(order, lines, values), self.parts[order + 1].take(places)]
        return join(*pieces, separator="")

    def draw(
        self, rng: np.random.Generator, n: int, values: Mapping[str, pa.Array] | None = None
    ) -> pa.Array:
        """Write a random line for each of `n` rows."""
        return self.fill(rng.integers(0, len(self), n), values or {})

    def _in_order(self, order: int, lines: Ints, values: Mapping[str, pa.Array]) -> pa.Array:
        """Give each row the value of the slot that its own line has at this place."""
        slot_of_row = self.orders[lines, order]
        used = np.unique(slot_of_row)
        column = values[self.slots[used[0]]]
        for slot in used[1:]:
            column = pc.if_else(pa.array(slot_of_row == slot), values[self.slots[slot]], column)
        return column


def join(*pieces: pa.Array, separator: str = " ") -> pa.Array:
    """Join columns of text row by row, leaving out missing pieces; every row needs at least one."""
    joined = pc.binary_join_element_wise(*pieces, separator, null_handling="skip")
    # Arrow drops a row whose pieces are all missing instead of keeping its place.
    assert all(len(piece) == len(joined) for piece in pieces if isinstance(piece, pa.Array))
    return joined


def only(mask: Bools, column: pa.Array) -> pa.Array:
    """Keep the text of the rows in the mask and make the others missing."""
    return pc.if_else(pa.array(mask), column, pa.scalar(None, pa.string()))


def coded(codes: tuple[str, ...], places: Ints) -> pa.Array:
    """Write codes by their places; a negative place is a missing code."""
    return pa.array(codes).take(pa.array(places, mask=places < 0))


@cache
def load_banks(file_name: str, section: str | None = None) -> Mapping[str, Bank]:
    """Load the banks of a packaged phrase file, or of one section of it."""
    text = files("qa_service.synth").joinpath(file_name).read_text(encoding="utf-8")
    tree = tomllib.loads(text)
    return {name: _cut(bank) for name, bank in (tree[section] if section else tree).items()}


@cache
def load_names() -> Mapping[str, pa.Array]:
    """Load the lists of names and places."""
    text = files("qa_service.synth").joinpath("names.toml").read_text(encoding="utf-8")
    return {name: pa.array(lines) for name, lines in tomllib.loads(text).items()}


def _cut(bank: Mapping[str, list[str]]) -> Bank:
    slots, lines = tuple(bank["slots"]), bank["lines"]
    cut = [SLOT.split(line) for line in lines]
    if any(sorted(pieces[1::2]) != sorted(slots) for pieces in cut):
        raise ValueError(f"A line of the bank beginning {lines[0]!r} does not use each slot of {slots} once.")
    parts = tuple(pa.array([pieces[2 * k] for pieces in cut]) for k in range(len(slots) + 1))
    orders = np.array([[slots.index(slot) for slot in pieces[1::2]] for pieces in cut], dtype=np.int64)
    return Bank(slots, parts, orders)
