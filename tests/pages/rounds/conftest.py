"""A region with officers to draw, its quality lead signed in, and rounds at each step."""

import pytest
from factories.rounds import (
    make_drawable_area,
    make_drawn_round,
    make_open_round,
    make_planned_round,
    make_seeded_round,
)

from qa_service.auth.roles import Role


@pytest.fixture
def area(committed):
    """Three officers of London with three cases each."""
    return committed(make_drawable_area)


@pytest.fixture
def lead(client_as, area):
    """The quality lead of that region."""
    return client_as(Role.QUALITY_LEAD, region="N07")


@pytest.fixture
def round_at(committed, area, clock):
    """Return a function: the address of a round brought to a step."""
    makers = {
        "planned": make_planned_round,
        "open": make_open_round,
        "seeded": make_seeded_round,
        "drawn": lambda session, at: make_drawn_round(session, at)[0],
    }

    def make(step):
        return f"/rounds/{committed(makers[step], clock.now()).reference}"

    return make
