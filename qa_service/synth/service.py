"""Make a synthetic area: an extract in a folder, and the truth in a file beside the folder."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import pyarrow as pa

from qa_service.extract.catalogue import TABLES
from qa_service.extract.manifest import NAME, write_manifest
from qa_service.extract.writing import Format, TableWriter
from qa_service.synth.calibration import load_calibration
from qa_service.synth.case_packs import draw_case_packs
from qa_service.synth.case_tables import (
    closed_days,
    crns_of,
    write_case_access,
    write_case_assignments,
    write_cases,
    write_former_crns,
)
from qa_service.synth.caseload import Caseload, draw_caseload
from qa_service.synth.dates import Calendar
from qa_service.synth.estate import RegionPlan, load_regions, plan_regions
from qa_service.synth.history import draw_assessments
from qa_service.synth.narratives import name_people, write_narratives
from qa_service.synth.presets import preset_named
from qa_service.synth.recipe import Recipe
from qa_service.synth.record_tables import write_assessments, write_case_pack_items
from qa_service.synth.register import draw_register_levels, draw_registrations
from qa_service.synth.roster import draw_roster
from qa_service.synth.scores import draw_scores, tier_places, write_scores
from qa_service.synth.screening import write_screening
from qa_service.synth.staff_tables import (
    Columns,
    write_people,
    write_postings,
    write_posts,
    write_staff_codes,
)
from qa_service.synth.timeline import draw_timeline
from qa_service.synth.truth import save_truth, truth_path, write_truth
from qa_service.synth.workload import (
    measure_load,
    points_of_cases,
    teams_of_cases,
    write_reductions,
    write_weekly_workload,
)

Progress = Callable[[int, int, str], None]
MADE_AT = time(6, 0, tzinfo=UTC)  # an extract of a day is the night's; the clock must not change the bytes


class OutputNotEmptyError(ValueError):
    """The folder holds files that are not an extract."""


@dataclass(frozen=True)
class SynthReport:
    """What was made: the folder, the truth's file, and rows by table."""

    directory: Path
    truth: Path
    area: str
    n_rows: Mapping[str, int]


def generate(
    preset: str,
    out: Path,
    *,
    seed: int,
    today: date,
    progress: Progress | None = None,
    file_format: Format | None = None,
) -> SynthReport:
    """Make the area of a preset as of a day; the same arguments give the same bytes.

    `progress` is called with (regions done, regions in all, what is done next).
    """
    size = preset_named(preset)
    recipe = Recipe(size, load_calibration(), seed, Calendar(today))
    plans = list(plan_regions(size, recipe.figures, seed))
    _prepare(out)
    truths: list[pa.Table] = []
    with ExitStack() as stack:
        writers = {
            name: stack.enter_context(TableWriter(out, table, file_format or size.file_format))
            for name, table in TABLES.items()
        }
        codes, names = zip(*load_regions(), strict=True)
        writers["regions"].write({"region_code": codes, "name": names})
        for done, plan in enumerate(plans):
            if progress:
                progress(done, len(plans), plan.code)
            tables, truth = _make_region(plan, recipe)
            truths.append(truth)
            for name, columns in tables.items():
                writers[name].write(columns)
    if progress:
        progress(len(plans), len(plans), "digests")
    rows = {writer.path: writer.n_rows for writer in writers.values()}
    made_at = datetime.combine(today, MADE_AT)
    write_manifest(out, area=size.area, made_at=made_at, n_rows=rows, is_synthetic=True)
    n_truth = save_truth(truths, truth_path(out))
    counts = {path.stem: n for path, n in rows.items()} | {"truth": n_truth}
    return SynthReport(out, truth_path(out), size.area, counts)


def _make_region(plan: RegionPlan, recipe: Recipe) -> tuple[dict[str, Columns], pa.Table]:
    caseload = draw_caseload(plan, recipe)
    roster = draw_roster(caseload, recipe)
    people = name_people(caseload, recipe)
    scores = draw_scores(caseload, recipe)
    tiers = tier_places(caseload, scores)
    teams = teams_of_cases(caseload, recipe)
    load = measure_load(caseload, points_of_cases(caseload, tiers, recipe), teams, recipe)
    assessments = draw_assessments(caseload, recipe)
    timeline = draw_timeline(caseload, assessments, recipe)
    register_levels = draw_register_levels(caseload, recipe)
    registered, registrations = draw_registrations(caseload, timeline, register_levels, recipe)
    written = {
        **write_narratives(caseload, assessments, people, recipe),
        **write_scores(caseload, scores, assessments, recipe),
        "screening": write_screening(caseload, assessments, recipe),
    }
    closed = closed_days(caseload, recipe)
    pack = draw_case_packs(caseload, timeline, people, scores, recipe)
    return {
        **_organisation(caseload),
        "people": write_people(caseload, roster, recipe),
        "posts": write_posts(caseload, roster, recipe),
        "staff_codes": write_staff_codes(caseload, roster, recipe),
        "postings": write_postings(caseload, roster, recipe),
        "reductions": write_reductions(caseload, roster, recipe),
        "weekly_workload": write_weekly_workload(caseload, load, roster, recipe),
        "cases": write_cases(caseload, people, tiers, closed, recipe),
        "former_crns": write_former_crns(caseload, recipe),
        "case_access": write_case_access(caseload, roster, teams, recipe),
        "case_assignments": write_case_assignments(caseload, roster, teams, closed, recipe),
        "registrations": {"crn": crns_of(caseload.cases.numbers[registered]), **registrations},
        "assessments": write_assessments(caseload, assessments, timeline, roster, written, recipe),
        "case_pack_items": write_case_pack_items(caseload, pack, roster, recipe),
    }, write_truth(caseload, assessments, timeline, register_levels, recipe)


def _organisation(caseload: Caseload) -> dict[str, Columns]:
    plan = caseload.plan
    return {
        "pdus": {
            "pdu_code": [pdu.code for pdu in plan.pdus],
            "name": [pdu.name for pdu in plan.pdus],
            "region_code": [pdu.region_code for pdu in plan.pdus],
        },
        "teams": {
            "team_code": list(plan.team_codes),
            "name": plan.team_names,
            "pdu_code": [plan.pdus[place].code for place in plan.pdu_of_team],
        },
    }


def _prepare(out: Path) -> None:
    """Make the folder, and clear it when it holds an earlier extract; anything else is left alone."""
    out.mkdir(parents=True, exist_ok=True)
    files = list(out.iterdir())
    if files and not (out / NAME).exists():
        raise OutputNotEmptyError(f"{out} is not empty and holds no {NAME}. Name a new folder.")
    for path in files:
        if path.name == NAME or path.stem in TABLES:
            path.unlink()
