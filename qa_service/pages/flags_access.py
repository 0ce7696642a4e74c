"""Who opens the classifier's pages, and the areas whose flags somebody may see (RULES 8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Path, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from qa_service.auth.dependencies import require
from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.core.errors import NotFound
from qa_service.pages.render import Link, render
from qa_service.reporting.areas import Area, AreaLevel, AreaTree, area_tree

LEADS = (Role.QUALITY_LEAD, Role.NATIONAL_LEAD)
# Somebody who also reads may be given any case that is drawn: they see no list of flags.
READERS = (Role.REVIEWER, Role.MODERATOR)

FlagLeadDep = Annotated[CurrentUser, require(*LEADS)]
ApproverDep = Annotated[CurrentUser, require(Role.NATIONAL_LEAD)]
TeamDep = Annotated[CurrentUser, require(Role.SPO)]

# A classifier's SHA-256, or its beginning; what cannot be one never reaches the database.
Digest = Annotated[str, Path(pattern=r"^[0-9A-Za-z]{1,64}$")]

HOME = "/classifier"
QUALITY = f"{HOME}/quality"
CASES = f"{HOME}/cases"
_PARTS = (("Classifiers", HOME), ("How good the flags are", QUALITY), ("Cases in order of doubt", CASES))


@dataclass(frozen=True)
class OpenArea:
    """An area that a lead has opened on one of the classifier's pages."""

    user: CurrentUser
    tree: AreaTree
    area: Area
    page: str

    def address(self, area: Area | None = None) -> str:
        """Return where this page is for an area."""
        return address(self.page, area or self.area)

    def breadcrumbs(self) -> list[Link]:
        """Return the way down from the widest area they may open; none when this is it."""
        above = [
            Link(area.name, self.address(area))
            for area in self.tree.above(self.area)
            if self.tree.may_open(self.user, area, LEADS)
        ]
        return [*above, Link(self.area.name)] if above else []

    def below(self) -> list[Link]:
        """Return the areas that make this one up, for somebody to go down to."""
        return [Link(area.name, self.address(area)) for area in self.tree.below(self.area)]


def address(page: str, area: Area) -> str:
    """Return where one of the classifier's pages is for an area."""
    return f"{page}/{area.level.value}/{quote(area.code, safe='')}"


def parts(current: str) -> list[Link]:
    """Return the parts of the classifier's pages, one of them current."""
    return [Link(text, href, href == current) for text, href in _PARTS]


def starting_areas(tree: AreaTree, user: CurrentUser, levels: Sequence[AreaLevel]) -> list[Area]:
    """Return the widest areas of some levels, else PDUs, that a lead may open: where a page begins."""
    found: list[Area] = []
    for level in (*levels, AreaLevel.PDU):
        taken = {pdu for area in found for pdu in area.pdus}
        found += [
            area
            for area in tree.areas(level)
            if tree.may_open(user, area, LEADS) and taken.isdisjoint(area.pdus)
        ]
    return found


def begin(
    request: Request,
    session: Session,
    user: CurrentUser,
    page: str,
    levels: Sequence[AreaLevel] = (AreaLevel.NATIONAL, AreaLevel.REGION),
) -> Response:
    """Go to the one area where a page begins for a lead; with several, let them choose."""
    areas = starting_areas(area_tree(session), user, levels)
    if len(areas) == 1:
        return RedirectResponse(address(page, areas[0]), status_code=303)
    links = [Link(area.name, address(page, area)) for area in areas]
    title = next(text for text, href in _PARTS if href == page)
    return render(request, "flags/areas.html", {"parts": parts(page), "title": title, "areas": links})


def open_area(session: Session, user: CurrentUser, page: str, level: str, code: str) -> OpenArea:
    """Open the area of an address; one that does not exist and one of somebody else look the same."""
    tree = area_tree(session)
    areas = tree.areas(AreaLevel(level)) if level in set(AreaLevel) else []
    for area in areas:
        if area.code == code and tree.may_open(user, area, LEADS):
            return OpenArea(user, tree, area, page)
    raise NotFound("There is no such area here.", next_step="Start again from the classifier's own page.")


def pdus_of_lead(session: Session, user: CurrentUser) -> list[str]:
    """Return the PDUs, merged ones too, whose checks a lead may read."""
    tree = area_tree(session)
    reach = tree.reach_of(user, LEADS)
    return [code for code, current in tree.current_code.items() if current in reach]
