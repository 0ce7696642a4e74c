"""Which levels of risk of serious harm there are, to which groups, and what outside systems call them.

Source: OASys R10.6 (a level per group); outside codes from the Delius registers (RoSH register type,
group level registers) and the OASys ORDS extracts, read November 2026.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, StrEnum
from functools import total_ordering
from types import MappingProxyType


@total_ordering
class Level(Enum):
    """Risk of serious harm, lowest first.

    `Level("Very High")`, `Level("VERY_HIGH")`, `Level("V")`, `Level("RVHR")` and `Level("RSKV")` are the
    same member; anything unknown is refused, never read as low.
    """

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    VERY_HIGH = "VERY_HIGH"

    @classmethod
    def _missing_(cls, value: object) -> Level | None:
        wanted = re.sub(r"[^A-Z]+", "_", str(value).strip().upper())
        return next((level for level in cls if wanted in {level.value, *LEVEL_CODES[level.value]}), None)

    @property
    def rank(self) -> int:
        """1 for low to 4 for very high."""
        return list(Level).index(self) + 1

    @property
    def register_code(self) -> str:
        """The Delius register type of a person at this level, such as RMRH."""
        return LEVEL_CODES[self.value][0]

    @property
    def label(self) -> str:
        """The level in words, as inside a sentence: "very high"."""
        return self.value.replace("_", " ").lower()

    def __lt__(self, other: object) -> bool:
        return self.rank < other.rank if isinstance(other, Level) else NotImplemented


# Delius RoSH register, Delius group-level register, OASys letter.
LEVEL_CODES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "LOW": ("RLRH", "RSKL", "L"),
        "MEDIUM": ("RMRH", "RSKM", "M"),
        "HIGH": ("RHRH", "RSKH", "H"),
        "VERY_HIGH": ("RVHR", "RSKV", "V"),
    }
)


class Group(StrEnum):
    """Who may be harmed: the rows of the OASys grid. `Group("Known Adult")` and `Group("REG15")` work too."""

    CHILDREN = "children"
    PUBLIC = "public"
    KNOWN_ADULT = "known_adult"
    STAFF = "staff"
    PRISONERS = "prisoners"

    @classmethod
    def _missing_(cls, value: object) -> Group | None:
        wanted = re.sub(r"[^a-z0-9]", "", str(value).lower())
        names = {group.value.replace("_", ""): group for group in cls}
        codes = {code.lower(): cls(group) for group, code in GROUP_CODES.items()}
        return (names | codes).get(wanted)

    @property
    def register_code(self) -> str:
        """The Delius register of people who are a risk to this group, such as REG15."""
        return GROUP_CODES[self.value]

    @property
    def label(self) -> str:
        """The group in words, as inside a sentence: "known adult"."""
        return self.value.replace("_", " ")


GROUP_CODES: Mapping[str, str] = MappingProxyType(
    {
        "children": "RCHD",
        "public": "REG17",
        "known_adult": "REG15",
        "staff": "AV2S",
        "prisoners": "REG16",
    }
)
