"""Copied text: near-duplicates between assessments; `models.passages` shows what two of them share.

Texts are compared as sets of three-word runs. MinHash (Broder 1997) estimates how much two sets share from
64 numbers each, and banding (Leskovec et al. 2014, Mining of Massive Datasets, section 3.4) proposes pairs
without comparing all; proposed pairs are then compared exactly.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]

RUN_WORDS = 3
N_HASHES = 64
N_BANDS = 16
NEARLY_THE_SAME = 0.5
_CHUNK = 2000
_TEXTS_KEPT = 4096
_WORD = re.compile(r"[a-z0-9']+")
_MIX = np.random.default_rng(20261122).integers(0, 2**32, size=(2, N_HASHES), dtype=np.uint32)


def runs(text: str) -> Hashes:
    """Hash every run of three words, repeats dropped.

    Parameters
    ----------
    text : str
        Any text; case and punctuation have no say. A shorter text is one run.

    Returns
    -------
    ndarray of uint32 of shape (n_distinct_runs,)
        Sorted; empty for a text without words.
    """
    words = _WORD.findall(text.lower())
    hashed = np.array([crc32(word.encode()) for word in words], dtype=np.uint32)
    if len(hashed) < RUN_WORDS:
        return hashed.sum(keepdims=True, dtype=np.uint32) if len(hashed) else hashed
    mixed = hashed[:-2] * np.uint32(0x9E3779B1) + hashed[1:-1] * np.uint32(0x85EBCA77) + hashed[2:]
    return np.unique(mixed ^ (mixed >> np.uint32(15)))


def similarity(first: str, second: str) -> float:
    """Share of the three-word runs of either text that both have (Jaccard), from 0 to 1."""
    return _jaccard(runs(first), runs(second))


def similarities(text: str, others: Sequence[str]) -> NDArray[np.float64]:
    """Compare one text with others exactly; nothing has to be proposed first.

    Parameters
    ----------
    text : str
        The text in question.
    others : sequence of str of length n_others
        What it is compared with.

    Returns
    -------
    ndarray of shape (n_others,)
        Their :func:`similarity` to it.
    """
    own = runs(text)
    return np.array([_jaccard(own, runs(other)) for other in others])


def _jaccard(first: Hashes, second: Hashes) -> float:
    shared = len(np.intersect1d(first, second, assume_unique=True))
    either = len(first) + len(second) - shared
    return shared / either if either else 0.0


def signatures(texts: Sequence[str]) -> Hashes:
    """MinHash signatures.

    Parameters
    ----------
    texts : sequence of str of length n_texts
        Any texts.

    Returns
    -------
    ndarray of uint32 of shape (n_texts, 64)
        Two texts agree in each number with the probability of their similarity.
    """
    signed = np.empty((len(texts), N_HASHES), dtype=np.uint32)
    for start in range(0, len(texts), _CHUNK):
        sets = [runs(text) for text in texts[start : start + _CHUNK]]
        # An empty text gets one run that it shares with other empty texts only.
        joined = np.concatenate([found if len(found) else np.zeros(1, dtype=np.uint32) for found in sets])
        starts = np.concatenate([[0], np.cumsum([max(1, len(found)) for found in sets])[:-1]])
        for place, (multiplier, shift) in enumerate(_MIX.T):
            hashed = joined * (multiplier | np.uint32(1)) + shift
            signed[start : start + len(sets), place] = np.minimum.reduceat(hashed, starts)
    return signed


class Pair(NamedTuple):
    """Two similar texts: their places in the list, first before second, and their similarity (0-1)."""

    first: int
    second: int
    similarity: float


def near_duplicates(
    texts: Sequence[str], group: NDArray[np.generic], *, threshold: float = NEARLY_THE_SAME
) -> list[Pair]:
    """Find pairs of similar texts within groups: one person's assessments, or one officer's people.

    Parameters
    ----------
    texts : sequence of str of length n_texts
        Texts without words are never paired.
    group : ndarray of shape (n_texts,)
        Only texts of the same group are paired.
    threshold : float
        Least similarity, in (0, 1]. One word in twenty changed leaves about 0.75.

    Returns
    -------
    list of Pair
        In the order of their places.
    """
    worded = [place for place, text in enumerate(texts) if _WORD.search(text.lower())]
    signed = signatures([texts[place] for place in worded])
    _, code = np.unique(np.asarray(group)[worded], return_inverse=True)
    pairs: set[tuple[int, int]] = set()
    width = N_HASHES // N_BANDS
    for band in range(N_BANDS):
        keys = np.column_stack([code.astype(np.uint32), signed[:, band * width : (band + 1) * width]])
        order = np.lexsort(keys.T)
        same = (keys[order][1:] == keys[order][:-1]).all(axis=1)
        for bucket in np.split(order, np.flatnonzero(~same) + 1):
            members = sorted(bucket.tolist())
            pairs.update((a, b) for place, a in enumerate(members) for b in members[place + 1 :])
    # Where one text was copied to many people, each is in many pairs.
    of_text = lru_cache(_TEXTS_KEPT)(runs)
    found = ((worded[first], worded[second]) for first, second in sorted(pairs))
    return [
        Pair(first, second, alike)
        for first, second in found
        if (alike := _alike(texts[first], texts[second], of_text)) >= threshold
    ]


def _alike(first: str, second: str, of_text: Callable[[str], Hashes]) -> float:
    return 1.0 if first == second else _jaccard(of_text(first), of_text(second))
