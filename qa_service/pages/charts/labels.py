"""Where names go so that no two overlap, without knowing the reader's font."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from qa_service.pages.charts.drawing import TEXT_PX, line, text

# Wider than any of the usual sans-serif fonts draws mixed words, so that the guess errs on the free side.
_EM_PER_LETTER = 0.6
LINE_PX = TEXT_PX + 2


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Return whether the two share any area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: "Box") -> bool:
        """Return whether the other lies wholly inside this one."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )


@dataclass(frozen=True)
class Label:
    """A name for the mark at (x, y)."""

    words: str
    x: float
    y: float
    is_bold: bool = False


@dataclass(frozen=True)
class PlacedLabel:
    """A label and the rectangle found for it."""

    label: Label
    box: Box

    def draw(self) -> str:
        """Return the text on a white halo, with a thin line to its mark when it stands away from it."""
        middle = (self.box.top + self.box.bottom) / 2
        words = text(self.box.left, self.box.bottom - 4, self.label.words, is_bold=self.label.is_bold)
        halo = f'<g stroke="#fff" stroke-width="4" paint-order="stroke">{words}</g>'
        if abs(middle - self.label.y) < LINE_PX:
            return halo
        near_x = min(max(self.label.x, self.box.left), self.box.right)
        near_y = self.box.top if middle > self.label.y else self.box.bottom
        return line(self.label.x, self.label.y, near_x, near_y) + halo


def width_of(words: str) -> float:
    """Return a width in pixels that the words do not exceed in the usual sans-serif fonts."""
    return len(words) * TEXT_PX * _EM_PER_LETTER


def _places(label: Label) -> Iterable[Box]:
    """Yield rectangles for a label, the nearest first: beside its mark, then further up and down."""
    width = width_of(label.words)
    for step in range(9):
        for shift in {0: (0,)}.get(step, (-step * LINE_PX, step * LINE_PX)):
            top = label.y + shift - LINE_PX / 2
            for left in (label.x + 13, label.x - 13 - width, label.x - width / 2):
                if step or left != label.x - width / 2:
                    yield Box(left, top, left + width, top + LINE_PX)


def place_labels(labels: Iterable[Label], inside: Box, taken: Iterable[Box] = ()) -> list[PlacedLabel]:
    """Find a free place for each label, in the order given; one without a free place is left out.

    Parameters
    ----------
    labels : iterable of Label
        The most important first.
    inside : Box
        Where labels may stand.
    taken : iterable of Box
        Where other texts and marks stand already.
    """
    full = list(taken)
    placed = []
    for label in labels:
        free = (
            box
            for box in _places(label)
            if inside.holds(box) and not any(box.overlaps(other) for other in full)
        )
        if (box := next(free, None)) is not None:
            full.append(box)
            placed.append(PlacedLabel(label, box))
    return placed


def spread(heights: list[float], lowest: float) -> list[float]:
    """Return heights of lines of text a line apart, in the same order, none below the lowest."""
    order = sorted(range(len(heights)), key=lambda index: (heights[index], index))
    moved = list(heights)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + LINE_PX)
    moved[order[-1]] = min(moved[order[-1]], lowest)
    for after, before in pairwise(reversed(order)):
        moved[before] = min(moved[before], moved[after] - LINE_PX)
    return moved
