"""Which sentences of an assessment repeat the one before (question C7; shown only after submitting)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

# Shorter sentences ("None known.") repeat without anybody copying.
SHORTEST_COPIED = 40
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")


@dataclass(frozen=True)
class CopiedText:
    """The copied sentences of each field, and how much of all the text they are (percent of characters)."""

    by_field: Mapping[str, tuple[str, ...]]
    share_pct: int


def find_copied(texts: Mapping[str, str], earlier: Mapping[str, str]) -> CopiedText:
    """Compare two assessments field by field: identical runs of sentences, spaces aside."""
    by_field: dict[str, tuple[str, ...]] = {}
    n_copied = n_all = 0
    for name, text in texts.items():
        now, before = _sentences(text), _sentences(earlier.get(name, ""))
        blocks = SequenceMatcher(None, before, now, autojunk=False).get_matching_blocks()
        same = [sentence for block in blocks for sentence in now[block.b : block.b + block.size]]
        copied = tuple(sentence for sentence in same if len(sentence) >= SHORTEST_COPIED)
        if copied:
            by_field[name] = copied
        n_copied += sum(map(len, copied))
        n_all += sum(map(len, now))
    return CopiedText(by_field, round(100 * n_copied / n_all) if n_all else 0)


def _sentences(text: str) -> list[str]:
    found = (" ".join(part.split()) for part in _SENTENCE.findall(text))
    return [sentence for sentence in found if sentence]
