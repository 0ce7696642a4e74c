"""The 5 x 2 grid of each case: what is true, and what was recorded."""

import numpy as np

from qa_service.extract.records import COMMUNITY_GROUPS, CUSTODY_GROUPS
from qa_service.synth.cases import COMMUNITY, DOMESTIC, LOW, MEDIUM, SEXUAL, Cases
from qa_service.synth.draws import Ints, stream
from qa_service.synth.facts import CUSTODY_VIOLENCE, Facts

COLUMNS = (
    *(f"community_{group}" for group in COMMUNITY_GROUPS),
    *(f"custody_{group}" for group in CUSTODY_GROUPS),
)
CHILDREN, PUBLIC, KNOWN_ADULT, STAFF = range(4)
FIRST_CUSTODY, PRISONERS = 4, 8
NOT_ASSESSED = -1


def draw_grids(cases: Cases, facts: Facts, seed: int, region: str) -> tuple[Ints, Ints]:
    """Draw the true and the recorded grid, each of shape (n_cases, 9); -1 is not assessed.

    The highest group is the overall level in both. A level too low caps every group at the recorded overall
    level; one too high raises the group the offending is about; a single group too low is lowered by itself.
    """
    rng = stream(seed, region, "grids")
    main = _main_groups(rng, cases)
    true = _true_grid(rng, cases, facts, main)
    rows = np.arange(len(cases))
    recorded = np.minimum(true, cases.recorded[:, None])
    too_high = cases.recorded > cases.true
    recorded[too_high, main[too_high]] = cases.recorded[too_high]
    hidden = _hidden_groups(cases, main)
    lowered = np.flatnonzero(cases.group_too_low)
    level = recorded[rows, hidden]
    true[lowered, hidden[lowered]] = np.minimum(np.maximum(level[lowered], MEDIUM), cases.true[lowered])
    recorded[lowered, hidden[lowered]] = LOW
    return true, recorded


def _main_groups(rng: np.random.Generator, cases: Cases) -> Ints:
    """Say which group the offending is chiefly about."""
    towards_child = (cases.families == SEXUAL) & (rng.random(len(cases)) < 0.6)
    return np.select([cases.families == DOMESTIC, towards_child], [KNOWN_ADULT, CHILDREN], PUBLIC)


def _hidden_groups(cases: Cases, main: Ints) -> Ints:
    """Say which group, other than the main one, is the one recorded too low."""
    return np.select(
        [
            cases.has_child & (main != CHILDREN),
            cases.has_domestic_abuse & (main != KNOWN_ADULT),
            main != PUBLIC,
        ],
        [CHILDREN, KNOWN_ADULT, PUBLIC],
        KNOWN_ADULT,
    )


def _true_grid(rng: np.random.Generator, cases: Cases, facts: Facts, main: Ints) -> Ints:
    n = len(cases)
    rows = np.arange(n)
    grid = np.full((n, len(COLUMNS)), NOT_ASSESSED)
    below = 1 + rng.geometric(0.55, (n, 4)) - 1
    grid[:, :FIRST_CUSTODY] = np.maximum(LOW, cases.true[:, None] - below)
    grid[:, STAFF] = np.where(rng.random(n) < 0.88, LOW, np.minimum(cases.true, MEDIUM))
    grid[rows, main] = cases.true
    abused = cases.has_domestic_abuse & (rng.random(n) < 0.5)
    grid[abused, KNOWN_ADULT] = np.maximum(grid[abused, KNOWN_ADULT], np.maximum(cases.true[abused] - 1, LOW))
    inside = cases.types != COMMUNITY
    grid[inside, FIRST_CUSTODY:PRISONERS] = np.maximum(LOW, grid[inside, :FIRST_CUSTODY] - 1)
    prisoners = np.where(facts.holds[:, CUSTODY_VIOLENCE], np.minimum(cases.true, MEDIUM), LOW)
    grid[inside, PRISONERS] = prisoners[inside]
    return grid
