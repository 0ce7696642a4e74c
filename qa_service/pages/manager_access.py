"""Who opens the managers' pages, and lists a page at a time."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

from fastapi import Query

from qa_service.auth.dependencies import require
from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.core.lists import Page, PageRequest
from qa_service.pages.forms import Form
from qa_service.reporting.reach import MANAGERS, RATE_READERS

ManagerDep = Annotated[CurrentUser, require(*MANAGERS)]
# Quality leads hold a post too: holds, late reads and restore checks are its duties.
PostHolderDep = Annotated[CurrentUser, require(*MANAGERS, Role.QUALITY_LEAD)]
RateReaderDep = Annotated[CurrentUser, require(*RATE_READERS)]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=100_000)]

T = TypeVar("T")


def page_of(rows: Sequence[T], wanted: int | PageRequest) -> Page[T]:
    """Return one page of a list that is short enough to be held whole: what is open in an area."""
    asked = wanted if isinstance(wanted, PageRequest) else PageRequest(wanted)
    request = asked.within(len(rows))
    return Page(tuple(rows[request.offset : request.offset + request.size]), len(rows), request)


def hidden_of(form: Form) -> dict[str, str]:
    """Return what was typed as the hidden fields of a page on which it is checked before it counts."""
    typed = {name: ",".join(values) for name, values in form.values.items()}
    return {name: text for name, text in typed.items() if name not in {"csrf_token", "change"}}
