"""Copied text: how many planted copies are found."""

import numpy as np
from evaluation_parts import Part

from models.text import near_duplicates

N_TEXTS, N_WORDS, N_PER_OFFICER, SEED = 20_000, 300, 40, 5
EDITED_SHARES = (0.02, 0.05, 0.10)


def report_copied_text() -> Part:
    """Plant copies with words changed among one officer's texts, and look for them."""
    rng = np.random.default_rng(SEED)
    vocabulary = np.array([f"w{number}" for number in range(5000)])
    texts: list[str] = []
    planted: dict[float, list[tuple[int, int]]] = {share: [] for share in EDITED_SHARES}
    for share in np.resize(EDITED_SHARES, N_TEXTS // 5):
        words = vocabulary[rng.zipf(1.3, N_WORDS) % 5000]
        copy = words.copy()
        changed = rng.choice(N_WORDS, round(share * N_WORDS), replace=False)
        copy[changed] = vocabulary[rng.integers(5000, size=len(changed))]
        planted[share].append((len(texts), len(texts) + 1))
        texts += [" ".join(words), " ".join(copy)]
        texts += [" ".join(vocabulary[rng.zipf(1.3, N_WORDS) % 5000]) for _ in range(3)]
    found = near_duplicates(texts, np.arange(N_TEXTS) // N_PER_OFFICER)
    pairs = {(pair.first, pair.second) for pair in found}
    n_false = len(pairs - {pair for wanted in planted.values() for pair in wanted})
    return Part(
        [
            f"{N_TEXTS:,} texts of {N_WORDS} words, {N_PER_OFFICER} an officer, two in five of them a text",
            "and its copy with words changed. The speed is in `make bench`.",
            "",
            "| words changed | copies found |",
            "|---|---|",
            *(
                f"| {share:.0%} | {np.mean([pair in pairs for pair in wanted]):.1%} |"
                for share, wanted in planted.items()
            ),
            "",
            f"Pairs found that were not planted: {n_false}.",
        ]
    )
