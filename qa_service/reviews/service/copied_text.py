"""Text that an assessment repeats: from the one before it, and from those of the officer's other people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models.passages import Passage, matching_passages
from models.text import NEARLY_THE_SAME, similarities
from qa_service.core.clock import day_of
from qa_service.reviews.case_view import TEXT_LABELS, plain
from qa_service.reviews.store import case_reading as store
from qa_service.rounds.tables import Check


@dataclass(frozen=True)
class CopiedText:
    """Passages of at least eight words by field; `rate` (0-1) is empty without an assessment to compare."""

    passages: Mapping[str, list[Passage]]
    rate: float | None


@dataclass(frozen=True)
class SharedText:
    """A text that is nearly the same for other people: how many, and the passages shared with the nearest."""

    n_people: int
    passages: list[Passage]


def copied_text_of(session: Session, check: Check) -> CopiedText:
    """Compare the assessment that a check pins with the case's one before it; needs the wide scope."""
    now = store.find_blind_assessment(session, check.assessment_id)
    earlier = store.find_earlier(session, check.assessment_id, check.drawn_at)
    texts = _texts(now.texts)
    n_words = sum(len(text.split()) for text in texts.values())
    if earlier is None or not n_words:
        return CopiedText({}, None)
    before = _texts(earlier.texts)
    passages = {name: matching_passages(text, before[name]) for name, text in texts.items()}
    n_copied = sum(passage.n_words for found in passages.values() for passage in found)
    return CopiedText(passages, n_copied / n_words)


def shared_text_of(session: Session, check: Check) -> dict[str, SharedText]:
    """Compare the assessment that a check pins with those of the officer's other people, text by text.

    Needs the wide scope, and tells nothing of the others but their number: a passage is in this case's
    own words.
    """
    own = _texts(store.find_blind_assessment(session, check.assessment_id).texts)
    others = [_texts(row.texts) for row in store.list_others_texts(session, check.id, day_of(check.drawn_at))]
    found = {}
    for name, text in own.items():
        theirs = [other[name] for other in others]
        alike = similarities(text, theirs)
        n_people = int((alike >= NEARLY_THE_SAME).sum())
        passages = matching_passages(text, theirs[int(alike.argmax())]) if n_people else []
        if passages:
            found[name] = SharedText(n_people, passages)
    return found


def _texts(texts: Mapping[str, Any]) -> dict[str, str]:
    return {name: plain(texts.get(name)) for name in TEXT_LABELS}
