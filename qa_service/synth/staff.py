"""Practitioners of one region: how long they have served, their hours, and how loaded they are."""

from dataclasses import dataclass

import numpy as np

from qa_service.synth.calibration import Calibration
from qa_service.synth.draws import Bools, Floats, Ints, apportion, choose, happens, stream, truncated_normal
from qa_service.synth.estate import RegionPlan
from qa_service.synth.presets import Preset

PO, NQO, PSO, PQIP = range(4)
WORKING_YEAR_DAYS = 365.25


@dataclass(frozen=True)
class Practitioners:
    """Practitioners of a region, one place per person; days are counted from today, the past negative.

    `reduction_hours` is in force today; `target_pct` the WMT workload aimed at (nan: holds no cases).
    """

    grades: Ints
    grade_days: Ints
    service_days: Ints
    posted_days: Ints
    hours: Floats
    reduction_hours: Floats
    reduction_reasons: Ints
    second_teams: Ints
    is_on_leave: Bools
    is_transferred: Bools
    is_templated: Bools
    target_pct: Floats
    n_cases: Ints
    available_points: Ints

    def __len__(self) -> int:
        return len(self.grades)


NO_REASON, NEWLY_QUALIFIED, TRAINEE, FIRST_OTHER = -1, 0, 1, 2


def draw_practitioners(plan: RegionPlan, preset: Preset, figures: Calibration, seed: int) -> Practitioners:
    """Draw the practitioners of a region and how many cases each holds."""
    rng = stream(seed, plan.code, "practitioners")
    n = len(plan.pdu_of_practitioner)
    rates = figures.practitioners
    grades = choose(rng, rates.grade_rates, n)
    service_days, grade_days, posted_days = _tenure(rng, grades, figures)
    hours = np.where(
        happens(rng, rates.part_time_rate, n) & (grades != PQIP),
        np.array(rates.part_time_hours)[rng.integers(0, len(rates.part_time_hours), n)],
        figures.points.default_hours,
    )
    reduction_hours, reasons = _reductions(rng, grades, grade_days, hours, figures)
    available = _available(hours - reduction_hours, figures)
    target = _targets(rng, grades, preset, figures)
    return Practitioners(
        grades=grades,
        grade_days=grade_days,
        service_days=service_days,
        posted_days=posted_days,
        hours=hours,
        reduction_hours=reduction_hours,
        reduction_reasons=reasons,
        second_teams=_second_teams(rng, plan, grades, reasons, figures),
        is_on_leave=happens(rng, rates.long_leave_rate, n),
        is_transferred=happens(rng, rates.transferred_rate, n),
        is_templated=happens(rng, figures.assessments.template_officer_rate, n),
        target_pct=target,
        n_cases=_caseloads(target, available, grades, posted_days, plan.n_cases, preset, figures),
        available_points=available,
    )


def _tenure(rng: np.random.Generator, grades: Ints, figures: Calibration) -> tuple[Ints, Ints, Ints]:
    n = len(grades)
    means = np.array(figures.practitioners.mean_tenure_years)[grades] * WORKING_YEAR_DAYS
    service = -(60 + rng.exponential(means)).astype(np.int64)
    grade = np.where(
        grades == NQO,
        -rng.integers(5, 420, n),
        np.where(grades == PQIP, -rng.integers(5, 640, n), np.maximum(service, -rng.integers(200, 6000, n))),
    )
    service = np.minimum(service, grade - np.where(grades == NQO, 500, 0))
    is_joiner = happens(rng, figures.practitioners.joiner_rate, n)
    posted = np.where(is_joiner, -rng.integers(1, 55, n), np.maximum(service, -rng.integers(60, 3000, n)))
    return service, grade, posted


def _reductions(
    rng: np.random.Generator, grades: Ints, grade_days: Ints, hours: Floats, figures: Calibration
) -> tuple[Floats, Ints]:
    n = len(grades)
    rules = figures.practitioners.reductions
    reasons: Ints = np.full(n, NO_REASON)
    other = happens(rng, figures.practitioners.other_reduction_rate, n)
    kind = rng.integers(0, len(rules.other_reasons), n)
    taken: Floats = np.where(other, np.minimum(np.array(rules.other_hours)[kind], hours / 2), 0.0)
    reasons[other] = FIRST_OTHER + kind[other]
    new = (grades == NQO) & (-grade_days < rules.nqo_days)
    trainee = grades == PQIP
    step = np.minimum(-grade_days // rules.trainee_step_days, len(rules.trainee_shares) - 1)
    taken = np.where(new, rules.nqo_share * hours, taken)
    taken = np.where(trainee, np.array(rules.trainee_shares)[step] * hours, taken)
    reasons[new], reasons[trainee] = NEWLY_QUALIFIED, TRAINEE
    return np.round(taken, 1), reasons


def _available(hours: Floats, figures: Calibration) -> Ints:
    """WMT: trunc(nominal target x available hours / default hours); the tiny term undoes binary fractions."""
    points = figures.points
    return np.trunc(points.nominal_target * hours / points.default_hours + 1e-9).astype(np.int64)


def _targets(rng: np.random.Generator, grades: Ints, preset: Preset, figures: Calibration) -> Floats:
    load = figures.workload
    means = load.mean_pct + np.array(load.grade_shift_pct)[grades]
    target = truncated_normal(rng, means, load.sd_pct, (load.low_pct, load.high_pct))
    holds = happens(rng, np.array(figures.practitioners.caseholder_rates)[grades], len(grades))
    if preset.cases_per_practitioner is not None:
        holds[:] = True
    return np.where(holds, target, np.nan)


def _caseloads(
    target: Floats,
    available: Ints,
    grades: Ints,
    posted: Ints,
    n_cases: int,
    preset: Preset,
    figures: Calibration,
) -> Ints:
    if preset.cases_per_practitioner is not None:
        return np.full(len(target), preset.cases_per_practitioner)
    is_joiner = posted > -56
    points = (
        np.nan_to_num(target) / 100 * available * figures.workload.case_share * np.where(is_joiner, 0.4, 1)
    )
    return apportion(n_cases, points / np.array(figures.workload.case_points)[grades])


def _second_teams(
    rng: np.random.Generator, plan: RegionPlan, grades: Ints, reasons: Ints, figures: Calibration
) -> Ints:
    """Give a few people a second team of the same PDU; -1 for the others."""
    n = len(grades)
    team = plan.team_of_practitioner
    following = np.minimum(team + 1, len(plan.pdu_of_team) - 1)
    same_pdu = (plan.pdu_of_team[following] == plan.pdu_of_team[team]) & (following != team)
    two = happens(rng, figures.practitioners.two_teams_rate, n) & same_pdu & (reasons == NO_REASON)
    return np.where(two, following, -1)
