"""Between a moderator's form fields and what they settled, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass

from qa_service.core.errors import Invalid
from qa_service.pages.forms import Form
from qa_service.pages.reviewer_forms import JUDGEMENT_WORDS
from qa_service.reviews.moderation_view import (
    DOES_NOT_APPLY,
    EXPOSED_LINE,
    Line,
    ModerationView,
    settled_answer,
)
from qa_service.reviews.schemas import LineChoice, SettledAnswers
from rubrics import Answer, Definition, Grid, Level

_LEVEL_WORDS = {level.value: level.label.capitalize() for level in Level} | {DOES_NOT_APPLY: "Does not apply"}
_YES_NO = {"yes": "Yes", "no": "No"}
_JUDGEMENTS = {judgement.value: words for judgement, words in JUDGEMENT_WORDS.items()}
COLLEAGUE_WORDS = {"yes": "Yes", "no": "No", "cannot_tell": "Cannot tell"}
_OTHER = "other:"


@dataclass(frozen=True)
class ShownLine:
    """A line with its words and choices, as the page shows it."""

    line: Line
    a: str
    b: str
    officer: str
    options: tuple[tuple[str, str], ...]


def values_of(line: Line) -> Mapping[str, str]:
    """Return the values that a line may take, with their words."""
    if line.name.startswith("level_"):
        return _LEVEL_WORDS
    return _YES_NO if line.name == EXPOSED_LINE else _JUDGEMENTS


def shown(line: Line) -> ShownLine:
    """Return a line as the page shows it."""
    words = values_of(line)
    taken: tuple[tuple[str, str], ...]
    if line.differs:
        taken = (("", "Choose"), ("a", f"Reviewer A: {words[line.a]}"), ("b", f"Reviewer B: {words[line.b]}"))
    else:
        taken = (("a", f"As both answered: {words[line.a]}"),)
    others = tuple((f"{_OTHER}{value}", f"Other: {text}") for value, text in words.items())
    return ShownLine(line, words[line.a], words[line.b], words.get(line.officer, ""), (*taken, *others))


def settled_of(form: Form, view: ModerationView, definition: Definition) -> SettledAnswers:
    """Return what a moderator settled, or refuse it with every fault at once."""
    faults = {}
    for line in view.lines:
        chosen = _chosen(form, line)
        if not chosen:
            faults[f"{line.name}_choice"] = f"{line.label}: choose A, B or another answer"
        elif (line.differs or chosen.startswith(_OTHER)) and not _reason(form, line):
            faults[f"{line.name}_choice_reason"] = f"{line.label}: say why, in one line"
    if form.value("colleague_would_have") not in COLLEAGUE_WORDS:
        faults["colleague_would_have"] = "Say whether a colleague would have done the same"
    if not form.value("reasons").strip():
        faults["reasons"] = "Give the reasons for your decision"
    grid = None if faults else _grid(form, view)
    if not faults and grid is None:
        faults["level_community_public_choice"] = "At least one group needs a level"
    if faults or grid is None:
        raise Invalid(
            "The decision is not complete.",
            next_step="Fill in what is missing.",
            faults=tuple(faults.items()),
        )
    exposed = next(line for line in view.lines if line.name == EXPOSED_LINE)
    return SettledAnswers(
        grid=grid,
        is_somebody_exposed=_value(form, exposed) == "yes",
        answers=_answers(form, view, definition),
        choices=_choices(form, view),
        colleague_would_have=form.value("colleague_would_have"),
        reasons=form.value("reasons").strip(),
    )


def _chosen(form: Form, line: Line) -> str:
    """Return the choice of a line; what both answered stands unless it is changed."""
    chosen = form.value(f"{line.name}_choice") or ("" if line.differs else "a")
    is_other = chosen.startswith(_OTHER) and chosen.removeprefix(_OTHER) in values_of(line)
    return chosen if chosen in {"a", "b"} or is_other else ""


def _reason(form: Form, line: Line) -> str:
    return form.value(f"{line.name}_choice_reason").strip()


def _value(form: Form, line: Line) -> str:
    chosen = _chosen(form, line)
    return {"a": line.a, "b": line.b}.get(chosen, chosen.removeprefix(_OTHER))


def _grid(form: Form, view: ModerationView) -> Grid | None:
    found: dict[str, dict[str, str]] = {"community": {}, "custody": {}}
    for line in view.lines:
        if line.name.startswith("level_") and (value := _value(form, line)) != DOES_NOT_APPLY:
            _, setting, group = line.name.split("_", 2)
            found[setting][group] = value
    return Grid.from_record(found) if any(found.values()) else None


def _answers(form: Form, view: ModerationView, definition: Definition) -> dict[str, Answer]:
    lines = {line.name: line for line in view.lines}
    readers = dict(zip("ab", view.reads, strict=True))
    return {
        question.id: settled_answer(
            question.id,
            _value(form, lines[question.id]),
            view.reads,
            readers.get(_chosen(form, lines[question.id])),
            _reason(form, lines[question.id]),
        )
        for question in definition.asked
    }


def _choices(form: Form, view: ModerationView) -> dict[str, LineChoice]:
    """Return the lines that were decided: those that differ, and those changed against both."""
    chosen = {line.name: (line, _chosen(form, line)) for line in view.lines}
    return {
        name: LineChoice("other" if choice.startswith(_OTHER) else choice, _reason(form, line))
        for name, (line, choice) in chosen.items()
        if line.differs or choice.startswith(_OTHER)
    }


def decision_rows(form: Form, view: ModerationView, address: str) -> list[tuple[str, str, str]]:
    """Return the decision as it is read back: first what was decided, then the reasons."""
    rows = []
    for line in view.lines:
        chosen = _chosen(form, line)
        if line.differs or chosen.startswith(_OTHER):
            words = dict(shown(line).options)[chosen]
            rows.append((line.label, f"{words}\n{_reason(form, line)}", f"{address}#{line.name}_choice"))
    colleague = COLLEAGUE_WORDS.get(form.value("colleague_would_have"), "")
    rows.append(("Would a colleague have done the same?", colleague, f"{address}#colleague_would_have"))
    rows.append(("Reasons", form.value("reasons"), f"{address}#reasons"))
    return rows
