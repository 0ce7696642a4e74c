"""Read levels in every shape the systems send: flat fields, group to level, level to groups.

An unknown level refuses the assessment; it is never taken as low. What means "not assessed" is listed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from qa_service.intake.fields import RefusedFieldError
from rubrics import Group, Level

# None, "" and these mean that no level was recorded (ARNS ScoreLevel, OASys ORDS, MPoP).
_ABSENT = {"NONE", "NULL", "NOT_APPLICABLE", "N_A", "NA", "NOT_FOUND", "UNKNOWN_ROSH", "NOT_ASSESSED"}
UNAVAILABLE = "UNAVAILABLE"
_FLAT = re.compile(
    r"risk(?:to)?_?(?P<group>[a-z_]*?)_?(?:in)?_?(?P<setting>community|custody)?", re.IGNORECASE
)
_MISKEYED = {"adult": Group.KNOWN_ADULT, "knownadults": Group.KNOWN_ADULT, "child": Group.CHILDREN}
_GROUP_KEYS = ("group", "riskTo", "category", "name")
_LEVEL_KEYS = ("level", "risk", "riskLevel", "score")
_SETTINGS = {"community": ("riskInCommunity", "inCommunity"), "custody": ("riskInCustody", "inCustody")}


class UnknownLevelError(RefusedFieldError):
    """A level or a group is not one of those known."""


@dataclass
class GridReading:
    """Levels found, by setting and group, and which groups were listed twice with different levels."""

    levels: dict[str, dict[Group, Level]] = field(default_factory=lambda: {"community": {}, "custody": {}})
    doubles: list[str] = field(default_factory=list)

    @property
    def overall(self) -> Level | None:
        """The highest group over community and custody, or None when no group has a level."""
        found = [level for half in self.levels.values() for level in half.values()]
        return max(found, default=None)

    def record(self) -> dict[str, dict[str, str]]:
        """Write the levels as the rubric's Grid reads them."""
        return {
            setting: {group.value: half[group].value for group in Group if group in half}
            for setting, half in self.levels.items()
        }

    def put(self, setting: str, group: Group, level: Level | None) -> None:
        """Put one level; of two for one group the higher counts."""
        if level is None:
            return
        known = self.levels[setting].get(group)
        if known is not None and known is not level:
            self.doubles.append(f"{group.label} ({setting}): {known.label} and {level.label}")
        self.levels[setting][group] = level if known is None else max(known, level)


def read_level(value: object, column: str) -> Level | None:
    """Read one level; None means that none was recorded.

    Raises
    ------
    UnknownLevelError
        It is neither a level nor one of the ways of saying that there is none.
    """
    if value is None:
        return None
    if isinstance(value, Mapping | list | bool | int | float):
        raise UnknownLevelError(column, f"{str(value)[:60]!r} is not a level", _USE_LEVELS)
    word = re.sub(r"[^A-Z]+", "_", str(value).strip().upper()).strip("_")
    if not str(value).strip() or word in _ABSENT:
        return None
    if word == UNAVAILABLE:
        reason = "the level was unavailable when this file was made"
        raise UnknownLevelError(column, reason, "Ask the source again and send what it answers.")
    try:
        return Level(str(value))
    except ValueError:
        reason = f"{str(value)[:60]!r} is not a level of risk of serious harm"
        raise UnknownLevelError(column, reason, _USE_LEVELS) from None


_USE_LEVELS = "Use Low, Medium, High or Very High; a level that was not recorded is null."


def read_group(value: object, column: str) -> Group:
    """Read who may be harmed, in any of the spellings and mis-spellings seen."""
    try:
        return Group(str(value))
    except ValueError:
        folded = re.sub(r"[^a-z]", "", str(value).lower()).removeprefix("riskto")
        if folded in _MISKEYED:
            return _MISKEYED[folded]
        try:
            return Group(folded)
        except ValueError:
            reason = f"{str(value)[:60]!r} is not a group that levels are recorded for"
            raise UnknownLevelError(
                column, reason, "Use children, public, known adult, staff or prisoners."
            ) from None


def read_flat(fields: Mapping[str, Any], reading: GridReading) -> None:
    """Read `riskKnownAdultCommunity` and its mis-keyed twins; other fields are passed over."""
    for name, value in fields.items():
        match = _FLAT.fullmatch(name)
        if match is None or not match["group"] or isinstance(value, Mapping | list):
            continue
        try:
            group = read_group(match["group"], name)
        except UnknownLevelError:
            if match["setting"] is None or value is None:
                continue  # riskGreatest, riskImminence and the like
            raise
        setting = (match["setting"] or ("custody" if group is Group.PRISONERS else "community")).lower()
        reading.put(setting, group, read_level(value, name))


def read_maps(summary: Mapping[str, Any], reading: GridReading) -> None:
    """Read riskInCommunity and riskInCustody, whichever way round they map."""
    for setting, names in _SETTINGS.items():
        for name in names:
            for group, level, column in _pairs(summary.get(name), name):
                reading.put(setting, read_group(group, column), read_level(level, column))


def _pairs(held: object, column: str) -> Iterator[tuple[object, object, str]]:
    """Give (group, level, field) of a map of either direction, or of a list of objects."""
    if held is None:
        return
    if isinstance(held, Mapping):
        for key, value in held.items():
            if isinstance(value, list):
                yield from ((group, key, f"{column}.{key}") for group in value)
            elif value is None and _is_level(key):
                continue  # a level that lists nobody
            else:
                yield key, value, f"{column}.{key}"
    elif isinstance(held, list):
        for number, item in enumerate(held):
            if not isinstance(item, Mapping):
                raise UnknownLevelError(column, "is a list of something else than groups", _USE_LEVELS)
            group = next((item[key] for key in _GROUP_KEYS if key in item), None)
            yield group, next((item[key] for key in _LEVEL_KEYS if key in item), None), f"{column}[{number}]"
    else:
        raise UnknownLevelError(column, f"{str(held)[:60]!r} is not a map of groups", _USE_LEVELS)


def _is_level(key: object) -> bool:
    try:
        Level(key)
    except ValueError:
        return False
    return True
