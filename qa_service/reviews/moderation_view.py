"""What a moderator decides on: two blind scorecards side by side, line by line, the differing lines first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from qa_service.reviews.case_view import BlindCase
from rubrics import Answer, Definition, Grid, Judgement

EXPOSED_LINE = "is_somebody_exposed"
DOES_NOT_APPLY = "na"


@dataclass(frozen=True)
class BlindRead:
    """One reader's answers without the reader: Reviewer A or Reviewer B."""

    grid: Grid
    is_somebody_exposed: bool
    reasons: str
    answers: Mapping[str, Answer]


@dataclass(frozen=True)
class Line:
    """One line to settle; values are a level, yes or no, or a judgement."""

    name: str
    label: str
    a: str
    b: str
    a_reason: str = ""
    b_reason: str = ""
    officer: str = ""

    @property
    def differs(self) -> bool:
        """Return whether the two readers answered differently."""
        return self.a != self.b


@dataclass(frozen=True)
class ModerationView:
    """A moderation with its case, its lines, and what the officer said about the facts."""

    reference: str
    reason: str
    due_at: datetime
    version_of_rubric: str
    case: BlindCase
    reads: tuple[BlindRead, BlindRead]
    lines: tuple[Line, ...]
    officer_reply: str | None


def level_line(setting: str, group: str) -> str:
    """Return the name of a cell's line, the same as its form field in stage 1."""
    return f"level_{setting}_{group}"


def lines_of(definition: Definition, a: BlindRead, b: BlindRead, officer: Grid) -> tuple[Line, ...]:
    """Return every line to settle, the differing ones first, each part in the order of the form."""
    lines = [*_level_lines(definition, a, b, officer), _exposed_line(a, b)]
    lines += [
        Line(
            question.id,
            f"{question.id} {question.title}",
            a=a.answers[question.id].judgement.value,
            b=b.answers[question.id].judgement.value,
            a_reason=a.answers[question.id].reason,
            b_reason=b.answers[question.id].reason,
        )
        for question in definition.asked
    ]
    return tuple(sorted(lines, key=lambda line: not line.differs))


def _level_lines(definition: Definition, a: BlindRead, b: BlindRead, officer: Grid) -> list[Line]:
    return [
        Line(
            level_line(setting, row.group.value),
            f"Level: {row.label}, {setting}",
            a=_level(a.grid, setting, row.group.value),
            b=_level(b.grid, setting, row.group.value),
            officer=_level(officer, setting, row.group.value),
        )
        for row in definition.groups
        for setting in row.settings
    ]


def _exposed_line(a: BlindRead, b: BlindRead) -> Line:
    return Line(
        EXPOSED_LINE,
        "Is somebody exposed now?",
        a=_yes_no(a.is_somebody_exposed),
        b=_yes_no(b.is_somebody_exposed),
        a_reason=a.reasons,
        b_reason=b.reasons,
    )


def _yes_no(value: bool) -> str:  # noqa: FBT001 - the value itself is what is put into words
    return "yes" if value else "no"


def _level(grid: Grid, setting: str, group: str) -> str:
    return grid.to_record()[setting].get(group, DOES_NOT_APPLY)


def settled_answer(
    name: str, value: str, reads: Sequence[BlindRead], taken: BlindRead | None, reason: str
) -> Answer:
    """Return the answer of a line: the reader's own where it was taken, else the moderator's."""
    if taken is not None:
        return taken.answers[name]
    causes = [read.answers[name].cause for read in reads if read.answers[name].cause]
    return Answer(Judgement(value), "Decided by the moderator", causes[0] if causes else "", reason)
