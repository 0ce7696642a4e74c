"""Tables of the record: assessments, register entries, case-pack items."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qa_service.extract.records import LEVELS, STATUSES
from qa_service.synth.case_tables import crns_of
from qa_service.synth.caseload import Caseload
from qa_service.synth.cases import CUSTODY, HIGH, LICENCE
from qa_service.synth.dates import working_seconds
from qa_service.synth.draws import Bools, Ints, happens
from qa_service.synth.grids import COLUMNS
from qa_service.synth.history import OPEN, Assessments
from qa_service.synth.recipe import Recipe
from qa_service.synth.roster import Roster
from qa_service.synth.staff import PQIP
from qa_service.synth.staff_tables import Columns
from qa_service.synth.timeline import Timeline
from qa_service.synth.words import coded, join, only

STATUS_CODES = (STATUSES[0], STATUSES[2], STATUSES[3])  # as history numbers them
PURPOSES = (
    "Review",
    "Significant Change",
    "Start of Community Order",
    "Start licence",
    "Start custody",
    "Fast Review",
    "Risk Review",
)
REVIEW, SIGNIFICANT_CHANGE, START_COMMUNITY = 0, 1, 2
COMMENTS = (
    "Read and agreed.",
    "Agreed. Please add the police reply at the next review.",
    "Discussed with the author; reasoning for partners tested against the record.",
    "Countersigned.",
)
FULL_ANALYSIS_REASONS = (
    "Screening answers call for it.",
    "Previous behaviour indicates possible serious harm.",
)


def assessment_ids(caseload: Caseload, assessments: Assessments) -> pa.Array:
    """Write ids that are unique in the whole area: the case's number and the assessment's rank."""
    numbers = caseload.cases.numbers[assessments.cases] * 10 + assessments.age_rank + 1
    return pa.array(10_000_000 + numbers).cast(pa.string())


def write_assessments(
    caseload: Caseload,
    assessments: Assessments,
    timeline: Timeline,
    roster: Roster,
    written: dict[str, pa.Array],
    recipe: Recipe,
) -> Columns:
    """Write the assessments table; `written` holds the columns of text, scores and screening."""
    rng = recipe.stream(caseload.plan.code, "assessment-table")
    n, calendar = len(assessments), recipe.calendar
    places = assessments.cases
    seconds = working_seconds(rng, n)
    analysed = caseload.facts.has_full_analysis[places]
    reasons = coded(FULL_ANALYSIS_REASONS, rng.integers(0, len(FULL_ANALYSIS_REASONS), n))
    levels = {name: coded(LEVELS, assessments.grids[:, k]) for k, name in enumerate(COLUMNS)}
    authors = assessments.authors
    named = np.where(authors < 0, rng.integers(0, len(roster.names), n), authors)
    names = pc.replace_substring(roster.names.take(pa.array(named)), " ", " - ")
    rates = recipe.figures.assessments
    is_san = happens(rng, rates.san_rate, n).astype(np.int64)
    is_layer_1 = happens(rng, rates.layer_1_rate, n).astype(np.int64)
    return {
        "assessment_id": assessment_ids(caseload, assessments),
        "crn": crns_of(caseload.cases.numbers[places]),
        "assessment_type": coded(("LAYER3", "LAYER1"), is_layer_1),
        "assessment_version": coded(("1", "2"), is_san),
        "status": coded(STATUS_CODES, assessments.statuses),
        "purpose": coded(PURPOSES, _purposes(rng, caseload, assessments, timeline)),
        "initiated_at": calendar.moments(assessments.initiated_days, seconds),
        "completed_at": calendar.moments(assessments.completed_days, seconds + 5400),
        "signed_at": calendar.moments(assessments.completed_days, seconds + 3600),
        "author_name": only(rng.random(n) < 0.99, names),
        "author_staff_code": roster.codes_of(authors),
        "practitioner_staff_code": roster.codes_of(assessments.holders),
        **levels,
        "overall_stated": coded(LEVELS, assessments.grids.max(axis=1)),
        "has_full_analysis": analysed,
        "full_analysis_reason": only(analysed, reasons),
        **_countersignatures(rng, caseload, assessments, roster, recipe),
        **written,
    }


def needs_countersignature(caseload: Caseload, assessments: Assessments) -> Bools:
    """Tell assessments that the framework wants countersigned: high ones, and those of trainees."""
    trainee = caseload.staff.grades[caseload.cases.officers[assessments.cases]] == PQIP
    needed: Bools = (assessments.grids.max(axis=1) >= HIGH) | trainee
    return needed


def _purposes(
    rng: np.random.Generator, caseload: Caseload, assessments: Assessments, timeline: Timeline
) -> Ints:
    places = assessments.cases
    types = caseload.cases.types[places]
    start = np.select(
        [types == LICENCE, types == CUSTODY], [START_COMMUNITY + 1, START_COMMUNITY + 2], START_COMMUNITY
    )
    is_first = assessments.completed_days - caseload.cases.started_days[places] < 60
    event = timeline.event_days[places]
    after_event = assessments.is_latest & (event > -10_000) & (event < assessments.completed_days)
    other = np.where(rng.random(len(places)) < 0.2, rng.integers(5, 7, len(places)), REVIEW)
    return np.select([after_event, is_first], [np.full(len(places), SIGNIFICANT_CHANGE), start], other)


def _countersignatures(
    rng: np.random.Generator, caseload: Caseload, assessments: Assessments, roster: Roster, recipe: Recipe
) -> Columns:
    n = len(assessments)
    team = caseload.plan.team_of_practitioner[caseload.cases.officers[assessments.cases]]
    signed = needs_countersignature(caseload, assessments) & (assessments.statuses != OPEN)
    signed &= ~happens(rng, recipe.figures.items.no_countersignature_rate, n)
    days = np.where(signed, np.minimum(assessments.completed_days + rng.integers(0, 6, n), 0), -999_999)
    comments = coded(COMMENTS, rng.integers(0, len(COMMENTS), n))
    return {
        "countersigner_staff_code": roster.codes_of(np.where(signed, roster.first_spo + team, -1)),
        "countersigned_at": recipe.calendar.moments(days, np.full(n, 64_000)),
        "countersignature_comment": only(signed & (rng.random(n) < 0.8), comments),
    }


def write_case_pack_items(
    caseload: Caseload, pack: tuple[Ints, Ints, pa.Table], roster: Roster, recipe: Recipe
) -> Columns:
    """Write the case-pack items of a region; most are recorded within three days and never after today."""
    places, days, table = pack
    rng = recipe.stream(caseload.plan.code, "item-table")
    n = len(places)
    recorded = np.minimum(days + rng.integers(0, 4, n), -1)
    holders = caseload.holders
    held_now = days >= holders.since_days[places]
    author = np.where(held_now, caseload.cases.officers[places], holders.previous[places])
    author = np.where(table["is_by_staff"].to_numpy(), author, -1)
    running = pc.utf8_lpad(pa.array(np.arange(n)).cast(pa.string()), 7, "0")
    return {
        "item_id": join(f"I-{caseload.plan.code}-", running, separator=""),
        "crn": crns_of(caseload.cases.numbers[places]),
        "happened_on": recipe.calendar.dates(days),
        "recorded_at": recipe.calendar.moments(recorded, working_seconds(rng, n)),
        "author_staff_code": roster.codes_of(author),
        **{name: table[name] for name in ("kind", "state", "source", "title", "text", "calls_for_review")},
    }
