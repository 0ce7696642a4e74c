"""The frame of the pages about an area: where it lies, what there is to see of it, who may open it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sqlmodel import Session

from qa_service.auth.service import CurrentUser
from qa_service.core.errors import NotFound
from qa_service.pages.display import day
from qa_service.pages.render import Link
from qa_service.reporting.areas import Area, AreaLevel, AreaTree, area_tree
from qa_service.reporting.reach import RATE_MANAGERS

# What there is to see of an area: (end of the address, text).
PARTS = (("", "Rates"), ("/causes", "Causes"), ("/coverage", "Coverage"), ("/cost", "Cost"))


@dataclass(frozen=True)
class OpenArea:
    """An area that somebody has opened, and what they may see around it."""

    user: CurrentUser
    tree: AreaTree
    area: Area

    @property
    def is_analyst(self) -> bool:
        """Tell whether small counts and names are not for them."""
        return not self.tree.may_open(self.user, self.area, RATE_MANAGERS)

    def can_open(self, area: Area) -> bool:
        """Tell whether they may open an area too."""
        return self.tree.may_open(self.user, area)

    def breadcrumbs(self) -> list[Link]:
        """Return the way down from the widest area that they may open; none when this is it."""
        above = [Link(area.name, address(area)) for area in self.tree.above(self.area) if self.can_open(area)]
        return [*above, Link(self.area.name)] if above else []

    def parts(self, current: str) -> list[Link]:
        """Return the parts of what there is to see, one of them current."""
        return [Link(text, address(self.area) + end, end == current) for end, text in PARTS]

    def period(self, since: datetime, until: datetime) -> str:
        """Say of which days figures are: of a finished period for whoever may not see small counts."""
        return f"from {day(since)} to {day(until)}" if self.is_analyst else f"since {day(since)}"

    def below(self) -> Sequence[Area]:
        """Return the areas that make this one up."""
        return self.tree.below(self.area)

    def context(self, part: str) -> dict[str, object]:
        """Return what the frame of a page about the area needs."""
        return {"area": self.area, "parts": self.parts(part), "breadcrumbs": self.breadcrumbs()}


def address(area: Area) -> str:
    """Return where an area's rates are."""
    return f"/rates/{area.level.value}/{quote(area.code, safe='')}"


def starting_areas(tree: AreaTree, user: CurrentUser) -> list[Area]:
    """Return the widest areas that somebody may open: where their pages begin."""
    found: list[Area] = []
    for level in (AreaLevel.NATIONAL, AreaLevel.REGION, AreaLevel.PDU):
        taken = {pdu for area in found for pdu in area.pdus}
        found += [
            area for area in tree.areas(level) if tree.may_open(user, area) and taken.isdisjoint(area.pdus)
        ]
    return found


def open_area(session: Session, user: CurrentUser, level: str, code: str) -> OpenArea:
    """Open the area of an address; one that does not exist and one of somebody else look the same."""
    if level not in set(AreaLevel):
        raise NotFound("There is no such kind of area.", next_step="Start again from your own rates.")
    tree = area_tree(session)
    return OpenArea(user, tree, tree.open(user, AreaLevel(level), code))
