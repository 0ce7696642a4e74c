"""Which assessments each case has: when they were made, by whom, at which level, and which are copies."""

from dataclasses import dataclass

import numpy as np

from qa_service.synth.caseload import Caseload
from qa_service.synth.cases import HIGH, LOW, NEVER, VERY_HIGH
from qa_service.synth.draws import Bools, Ints, happens
from qa_service.synth.facts import EARLIER_HIGH
from qa_service.synth.recipe import Recipe

FIRST_REVIEW_AFTER_DAYS = 12
OPEN, COMPLETE, LOCKED_INCOMPLETE = range(3)


@dataclass(frozen=True)
class Assessments:
    """Assessments of a region, one place each, latest of a case first.

    `cases` is the place of the case; `age_rank` 0 the latest completed, 1 the one before; -1 one still open.
    `grids` has shape (n, 9). `text_rows` says whose text the assessment carries: its own place, or the place
    of the one it was copied from. `authors` and `holders` are places of practitioners, -1 unknown.
    """

    cases: Ints
    age_rank: Ints
    completed_days: Ints
    initiated_days: Ints
    statuses: Ints
    grids: Ints
    text_rows: Ints
    authors: Ints
    holders: Ints

    def __len__(self) -> int:
        return len(self.cases)

    @property
    def is_latest(self) -> Bools:
        """Tell the latest completed assessment of each case."""
        latest: Bools = self.age_rank == 0
        return latest


def draw_assessments(caseload: Caseload, recipe: Recipe) -> Assessments:
    """Draw every assessment of a region: for each case the latest, those before it, and a few still open."""
    rng = recipe.stream(caseload.plan.code, "assessments")
    cases, rates = caseload.cases, recipe.figures.assessments
    latest = np.flatnonzero(cases.started_days <= -FIRST_REVIEW_AFTER_DAYS)
    completed = _latest_days(rng, cases.started_days[latest], rates.out_of_date_rate, rates.mean_age_days)
    n_before = _n_before(rng, cases.is_copied[latest], is_brief=recipe.preset.is_brief)
    parts = [(latest, np.zeros_like(latest), completed)]
    for rank in (1, 2):
        has = np.flatnonzero(n_before >= rank)
        days = completed[has] - np.cumsum(rng.integers(110, 250, (2, len(has))), axis=0)[rank - 1]
        parts.append((latest[has], np.full(len(has), rank), days))
    still_open = latest[happens(rng, rates.open_rate, len(latest))]
    parts.append((still_open, np.full(len(still_open), -1), np.full(len(still_open), NEVER)))
    places, ranks, days = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    statuses = np.where(days == NEVER, OPEN, COMPLETE)
    statuses[(ranks == 2) & happens(rng, rates.locked_incomplete_rate, len(ranks))] = LOCKED_INCOMPLETE
    begun = np.where(days == NEVER, -rng.integers(1, 12, len(days)), days - rng.integers(0, 14, len(days)))
    holder = _holder_on(caseload, places, np.where(days == NEVER, 0, days))
    return Assessments(
        cases=places,
        age_rank=ranks,
        completed_days=days,
        initiated_days=begun,
        statuses=statuses,
        grids=_grids(rng, caseload, places, ranks),
        text_rows=_text_rows(caseload, places, ranks),
        authors=_authors(rng, caseload, holder, recipe),
        holders=holder,
    )


def _latest_days(
    rng: np.random.Generator, started: Ints, out_of_date_rate: float, mean_age_days: float
) -> Ints:
    n = len(started)
    age = np.minimum(rng.gamma(2.0, mean_age_days / 2, n), 380).astype(np.int64) + 1
    old = happens(rng, out_of_date_rate, n) & (started < -420)
    age = np.where(old, rng.integers(390, 420, n), age)
    days: Ints = -np.minimum(age, np.maximum(-started - rng.integers(3, 12, n), 1))
    return days


def _n_before(rng: np.random.Generator, is_copied: Bools, *, is_brief: bool) -> Ints:
    """Say how many earlier assessments the extract holds; a copied one needs one to copy from."""
    u = rng.random(len(is_copied))
    n = (u < 0.5).astype(np.int64) if is_brief else 1 + (u < 0.5).astype(np.int64)
    return np.maximum(n, is_copied.astype(np.int64))


def _holder_on(caseload: Caseload, places: Ints, days: Ints) -> Ints:
    """Say who held each case on a day."""
    holders = caseload.holders
    held_now = days >= holders.since_days[places]
    before = np.where(
        days < caseload.cases.started_days[places], holders.earlier[places], holders.previous[places]
    )
    return np.where(held_now, caseload.cases.officers[places], before)


def _grids(rng: np.random.Generator, caseload: Caseload, places: Ints, ranks: Ints) -> Ints:
    """Take the latest grid; earlier ones were sometimes a level off, and high where the facts say so."""
    grids = caseload.recorded_grid[places].copy()
    overall = caseload.cases.recorded[places]
    step = rng.choice(np.array([-1, 0, 0, 0, 0, 0, 0, 1]), len(places))
    level = np.clip(overall + step, LOW, VERY_HIGH)
    level = np.where(caseload.facts.holds[places, EARLIER_HIGH], np.maximum(HIGH, overall), level)
    level = np.where(ranks > 0, level, overall)
    rows = np.arange(len(places))
    top = np.argmax(grids, axis=1)
    grids = np.minimum(grids, level[:, None])
    grids[rows, top] = level
    return grids


def _text_rows(caseload: Caseload, places: Ints, ranks: Ints) -> Ints:
    rows = np.arange(len(places))
    before = np.full(len(caseload.cases), -1)
    before[places[ranks == 1]] = rows[ranks == 1]
    copied = (ranks == 0) & caseload.cases.is_copied[places]
    return np.where(copied, before[places], rows)


def _authors(rng: np.random.Generator, caseload: Caseload, holder: Ints, recipe: Recipe) -> Ints:
    """Attribute most assessments to the holder, some to a colleague, and some to nobody."""
    rates = recipe.figures.assessments
    n = len(holder)
    colleague = np.minimum(holder + 1, len(caseload.staff) - 1)
    authors = np.where(happens(rng, rates.previous_author_rate, n) & (holder >= 0), colleague, holder)
    return np.where(happens(rng, rates.unattributable_rate, n), -1, authors)
