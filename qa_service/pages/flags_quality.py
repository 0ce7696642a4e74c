"""How good the flags are in an area: precision, recall, drift, groups, and where reviewers saw otherwise."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.core.lists import PageRequest
from qa_service.flags.rules import (
    OVERALL,
    UNKNOWN_PRECISION,
    Interval,
    counts_behind_precision,
    interval_of,
    precision_at_flags,
    precision_of,
)
from qa_service.flags.service.artefacts import approved_artefact, find_artefact
from qa_service.pages import flags_card as card
from qa_service.pages import flags_words as words
from qa_service.pages.addresses import Reference
from qa_service.pages.display import day, number
from qa_service.pages.flags_access import (
    HOME,
    QUALITY,
    FlagLeadDep,
    OpenArea,
    begin,
    open_area,
    parts,
    pdus_of_lead,
)
from qa_service.pages.manager_access import PageNumber
from qa_service.pages.render import Cell, Column, Link, render
from qa_service.pages.status_tags import status_tag
from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import AreaLevel
from qa_service.reporting.flag_disagreements import (
    Disagreement,
    DisagreementRow,
    ReaderView,
    count_disagreements,
    find_disagreement,
    list_disagreements,
)
from qa_service.reporting.flag_quality import Share, SinceTraining, latest_drift, quality_since_training

router = APIRouter(include_in_schema=False)

FIGURE_COLUMNS = (
    Column("what", "Measured on"),
    Column("n", "Checks", is_numeric=True),
    Column("precision", "Flags that were right"),
    Column("recall", "Found high and flagged"),
)
DRIFT_COLUMNS = (
    Column("feature", "What is recorded"),
    Column("index", "Stability index", is_numeric=True),
    Column("reading", "Reading"),
)
LIST_COLUMNS = (
    Column("check", "Check"),
    Column("officer", "Practitioner"),
    Column("recorded", "Recorded"),
    Column("found", "Reviewers found"),
    Column("chance", "Classifier's estimate"),
    Column("decided", "Decided"),
)
KINDS = {
    Disagreement.NOT_FLAGGED: "Found high by reviewers, not flagged",
    Disagreement.NOT_CONFIRMED: "Flagged, not found high by reviewers",
}


@router.get(QUALITY)
def start(request: Request, session: SessionDep, user: FlagLeadDep) -> Response:
    """Go to the widest area that a lead may open; with several, let them choose."""
    return begin(request, session, user, QUALITY)


@router.get(f"{QUALITY}/{{level}}/{{code}}")
def show_quality(
    request: Request, session: SessionDep, clock: ClockDep, user: FlagLeadDep, level: str, code: str
) -> Response:
    """Show how good the approved classifier's flags are in an area."""
    frame = open_area(session, user, QUALITY, level, code)
    artefact = approved_artefact(session)
    context: dict[str, object] = {**_frame(frame), "artefact": artefact, "data_up_to": clock.now()}
    if artefact is None:
        return render(request, "flags/quality.html", context)
    pdus = frame.tree.drawn_codes(frame.area)
    since = quality_since_training(session, artefact, pdus, at=clock.now())
    report = artefact.evaluation.get("reports", {}).get(OVERALL)
    precision = precision_of(artefact.evaluation)
    drift = latest_drift(session, artefact.digest)
    context |= {
        "artefact_name": words.name_of(artefact),
        "precision": precision.sentence if precision else UNKNOWN_PRECISION,
        "columns": FIGURE_COLUMNS,
        "rows": [*_at_training(frame, report), _since(frame, since, trained=day(artefact.trained_at))],
        "since": since,
        "report": report,
        "card": card,
        "regions": {code: region.name for code, region in frame.tree.regions.items()},
        "words": words,
        "drift": drift,
        "drift_columns": DRIFT_COLUMNS,
        "drifted": [
            {
                "feature": one["feature"].replace("_", " ").capitalize(),
                "index": f"{one['index']:.2f}",
                "reading": words.READINGS[one["reading"]],
            }
            for one in (drift.features if drift else ())
        ],
        "disagreements": [
            (KINDS[kind], f"{frame.address()}/disagreements?kind={kind.value}", n)
            for kind, n in count_disagreements(session, pdus).items()
        ],
    }
    return render(request, "flags/quality.html", context)


def _frame(frame: OpenArea) -> dict[str, object]:
    return {
        "area": frame.area,
        "here": frame.address(),
        "parts": parts(QUALITY),
        "breadcrumbs": frame.breadcrumbs(),
        "below": frame.below(),
    }


def _at_training(frame: OpenArea, report: words.Report | None) -> list[dict[str, object]]:
    """Return the figures of the training: of all areas, and of a region where there were enough checks."""
    if report is None:
        return []
    rows: list[dict[str, object]] = [
        {
            "what": "When it was trained, all areas",
            "n": number(report["n_judging"]),
            **_all_areas(report),
        }
    ]
    regions = card.fairness_rows(report, "region_code")
    if frame.area.level is AreaLevel.REGION and frame.area.code in regions:
        own = regions[frame.area.code]
        rows.append({"what": f"When it was trained, {frame.area.name}"} | own)
    return rows


