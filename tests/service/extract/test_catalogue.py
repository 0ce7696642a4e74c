"""The tables of the extract hang together, and docs/intake.md says what they are."""

from pathlib import Path

import pytest

from qa_service.extract.catalogue import TABLES
from qa_service.extract.columns import Kind, Table
from qa_service.extract.describe import renew

SUFFIXES = {Kind.DATE: "_on", Kind.MOMENT: "_at"}
PAGE = Path(__file__).parents[3] / "docs" / "intake.md"

each_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


@each_table
def test_every_reference_is_to_the_key_of_a_table_that_comes_before(table: Table):
    before = list(TABLES)[: list(TABLES).index(table.name)]

    for column in table.columns:
        if column.references:
            target, name = column.references.split(".")
            assert target in before
            assert name in TABLES[target].by_name


@each_table
def test_every_key_is_required(table: Table):
    assert all(table.by_name[name].is_required for name in table.key)


@each_table
def test_names_carry_their_units(table: Table):
    for column in table.columns:
        if column.kind in SUFFIXES:
            assert column.name.endswith(SUFFIXES[column.kind])
        if column.kind is Kind.FLAG:
            assert column.name.split("_")[0] in {"is", "has", "calls"}
        if column.unit:
            assert column.name.endswith(("_hours", "_points")) or column.name == "hours"


def test_protected_characteristics_are_audit_columns():
    audit = {(t.name, c.name) for t in TABLES.values() for c in t.columns if c.is_audit}

    named = {"sex", "ethnicity", "birth_year"}
    assert audit == {(table, name) for table in ("people", "cases") for name in named}


def test_the_page_on_intake_is_in_step_with_the_code():
    page = PAGE.read_text(encoding="utf-8")

    assert renew(page) == page, "run: python -m qa_service.extract.describe docs/intake.md"
