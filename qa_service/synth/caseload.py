"""One region's caseload, drawn in order: practitioners, cases, facts, grids, and who has held each case."""

from dataclasses import dataclass

import numpy as np

from qa_service.synth.cases import Cases, draw_cases
from qa_service.synth.draws import Ints
from qa_service.synth.estate import RegionPlan
from qa_service.synth.facts import Facts, draw_facts
from qa_service.synth.grids import draw_grids
from qa_service.synth.recipe import Recipe
from qa_service.synth.staff import Practitioners, draw_practitioners


@dataclass(frozen=True)
class Holders:
    """Per case: since when the present officer holds it, and who held it before (-1: nobody).

    `earlier` is who was responsible under an earlier sentence.
    Places from `len(staff)` on are people who have left; `left_days` has one day for each of them.
    """

    since_days: Ints
    previous: Ints
    earlier: Ints
    left_days: Ints


@dataclass(frozen=True)
class Caseload:
    """A region's people and cases; the grids have shape (n_cases, 9), -1 where a group is not assessed."""

    plan: RegionPlan
    staff: Practitioners
    cases: Cases
    facts: Facts
    true_grid: Ints
    recorded_grid: Ints
    holders: Holders


def draw_caseload(plan: RegionPlan, recipe: Recipe) -> Caseload:
    """Draw a region's caseload."""
    figures, seed = recipe.figures, recipe.seed
    staff = draw_practitioners(plan, recipe.preset, figures, seed)
    cases = draw_cases(plan, staff, figures, seed)
    facts = draw_facts(cases, figures, seed, plan.code)
    true_grid, recorded_grid = draw_grids(cases, facts, figures.errors, recipe.stream(plan.code, "grids"))
    holders = _draw_holders(plan, staff, cases, recipe)
    return Caseload(plan, staff, cases, facts, true_grid, recorded_grid, holders)


def _draw_holders(plan: RegionPlan, staff: Practitioners, cases: Cases, recipe: Recipe) -> Holders:
    """Say since when the present officer has held each case; what came before was a senior colleague's."""
    rng = recipe.stream(plan.code, "holders")
    n = len(cases)
    since = np.maximum(cases.started_days, staff.posted_days[cases.officers])
    moved = (rng.random(n) < 0.2) & (since < -60)
    since = np.where(moved, since // 4 - rng.integers(5, 15, n), since)
    seniors = np.argsort(staff.posted_days, kind="stable")[: max(1, len(staff) // 3)]
    pdu_of_senior = plan.pdu_of_practitioner[seniors]
    earlier = np.zeros(n, dtype=np.int64)
    for pdu in range(len(plan.pdus)):
        near = seniors[pdu_of_senior == pdu]
        members = np.flatnonzero(plan.pdu_of_practitioner[cases.officers] == pdu)
        pool = near if len(near) > 1 else seniors
        earlier[members] = pool[rng.integers(0, len(pool), len(members))]
    previous = np.where((since > cases.started_days) & (earlier != cases.officers), earlier, -1)
    n_leavers = max(1, round(recipe.figures.practitioners.leaver_rate * len(staff)))
    by_leaver = np.flatnonzero((previous >= 0) & (since > -300) & (rng.random(n) < 0.3))
    leavers = rng.integers(0, n_leavers, len(by_leaver))
    previous[by_leaver] = len(staff) + leavers
    left = np.full(n_leavers, -300)
    np.maximum.at(left, leavers, since[by_leaver])
    return Holders(since, previous, earlier, left)
