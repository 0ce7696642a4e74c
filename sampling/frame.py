"""The list drawn from: every unit, every exclusion with its reason, and one digest that freezes both.

Units carry pseudonyms made at random for one round; the mapping to people stays with the caller,
because every case number in use can be hashed in seconds.
"""

import hashlib
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Real
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sampling.errors import FrameError

COOL_OFF_STRATUM = "cool_off"
"""Recently checked cases: in the population, never drawn; their last result stands for them."""

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f,"\ud800-\udfff]')


class Unit(NamedTuple):
    """One case that could be drawn; all names are pseudonyms of this round; the score is in [0, 1]."""

    pseudonym: str
    officer: str
    stratum: str = ""
    score: float | None = None


class Exclusion(NamedTuple):
    """A case (or, with an empty pseudonym, an officer) left out of the draw, and why."""

    pseudonym: str
    officer: str
    reason: str


@dataclass(frozen=True)
class Frame:
    """All units of one round in canonical order (by pseudonym), whatever order they were given in.

    Raises
    ------
    FrameError
        On an empty or repeated pseudonym, a missing officer, an unwritable character, or a score
        outside [0, 1].
    """

    round_id: str
    units: tuple[Unit, ...]
    exclusions: tuple[Exclusion, ...] = ()
    pseudonyms: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _officer_column: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _stratum_column: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _officer_codes: NDArray[np.int64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "units", tuple(sorted(self.units, key=lambda unit: unit[0])))
            object.__setattr__(self, "exclusions", tuple(sorted(Exclusion(*out) for out in self.exclusions)))
            pseudonyms, officers, strata, scores = (
                zip(*self.units, strict=True) if self.units else ((), (), (), ())
            )
        except (TypeError, ValueError) as error:
            raise FrameError(f"rows must be of Unit and Exclusion, with names as text: {error}") from error
        object.__setattr__(self, "pseudonyms", pseudonyms)
        object.__setattr__(self, "_officer_column", officers)
        object.__setattr__(self, "_stratum_column", strata)
        object.__setattr__(self, "_officer_codes", _codes(officers))
        _refuse_repeats([*pseudonyms, *(out[0] for out in self.exclusions if out[0])])
        _refuse_unwritable("round id", [self.round_id])
        _refuse_unwritable("pseudonym", pseudonyms)
        _refuse_unwritable("officer", officers)
        _refuse_unwritable("stratum", strata, empty_allowed=True)
        _refuse_unwritable("excluded pseudonym", [out[0] for out in self.exclusions], empty_allowed=True)
        _refuse_unwritable("excluded officer", [out[1] for out in self.exclusions], empty_allowed=True)
        _refuse_unwritable("exclusion reason", [out[2] for out in self.exclusions])
        for name, score in zip(pseudonyms, scores, strict=True):
            if score is not None and not (isinstance(score, Real) and 0 <= float(score) <= 1):
                raise FrameError(f"unit {name}: score {score} is outside 0 to 1; give a probability or None")

    @cached_property
    def officers(self) -> tuple[str, ...]:
        """Every officer who has a unit or an exclusion, sorted."""
        return tuple(sorted({unit[1] for unit in self.units} | {out[1] for out in self.exclusions if out[1]}))

    @cached_property
    def drawable(self) -> NDArray[np.bool_]:
        """Units outside the cool-off stratum; shape (n_units,)."""
        return np.array([stratum != COOL_OFF_STRATUM for stratum in self._stratum_column], dtype=bool)

    @cached_property
    def scores(self) -> NDArray[np.float64]:
        """Scores, shape (n_units,), nan where a unit has none."""
        return np.array([math.nan if unit[3] is None else unit[3] for unit in self.units], dtype=np.float64)

    def group_codes(self, *, within_strata: bool) -> NDArray[np.int64]:
        """Give numbers to the officers (or officer and stratum pairs) in canonical order.

        Parameters
        ----------
        within_strata : bool
            Whether a group is one officer's units of one stratum.

        Returns
        -------
        ndarray of shape (n_units,)
            The same number for units of the same group, from 0.
        """
        return self._officer_stratum_codes if within_strata else self._officer_codes

    @cached_property
    def _officer_stratum_codes(self) -> NDArray[np.int64]:
        return _codes(zip(self._officer_column, self._stratum_column, strict=True))

    def canonical_csv(self) -> str:
        """Write the frame the one way it can be written.

        Returns
        -------
        str
            UTF-8 text with LF ends: one `round` line, `unit` lines by pseudonym, `excluded` lines sorted.
            No field can hold a comma or quote, so equal text means equal frame.
        """
        lines = [f"round,{self.round_id}"]
        lines += [
            f"unit,{u[0]},{u[1]},{u[2]},{'' if u[3] is None else repr(float(u[3]) + 0.0)}" for u in self.units
        ]
        lines += [f"excluded,{','.join(out)}" for out in self.exclusions]
        return "\n".join(lines) + "\n"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical text, in hex: what leaves the building before the seed exists."""
        return hashlib.sha256(self.canonical_csv().encode()).hexdigest()


def _codes(keys: Iterable[object]) -> NDArray[np.int64]:
    """Code keys by first appearance; units are in canonical order, so the numbers are too."""
    codes: dict[object, int] = {}
    return np.array([codes.setdefault(key, len(codes)) for key in keys], dtype=np.int64)


def _refuse_repeats(pseudonyms: list[str]) -> None:
    if len(set(pseudonyms)) < len(pseudonyms):
        repeated = sorted(name for name, times in Counter(pseudonyms).items() if times > 1)
        raise FrameError(
            f"{len(repeated)} pseudonyms appear twice (first: {repeated[0]}); one case may enter a frame once"
        )


def _refuse_unwritable(what: str, values: Sequence[str], *, empty_allowed: bool = False) -> None:
    """Check all values at once: 720,000 single checks would cost more than the draw."""
    if not empty_allowed and not all(values):
        raise FrameError(f"a {what} is empty; every row needs one")
    try:
        together = "".join(values)
    except TypeError as error:
        raise FrameError(f"a {what} is no text ({error}); write names as text") from error
    if together.isascii() and together.isprintable() and "," not in together and '"' not in together:
        return
    for value in values:
        if _FORBIDDEN.search(value) or value != unicodedata.normalize("NFC", value):
            raise FrameError(
                f"{what} {value!r} holds a comma, quote, control, unnormalised or broken character;"
                " use plain text"
            )
