"""docs/classifier.md is written from finished parts; without the public data set its part (b) says "not run"."""

import json
import sys
from pathlib import Path

import pytest
from factories.flag_reports import whole_artefact

SCRIPTS = Path(__file__).parents[2] / "scripts"
NAMES = ("methods", "curve", "overall", "children", "public", "known_adult", "staff", "since", "copied-text")
SETTLED = ("AUPRC of 0.300", "checks, 0.200 with none")


@pytest.fixture(name="written")
def fixture_written(tmp_path, monkeypatch):
    """Return a function: write the pages from parts that were finished before; nothing is computed."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    monkeypatch.delenv("COMPAS_DIR", raising=False)
    import evaluate
    import evaluation_area
    from evaluation_choices import BOOSTED, EVERY_COLUMN, EVIDENCE, RANKER, RANKER_OF_EVERY, REVIEWS
    from evaluation_parts import Parts

    def refuse(*_args, **_options):
        raise AssertionError("an area was made although every part was finished")

    monkeypatch.setattr(evaluation_area, "generate", refuse)

    def write(*options):
        keep, out = tmp_path / "keep", tmp_path / "docs"
        out.mkdir()
        for folder in (Parts(keep).folder, Parts(keep / "pdu").folder):
            for name in NAMES:
                lines, figures = [f"Lines of {name}."], {}
                if name == "methods":
                    figures = dict.fromkeys(
                        (BOOSTED, EVERY_COLUMN, EVIDENCE, RANKER, RANKER_OF_EVERY, REVIEWS), 0.3
                    )
                if name == "curve":
                    lines = [
                        "| checks | found | AUPRC |",
                        "|---|---|---|",
                        "| 0 | 0 | 0.200 |",
                        "| 125 | 9 | 0.100 |",
                    ]
                part = {"lines": lines, "figures": figures}
                (folder / f"{name}.json").write_text(json.dumps(part), encoding="utf-8")
            (folder / "artefact-overall.json").write_text(whole_artefact().content, encoding="utf-8")
        monkeypatch.setattr(
            sys, "argv", ["evaluate.py", "--preset", "pdu", "--keep", str(keep), "--out", str(out), *options]
        )
        evaluate.main()
        return {path.name: path.read_text("utf-8") for path in out.iterdir()}

    return write


def test_without_the_public_data_part_b_says_not_run_and_how_to_run_it(written):
    page = written()["classifier.md"]

    _, _, after = page.partition("## (b) Planted errors in public data (COMPAS)")
    part_b, _, choices = after.partition("## Choices these figures settle")
    assert part_b.strip().startswith("**Not run.** The files are not shipped (no licence file).")
    assert "`make evaluate COMPAS_DIR=...`" in part_b
    # No choice is said to be settled by cells that were not run.
    assert "cleanlab's order for two classes" not in choices
    assert "The weak spot remains" not in choices
    assert all(told in choices for told in SETTLED)


def test_the_other_parts_stand_on_the_page_as_they_were_finished(written):
    made = written()

    for name in NAMES:
        if name not in {"methods", "curve"}:
            assert f"Lines of {name}." in made["classifier.md"]
    assert made["classifier_card.md"].startswith(
        "Trained on synthetic cases, to show what a card looks like."
    )
    assert "43% of mediums would have to be flagged" in made["classifier_card.md"]
    assert json.loads(made["classifier_atrs.json"])["tier_2"]
