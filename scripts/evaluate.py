"""Evaluate the classifier and write docs/classifier.md, its card and its transparency record.

No figure on those pages is typed by hand. Run by `make evaluate`, with COMPAS_DIR=... for part (b). Finished
parts are kept in .data/evaluation until a source changes: a run that was stopped goes on where it was.
"""

import argparse
import json
import os
from dataclasses import replace
from functools import partial
from pathlib import Path

from evaluation_area import SyntheticArea
from evaluation_choices import report_choices
from evaluation_compas import report_compas
from evaluation_data import COMPAS_FILE
from evaluation_groups import GROUP_HEADER, report_group, report_since
from evaluation_parts import Part, Parts
from evaluation_synthetic import report_curve, report_methods, report_overall
from evaluation_text import report_copied_text

from models.artefact import Artefact, load
from models.atrs import atrs_record
from models.card import write_card
from models.columns import GROUPS, TARGETS

#: The choice of columns that recorded levels are learnt from was made on the region preset with seed 1.
SEED = 2
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
CARD_HEADING = "Trained on synthetic cases, to show what a card looks like.\n\n"


def main() -> None:
    """Evaluate and write the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="national", help="synthetic area: pdu, region or national")
    parser.add_argument("--compas-dir", type=Path, default=os.environ.get("COMPAS_DIR") or None)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    parser.add_argument("--keep", type=Path, default=Path(".data/evaluation"), help="for finished parts")
    choices = parser.parse_args()
    parts, of_area = Parts(choices.keep), Parts(choices.keep / choices.preset)
    methods, curve, synthetic = _synthetic(SyntheticArea(choices.preset, SEED, of_area), of_area)
    compas = report_compas(Path(choices.compas_dir), parts) if choices.compas_dir else Part([NOT_RUN])
    lines = [
        INTRODUCTION,
        f"## (a) A synthetic area ({choices.preset}, seed {SEED})",
        "",
        *synthetic,
        "",
        "## (b) Planted errors in public data (COMPAS)",
        "",
        *compas.lines,
        "",
        "## Choices these figures settle",
        "",
        *report_choices(methods.figures, curve.lines, compas.figures),
        "",
        "## Copied text",
        "",
        *parts.part("copied-text", report_copied_text).lines,
    ]
    _write(choices.out, "\n".join(lines).rstrip() + "\n", _artefact(of_area))
    parts.say(f"wrote {choices.out}/classifier.md, classifier_card.md and classifier_atrs.json")


def _synthetic(area: SyntheticArea, parts: Parts) -> tuple[Part, Part, list[str]]:
    overall = parts.part("overall", lambda: report_overall(area, parts))
    methods = parts.part("methods", lambda: report_methods(area))
    curve = parts.part("curve", lambda: report_curve(area))
    groups = [parts.part(group, partial(report_group, area, group, parts)) for group in GROUPS]
    since = parts.part("since", lambda: report_since(area))
    lines = [
        *overall.lines,
        "",
        "### Methods",
        "",
        *methods.lines,
        "",
        "### How many more checks buy what",
        "",
        *curve.lines,
        "",
        "### Levels of each group of people at risk",
        "",
        *GROUP_HEADER,
        *(line for group in groups for line in group.lines),
        "",
        "### The score that looks at what came since",
        "",
        *since.lines,
    ]
    return methods, curve, lines


def _artefact(parts: Parts) -> Artefact:
    """Join the artefacts of all targets that there were enough cases for."""
    paths = [parts.folder / f"artefact-{target}.json" for target in TARGETS]
    first, *others = [load(path) for path in paths if path.exists()]
    scorers, reports = dict(first.scorers), dict(first.reports)
    not_trained: dict[str, str] = {}
    for other in others:
        scorers |= other.scorers
        reports |= other.reports
        not_trained |= other.not_trained
    return replace(first, scorers=scorers, reports=reports, not_trained=not_trained)


def _write(folder: Path, page: str, artefact: Artefact) -> None:
    (folder / "classifier.md").write_text(page, encoding="utf-8")
    (folder / "classifier_card.md").write_text(CARD_HEADING + write_card(artefact), encoding="utf-8")
    record = json.dumps(atrs_record(artefact), indent=1)
    (folder / "classifier_atrs.json").write_text(record + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
