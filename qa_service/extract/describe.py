"""Write the tables of the extract as the part of docs/intake.md that is made from the code.

`python -m qa_service.extract.describe docs/intake.md` renews that part.
"""

import sys
from pathlib import Path

from qa_service.extract.catalogue import TABLES
from qa_service.extract.columns import Column, Table

BEGIN = "<!-- tables: made by python -m qa_service.extract.describe docs/intake.md -->"
END = "<!-- end of tables -->"


def describe() -> str:
    """Describe every table and column in Markdown."""
    return "\n".join(_table(table) for table in TABLES.values())


def renew(page: str) -> str:
    """Put the present description between the page's two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{describe()}\n{END}{after}"


def _table(table: Table) -> str:
    lines = [
        f"### {table.name}",
        "",
        f"One row: {table.row}. Key: {', '.join(f'`{name}`' for name in table.key)}.",
        "",
        "| column | type | what it is | when empty |",
        "|---|---|---|---|",
        *(_line(column) for column in table.columns),
        "",
    ]
    return "\n".join(lines)


def _line(column: Column) -> str:
    limits = []
    if column.codes:
        limits.append(", ".join(f"`{code}`" for code in column.codes))
    if column.maximum is not None:
        limits.append(f"{column.minimum:g} to {column.maximum:g}")
    if column.unit:
        limits.append(column.unit)
    if column.pattern:
        limits.append(f"`{column.pattern.replace('|', chr(92) + '|')}`")
    if column.references:
        limits.append(f"refers to `{column.references}`")
    meaning = "; ".join([column.meaning, *limits])
    audit = " (audit only)" if column.is_audit else ""
    return f"| `{column.name}` | {column.kind}{audit} | {meaning} | {column.missing or 'refused'} |"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(renew(target.read_text(encoding="utf-8")), encoding="utf-8")
