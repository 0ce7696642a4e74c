"""Classifiers in the test's own database, and the people who may look at them."""

import pytest
from factories.accounts import make_account
from factories.estate import make_area
from factories.flag_reports import whole_artefact
from sqlmodel import select

from qa_service.auth.roles import Role
from qa_service.core.db import SYSTEM, transaction
from qa_service.flags.tables import ArtefactStatus, FlagArtefact


@pytest.fixture
def national(client_as):
    return client_as(Role.NATIONAL_LEAD, username="nadia")


@pytest.fixture
def lead(client_as, estate):
    return client_as(Role.QUALITY_LEAD, region="N07", username="lena")


@pytest.fixture
def estate(committed):
    committed(make_area)


@pytest.fixture
def add_artefact(committed):
    """Return a function that adds a classifier, approved by the national lead or a candidate: its digest."""

    def add(status=ArtefactStatus.CANDIDATE, **changes):
        def make(session):
            lead = None
            if status is not ArtefactStatus.CANDIDATE:
                lead = make_account(session, Role.NATIONAL_LEAD, username="approver")
            row = whole_artefact(status=status, approved_by_id=lead, **changes)
            session.add(row)
            return row.digest

        return committed(make)

    return add


@pytest.fixture
def candidate(add_artefact):
    return add_artefact()


@pytest.fixture
def approved(add_artefact):
    return add_artefact(ArtefactStatus.APPROVED, seed=2)


@pytest.fixture
def statuses(fresh_engine):
    """Return a function: every classifier's status by digest."""

    def read():
        with transaction(fresh_engine, SYSTEM) as session:
            return {row.digest: row.status.value for row in session.exec(select(FlagArtefact))}

    return read
