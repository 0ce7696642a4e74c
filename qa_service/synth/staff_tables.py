"""Tables of people, staff codes, postings and posts."""

import numpy as np
import pyarrow as pa

from qa_service.synth.caseload import Caseload
from qa_service.synth.cases import NEVER
from qa_service.synth.draws import Bools, choose, happens
from qa_service.synth.estate import load_regions
from qa_service.synth.recipe import Recipe
from qa_service.synth.roster import LETTERS, Roster
from qa_service.synth.words import coded

Columns = dict[str, object]
SEXES = ("F", "M")
MANAGER_DAYS = -2200  # managers' tenure is not part of any figure


def write_people(caseload: Caseload, roster: Roster, recipe: Recipe) -> Columns:
    """Write the people table of a region."""
    staff, rates = caseload.staff, recipe.figures
    rng = recipe.stream(caseload.plan.code, "people")
    n = len(roster.keys)
    service = np.full(n, MANAGER_DAYS)
    service[: len(staff)] = staff.service_days
    on_leave = np.zeros(n, dtype=bool)
    on_leave[: len(staff)] = staff.is_on_leave
    leave_from = np.where(on_leave, -rng.integers(10, 90, n), NEVER)
    has_end = on_leave & (rng.random(n) < 0.8)
    return {
        "person_key": roster.keys,
        "name": roster.names,
        "email": roster.emails,
        "started_in_service_on": recipe.calendar.dates(service),
        "is_sex_offence_trained": happens(rng, rates.practitioners.sex_offence_trained_rate, n)
        & (service < -365),
        "long_leave_from_on": recipe.calendar.dates(leave_from),
        "long_leave_to_on": recipe.calendar.dates(np.where(has_end, rng.integers(10, 180, n), NEVER)),
        "sex": coded(SEXES, (~happens(rng, rates.practitioners.female_rate, n)).astype(np.int64)),
        "ethnicity": coded(rates.caseload.ethnicities, choose(rng, rates.caseload.ethnicity_rates, n)),
        "birth_year": recipe.calendar.today.year - rng.integers(22, 64, n),
    }


def write_staff_codes(caseload: Caseload, roster: Roster, recipe: Recipe) -> Columns:
    """Write the codes in use, those of leavers, and the former codes of people who came from elsewhere."""
    plan, staff = caseload.plan, caseload.staff
    n = len(roster.staff_codes)
    came = np.flatnonzero(staff.is_transferred)
    former_region, former = _former_codes(plan.number, plan.code, len(came))
    starts = np.concatenate([staff.posted_days, np.full(n - len(staff), MANAGER_DAYS)])
    ends = np.full(n, NEVER)
    ends[roster.n_practitioners : roster.first_spo] = caseload.holders.left_days
    return {
        "staff_code": roster.staff_codes.to_pylist() + former,
        "person_key": pa.concat_arrays([roster.keys[:n], roster.keys.take(pa.array(came))]),
        "region_code": [plan.code] * n + former_region,
        "from_on": recipe.calendar.dates(np.concatenate([starts, staff.posted_days[came] - 900])),
        "to_on": recipe.calendar.dates(np.concatenate([ends, staff.posted_days[came] - 1])),
    }


def _former_codes(number: int, code: str, n: int) -> tuple[list[str], list[str]]:
    """Give codes of another region, from the far end of its letters so that none is given twice."""
    others = [other for other, _ in load_regions() if other != code]
    regions = [others[k % len(others)] for k in range(n)]
    return regions, [f"{region}{LETTERS[-1 - number]}{k:03d}" for k, region in enumerate(regions)]


def write_postings(caseload: Caseload, roster: Roster, recipe: Recipe) -> Columns:
    """Write postings: two for people in two teams, ended ones for leavers, one for each SPO."""
    plan, staff = caseload.plan, caseload.staff
    two = staff.second_teams >= 0
    others = np.arange(roster.n_practitioners, roster.first_head)
    places = np.concatenate([np.arange(len(staff)), np.flatnonzero(two), others])
    teams = np.concatenate(
        [plan.team_of_practitioner, staff.second_teams[two], roster.leaver_teams, np.arange(roster.n_spos)]
    )
    n_others, default = len(others), recipe.figures.points.default_hours
    first, second = split_hours(staff.hours, two)
    grades = coded(recipe.figures.practitioners.grades, np.concatenate([staff.grades, staff.grades[two]]))
    ends = np.full(len(places), NEVER)
    ends[len(places) - n_others : len(places) - roster.n_spos] = caseload.holders.left_days
    far = np.full(n_others, MANAGER_DAYS)
    return {
        "staff_code": roster.codes_of(places),
        "team_code": pa.array(plan.team_codes).take(pa.array(teams)),
        "grade": grades.to_pylist() + ["PO"] * roster.n_leavers + ["SPO"] * roster.n_spos,
        "grade_from_on": recipe.calendar.dates(
            np.concatenate([staff.grade_days, staff.grade_days[two], far])
        ),
        "contracted_hours": np.concatenate([first, second, np.full(n_others, default)]),
        "from_on": recipe.calendar.dates(np.concatenate([staff.posted_days, staff.posted_days[two], far])),
        "to_on": recipe.calendar.dates(ends),
    }


def split_hours(hours: np.ndarray, two: Bools) -> tuple[np.ndarray, np.ndarray]:
    """Split the hours of people in two teams three to two; the second part is given for them alone."""
    first = np.where(two, np.round(0.6 * hours, 1), hours)
    return first, np.round(hours - first, 1)[two]


def write_posts(caseload: Caseload, roster: Roster, recipe: Recipe) -> Columns:
    """Write a post with a holder for every team, PDU and region, and a national one in the first region."""
    plan = caseload.plan
    n_posts = roster.n_spos + roster.n_heads + roster.n_directors
    kinds = ["SPO"] * roster.n_spos + ["HEAD_OF_PDU"] * roster.n_heads + ["REGIONAL_DIRECTOR"]
    codes = [
        *(f"SPO-{code}" for code in plan.team_codes),
        *(f"HEAD-{pdu.code}" for pdu in plan.pdus),
        f"RD-{plan.code}",
    ]
    region = dict(load_regions())[plan.code]
    titles = [
        *(f"SPO, {name}" for name in plan.team_names),
        *(f"Head of PDU, {pdu.name}" for pdu in plan.pdus),
        f"Regional director, {region}",
    ]
    if roster.n_directors > 1:
        kinds, codes = [*kinds, "NATIONAL"], [*codes, "NATIONAL"]
        titles.append("National lead for quality")
    filler = [None] * (roster.n_heads + roster.n_directors)
    return {
        "post_code": codes,
        "title": titles,
        "kind": kinds,
        "team_code": [*plan.team_codes, *filler],
        "pdu_code": [None] * roster.n_spos + [pdu.code for pdu in plan.pdus] + [None] * roster.n_directors,
        "region_code": [plan.code if kind == "REGIONAL_DIRECTOR" else None for kind in kinds],
        "holder_person_key": roster.keys[roster.first_spo :],
        "from_on": recipe.calendar.dates(np.full(n_posts, -700)),
    }
