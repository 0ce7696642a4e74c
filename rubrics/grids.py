"""Which levels were recorded and which were found, group by group, and how far they are apart.

Source: OASys R10.6 (a level per group, in the community and in custody); RULES 2 (under, two levels,
the high line); the overall level is the highest of both maps, as in ARNS RoshRiskSummaryDto.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from rubrics.errors import LevelError
from rubrics.levels import Group, Level

# The line that changes a grade, a tier and a MAPPA decision (RULES 2: "a group across the high line").
HIGH_LINE = Level.HIGH


def _read_levels(setting: str, given: Mapping[Group, Level] | Mapping[str, str]) -> Mapping[Group, Level]:
    """Read one half of a grid in the order of the groups, or name every entry that cannot be read."""
    read: dict[Group, Level] = {}
    faults = []
    for group, level in given.items():
        try:
            read[Group(group)] = Level(level)
        except ValueError as unknown:
            faults.append(f"{setting}: {unknown}")
    if faults:
        raise LevelError("Unknown group or level; correct the record or leave it out: " + "; ".join(faults))
    return MappingProxyType({group: read[group] for group in Group if group in read})


@dataclass(frozen=True)
class Grid:
    """One person's levels per group, in the community and in custody; never changed after it is made.

    Parameters
    ----------
    community, custody : mapping of Group to Level
        A group that was not assessed is left out. Prisoners belong to custody.

    Raises
    ------
    LevelError
        A group or level is unknown, or no group has a level at all.

    Notes
    -----
    A group's value is the higher of community and custody; the overall level is the highest group,
    always recomputed and never taken from the record (RULES 2).
    """

    community: Mapping[Group, Level] = field(default_factory=dict)
    custody: Mapping[Group, Level] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "community", _read_levels("community", self.community))
        object.__setattr__(self, "custody", _read_levels("custody", self.custody))
        if not self.community and not self.custody:
            raise LevelError("A grid needs the level of at least one group; record one before comparing.")

    @classmethod
    def from_groups(cls, groups: Mapping[str, str]) -> Grid:
        """Make a grid from one level per group: prisoners in custody, everybody else in the community.

        Parameters
        ----------
        groups : mapping of str to str
            Any spelling that `Group` and `Level` read.

        Returns
        -------
        Grid
        """
        levels = dict(_read_levels("groups", groups))
        prisoners = levels.pop(Group.PRISONERS, None)
        return cls(levels, {Group.PRISONERS: prisoners} if prisoners else {})

    @classmethod
    def from_record(cls, record: Mapping[str, Mapping[str, str]]) -> Grid:
        """Read a grid from text: what `to_record` wrote, or the two maps of an OASys summary.

        Parameters
        ----------
        record : mapping with the keys "community" and "custody"

        Returns
        -------
        Grid
        """
        halves = {
            setting: _read_levels(setting, record.get(setting, {})) for setting in ("community", "custody")
        }
        return cls(**halves)

    def to_record(self) -> dict[str, dict[str, str]]:
        """Write the grid as plain text, for a database column or an export.

        Returns
        -------
        dict
            {"community": {"public": "HIGH", ...}, "custody": {...}}.
        """
        return {
            setting: {group.value: level.value for group, level in levels.items()}
            for setting, levels in (("community", self.community), ("custody", self.custody))
        }

    @property
    def groups(self) -> Mapping[Group, Level]:
        """Each assessed group's value: the higher of community and custody."""
        found = {
            group: [half[group] for half in (self.community, self.custody) if group in half]
            for group in Group
        }
        return MappingProxyType({group: max(levels) for group, levels in found.items() if levels})

    @property
    def overall(self) -> Level:
        """The highest group, recomputed."""
        return max(self.groups.values())

    def __hash__(self) -> int:
        return hash((frozenset(self.community.items()), frozenset(self.custody.items())))


@dataclass(frozen=True)
class GridComparison:
    """How far the reviewer's levels are from the officer's; positive gaps mean the reviewer found more.

    Parameters
    ----------
    assessed_overall, reviewed_overall : Level
    group_gaps : mapping of Group to int
        Levels between the two sides, for the groups that both sides assessed.
    not_compared : tuple of Group
        Groups that only one side assessed.
    """

    assessed_overall: Level
    reviewed_overall: Level
    group_gaps: Mapping[Group, int]
    crossed_high_line: tuple[Group, ...]
    not_compared: tuple[Group, ...]

    @property
    def gap(self) -> int:
        """Levels between the overalls; positive when the reviewer's is higher."""
        return self.reviewed_overall.rank - self.assessed_overall.rank

    @property
    def groups_under(self) -> tuple[Group, ...]:
        """Groups that the reviewer put higher than the officer."""
        return tuple(group for group, gap in self.group_gaps.items() if gap > 0)

    @property
    def is_overall_under(self) -> bool:
        """Whether the reviewer's overall level is above the officer's."""
        return self.gap > 0

    @property
    def is_overall_over(self) -> bool:
        """Whether the reviewer's overall level is below the officer's."""
        return self.gap < 0

    @property
    def is_under(self) -> bool:
        """Whether the overall or any group is under: what opens a level correction (RULES 3)."""
        return self.is_overall_under or bool(self.groups_under)

    @property
    def is_two_levels(self) -> bool:
        """Whether the overall or any group is under by two levels or more."""
        return max((self.gap, *self.group_gaps.values())) >= 2


def compare_grids(assessed: Grid, reviewed: Grid) -> GridComparison:
    """Compare the officer's grid with the reviewer's.

    Parameters
    ----------
    assessed : Grid
        The officer's, as recorded.
    reviewed : Grid
        The reviewer's own, made before seeing the officer's.

    Returns
    -------
    GridComparison

    Notes
    -----
    Groups missing on either side are not compared, but each side's overall is the highest of all the
    groups which that side assessed (RULES 2).
    """
    ours, theirs = assessed.groups, reviewed.groups
    both = [group for group in Group if group in ours and group in theirs]
    return GridComparison(
        assessed_overall=assessed.overall,
        reviewed_overall=reviewed.overall,
        group_gaps=MappingProxyType({group: theirs[group].rank - ours[group].rank for group in both}),
        crossed_high_line=tuple(group for group in both if ours[group] < HIGH_LINE <= theirs[group]),
        not_compared=tuple(group for group in Group if (group in ours) != (group in theirs)),
    )
