"""A database that imports really commit to, and ways to ask what is in it."""

import copy
from pathlib import Path

import pytest
from factories.extracts import an_area, write_extract
from sqlalchemy import text

import qa_service.demo
from qa_service.core.db import SYSTEM, transaction
from qa_service.intake.service import import_paths

FIXTURES = Path(qa_service.demo.__file__).parent / "real_formats"


@pytest.fixture
def load(fresh_engine, clock):
    """Import paths as a quality lead would and give the reports."""

    def load(*paths, dry_run=False):
        return import_paths(fresh_engine, list(paths), dry_run=dry_run, by="user:1", clock=clock)

    return load


@pytest.fixture
def ask(fresh_engine):
    """Run one query that sees everything."""

    def ask(query, **values):
        with transaction(fresh_engine, SYSTEM) as session:
            return [tuple(row) for row in session.connection().execute(text(query), values)]

    return ask


@pytest.fixture
def area():
    return copy.deepcopy(an_area())


@pytest.fixture
def loaded_area(load, area, tmp_path):
    """The small area, loaded."""
    (report,) = load(write_extract(tmp_path / "area", area))
    assert report.n_refused == 0, report.refusals
    return area


@pytest.fixture
def fixture_files():
    return FIXTURES
