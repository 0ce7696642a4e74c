"""Workload by WMT's arithmetic: points of cases, reductions, and what each posting carried week by week."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from qa_service.synth.caseload import Caseload
from qa_service.synth.cases import CUSTODY
from qa_service.synth.draws import Bools, Floats, Ints
from qa_service.synth.recipe import Recipe
from qa_service.synth.roster import Roster
from qa_service.synth.staff import FIRST_OTHER, NEWLY_QUALIFIED, NO_REASON, NQO, TRAINEE
from qa_service.synth.staff_tables import Columns, split_hours

TRAINEE_REASONS = ("PQiP 0-6 months", "PQiP 6-12 months", "PQiP 12-18 months")
NQO_REASON = "Newly Qualified Probation Officers"
ROUNDING = 1e-9  # WMT truncates decimal hours; binary fractions must not fall just below


@dataclass(frozen=True)
class Load:
    """Points per posting today; first teams come first, then the second teams of people in two."""

    people: Ints
    teams: Ints
    hours: Floats
    total_points: Ints
    available_points: Ints
    n_cases: Ints


def teams_of_cases(caseload: Caseload, recipe: Recipe) -> Ints:
    """Say in which of its officer's teams each case is held."""
    officers = caseload.cases.officers
    second = caseload.staff.second_teams[officers]
    in_second = (second >= 0) & (recipe.stream(caseload.plan.code, "teams").random(len(officers)) < 0.4)
    return np.where(in_second, second, caseload.plan.team_of_practitioner[officers])


def points_of_cases(caseload: Caseload, tiers: Ints, recipe: Recipe) -> Ints:
    """Look the points of each case up; T2A counts as custody, suspended contact as nothing."""
    points, cases = recipe.figures.points, caseload.cases
    tables = np.array([points.community, points.licence, points.custody])
    table = np.where(cases.is_t2a, CUSTODY, cases.types)
    return np.where(cases.is_suspended, 0, tables[table, tiers])


def measure_load(caseload: Caseload, case_points: Ints, case_teams: Ints, recipe: Recipe) -> Load:
    """Add up points and hours of every posting; work other than cases fills up to the workload aimed at."""
    plan, staff, figures = caseload.plan, caseload.staff, recipe.figures
    rng = recipe.stream(plan.code, "load")
    n = len(staff)
    two: Bools = staff.second_teams >= 0
    first_hours, second_hours = split_hours(staff.hours, two)
    people = np.concatenate([np.arange(n), np.flatnonzero(two)])
    posting_of_second = np.full(n, -1)
    posting_of_second[two] = n + np.arange(int(two.sum()))
    officers = caseload.cases.officers
    own_team = case_teams == plan.team_of_practitioner[officers]
    posting = np.where(own_team, officers, posting_of_second[officers])
    total = np.bincount(posting, case_points, len(people)).astype(np.int64)
    n_cases = np.bincount(posting, minlength=len(people))
    hours = np.concatenate([first_hours - staff.reduction_hours, second_hours])
    nominal, default = figures.points.nominal_target, figures.points.default_hours
    available = np.trunc(nominal * hours / default + ROUNDING).astype(np.int64)
    other_work = rng.uniform(60.0, 105.0, n)  # of people who hold no cases
    wanted = np.where(np.isnan(staff.target_pct), other_work, staff.target_pct)[people] / 100 * available
    joined = (staff.posted_days > -56)[people]
    wanted = np.where(joined, wanted * 0.5, wanted).astype(np.int64)
    return Load(
        people=people,
        teams=np.concatenate([plan.team_of_practitioner, staff.second_teams[two]]),
        hours=np.concatenate([first_hours, second_hours]),
        total_points=np.maximum(total, wanted),
        available_points=available,
        n_cases=n_cases,
    )


