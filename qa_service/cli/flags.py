"""Train, judge, approve and refresh the classifier's flags."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from sqlmodel import Session

from qa_service.auth import service as auth
from qa_service.cli.context import BY, migrated_engine, system_clock, system_session
from qa_service.cli.output import AsJson, command_group, fields, progress_bar, show, table
from qa_service.core.errors import NotFound
from qa_service.core.ids import ReferenceSource
from qa_service.flags import rules
from qa_service.flags.service import artefacts
from qa_service.flags.tables import EVER, ArtefactStatus, FlagArtefact
from qa_service.workflows.learn_flags import score_since

flags = command_group()
Digest = Annotated[str | None, typer.Argument(help="Beginning of a digest; the latest trained if not given.")]
_SHOWN = 12


@flags.callback()
def _flags() -> None:
    """Train, judge, approve and refresh the classifier's flags."""


@flags.command()
def train(*, as_json: AsJson = False) -> None:
    """Train a candidate now and score in its shadow; nothing uses it until it is approved."""
    from qa_service.flags.service.learning import train_candidate  # noqa: PLC0415 - learning libraries

    at = system_clock().now()
    with migrated_engine() as engine, progress_bar() as bar:
        digest = train_candidate(engine, by=BY, at=at, progress=bar)
        score_since(engine, since=EVER, at=at, progress=bar)
    with system_session() as session:
        _show_figures(session, artefacts.find_artefact(session, digest), as_json=as_json)


@flags.command(name="list")
def list_artefacts(*, as_json: AsJson = False) -> None:
    """List the artefacts, the latest trained first."""
    with system_session() as session:
        values = [_named(row) for row in artefacts.list_artefacts(session)]
    headings = ("Digest", "Purpose", "Status", "Trained", "By", "Approved")
    rows = [(str(v["digest"])[:_SHOWN], *list(v.values())[1:]) for v in values]
    show(values, as_json=as_json, text=table(headings, rows))


@flags.command()
def evaluate(digest: Digest = None, *, as_json: AsJson = False) -> None:
    """Show how good an artefact is on checks drawn at random, beside the one in force."""
    with system_session() as session:
        _show_figures(session, artefacts.find_artefact(session, digest), as_json=as_json)


@flags.command()
def compare(digest: Digest = None, *, as_json: AsJson = False) -> None:
    """Set a candidate beside the artefact in force: figures of both, and how many flags would change."""
    with system_session() as session:
        found = artefacts.compare_with_approved(session, digest)
        values = {
            "candidate": _figures(found.artefact),
            "approved": _figures(found.approved) if found.approved else None,
            "n_scored_by_both": found.n_both,
            "n_new_flags": found.n_new_flags,
            "n_lost_flags": found.n_lost_flags,
        }
    counts = {name: values[name] for name in ("n_scored_by_both", "n_new_flags", "n_lost_flags")}
    text = f"{_side_by_side(found.artefact, found.approved)}\n\n{fields(counts)}"
    show(values, as_json=as_json, text=text)


