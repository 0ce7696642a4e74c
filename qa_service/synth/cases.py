"""Cases of one region: whose they are, how they are recorded, and what is true of them."""

from dataclasses import dataclass

import numpy as np

from qa_service.synth.calibration import Calibration
from qa_service.synth.draws import Bools, Floats, Ints, choose, choose_by, happens, stream
from qa_service.synth.estate import LONDON, RegionPlan
from qa_service.synth.staff import WORKING_YEAR_DAYS, Practitioners

LOW, MEDIUM, HIGH, VERY_HIGH = range(4)
COMMUNITY, LICENCE, CUSTODY = range(3)
DOMESTIC, VIOLENCE, SEXUAL, ROBBERY, ACQUISITIVE, DRUGS, DRIVING, ARSON = range(8)


@dataclass(frozen=True)
class Cases:
    """Cases of a region, one place per case; days are counted from today, the past negative.

    `recorded` and `true` are overall levels at the latest assessment; `group_too_low` marks cases whose
    overall level is right and one group's is not.
    """

    numbers: Ints
    officers: Ints
    recorded: Ints
    true: Ints
    group_too_low: Bools
    is_copied: Bools
    families: Ints
    types: Ints
    has_domestic_abuse: Bools
    has_child: Bools
    is_female: Bools
    ages: Ints
    ethnicities: Ints
    started_days: Ints
    released_days: Ints
    release_due_days: Ints
    ends_days: Ints
    mappa_categories: Ints
    mappa_levels: Ints
    is_limited: Bools
    is_suspended: Bools
    is_t2a: Bools

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def is_too_low(self) -> Bools:
        """Tell cases whose overall level is recorded too low."""
        return self.recorded < self.true


NEVER = -999_999  # a date that is missing


def draw_cases(plan: RegionPlan, staff: Practitioners, figures: Calibration, seed: int) -> Cases:
    """Draw cases: the recorded level by the officer's grade, then whether it is wrong, then the rest."""
    rng = stream(seed, plan.code, "cases")
    mix = figures.caseload
    officers = np.repeat(np.arange(len(staff)), staff.n_cases)
    n = len(officers)
    recorded = choose_by(rng, figures.levels.by_grade, staff.grades[officers])
    is_copied = happens(rng, figures.items.copied_rate, n)
    true = _true_levels(rng, plan, staff, officers, (recorded, is_copied), figures)
    families = choose_by(rng, mix.family_rates, true)
    types = choose(rng, mix.type_rates, n)
    abuse = (families == DOMESTIC) | happens(rng, np.array(mix.domestic_abuse_rate_others)[true], n)
    ages = np.clip(np.round(18 + rng.gamma(2.6, 7.5, n)), 18, 85).astype(np.int64)
    started, released, due, ends = _dates(rng, types, staff.posted_days[officers])
    categories = _mappa_categories(rng, families, types, figures)
    higher = happens(rng, mix.mappa_higher_level_rate, n)
    ethnicity_rates = mix.london_ethnicity_rates if plan.code == LONDON else mix.ethnicity_rates
    return Cases(
        numbers=plan.first_case + np.arange(n),
        officers=officers,
        recorded=recorded,
        true=true,
        group_too_low=happens(rng, figures.errors.group_too_low_rate, n)
        & (recorded == true)
        & (true >= MEDIUM),
        is_copied=is_copied,
        families=families,
        types=types,
        has_domestic_abuse=abuse,
        has_child=happens(rng, np.array(mix.child_rates)[true], n),
        is_female=happens(rng, mix.female_rate, n),
        ages=ages,
        ethnicities=choose(rng, ethnicity_rates, n),
        started_days=started,
        released_days=released,
        release_due_days=due,
        ends_days=ends,
        mappa_categories=categories,
        mappa_levels=np.where(categories > 0, 1 + higher.astype(np.int64), 0),
        is_limited=happens(rng, mix.limited_access_rate, n),
        is_suspended=happens(rng, mix.suspended_rate, n) & (recorded < HIGH),
        is_t2a=happens(rng, mix.t2a_rate, n) & (ages < 25),
    )


def _true_levels(
    rng: np.random.Generator,
    plan: RegionPlan,
    staff: Practitioners,
    officers: Ints,
    assessed: tuple[Ints, Bools],
    figures: Calibration,
) -> Ints:
    recorded, is_copied = assessed
    errors = figures.errors
    n = len(recorded)
    factors = error_factors(plan, staff, officers, is_copied, figures) / errors.mean_factor
    too_low_rate = np.select(
        [recorded == MEDIUM, recorded == LOW],
        [plan.too_low_rates[plan.pdu_of_practitioner[officers]] * factors, errors.low_too_low_rate * factors],
        0.0,
    )
    too_low = happens(rng, too_low_rate, n)
    two_levels = happens(rng, errors.two_levels_rate, n)
    too_high = happens(rng, errors.high_too_high_rate, n) & (recorded == HIGH)
    true: Ints = recorded + too_low * (1 + two_levels) - too_high
    return true


def error_factors(
    plan: RegionPlan, staff: Practitioners, officers: Ints, is_copied: Bools, figures: Calibration
) -> Floats:
    """Multiply up what makes a level more often too low: London, overload, a new officer, copied text."""
    errors = figures.errors
    overloaded = staff.target_pct[officers] > errors.overload_pct
    new = staff.service_days[officers] > -errors.new_officer_years * WORKING_YEAR_DAYS
    return (
        (errors.london_factor if plan.code == LONDON else 1.0)
        * np.where(overloaded, errors.overload_factor, 1.0)
        * np.where(new, errors.new_officer_factor, 1.0)
        * np.where(is_copied, errors.copied_factor, 1.0)
    )


def _dates(rng: np.random.Generator, types: Ints, posted: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    n = len(types)
    started = -np.clip(rng.gamma(1.6, 230.0, n), 4, 2400).astype(np.int64)
    started = np.where(types == CUSTODY, started - 200, started)
    ends = np.maximum(started + rng.integers(360, 1500, n), rng.integers(5, 500, n))
    released = np.where(types == LICENCE, started, NEVER)
    due = np.where((types == CUSTODY) & (rng.random(n) < 0.7), rng.integers(5, 700, n), NEVER)
    ends = np.where(types == CUSTODY, np.maximum(ends, due + 180), ends)
    started = np.where((posted > -56) & (rng.random(n) < 0.5), np.maximum(started, posted), started)
    released = np.where(types == LICENCE, started, released)
    return started, released, due, ends


def _mappa_categories(rng: np.random.Generator, families: Ints, types: Ints, figures: Calibration) -> Ints:
    """Put registered sexual offenders in category 1 and some violent ones with custody in category 2."""
    violent = np.isin(families, (DOMESTIC, VIOLENCE, ROBBERY, ARSON)) & (types != COMMUNITY)
    serious = violent & happens(rng, figures.caseload.mappa_violence_rate, len(families))
    return np.select([families == SEXUAL, serious], [1, 2], 0).astype(np.int64)
