"""Evaluate the classifier and write docs/classifier.md, its card and its transparency record.

No figure on those pages is typed by hand. Run by `make evaluate`, with COMPAS_DIR=... for part (b).
"""

import argparse
import json
import os
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from evaluation_compas import report_compas
from evaluation_data import COMPAS_FILE, read_extract, read_truth
from evaluation_synthetic import Say, check_area, report_area

from models.artefact import Artefact
from models.atrs import atrs_record
from models.card import write_card
from models.records import build_records, latest_assessments
from models.text import near_duplicates
from qa_service.synth.service import generate

TODAY = date(2026, 11, 22)
INTRODUCTION = """# The classifier: what it finds, and how often it is wrong

Written by `make evaluate`; no figure is typed by hand. The method and its limits are told in
`models/ranker.py`; each column it may use is in `models/columns.toml`.

**None of this is field evidence.** Synthetic cases show that the parts work together and what the pages would
say. The public data set is of United States re-arrest scores: it shows that the ranking finds planted errors
and beats simpler methods, and nothing about England and Wales.
"""
NOT_RUN = f"""**Not run.** The files are not shipped (no licence file). Get `{COMPAS_FILE}` and run
`make evaluate COMPAS_DIR=...`.
"""
CHOICES = """## Choices these figures settle

- Logistic regression learns the recorded levels: gradient boosting is little better or worse as a label
  model, and a sum of one weight a feature can be explained exactly and kept as JSON. So no trees are shipped.
- cleanlab's order for two classes is that of the recorded levels alone: a baseline, not a dependency.
- The design averaged over sizes of correction up to 2 and took recorded levels at their word. Averaging also
  over larger sizes and over less trust ("ranker" against "as designed") costs little where the design was
  good and helps where recorded levels mislead. It is what is used.
- The weak spot remains: where recorded levels mislead and few reviews found high, they are trusted for too
  long (the weakest cell above). The page and the card show the AUC of recorded levels on reviewed cases, and
  the beliefs.
"""


def main() -> None:
    """Evaluate and write the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="region", help="synthetic area: pdu, region or national")
    parser.add_argument("--compas-dir", type=Path, default=os.environ.get("COMPAS_DIR") or None)
    parser.add_argument("--seeds", type=int, default=20, help="plantings of errors in each COMPAS cell")
    parser.add_argument("--out", type=Path, default=Path("docs"))
    choices = parser.parse_args()
    started = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - started:6.0f} s  {what}", flush=True)

    synthetic, artefact = _synthetic(choices.preset, say)
    compas = (
        report_compas(Path(choices.compas_dir), range(choices.seeds), say)
        if choices.compas_dir
        else [NOT_RUN]
    )
    parts = [
        INTRODUCTION,
        f"## (a) A synthetic area ({choices.preset})",
        "",
        *synthetic,
        "",
        "## (b) Planted errors in public data (COMPAS)",
        "",
        *compas,
        "",
        CHOICES if choices.compas_dir else "",
        "## Copied text",
        "",
        *_copied_text(say),
    ]
    _write(choices.out, "\n".join(parts).rstrip() + "\n", artefact)
    say(f"wrote {choices.out}/classifier.md, classifier_card.md and classifier_atrs.json")


def _synthetic(preset: str, say: Say) -> tuple[list[str], Artefact]:
    with TemporaryDirectory() as folder:
        say(f"making the {preset}")
        made = generate(preset, Path(folder) / "area", seed=1, today=TODAY)
        tables = read_extract(made.directory)
        say("building features")
        records = build_records(tables, latest_assessments(tables.assessments))
        truth = read_truth(made.truth, records["assessment_id"])
    return report_area(check_area(records, truth, n_rounds=2, seed=1), say)


def _copied_text(say: Say, n_texts: int = 20_000, n_words: int = 300) -> list[str]:
    say("copied text")
    rng = np.random.default_rng(5)
    vocabulary = np.array([f"w{number}" for number in range(5000)])
    texts: list[str] = []
    planted: dict[float, list[tuple[int, int]]] = {0.02: [], 0.05: [], 0.10: []}
    for share in np.resize(list(planted), n_texts // 5):
        words = vocabulary[rng.zipf(1.3, n_words) % 5000]
        copy = words.copy()
        changed = rng.choice(n_words, round(share * n_words), replace=False)
        copy[changed] = vocabulary[rng.integers(5000, size=len(changed))]
        planted[share].append((len(texts), len(texts) + 1))
        texts += [" ".join(words), " ".join(copy)]
        texts += [" ".join(vocabulary[rng.zipf(1.3, n_words) % 5000]) for _ in range(3)]
    started = time.process_time()
    found = near_duplicates(texts, np.arange(n_texts) // 40)
    taken = time.process_time() - started
    pairs = set(zip(found["first"], found["second"], strict=True))
    return [
        f"{n_texts} texts of {n_words} words, 40 an officer, some copied with words changed: {taken:.1f} s",
        f"of one core, so about {taken * 240_000 / n_texts:.0f} s for 240,000.",
        "",
        "| words changed | copies found |",
        "|---|---|",
        *(
            f"| {share:.0%} | {np.mean([pair in pairs for pair in wanted]):.1%} |"
            for share, wanted in planted.items()
        ),
    ]


def _write(folder: Path, page: str, artefact: Artefact) -> None:
    (folder / "classifier.md").write_text(page, encoding="utf-8")
    card = write_card(artefact)
    heading = "Trained on synthetic cases, to show what a card looks like.\n\n"
    (folder / "classifier_card.md").write_text(heading + card, encoding="utf-8")
    record = json.dumps(atrs_record(artefact), indent=1)
    (folder / "classifier_atrs.json").write_text(record + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
