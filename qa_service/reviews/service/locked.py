"""What a read's locks hold, as the fields of its form: what another window sends later never counts."""

from collections.abc import Mapping

from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.core.errors import Conflict
from qa_service.reviews.moderation_view import DOES_NOT_APPLY, level_line
from qa_service.reviews.service.claiming import own_read
from qa_service.reviews.store import drafts as store
from qa_service.reviews.tables import Review

_LEVEL = "level_"


class StageLocked(Conflict):
    """Something else was sent for a stage than what was locked.

    Parameters
    ----------
    what : str
        What is locked: "Your own levels".
    kept : mapping of str to str
        Fields that differ and what stands in them.
    """

    def __init__(self, what: str, kept: Mapping[str, str]) -> None:
        super().__init__(
            f"{what} were locked before, in another window.",
            next_step="What was locked is kept; what this window holds instead does not count.",
            code="stage_locked",
        )
        self.faults = tuple((name, f"kept as {_in_words(name, text)}") for name, text in kept.items())


def expect_as_locked(session: Session, reference: str, version: int, *, reader_id: int) -> None:
    """Raise when a window read back, and now locks, other answers than those that were locked."""
    with seeing_everything(session):
        review = own_read(session, reference, reader_id=reader_id)
        read_back = store.find_revision(session, review.id, version)
    without_locked(review, read_back.content if read_back else {})


def without_locked(review: Review, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that may still change; raise when one that is locked says something else."""
    for what, locked in (("Your own levels", _levels(review)), ("Your answers on quality", _answers(review))):
        kept = {
            name: locked.get(name, DOES_NOT_APPLY)
            for name in fields
            if name in locked or (locked and _is_level(name))
        }
        other = {name: text for name, text in kept.items() if fields[name].split() != text.split()}
        if other:
            raise StageLocked(what, other)
        fields = {name: text for name, text in fields.items() if name not in kept}
    return dict(fields)


def _is_level(name: str) -> bool:
    return name.startswith(_LEVEL)


def _levels(review: Review) -> dict[str, str]:
    """Return stage 1 as locked; a cell that is not in it does not apply."""
    if review.lock_1_at is None:
        return {}
    cells = {
        level_line(setting, group): level
        for setting, levels in (review.own_grid or {}).items()
        for group, level in levels.items()
    }
    return cells | {
        "confidence": review.confidence or "",
        "is_somebody_exposed": "yes" if review.is_somebody_exposed else "no",
        "own_reasons": review.own_reasons or "",
    }


def _answers(review: Review) -> dict[str, str]:
    """Return every answer locked so far, part by part."""
    return {
        f"{question}_{part}": text
        for question, answer in (review.answers or {}).items()
        for part, text in answer.items()
    }


def _in_words(name: str, text: str) -> str:
    if _is_level(name) or name.endswith("_judgement"):
        return "does not apply" if text == DOES_NOT_APPLY else text.replace("_", " ").lower()
    return text or "nothing"
