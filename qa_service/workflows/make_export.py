"""An export from being asked for to being fetched: long work whose file its asker may fetch for some days."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.core.clock import Clock, day_of
from qa_service.core.db import SYSTEM, transaction
from qa_service.core.errors import NotAllowed
from qa_service.core.ids import ReferenceSource
from qa_service.policy.numbers import load_policy
from qa_service.progress import service as progress
from qa_service.progress.tables import JobRun, MadeFile
from qa_service.reporting.areas import AreaLevel, area_tree
from qa_service.reporting.export_files import ENDINGS, MEDIA_TYPES, FileFormat, write_export
from qa_service.reporting.exports import export_rates

EXPORT = "make_export"
# RULES 8: who may take figures out of the service.
EXPORTERS = (Role.REGIONAL_DIRECTOR, Role.NATIONAL_LEAD, Role.ANALYST)


def ask_for_export(
    session: Session,
    user: CurrentUser,
    level: AreaLevel,
    file_format: FileFormat,
    *,
    clock: Clock,
    references: ReferenceSource,
) -> JobRun:
    """Ask for the rates of the areas that somebody may see now; what they may see later does not widen it."""
    reach = area_tree(session).reach_of(user, EXPORTERS)
    arguments = {
        "for": user.actor,  # two people's wishes are never the same piece of work
        "level": level.value,
        "format": file_format.value,
        "pdus": sorted(reach),
    }
    return progress.ask(
        session, EXPORT, by=user.actor, at=clock.now(), references=references, arguments=arguments
    )


def make_export(engine: Engine, run: JobRun, tell: progress.Progress) -> dict[str, Any]:
    """Work the rates out, write the file and keep it; made again after a kill it replaces itself."""
    level, file_format = AreaLevel(run.arguments["level"]), FileFormat(run.arguments["format"])
    at, policy = run.asked_at, load_policy().rates
    tell("Working out the rates", 0, 2)
    with transaction(engine, SYSTEM) as session:
        export = export_rates(session, level, at=at, policy=policy, pdus=run.arguments["pdus"])
        tell("Writing the file", 1, 2)
        made = MadeFile(
            run_id=run.id or 0,
            name=f"rates-by-{level.value}-{day_of(at).isoformat()}.{ENDINGS[file_format]}",
            media_type=MEDIA_TYPES[file_format],
            content=write_export(export, file_format),
            expires_at=at + timedelta(days=policy.export_days),
        )
        progress.keep_file(session, made, at=at)
        details = {"level": level.value, "format": file_format.value, "n_rows": len(export.rows)}
        record(session, "export:file:made", by=run.asked_by, at=at, subjects={"run": run.id}, payload=details)
    return {**details, "name": made.name, "expires_at": made.expires_at.isoformat()}


def fetch_export(session: Session, user: CurrentUser, reference: str, *, clock: Clock) -> MadeFile:
    """Give the file to whoever asked for it, until it expires, and record that it was fetched."""
    run = progress.own_run(session, EXPORT, reference, by=user.actor)
    if not area_tree(session).reach_of(user, EXPORTERS).issuperset(run.arguments["pdus"]):
        raise NotAllowed(
            "You no longer see every area of this export.", next_step="Make one of the areas that you see."
        )
    made = progress.file_of(session, run, at=clock.now())
    record(session, "export:file:fetched", by=user.actor, at=clock.now(), subjects={"run": run.id})
    return made
