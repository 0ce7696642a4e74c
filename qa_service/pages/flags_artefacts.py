"""The trained classifiers: the list, a card, two beside each other, and what may be downloaded."""

import json
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from qa_service.auth.dependencies import ClockDep, ReferencesDep, SessionDep
from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.estate import service as estate
from qa_service.flags.rules import OVERALL, TARGET_NAMES, UNKNOWN_PRECISION, precision_of, states_chance
from qa_service.flags.service import artefacts
from qa_service.flags.tables import STANDING, ArtefactStatus, FlagArtefact
from qa_service.pages import flags_card as card
from qa_service.pages import flags_words as words
from qa_service.pages.display import day, moment, number
from qa_service.pages.flags_access import HOME, Digest, FlagLeadDep, parts
from qa_service.pages.render import Cell, Column, Link, render
from qa_service.pages.status_tags import status_tag
from qa_service.progress import service as progress
from qa_service.progress.tables import JobRun, JobStatus
from qa_service.workflows.learn_flags import REFRESH, SCORE_NEW, TRAIN

router = APIRouter(include_in_schema=False)

COLUMNS = (
    Column("name", "Classifier"),
    Column("status", "Status"),
    Column("trained", "Trained"),
    Column("precision", "Flags that are right"),
    Column("recall", "Wrong ones that are flagged"),
    Column("flags", "Flagged now", is_numeric=True),
)
OPEN = frozenset({JobStatus.QUEUED, JobStatus.RUNNING})


@router.get(HOME)
def list_artefacts(request: Request, session: SessionDep, clock: ClockDep, _user: FlagLeadDep) -> Response:
    """List the classifiers, and how far training and scoring are."""
    runs = [run for kind in (TRAIN, REFRESH, SCORE_NEW) if (run := progress.latest_run(session, kind))]
    approved = artefacts.approved_artefact(session)
    context = {
        "parts": parts(HOME),
        "columns": COLUMNS,
        "rows": [_row(session, row) for row in artefacts.list_artefacts(session)],
        "runs": [(run, words.JOBS[run.kind], words.who(session, run.asked_by)) for run in runs],
        "busy": {run.kind for run in runs if run.status in OPEN},
        "approved": approved,
        "waiting": [_waits(session, row, clock) for row in artefacts.waiting_artefacts(session)],
        "decides_nothing": words.DECIDES_NOTHING,
        "data_up_to": clock.now(),
    }
    return render(request, "flags/artefacts.html", context)


def _waits(session: Session, row: FlagArtefact, clock: ClockDep) -> str:
    n_missing = artefacts.count_missing(session, row, at=clock.now())
    return words.waits_in_words(row, n_missing, artefacts.approved_artefact(session, row.purpose))


def _row(session: Session, row: FlagArtefact) -> dict[str, object]:
    found = precision_of(row.evaluation)
    n_scored, n_flagged = artefacts.count_flags(session, row.digest)
    approved = f"Approved {day(row.approved_at)}" if row.approved_at else None
    return {
        "name": Cell(
            words.name_of(row), href=f"{HOME}/artefacts/{row.digest}", hint=words.PURPOSES[row.purpose]
        ),
        "status": Cell(tag=status_tag("artefact", row.status.value), hint=approved),
        "trained": Cell(day(row.trained_at), hint=f"by {words.who(session, row.trained_by)}"),
        "precision": words.as_rate(found.precision if found else None),
        "recall": words.as_rate(found.recall if found else None),
        "flags": Cell(number(n_flagged), hint=f"of {number(n_scored)}") if n_scored else "Not scored yet",
    }


@router.post(f"{HOME}/train")
def train(session: SessionDep, clock: ClockDep, references: ReferencesDep, user: FlagLeadDep) -> Response:
    """Ask for a candidate to be trained; nothing uses it until it is approved."""
    _ask(session, TRAIN, user, clock, references)
    return RedirectResponse(HOME, status_code=303)


@router.post(f"{HOME}/refresh")
def refresh(session: SessionDep, clock: ClockDep, references: ReferencesDep, user: FlagLeadDep) -> Response:
    """Ask for every assessment in use to be scored again."""
    _ask(session, REFRESH, user, clock, references)
    return RedirectResponse(HOME, status_code=303)


def _ask(
    session: Session, kind: str, user: CurrentUser, clock: ClockDep, references: ReferencesDep
) -> JobRun:
    """Ask for work, unless the same is under way: a button pressed twice does it once."""
    last = progress.latest_run(session, kind)
    if last is not None and last.status in OPEN:
        return last
    return progress.ask(session, kind, by=user.actor, at=clock.now(), references=references)


