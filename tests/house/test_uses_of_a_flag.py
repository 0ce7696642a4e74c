"""A flag has the uses that RULES 2 and 8 name and no others: whatever reads flags of cases is listed here."""

import ast
import re
from pathlib import Path

import pytest

SERVICE = Path(__file__).parents[2] / "qa_service"
# Flags, the second score and their views; an artefact's own figures (flag_artefact) are of no case.
VIEWS = re.compile(r"\bapproved_(flag|review_now)\b|\b(FROM|JOIN|INTO|UPDATE|TABLE)\s+flag\b", re.IGNORECASE)
READERS = {
    "rounds/store.py": "the targeted arm and the forecast of its plan; the frame freezes the scores",
    "caseload/store/moves.py": "order of a caseload review after a fail",
    "reporting/caseload_reviews.py": "the same list on the SPO's page",
    "reporting/flagged.py": "the lead's list of an area; the SPO's of undrawn cases once the round is closed",
    "reviews/store/case_reading.py": "stage 4 of a review, after the reader has submitted",
    "reporting/flag_quality.py": "the lead's page: how often flags are right, from the random arm",
    "reporting/flag_disagreements.py": "the lead's page: where flags and reviewers disagree",
    "reporting/exports/characteristics.py": "the equality export: flags by group, small cells withheld",
}


def reads_flags(source: str) -> bool:
    """Whether a module names flags of cases in SQL, or takes them or their store from the flags slice."""
    tree = ast.parse(source)
    strings = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    if any(VIEWS.search(text) for text in strings if isinstance(text, str)):
        return True
    taken = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    } | {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return any(
        name in {"qa_service.flags.tables", "qa_service.flags.tables.Flag"}
        or name.startswith("qa_service.flags.store")
        for name in taken
    )


def test_only_the_uses_that_the_rules_allow_read_a_flag():
    found = {
        path.relative_to(SERVICE).as_posix()
        for path in SERVICE.rglob("*.py")
        if SERVICE / "flags" not in path.parents and reads_flags(path.read_text("utf-8"))
    }

    assert found == set(READERS)


def test_no_view_or_script_of_the_database_hands_a_flag_on():
    scripts = {
        path.relative_to(SERVICE).as_posix()
        for path in SERVICE.rglob("*.sql")
        if VIEWS.search(path.read_text("utf-8"))
    }

    # where the table and its two views are made
    assert scripts == {"migrations/sql/tables.sql", "migrations/sql/views.sql"}


@pytest.mark.parametrize(
    "source",
    [
        "x = text('SELECT a.id FROM assessment a LEFT JOIN approved_flag f ON f.assessment_id = a.id')",
        "x = 'SELECT score_rate FROM flag WHERE is_flagged'",
        "x = f'SELECT 1 FROM {table} JOIN approved_review_now n ON true'",
        "from qa_service.flags.tables import ArtefactStatus, Flag",
        "from qa_service.flags.store import scores",
        "import qa_service.flags.store.scores",
        "def f():\n    from qa_service.flags.store.inputs import read_tables",
    ],
)
def test_a_module_that_reads_flags_is_noticed(source):
    assert reads_flags(source)


@pytest.mark.parametrize(
    "source",
    [
        "from qa_service.flags.tables import FlagArtefact",
        "from qa_service.flags.service import artefacts",
        "x = 'SELECT digest FROM flag_artefact'",
    ],
)
def test_the_figures_of_a_classifier_are_no_flags(source):
    assert not reads_flags(source)
