"""What most tests of reporting begin with."""

import pytest
from factories.rates import make_rates_area
from sqlmodel import Session

from qa_service.rounds.tables import Round


@pytest.fixture
def round_(session: Session) -> Round:
    """Return a national round in review, of London and Wales with a PDU each."""
    return make_rates_area(session)