@flags.command()
def approve(
    digest: Annotated[str, typer.Argument(help="Beginning of the candidate's digest.")],
    by: Annotated[str, typer.Option(help="Sign-in name of the national lead who approves it.")],
    reason: Annotated[str, typer.Option(help="Why, in a sentence.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Approve a candidate in the name of a national lead: in force once it has scored all that is in use."""
    at = system_clock().now()
    with system_session() as session:
        row = artefacts.approve(
            session,
            digest,
            user_id=_key_of(session, by),
            reason=reason,
            at=at,
            references=ReferenceSource(),
        )
        n_missing, told = 0, "It is in force."
        if row.status is ArtefactStatus.WAITING:
            n_missing = artefacts.count_missing(session, row, at=at)
            told = (
                "It comes into force when these are scored: by the worker, or by `qa-service flags refresh "
                "--only-new`. Until then nothing changes."
            )
        values = {**_named(row), "n_missing": n_missing}
    show(values, as_json=as_json, text=f"{fields(values)}\n{told}")


@flags.command()
def withdraw(
    digest: Annotated[str, typer.Argument(help="Beginning of the artefact's digest.")],
    by: Annotated[str, typer.Option(help="Sign-in name of the national lead who withdraws it.")],
    reason: Annotated[str, typer.Option(help="Why, in a sentence.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Put an artefact out of force in the name of a national lead, with none in its place."""
    with system_session() as session:
        row = artefacts.withdraw(
            session, digest, user_id=_key_of(session, by), reason=reason, at=system_clock().now()
        )
        values = _named(row)
        is_without = artefacts.approved_artefact(session, row.purpose) is None
    told = "None is in force in its place." if is_without else "The one in force stays."
    show(values, as_json=as_json, text=f"{fields(values)}\n{told}")


def _key_of(session: Session, username: str) -> int:
    user = auth.find_user(session, username)
    if user is None:
        raise NotFound(f"There is no account {username!r}.", next_step="Look at `qa-service user list`.")
    return user.id


@flags.command()
def refresh(
    *,
    only_new: Annotated[bool, typer.Option("--only-new", help="Only assessments without a score.")] = False,
    as_json: AsJson = False,
) -> None:
    """Score all assessments in use now, with the artefact in force and the newest candidate."""
    at = system_clock().now()
    with migrated_engine() as engine, progress_bar() as bar:
        values = score_since(engine, since=EVER if only_new else at, at=at, progress=bar)
    counts = fields({name: values[name] for name in ("n_scored", "n_flagged")})
    show(values, as_json=as_json, text="\n".join((counts, *values["refused"])))


@flags.command()
def card(digest: Digest = None, *, as_json: AsJson = False) -> None:
    """Print the model card in Markdown."""
    with system_session() as session:
        row = artefacts.find_artefact(session, digest)
        show({**_named(row), "card": row.card}, as_json=as_json, text=row.card)


def _named(row: FlagArtefact) -> dict[str, object]:
    return {
        "digest": row.digest,
        "purpose": row.purpose.value,
        "status": row.status.value,
        "trained_at": row.trained_at,
        "trained_by": row.trained_by,
        "approved_at": row.approved_at,
    }


def _show_figures(session: Session, row: FlagArtefact, *, as_json: bool) -> None:
    approved = artefacts.approved_artefact(session)
    other = approved if approved is not None and approved.digest != row.digest else None
    values = {"artefact": _figures(row), "approved": _figures(other) if other else None}
    precision = rules.precision_of(row.evaluation)
    told = precision.sentence if precision else rules.UNKNOWN_PRECISION
    overall = row.evaluation.get("reports", {}).get(rules.OVERALL, {})
    further = ((overall.get(name) or {}).get("sentence") for name in ("to_find", "curve"))
    told = "\n".join(filter(None, [told, *further]))
    show(values, as_json=as_json, text=f"{_side_by_side(row, other)}\n\n{told}")


def _figures(row: FlagArtefact) -> dict[str, object]:
    kept = (
        "n_cases",
        "n_reviewed",
        "n_reviewed_high",
        "n_judging",
        "wrong_rate",
        "auprc",
        "auprc_on_latest",
        "yields",
        "to_find",
        "curve",
    )
    reports: Mapping[str, Mapping[str, Any]] = row.evaluation.get("reports", {})
    return {
        **_named(row),
        "levels": {target: {name: report.get(name) for name in kept} for target, report in reports.items()},
    }


def _side_by_side(row: FlagArtefact, other: FlagArtefact | None) -> str:
    columns = [_column(one) for one in (row, other) if one is not None]
    headings = (
        "Figure (95% interval)",
        *(f"{one.status.value} {one.digest[:_SHOWN]}" for one in (row, other) if one),
    )
    return table(headings, [(name, *(column.get(name, "") for column in columns)) for name in columns[0]])


def _column(row: FlagArtefact) -> dict[str, str]:
    told = {}
    reports = row.evaluation.get("reports", {})
    for target in filter(reports.__contains__, rules.TARGET_NAMES):
        name, report = rules.TARGET_NAMES[target], reports[target]
        told[f"checks that judge, {name}"] = str(report["n_judging"])
        told[f"AUPRC, {name}"] = _told(report["auprc"])
        for part in report["yields"]:
            for measure in ("precision", "recall"):
                told[f"{measure} reading {part['budget_share']:.0%}, {name}"] = _told(part[measure])
    return told


def _told(figure: Mapping[str, Any]) -> str:
    found = rules.interval_of(figure)
    return f"{found.value:.3f} ({rules.limits_of(found, '{:.3f}'.format)})" if found else "not known"
