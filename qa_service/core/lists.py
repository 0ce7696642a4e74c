"""Pages of a list: what every list screen and list endpoint takes and gives."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from qa_service.core.errors import Invalid

PAGE_SIZE = 25  # SCREENS 5: every list shows 25 a page

T = TypeVar("T")


@dataclass(frozen=True)
class PageRequest:
    """Which page of a list is wanted, counted from 1."""

    number: int = 1
    size: int = PAGE_SIZE

    def __post_init__(self) -> None:
        """Refuse a page that cannot exist."""
        if self.number < 1 or not 1 <= self.size <= 500:
            raise Invalid(
                f"Page {self.number} of size {self.size} cannot be shown.",
                next_step="Ask for a page of 1 or more, with a size from 1 to 500.",
            )

    @property
    def offset(self) -> int:
        """Return how many rows come before this page."""
        return (self.number - 1) * self.size


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of rows and how many there are in all."""

    rows: tuple[T, ...]
    total: int
    request: PageRequest

    @property
    def n_pages(self) -> int:
        """Return the number of pages, at least 1."""
        return max(1, -(-self.total // self.request.size))
