"""Copied text is found, shown, and not confused with text of one's own."""

import numpy as np
import pytest
from datasketch import MinHash

from models.passages import matching_passages
from models.text import near_duplicates, runs, signatures, similarities, similarity


def words_of(n_words, rng):
    return [f"word{number}" for number in rng.zipf(1.3, n_words) % 3000]


def edited(words, share, rng):
    changed = list(words)
    for place in rng.choice(len(words), round(share * len(words)), replace=False):
        changed[place] = f"new{rng.integers(10**6)}"
    return changed


def test_similarity_is_the_share_of_three_word_runs_in_common():
    assert similarity("a b c d e", "A, b. C d e!") == 1.0
    assert similarity("a b c d", "b c d e") == pytest.approx(1 / 3)
    assert similarity("a b c", "x y z") == 0.0
    assert similarity("", "") == 0.0


@pytest.mark.slow
def test_nineteen_of_twenty_copies_with_one_word_in_twenty_changed_are_found():
    rng = np.random.default_rng(1)
    texts, planted = [], []
    for _officer in range(40):
        for _ in range(10):
            words = words_of(300, rng)
            planted.append((len(texts), len(texts) + 1))
            texts += [" ".join(words), " ".join(edited(words, 0.05, rng))]

    found = near_duplicates(texts, np.repeat(np.arange(40), 20))

    pairs = {(pair.first, pair.second) for pair in found}
    assert np.mean([pair in pairs for pair in planted]) >= 0.95
    assert len(pairs - set(planted)) == 0


def test_one_text_is_compared_with_each_other_as_any_two_are():
    others = ["a b c d e", "b c d e f", "", "x y z"]

    assert similarities("a b c d e", others).tolist() == [similarity("a b c d e", one) for one in others]


def test_copies_are_only_looked_for_within_a_person_or_an_officer():
    text = " ".join(words_of(100, np.random.default_rng(0)))

    together = near_duplicates([text, text], np.array(["O1", "O1"]))
    apart = near_duplicates([text, text], np.array(["O1", "O2"]))

    assert together == [(0, 1, 1.0)]
    assert apart == []


def test_a_text_copied_to_many_people_is_found_in_every_pair():
    copies, edited_one = ["one two three four five six seven"] * 4, "one two three four five six eight"

    found = near_duplicates(["", *copies, "", edited_one], np.zeros(7))

    assert [(pair.first, pair.second) for pair in found if pair.similarity == 1] == [
        *((1, other) for other in (2, 3, 4)),
        *((2, other) for other in (3, 4)),
        (3, 4),
    ]
    edited = [(pair.first, pair.similarity) for pair in found if pair.second == 6]
    assert edited == [(place, similarity(copies[0], edited_one)) for place in (1, 2, 3, 4)]


def test_empty_texts_are_not_copies_of_each_other():
    assert near_duplicates(["", "", "..."], np.zeros(3)) == []


def test_signatures_estimate_similarity_as_datasketch_does():
    rng = np.random.default_rng(7)
    words = words_of(300, rng)
    first, second = " ".join(words), " ".join(edited(words, 0.10, rng))
    theirs = [MinHash(num_perm=1024, seed=1) for _ in range(2)]
    for signature, text in zip(theirs, (first, second), strict=True):
        signature.update_batch([int(run).to_bytes(4, "big") for run in runs(text)])

    ours = signatures([first, second])

    assert np.mean(ours[0] == ours[1]) == pytest.approx(theirs[0].jaccard(theirs[1]), abs=0.15)
    assert similarity(first, second) == pytest.approx(theirs[0].jaccard(theirs[1]), abs=0.05)


def test_the_passages_two_texts_share_are_shown_longest_first_as_written():
    first = "New start. He is a risk to Known Adult A when he has been drinking. Plan: none yet made by us today here."
    second = "Old. He is a risk to known adult A when he has been drinking! Other words. None yet made by us today here."

    passages = matching_passages(first, second, min_words=6)

    assert [passage.text for passage in passages] == [
        "He is a risk to Known Adult A when he has been drinking.",
        "none yet made by us today here.",
    ]
    assert (passages[0].first_at, passages[0].second_at, passages[0].n_words) == (2, 1, 13)
