"""The 5 x 2 grid of each case: what is true, and what was recorded."""

import numpy as np

from qa_service.extract.records import COMMUNITY_GROUPS, CUSTODY_GROUPS
from qa_service.synth.calibration import LevelErrors, Rates
from qa_service.synth.cases import COMMUNITY, DOMESTIC, LOW, MEDIUM, SEXUAL, Cases
from qa_service.synth.draws import Ints
from qa_service.synth.facts import CUSTODY_VIOLENCE, Facts

COLUMNS = (
    *(f"community_{group}" for group in COMMUNITY_GROUPS),
    *(f"custody_{group}" for group in CUSTODY_GROUPS),
)
CHILDREN, PUBLIC, KNOWN_ADULT, STAFF = range(4)
FIRST_CUSTODY, PRISONERS = 4, 8
NOT_ASSESSED = -1


def draw_grids(
    cases: Cases, facts: Facts, errors: LevelErrors, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Draw the true and the recorded grid, each of shape (n_cases, 9); -1 is not assessed.

    The highest group is the overall level in both. What was recorded looks like any grid of its overall
    level, so that a wrong one cannot be told from the grid alone; the truth is higher in the group the
    offending is about and sometimes in others.
    """
    main = _main_groups(rng, cases)
    rows = np.arange(len(cases))
    recorded = _community(rng, cases, np.minimum(cases.recorded, cases.true), errors.group_below_rates)
    raised = cases.is_too_low[:, None] & (rng.random(recorded.shape) < errors.others_too_low_rate)
    true = recorded + raised
    recorded[rows, main], true[rows, main] = cases.recorded, cases.true
    hidden = _hidden_groups(cases, main)[cases.group_too_low]
    lowered = np.flatnonzero(cases.group_too_low)
    true[lowered, hidden] = np.maximum(recorded[lowered, hidden], MEDIUM)
    recorded[lowered, hidden] = LOW
    prisoners = np.where(facts.holds[:, CUSTODY_VIOLENCE], np.minimum(cases.recorded, MEDIUM), LOW)
    prisoners = np.minimum(prisoners, cases.true)
    return _with_custody(cases, true, prisoners), _with_custody(cases, recorded, prisoners)


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


def _community(rng: np.random.Generator, cases: Cases, level: Ints, below_rates: Rates) -> Ints:
    """Draw the four groups in the community around a level; staff are seldom at risk."""
    n = len(cases)
    below = rng.choice(np.array([0, 1, 2]), (n, 4), p=below_rates)
    grid: Ints = np.maximum(LOW, level[:, None] - below)
    abused = cases.has_domestic_abuse & (rng.random(n) < 0.5)
    grid[abused, KNOWN_ADULT] = np.maximum(grid[abused, KNOWN_ADULT], level[abused] - 1)
    grid[:, STAFF] = np.where(rng.random(n) < 0.88, LOW, np.minimum(level, MEDIUM))
    return grid


def _with_custody(cases: Cases, community: Ints, prisoners: Ints) -> Ints:
    """Add the five groups in custody, a level lower than in the community, for those who were inside."""
    inside = cases.types != COMMUNITY
    grid = np.full((len(cases), len(COLUMNS)), NOT_ASSESSED)
    grid[:, :FIRST_CUSTODY] = community
    grid[inside, FIRST_CUSTODY:PRISONERS] = np.maximum(LOW, community[inside] - 1)
    grid[inside, PRISONERS] = prisoners[inside]
    return grid