@router.get(f"{HOME}/artefacts/{{digest}}")
def show_card(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    user: FlagLeadDep,
    digest: Digest,
    level: Annotated[str, Query(max_length=20)] = OVERALL,
) -> Response:
    """Show one classifier's card, a level at a time."""
    row = artefacts.find_artefact(session, digest)
    targets = words.targets_of(row.evaluation)
    shown = level if level in targets else OVERALL
    precision = precision_of(row.evaluation, shown)
    report = row.evaluation.get("reports", {}).get(shown)
    context = {
        **frame(row),
        "artefact": row,
        "trained": f"{moment(row.trained_at)} by {words.who(session, row.trained_by)}",
        "approved_by": words.who(session, f"user:{row.approved_by_id}") if row.approved_by_id else None,
        "levels": [Link(words.level_name(one), f"?level={one}", one == shown) for one in targets],
        "level": words.level_name(shown),
        "not_trained": [
            (TARGET_NAMES[target], reason) for target, reason in row.evaluation.get("not_trained", {}).items()
        ],
        "precision": precision.sentence if precision else UNKNOWN_PRECISION,
        "report": report,
        "states_chance": states_chance(row.evaluation, shown),
        "card": card,
        "regions": {region.code: region.name for region in estate.regions(session)},
        "words": words,
        "waits": _waits(session, row, clock) if row.status is ArtefactStatus.WAITING else None,
        "may_approve": user.has(Role.NATIONAL_LEAD) and row.status not in STANDING,
    }
    return render(request, "flags/card.html", context)


def frame(row: FlagArtefact, page: str | None = None) -> dict[str, object]:
    """Return what every page of one classifier needs: its name, address and way back."""
    here = f"{HOME}/artefacts/{row.digest}"
    name = f"Classifier {words.name_of(row)}"
    way = [Link(name, here), Link(page)] if page else [Link(name)]
    return {"name": name, "here": here, "breadcrumbs": [Link("Classifiers", HOME), *way]}


@router.get(f"{HOME}/artefacts/{{digest}}/compare")
def compare(request: Request, session: SessionDep, _user: FlagLeadDep, digest: Digest) -> Response:
    """Set a classifier beside the approved one: both evaluations, and how many flags would change."""
    found = artefacts.compare_with_approved(session, digest)
    shown = list({one.digest: one for one in (found.approved, found.artefact) if one is not None}.values())
    targets = {target for one in shown for target in words.targets_of(one.evaluation)}
    context = {
        **frame(found.artefact, "Beside the approved one"),
        "found": found,
        "columns": (
            Column("figure", "Figure"),
            *(
                Column(one.digest, f"{one.status.value.capitalize()} {words.name_of(one)}", is_numeric=True)
                for one in shown
            ),
        ),
        "tables": [
            (words.level_name(target), card.side_by_side(target, shown))
            for target in TARGET_NAMES
            if target in targets
        ],
    }
    return render(request, "flags/compare.html", context)


@router.get(f"{HOME}/artefacts/{{digest}}/card.md")
def download_card(session: SessionDep, _user: FlagLeadDep, digest: Digest) -> Response:
    """Give the model card as markdown."""
    row = artefacts.find_artefact(session, digest)
    return _file(row.card, f"classifier-{words.name_of(row)}.md", "text/markdown; charset=utf-8")


@router.get(f"{HOME}/artefacts/{{digest}}/atrs.json")
def download_record(session: SessionDep, _user: FlagLeadDep, digest: Digest) -> Response:
    """Give the filled record of the Algorithmic Transparency Recording Standard."""
    from models.artefact import from_text  # noqa: PLC0415 - learning libraries, which the web does without
    from models.atrs import atrs_record  # noqa: PLC0415 - as above
    from models.columns import Purpose  # noqa: PLC0415 - as above

    row = artefacts.find_artefact(session, digest)
    purpose = Purpose(row.purpose.value)
    record = atrs_record(
        from_text(row.content, words.name_of(row), expected_digest=row.digest, purpose=purpose)
    )
    content = json.dumps(record, ensure_ascii=False, indent=1, default=str) + "\n"
    return _file(content, f"atrs-{words.name_of(row)}.json", "application/json")


def _file(content: str, name: str, media_type: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content.encode(), media_type=media_type, headers=headers)