def _all_areas(report: words.Report) -> dict[str, Cell | str]:
    fewest = load_policy().rates.too_few_to_compare_n
    n_flagged, n_found_high = counts_behind_precision(report)
    found = precision_at_flags(report)
    return {
        "precision": _measured(found.precision if found else None, n_flagged, fewest),
        "recall": _measured(found.recall if found else None, n_found_high, fewest),
    }


def _since(frame: OpenArea, since: SinceTraining, *, trained: str) -> dict[str, object]:
    fewest = load_policy().rates.too_few_to_compare_n
    return {
        "what": f"Random checks decided since {trained}, {frame.area.name}",
        "n": number(since.n_checks),
        "precision": _measured(_as_interval(since.precision), since.n_flagged, fewest),
        "recall": _measured(_as_interval(since.recall), since.n_found_high, fewest),
    }


def _as_interval(share: Share | None) -> Interval | None:
    return interval_of(vars(share)) if share else None


def _measured(found: Interval | None, n: int, fewest: int) -> Cell | str:
    if found is None or n < fewest:
        return Cell("Too few to say", hint=f"{number(n)} of {number(fewest)} needed")
    return words.as_rate(found)


@router.get(f"{QUALITY}/{{level}}/{{code}}/disagreements")
def show_disagreements(
    request: Request,
    session: SessionDep,
    user: FlagLeadDep,
    level: str,
    code: str,
    page: PageNumber = 1,
    kind: Annotated[Disagreement, Query()] = Disagreement.NOT_FLAGGED,
) -> Response:
    """List the final checks in which the classifier and the reviewers differ."""
    frame = open_area(session, user, QUALITY, level, code)
    evaluation = _evaluation(session)
    found = list_disagreements(session, frame.tree.drawn_codes(frame.area), kind, PageRequest(page))
    context = {
        **_frame(frame),
        "breadcrumbs": [*frame.breadcrumbs()[:-1], Link(frame.area.name, frame.address()), Link(KINDS[kind])],
        "kinds": [Link(text, f"?kind={one.value}", one is kind) for one, text in KINDS.items()],
        "kind": KINDS[kind],
        "columns": LIST_COLUMNS,
        "rows": [_line(row, evaluation) for row in found.rows],
        "page": found,
    }
    return render(request, "flags/disagreements.html", context)


def _evaluation(session: Session) -> Mapping[str, Any]:
    artefact = approved_artefact(session)
    return artefact.evaluation if artefact else {}


def _line(row: DisagreementRow, evaluation: Mapping[str, Any]) -> dict[str, object]:
    return {
        "check": Cell(row.reference, href=f"{HOME}/checks/{row.reference}", hint=f"Case {row.crn}"),
        "officer": Cell(row.officer, hint=row.pdu),
        "recorded": Cell(tag=status_tag("level", row.assessed_overall)),
        "found": Cell(tag=status_tag("level", row.reviewed_overall)),
        "chance": words.chance(evaluation, row.score_rate, row.target),
        "decided": day(row.decided_at),
    }


@router.get(f"{HOME}/checks/{{reference}}")
def show_disagreement(
    request: Request, session: SessionDep, user: FlagLeadDep, reference: Reference
) -> Response:
    """Show one such check: the flag's reasons beside what its readers wrote."""
    row, readers = find_disagreement(session, pdus_of_lead(session, user), reference)
    context = {
        "row": row,
        "readers": [(reader, _was_shown(session, reader, row)) for reader in readers],
        "chance": words.chance_in_full(_evaluation(session), row.score_rate, row.target),
        "decides_nothing": words.DECIDES_NOTHING,
        "breadcrumbs": [Link("How good the flags are", QUALITY), Link(f"Check {row.reference}")],
    }
    return render(request, "flags/disagreement.html", context)


def _was_shown(session: Session, reader: ReaderView, row: DisagreementRow) -> str:
    """Say which flag a reader's answer is about: it may be another than the one in force, or none."""
    if reader.was_flagged is None:
        return "What flag they were shown was not kept then."
    if reader.shown_artefact_digest is None or reader.shown_score_rate is None:
        return "They were shown no flag: this assessment had no score then."
    artefact = find_artefact(session, reader.shown_artefact_digest)
    flag = "flagged" if reader.was_flagged else "not flagged"
    other = "" if artefact.digest == row.artefact_digest else ", not the one whose estimate stands above"
    chance = words.chance_in_full(artefact.evaluation, reader.shown_score_rate, row.target)
    return f"They were shown: {flag}, by classifier {words.name_of(artefact)}{other}. {chance}."
