"""Pages of a list: what every list screen and list endpoint takes and gives."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from qa_service.core.errors import Invalid

PAGE_SIZE = 25  # SCREENS 5: every list shows 25 a page
MOST_ROWS = 20_000  # of a list that is taken whole, as a file

T = TypeVar("T")


@dataclass(frozen=True)
class PageRequest:
    """Which page of a list is wanted, counted from 1."""

    number: int = 1
    size: int = PAGE_SIZE

    def __post_init__(self) -> None:
        """Refuse a page that cannot exist."""
        if self.number < 1 or not 1 <= self.size <= MOST_ROWS:
            raise Invalid(
                f"Page {self.number} of size {self.size} cannot be shown.",
                next_step=f"Ask for a page of 1 or more, with a size from 1 to {MOST_ROWS:,}.",
            )

    @property
    def offset(self) -> int:
        """Return how many rows come before this page."""
        return (self.number - 1) * self.size

    def within(self, total: int) -> "PageRequest":
        """Return the page that can be shown of a list so long: beyond its end, the last one."""
        return PageRequest(min(self.number, n_pages(total, self.size)), self.size)


def n_pages(total: int, size: int) -> int:
    """Return how many pages a list has, at least 1."""
    return max(1, -(-total // size))


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of rows and how many there are in all."""

    rows: tuple[T, ...]
    total: int
    request: PageRequest

    @property
    def n_pages(self) -> int:
        """Return the number of pages, at least 1."""
        return n_pages(self.total, self.request.size)


WHOLE = PageRequest(1, MOST_ROWS)
