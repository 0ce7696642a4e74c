"""Documents keep step with the code: glossary, settings, policy sources, decisions."""

import importlib
import inspect
from enum import Enum
from pathlib import Path

from qa_service.schema import SLICES_WITH_TABLES, metadata
from qa_service.settings import Settings

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")


def _enums() -> dict[str, type[Enum]]:
    found = {}
    for slice_name in SLICES_WITH_TABLES:
        module = importlib.import_module(f"qa_service.{slice_name}.tables")
        found |= {
            name: value
            for name, value in vars(module).items()
            if inspect.isclass(value)
            and issubclass(value, Enum)
            and value.__module__.startswith("qa_service")
        }
    return found


def test_every_table_is_in_the_glossary():
    assert [name for name in metadata.tables if f"| `{name}` |" not in GLOSSARY] == []


def test_every_status_and_kind_is_in_the_glossary():
    lines = {
        line.split(" | ")[0].removeprefix("| "): line
        for line in GLOSSARY.splitlines()
        if line.startswith("| ")
    }
    missing = [
        f"{name}.{member.value}"
        for name, enum in _enums().items()
        for member in enum
        if f"`{member.value}`" not in lines.get(name, "")
    ]
    assert missing == []


def test_every_setting_is_in_the_readme():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in Settings.model_fields if f"QA_{name.upper()}" not in readme] == []


def test_decisions_have_their_five_headings():
    headings = ("**Status**", "**Context**", "**Decision**", "**Consequences**", "**Alternatives**")
    for page in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        text = page.read_text("utf-8")
        assert [heading for heading in headings if heading not in text] == [], page.name


def test_nothing_in_the_project_names_a_path_of_the_machine_it_was_made_on():
    texts = [p for p in ROOT.rglob("*") if p.suffix in {".py", ".md", ".toml", ".html", ".sh", ".js", ".sql"}]
    mine = "/" + "work/"
    named = [
        str(path.relative_to(ROOT))
        for path in texts
        if not {".venv", "node_modules", "out", ".git"} & set(path.parts)
        and mine in path.read_text("utf-8", errors="ignore")
    ]
    assert named == []