def write_weekly_workload(caseload: Caseload, load: Load, roster: Roster, recipe: Recipe) -> Columns:
    """Write one row per posting and week since it began; the latest week is the load as it is."""
    rng = recipe.stream(caseload.plan.code, "weeks")
    today = recipe.calendar.today
    monday = -today.weekday()
    weeks = monday - 7 * np.arange(recipe.figures.workload.n_weeks)
    people, week = np.meshgrid(np.arange(len(load.people)), weeks, indexing="ij")
    posting, days = people.ravel(), week.ravel()
    kept = days >= np.minimum(caseload.staff.posted_days[load.people[posting]], monday)
    posting, days = posting[kept], days[kept]
    wobble = np.where(days == monday, 1.0, rng.normal(1.0, 0.03, len(days)))
    fewer = np.where(days == monday, 0, rng.integers(-1, 2, len(days)))
    return {
        "staff_code": roster.codes_of(load.people[posting]),
        "team_code": pa.array(caseload.plan.team_codes).take(pa.array(load.teams[posting])),
        "week_on": recipe.calendar.dates(days),
        "total_points": np.round(load.total_points[posting] * wobble).astype(np.int64),
        "available_points": load.available_points[posting],
        "n_cases": np.maximum(load.n_cases[posting] + np.where(load.n_cases[posting] > 0, fewer, 0), 0),
    }


def write_reductions(caseload: Caseload, roster: Roster, recipe: Recipe) -> Columns:
    """Write reductions in force, those that newly qualified officers have behind them, and a few to come."""
    staff, rules = caseload.staff, recipe.figures.practitioners.reductions
    rng = recipe.stream(caseload.plan.code, "reductions")
    held = np.flatnonzero(staff.reduction_reasons != NO_REASON)
    past = np.flatnonzero((staff.grades == NQO) & (staff.reduction_reasons == NO_REASON))
    coming = np.flatnonzero((staff.reduction_reasons == NO_REASON) & (rng.random(len(staff)) < 0.01))
    reasons = staff.reduction_reasons[held]
    step = np.minimum(-staff.grade_days[held] // rules.trainee_step_days, len(TRAINEE_REASONS) - 1)
    trainee_from = staff.grade_days[held] + step * rules.trainee_step_days
    starts = np.select(
        [reasons == NEWLY_QUALIFIED, reasons == TRAINEE],
        [staff.grade_days[held], trainee_from],
        -rng.integers(10, 80, len(held)),
    )
    lasts = np.select(
        [reasons == NEWLY_QUALIFIED, reasons == TRAINEE],
        [rules.nqo_days, np.maximum(rules.trainee_step_days, 30 - trainee_from)],
        rng.integers(90, 240, len(held)),
    )
    begins = rng.integers(5, 30, len(coming))
    people = np.concatenate([held, past, coming])
    texts = [_reason(int(r), int(s), rules.other_reasons) for r, s in zip(reasons, step, strict=True)]
    hours = [
        staff.reduction_hours[held],
        np.round(rules.nqo_share * staff.hours[past], 1),
        np.full(len(coming), 3.7),
    ]
    from_days = np.concatenate([starts, staff.grade_days[past], begins])
    to_days = np.concatenate([starts + lasts, staff.grade_days[past] + rules.nqo_days, begins + 90])
    statuses = ["ACTIVE"] * len(held) + ["ARCHIVED"] * len(past) + ["SCHEDULED"] * len(coming)
    return {
        "reduction_id": [f"{caseload.plan.code}-{k}" for k in range(len(people))],
        "staff_code": roster.codes_of(people),
        "team_code": pa.array(caseload.plan.team_codes).take(
            pa.array(caseload.plan.team_of_practitioner[people])
        ),
        "reason": texts + [NQO_REASON] * len(past) + [rules.other_reasons[0]] * len(coming),
        "hours": np.concatenate(hours),
        "from_on": recipe.calendar.dates(from_days),
        "to_on": recipe.calendar.dates(to_days),
        "status": statuses,
    }


def _reason(reason: int, step: int, other_reasons: tuple[str, ...]) -> str:
    if reason == NEWLY_QUALIFIED:
        return NQO_REASON
    if reason == TRAINEE:
        return TRAINEE_REASONS[step]
    return other_reasons[reason - FIRST_OTHER]
