"""Files stay small, functions stay short, and no file is named for nothing."""

import ast
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("qa_service", "models", "sampling", "rubrics")
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "common.py", "manager.py", "base.py", "misc.py"}
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_no_source_file_is_over_300_lines():
    assert [f"{path.relative_to(ROOT)}: {_lines(path)}" for path in SOURCES if _lines(path) > 300] == []


def test_no_test_file_is_over_400_lines():
    assert [f"{path.relative_to(ROOT)}: {_lines(path)}" for path in TESTS if _lines(path) > 400] == []


def test_the_median_source_file_is_at_most_120_lines():
    assert median(_lines(path) for path in SOURCES if path.name != "__init__.py") <= 120


def test_no_function_is_over_50_lines_of_code():
    too_long = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                docstring = ast.get_docstring(node, clean=False)
                body = node.body[1:] if docstring else node.body
                n_lines = (node.end_lineno or 0) - (body[0].lineno if body else node.lineno) + 1
                if n_lines > 50:
                    too_long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {n_lines}")
    assert too_long == []


@pytest.mark.parametrize("name", sorted(FORBIDDEN_NAMES))
def test_no_file_is_named_for_nothing(name):
    assert [path for path in SOURCES if path.name == name] == []
