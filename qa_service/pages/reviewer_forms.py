"""Between a reader's form fields and the judgements and answers that a read is made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.core.errors import Invalid
from qa_service.pages.forms import Form
from qa_service.reviews.schemas import DraftSave, OwnJudgement
from rubrics import Answer, Definition, Grid, Group, Judgement, Level, Question, Stage, validate_answers

# Names that are the form's own, not answers.
_OWN_FIELDS = frozenset({"csrf_token", "version", "window_id", "seq", "submission_key"})
DOES_NOT_APPLY = "na"
LEVEL_CHOICES = (
    ("", "Choose"),
    *((level.value, level.label.capitalize()) for level in Level),
    (DOES_NOT_APPLY, "Does not apply"),
)
JUDGEMENT_WORDS = {
    Judgement.YES: "Yes",
    Judgement.PARTLY: "Partly",
    Judgement.NO: "No",
    Judgement.NA: "Does not apply",
    Judgement.CANNOT_TELL: "Cannot tell: the record does not show it",
}
_SETTING_WORDS = {"community": "in the community", "custody": "in custody"}


@dataclass(frozen=True)
class LevelField:
    """One cell of the grid of levels as a form field."""

    name: str
    setting: str
    group: Group

    @property
    def label(self) -> str:
        """Return the cell in words: "Children, in custody"."""
        return f"{self.group.label.capitalize()}, {_SETTING_WORDS[self.setting]}"


def level_fields(definition: Definition) -> tuple[LevelField, ...]:
    """Return the cells of the grid, group by group."""
    return tuple(
        LevelField(f"level_{setting}_{row.group.value}", setting, row.group)
        for row in definition.groups
        for setting in row.settings
    )


def draft_save(form: Form) -> DraftSave:
    """Return what a posted form saves."""
    fields = {name: text for name, text in form.fields().items() if name not in _OWN_FIELDS}
    return DraftSave(fields, _whole(form, "version"), form.value("window_id")[:64], _whole(form, "seq"))


def _whole(form: Form, name: str) -> int:
    text = form.value(name)
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def grid_of(form: Form, definition: Definition) -> tuple[Grid | None, dict[str, str]]:
    """Return the levels chosen, and what is wrong with them by field."""
    found: dict[str, dict[str, str]] = {"community": {}, "custody": {}}
    faults = {}
    levels = {level.value for level in Level}
    for cell in level_fields(definition):
        chosen = form.value(cell.name)
        if chosen in levels:
            found[cell.setting][cell.group.value] = chosen
        elif chosen != DOES_NOT_APPLY:
            faults[cell.name] = f"Choose a level for {cell.label[0].lower()}{cell.label[1:]}"
    if not faults and not any(found.values()):
        faults["level_community_children"] = "Choose a level for at least one group"
    return (None, faults) if faults else (Grid.from_record(found), {})


def judgement_of(form: Form, definition: Definition) -> OwnJudgement:
    """Return the own judgement of stage 1, or refuse it with every fault at once."""
    grid, faults = grid_of(form, definition)
    if not form.value("confidence"):
        faults["confidence"] = "Choose how confident you are in your levels"
    if form.value("is_somebody_exposed") not in {"yes", "no"}:
        faults["is_somebody_exposed"] = "Say whether somebody is exposed now"
    if not form.value("own_reasons").strip():
        faults["own_reasons"] = "Say in a few words why you chose these levels"
    if grid is None or faults:
        raise Invalid(
            "Your own judgement is not complete.",
            next_step="Fill in what is missing.",
            faults=tuple(faults.items()),
        )
    exposed = form.value("is_somebody_exposed") == "yes"
    return OwnJudgement(grid, form.value("confidence"), exposed, form.value("own_reasons").strip())


def answers_of(form: Form, questions: Sequence[Question]) -> dict[str, Answer]:
    """Return the answers given so far; what is not answered is left out."""
    known = {judgement.value for judgement in Judgement}
    return {
        question.id: Answer(
            Judgement(form.value(f"{question.id}_judgement")),
            form.value(f"{question.id}_evidence").strip(),
            form.value(f"{question.id}_cause"),
            form.value(f"{question.id}_reason").strip(),
        )
        for question in questions
        if form.value(f"{question.id}_judgement") in known
    }


def faults_of(form: Form, definition: Definition, stage: Stage, section: str = "") -> dict[str, str]:
    """Return what is wrong with a stage's answers by field; of one section only when it is named."""
    answers = answers_of(form, definition.at_stage(stage))
    return {
        f"{fault.question_id}_{fault.part.value}": fault.message
        for fault in validate_answers(definition, stage, answers)
        if not section or definition.question(fault.question_id).section == section
    }


def answer_words(answer: Answer | None, definition: Definition) -> str:
    """Return an answer as people read it back."""
    if answer is None:
        return "Not answered"
    causes = {cause.code: cause.label for cause in definition.causes}
    lines = [JUDGEMENT_WORDS[answer.judgement]]
    lines += [f"Reason: {answer.reason}"] if answer.reason else []
    lines += [f"Evidence: {answer.evidence}"] if answer.evidence else []
    lines += [f"Cause: {causes.get(answer.cause, answer.cause)}"] if answer.cause else []
    return "\n".join(lines)
