"""The passages two texts share, in the words of the first; needs no learning library."""

from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Passage:
    """Words two texts have in common, as they stand in each.

    Attributes
    ----------
    text : str
        The words as the first text has them.
    first_at, second_at : int
        Number of its first word in each text, from 0.
    n_words : int
        Length.
    """

    text: str
    first_at: int
    second_at: int
    n_words: int


def matching_passages(first: str, second: str, *, min_words: int = 8) -> list[Passage]:
    """Show what two texts share, longest first.

    Parameters
    ----------
    first, second : str
        Two assessments' texts.
    min_words : int
        Shorter agreements are chance.

    Returns
    -------
    list of Passage
        Empty where nothing of that length is shared.
    """
    here, there = first.split(), second.split()
    bare = [[word.lower().strip(".,;:!?()") for word in words] for words in (here, there)]
    blocks = SequenceMatcher(None, bare[0], bare[1], autojunk=False).get_matching_blocks()
    passages = [
        Passage(" ".join(here[block.a : block.a + block.size]), block.a, block.b, block.size)
        for block in blocks
        if block.size >= min_words
    ]
    return sorted(passages, key=lambda passage: (-passage.n_words, passage.first_at))
