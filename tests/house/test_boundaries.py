"""SQL stays in stores, commits at the edge, and the import contracts hold."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVICE = sorted((ROOT / "qa_service").rglob("*.py"))


def _speaks_sql_by_right(path: Path) -> bool:
    parts = path.relative_to(ROOT / "qa_service").parts
    return (
        "store" in parts
        or path.name in {"store.py", "tables.py"}
        or parts[0] in {"core", "migrations", "reporting"}
    )


def _calls(path: Path) -> list[tuple[str, int]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found.append((name, node.lineno))
    return found


def _imports_from_sqlalchemy(path: Path) -> set[str]:
    return {
        alias.asname or alias.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").split(".")[0] in {"sqlalchemy", "sqlmodel"}
        for alias in node.names
    }


def test_only_stores_reporting_and_core_write_sql():
    strangers = [
        f"{path.relative_to(ROOT)}:{line} {name}("
        for path in SERVICE
        if not _speaks_sql_by_right(path)
        for name, line in _calls(path)
        if name in {"exec", "execute"}
        or (name in {"select", "text"} and name in _imports_from_sqlalchemy(path))
    ]
    assert strangers == []


def test_nothing_commits_below_the_edge():
    commits = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in SERVICE
        for name, line in _calls(path)
        if name == "commit" and path != ROOT / "qa_service" / "core" / "db.py"
    ]
    assert commits == []


def test_the_import_contracts_hold():
    result = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-3000:]


def test_the_web_process_and_help_do_not_import_the_learning_libraries():
    code = (
        "import sys, qa_service.app, qa_service.cli\n"
        "heavy = {'pandas', 'sklearn', 'statsmodels'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr[-2000:]
