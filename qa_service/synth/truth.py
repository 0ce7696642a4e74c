"""The truth about each latest assessment, written to a file of its own that only evaluation reads."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from qa_service.extract.records import LEVELS
from qa_service.synth import facts as f
from qa_service.synth.case_tables import crns_of
from qa_service.synth.caseload import Caseload
from qa_service.synth.cases import COMMUNITY, HIGH, NEVER
from qa_service.synth.draws import Bools, Ints, choose, happens
from qa_service.synth.grids import COLUMNS
from qa_service.synth.history import Assessments
from qa_service.synth.recipe import Recipe
from qa_service.synth.record_tables import assessment_ids
from qa_service.synth.timeline import Timeline
from qa_service.synth.words import coded, join

ANSWERS = ("yes", "partly", "no", "na")
YES, PARTLY, NO, NA = range(4)


def truth_path(directory: Path) -> Path:
    """Name the truth's file: beside the extract's folder, so that loading the folder never meets it."""
    return directory.with_name(f"{directory.name}.truth.csv")


def write_truth(
    caseload: Caseload, assessments: Assessments, timeline: Timeline, register_levels: Ints, recipe: Recipe
) -> pa.Table:
    """Tell of every latest assessment the true levels, why the recorded are wrong, and the item answers."""
    rows = np.flatnonzero(assessments.is_latest)
    places = assessments.cases[rows]
    cases, facts = caseload.cases, caseload.facts
    ids = assessment_ids(caseload, assessments).take(pa.array(rows))
    wrong = cases.is_too_low | cases.group_too_low
    pressing = facts.holds[:, f.CIRCUMSTANCES_CHANGED] | facts.holds[:, f.CHILD_CONCERN]
    exposed = wrong & pressing & (cases.true >= HIGH)
    ignored = facts.is_ignored & wrong[:, None]
    named = [coded(("", f"{name};"), ignored[:, k].astype(np.int64)) for k, name in enumerate(f.FACTS)]
    why = pc.utf8_rtrim(join(*named, separator=""), ";")
    items = answer_items(caseload, timeline, register_levels, recipe)
    columns = {
        "assessment_id": ids,
        "crn": crns_of(cases.numbers[places]),
        "true_overall": coded(LEVELS, cases.true[places]),
        **{f"true_{name}": coded(LEVELS, caseload.true_grid[places, k]) for k, name in enumerate(COLUMNS)},
        "is_too_low": cases.is_too_low[places],
        "is_too_high": (cases.recorded > cases.true)[places],
        "is_group_too_low": cases.group_too_low[places],
        "is_somebody_exposed": exposed[places],
        "is_copied": cases.is_copied[places],
        "is_review_missed": timeline.is_review_missed[places],
        "why": why.take(pa.array(places)),
        **{f"item_{name}": coded(ANSWERS, answers[places]) for name, answers in items.items()},
    }
    return pa.table(columns)


def answer_items(
    caseload: Caseload, timeline: Timeline, register_levels: Ints, recipe: Recipe
) -> dict[str, Ints]:
    """Answer each rubric item for every case, from the facts where there are any, else by its rate."""
    cases, facts = caseload.cases, caseload.facts
    rates = recipe.figures.items
    rng = recipe.stream(caseload.plan.code, "items")
    n = len(cases)
    ignored, holds = facts.is_ignored, facts.holds
    enquiries = np.array([NO, NO, PARTLY, YES])
    inside = cases.types != COMMUNITY
    unequal = np.count_nonzero(caseload.recorded_grid != caseload.true_grid, axis=1) > 0
    agrees = (register_levels == cases.recorded) | (register_levels < 0)
    triggers = holds[:, : f.CIRCUMSTANCES_CHANGED].any(axis=1)
    by_rate = {
        name: _by_rate(rng, rate, rates.partly_share, n) for name, rate in rates.other_no_rates.items()
    }
    answers = {
        "A1": np.where(ignored[:, f.VIOLENT_HISTORY], NO, by_rate["A1"]),
        "A2": np.where(facts.police < 0, NA, enquiries[np.maximum(facts.police, 0)]),
        "A3": np.where(facts.children < 0, NA, enquiries[np.maximum(facts.children, 0)]),
        "A4": np.where(inside, _yes_unless(ignored[:, f.CUSTODY_VIOLENCE]), NA),
        "A5": np.where(holds[:, f.INTELLIGENCE], _yes_unless(ignored[:, f.INTELLIGENCE]), NA),
        "A6": _yes_unless(ignored[:, f.EARLIER_HIGH] | ignored[:, f.ORDER_BREACHED]),
        "A7": np.where(facts.has_home_visit, by_rate["A7"], NO),
        "B1": _yes_unless(facts.misses_trigger & ignored.any(axis=1)),
        "B2": _yes_unless(triggers & ~facts.has_full_analysis & cases.is_too_low),
        "B3": np.where(cases.has_domestic_abuse, _yes_unless(~facts.has_sara), NA),
        "C1": _yes_unless(~facts.names_people),
        "C7": np.where(cases.is_copied, np.where(rng.random(n) < rates.partly_share, PARTLY, NO), YES),
        "D1": _yes_unless(cases.is_too_low | (cases.recorded > cases.true)),
        "D2": _yes_unless(unequal),
        "D4": _yes_unless(~agrees),
        "E2": _yes_unless(~facts.has_victim_safety),
        "E3": _yes_unless(~facts.has_contingency),
        "E4": np.where(facts.has_residence_requirement, _yes_unless(~facts.has_address_check), NA),
        "F1": _yes_unless(facts.is_first_late),
        "F2": np.where(timeline.event_days == NEVER, NA, _yes_unless(timeline.is_review_missed)),
        "F3": np.where(facts.has_absences, _yes_unless(facts.is_enforcement_late), NA),
        "G3": _yes_unless(~facts.has_supervision),
    }
    return dict(sorted((by_rate | answers).items()))


def _yes_unless(lacking: Bools) -> Ints:
    return np.where(lacking, NO, YES)


def _by_rate(rng: np.random.Generator, rate: float, partly_share: float, n: int) -> Ints:
    lacking = happens(rng, rate, n)
    kind = choose(rng, (partly_share, 1 - partly_share), n)
    return np.where(lacking, PARTLY + kind, YES)


def save_truth(parts: list[pa.Table], path: Path) -> int:
    """Write the truth of all regions as one CSV file and count its rows."""
    table = pa.concat_tables(parts)
    pyarrow.csv.write_csv(table, path)
    return int(table.num_rows)
