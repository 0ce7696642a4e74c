"""The areas that rates are about, and which of them somebody may open: nation, regions, PDUs and teams."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from sqlalchemy import text
from sqlmodel import Session

from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.core.errors import NotFound
from qa_service.reporting.reach import RATE_MANAGERS, RATE_READERS

# Checks k of an area, counted where they were drawn: a PDU may move to another region or close afterwards.
DRAWN_IN = """(CAST(:drawn_region AS text) IS NULL OR k.drawn_region_code = :drawn_region)
      AND (CAST(:drawn_pdus AS text[]) IS NULL OR k.drawn_pdu_code = ANY(:drawn_pdus))"""
NATION_CODE = "E&W"
NATION_NAME = "England and Wales"


class AreaLevel(StrEnum):
    """What a rate is about; teams have events and counts, no rates to compare."""

    PDU = "pdu"
    REGION = "region"
    NATIONAL = "national"


@dataclass(frozen=True)
class Area:
    """A PDU, a region or the nation, with the PDUs that make it up."""

    level: AreaLevel
    code: str
    name: str
    pdus: tuple[str, ...]


@dataclass(frozen=True)
class _PduRow:
    code: str
    name: str
    region_code: str
    region_name: str
    successor_code: str | None


@dataclass(frozen=True)
class AreaTree:
    """The whole estate down to PDUs; what was drawn in a PDU that merged counts for its successor."""

    rows: tuple[_PduRow, ...]

    @cached_property
    def nation(self) -> Area:
        """Return the nation."""
        return Area(AreaLevel.NATIONAL, NATION_CODE, NATION_NAME, tuple(self.pdus))

    @cached_property
    def regions(self) -> Mapping[str, Area]:
        """Return the regions by code, in order of name."""
        names = sorted({(row.region_name, row.region_code) for row in self.rows})
        members = {
            code: tuple(row.code for row in self._in_use if row.region_code == code) for _, code in names
        }
        return {code: Area(AreaLevel.REGION, code, name, members[code]) for name, code in names}

    @cached_property
    def pdus(self) -> Mapping[str, Area]:
        """Return the PDUs in use by code, in order of name."""
        return {row.code: Area(AreaLevel.PDU, row.code, row.name, (row.code,)) for row in self._in_use}

    @cached_property
    def current_code(self) -> Mapping[str, str]:
        """Map every PDU, merged ones too, to the one in use."""
        next_of = {row.code: row.successor_code for row in self.rows}

        def follow(code: str) -> str:
            after = next_of.get(code)
            return follow(after) if after else code

        return {row.code: follow(row.code) for row in self.rows}

    def drawn_codes(self, area: Area) -> list[str]:
        """List the codes that an area's checks were drawn under, those of merged PDUs too."""
        return [code for code, current in self.current_code.items() if current in area.pdus]

    def drawn_in(self, area: Area) -> dict[str, object]:
        """Return what DRAWN_IN asks for: a region's checks are those drawn while it had their PDU."""
        return {
            "drawn_region": area.code if area.level is AreaLevel.REGION else None,
            "drawn_pdus": self.drawn_codes(area) if area.level is AreaLevel.PDU else None,
        }

    def region_of(self, pdu_code: str) -> Area:
        """Return the region of a PDU."""
        return self.regions[next(row.region_code for row in self.rows if row.code == pdu_code)]

    def sees_small_counts(self, user: CurrentUser, area: Area) -> bool:
        """Tell whether somebody manages some of an area; an analyst reads it without small counts."""
        return not self.reach_of(user, RATE_MANAGERS).isdisjoint(area.pdus)

    def areas(self, level: AreaLevel, pdus: Iterable[str] | None = None) -> list[Area]:
        """List the areas of a level that some PDUs lie in, or all, in order of name."""
        wanted = set(self.pdus if pdus is None else pdus)
        found = {
            AreaLevel.PDU: self.pdus,
            AreaLevel.REGION: self.regions,
            AreaLevel.NATIONAL: {NATION_CODE: self.nation},
        }[level]
        is_whole = level is AreaLevel.NATIONAL
        return [area for area in found.values() if is_whole or wanted.intersection(area.pdus)]

    def above(self, area: Area) -> list[Area]:
        """List the areas around one, the widest first."""
        if area.level is AreaLevel.NATIONAL:
            return []
        return [self.nation] if area.level is AreaLevel.REGION else [self.nation, self.region_of(area.code)]

    def below(self, area: Area) -> list[Area]:
        """List the areas that make one up: regions of the nation, PDUs of a region, none of a PDU."""
        return {
            AreaLevel.NATIONAL: list(self.regions.values()),
            AreaLevel.REGION: [self.pdus[code] for code in area.pdus],
        }.get(area.level, [])

    def reach_of(self, user: CurrentUser, roles: Sequence[Role] = RATE_READERS) -> frozenset[str]:
        """Return the PDUs whose rates somebody may see because of some roles (RULES 8)."""
        found: set[str] = set()
        for grant in user.grants_of(*roles):
            if grant.pdu_code is not None:
                found.update({self.current_code.get(grant.pdu_code, "")} & self.pdus.keys())
            elif grant.team_code is None:
                found.update(self.pdus if grant.region_code is None else self._of_region(grant.region_code))
        return frozenset(found)

    def may_open(self, user: CurrentUser, area: Area, roles: Sequence[Role] = RATE_READERS) -> bool:
        """Tell whether somebody holds one of some roles in an area, or in one around it."""
        if area.level is AreaLevel.PDU:
            return area.code in self.reach_of(user, roles)
        wide = [grant for grant in user.grants_of(*roles) if not grant.pdu_code and not grant.team_code]
        return bool(area.pdus) and any(grant.region_code in {None, area.code} for grant in wide)

    def open(self, user: CurrentUser, level: AreaLevel, code: str) -> Area:
        """Return an area that somebody may open; any other does not exist for them."""
        for area in self.areas(level):
            if area.code == code and self.may_open(user, area):
                return area
        raise NotFound("There is no such area here.", next_step="Start again from your own rates.")

    @cached_property
    def _in_use(self) -> list[_PduRow]:
        return [row for row in self.rows if row.successor_code is None]

    def _of_region(self, code: str) -> tuple[str, ...]:
        return self.regions[code].pdus if code in self.regions else ()


_TREE = text(
    """
    SELECT p.code, p.name, p.region_code, r.name AS region_name, p.successor_code
    FROM pdu p JOIN region r ON r.code = p.region_code
    WHERE p.closed_on IS NULL OR p.successor_code IS NOT NULL ORDER BY p.name, p.code
    """
)


def area_tree(session: Session) -> AreaTree:
    """Return the estate down to its PDUs."""
    rows = session.connection().execute(_TREE)
    return AreaTree(tuple(_PduRow(*row) for row in rows))
