"""Text that an assessment repeats from the one before it: the passages, and their share of all its words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models.passages import Passage, matching_passages
from qa_service.reviews.case_view import TEXT_LABELS, plain
from qa_service.reviews.store import case_reading as store
from qa_service.rounds.tables import Check


@dataclass(frozen=True)
class CopiedText:
    """Passages of at least eight words by field; `rate` (0-1) is empty without an assessment to compare."""

    passages: Mapping[str, list[Passage]]
    rate: float | None


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


def _texts(texts: Mapping[str, Any]) -> dict[str, str]:
    return {name: plain(texts.get(name)) for name in TEXT_LABELS}
