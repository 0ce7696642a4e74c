"""Tables of cases: the cases themselves, former CRNs, access lists, and who has held each case."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qa_service.extract.caseload import CASE_TYPES
from qa_service.synth.caseload import Caseload
from qa_service.synth.cases import COMMUNITY, NEVER, SEXUAL
from qa_service.synth.draws import Bools, Ints, happens
from qa_service.synth.narratives import People
from qa_service.synth.recipe import Recipe
from qa_service.synth.roster import LETTERS, Roster
from qa_service.synth.staff_tables import SEXES, Columns
from qa_service.synth.words import coded, join

OFFENCES = (
    "Assault occasioning actual bodily harm (domestic)",
    "Wounding",
    "Sexual assault",
    "Robbery",
    "Theft from a shop",
    "Possession of a class A drug with intent to supply",
    "Driving while disqualified",
    "Arson",
)
# A one-to-one scattering of the numbers below a million, so that neighbours do not share an officer.
CRN_STEP, CRN_START, CRN_SPAN = 387_407, 104_729, 1_000_000


def crns_of(numbers: Ints, letter: str = "X") -> pa.Array:
    """Write the CRNs of cases by their numbers; no two cases below a million share one."""
    digits = pa.array((numbers * CRN_STEP + CRN_START) % CRN_SPAN).cast(pa.string())
    return join(letter, pc.utf8_lpad(digits, 6, "0"), separator="")


def closed_days(caseload: Caseload, recipe: Recipe) -> Ints:
    """Say when the few closed cases were closed."""
    rng = recipe.stream(caseload.plan.code, "closed")
    n = len(caseload.cases)
    is_closed = happens(rng, recipe.figures.caseload.closed_rate, n) & (caseload.cases.started_days < -60)
    return np.where(is_closed, -rng.integers(1, 25, n), NEVER)


def write_cases(caseload: Caseload, people: People, tiers: Ints, closed: Ints, recipe: Recipe) -> Columns:
    """Write the cases table of a region."""
    cases, mix, dates = caseload.cases, recipe.figures.caseload, recipe.calendar.dates
    rng = recipe.stream(caseload.plan.code, "case-table")
    n = len(cases)
    untiered = happens(rng, mix.untiered_rate, n)
    hearing = happens(rng, mix.hearing_rate, n)
    kinds = np.where(cases.types == COMMUNITY, 0, rng.integers(1, 3, n))
    event = happens(rng, mix.high_risk_event_rate, n)
    return {
        "case_key": _case_keys(cases.numbers),
        "crn": crns_of(cases.numbers),
        "noms_number": _noms_numbers(cases.numbers, cases.types != COMMUNITY),
        "name": people.names,
        "sex": coded(SEXES, (~cases.is_female).astype(np.int64)),
        "ethnicity": coded(mix.ethnicities, cases.ethnicities),
        "birth_year": recipe.calendar.today.year - cases.ages,
        "is_limited_access": cases.is_limited,
        "tier_version": coded(("2",), np.where(untiered, -1, 0)),
        "tier": coded(recipe.figures.points.tiers, np.where(untiered, -1, tiers)),
        "case_type": coded(CASE_TYPES, cases.types),
        "is_t2a": cases.is_t2a,
        "contact_status": coded(("ACTIVE", "SUSPENDED"), cases.is_suspended.astype(np.int64)),
        "offence": coded(OFFENCES, cases.families),
        "is_sexual_offence": cases.families == SEXUAL,
        "started_on": dates(cases.started_days),
        "released_on": dates(cases.released_days),
        "release_due_on": dates(cases.release_due_days),
        "ends_on": dates(cases.ends_days),
        "closed_on": dates(closed),
        "next_hearing_on": dates(np.where(hearing, rng.integers(2, 70, n), NEVER)),
        "next_hearing_kind": coded(("COURT", "PAROLE", "BREACH"), np.where(hearing, kinds, -1)),
        "high_risk_event_on": dates(np.where(event, rng.integers(2, 60, n), NEVER)),
        "mappa_category": pa.array(cases.mappa_categories, mask=cases.mappa_categories == 0),
        "mappa_level": pa.array(cases.mappa_levels, mask=cases.mappa_levels == 0),
        "has_restriction": cases.is_limited,
        "has_exclusion": _has_exclusion(caseload, recipe),
    }


def write_former_crns(caseload: Caseload, recipe: Recipe) -> Columns:
    """Write a few CRNs that were merged into present ones."""
    rng = recipe.stream(caseload.plan.code, "former-crns")
    merged = caseload.cases.numbers[
        happens(rng, recipe.figures.caseload.former_crn_rate, len(caseload.cases))
    ]
    return {
        "former_crn": crns_of(merged, "Y"),
        "crn": crns_of(merged),
        "merged_on": recipe.calendar.dates(-rng.integers(20, 400, len(merged))),
    }


def write_case_access(caseload: Caseload, roster: Roster, case_teams: Ints, recipe: Recipe) -> Columns:
    """Write who may see a limited-access case (officer and SPO), and who may not see an excluded one."""
    cases = caseload.cases
    limited = np.flatnonzero(cases.is_limited)
    excluded = np.flatnonzero(_has_exclusion(caseload, recipe))
    spos = roster.first_spo + case_teams[limited]
    barred = (cases.officers[excluded] + 3) % roster.n_practitioners
    people = np.concatenate([cases.officers[limited], spos, barred])
    reasons = ["holds the case", "manages the team", "knows the person"]
    counts = [len(limited), len(limited), len(excluded)]
    places = np.concatenate([limited, limited, excluded])
    return {
        "crn": crns_of(cases.numbers[places]),
        "staff_code": roster.codes_of(people),
        "kind": ["PERMITTED"] * (2 * len(limited)) + ["EXCLUDED"] * len(excluded),
        "reason": [reason for reason, n in zip(reasons, counts, strict=True) for _ in range(n)],
        "from_on": recipe.calendar.dates(caseload.holders.since_days[places]),
    }


def write_case_assignments(
    caseload: Caseload, roster: Roster, case_teams: Ints, closed: Ints, recipe: Recipe
) -> Columns:
    """Write who holds each case and who held it before."""
    cases, holders, plan = caseload.cases, caseload.holders, caseload.plan
    before = np.flatnonzero(holders.previous >= 0)
    staff_teams = np.concatenate([plan.team_of_practitioner, roster.leaver_teams])
    teams = np.concatenate([case_teams, staff_teams[holders.previous[before]]])
    return {
        "crn": crns_of(np.concatenate([cases.numbers, cases.numbers[before]])),
        "staff_code": roster.codes_of(np.concatenate([cases.officers, holders.previous[before]])),
        "team_code": pa.array(plan.team_codes).take(pa.array(teams)),
        "from_on": recipe.calendar.dates(np.concatenate([holders.since_days, cases.started_days[before]])),
        "to_on": recipe.calendar.dates(np.concatenate([closed, holders.since_days[before] - 1])),
    }


def _has_exclusion(caseload: Caseload, recipe: Recipe) -> Bools:
    rng = recipe.stream(caseload.plan.code, "exclusions")
    return happens(rng, recipe.figures.caseload.exclusion_rate, len(caseload.cases))


def _case_keys(numbers: Ints) -> pa.Array:
    return join("C-", pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 7, "0"), separator="")


def _noms_numbers(numbers: Ints, was_inside: Bools) -> pa.Array:
    letters = pa.array([first + second for first in LETTERS for second in LETTERS])
    digits = pc.utf8_lpad(pa.array(numbers % 10_000).cast(pa.string()), 4, "0")
    written = join("A", digits, letters.take(pa.array(numbers // 10_000 % 676)), separator="")
    return pc.if_else(pa.array(was_inside), written, pa.scalar(None, pa.string()))
