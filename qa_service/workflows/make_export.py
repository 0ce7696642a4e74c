"""An export from being asked for to being fetched: long work whose file its asker may fetch for some days."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.core.clock import Clock
from qa_service.core.db import SYSTEM, transaction
from qa_service.core.errors import NotAllowed
from qa_service.core.ids import ReferenceSource
from qa_service.policy.numbers import load_policy
from qa_service.progress import service as progress
from qa_service.progress.tables import JobRun, MadeFile
from qa_service.reporting.areas import AreaLevel, area_tree
from qa_service.reporting.exports.definition import Wanted, counted_to, make
from qa_service.reporting.exports.files import ENDINGS, MEDIA_TYPES, FileFormat, write_export
from qa_service.reporting.exports.kinds import ExportKind

EXPORT = "make_export"
# RULES 8: who may take figures out of the service.
EXPORTERS = (Role.REGIONAL_DIRECTOR, Role.NATIONAL_LEAD, Role.ANALYST)


@dataclass(frozen=True)
class ExportWish:
    """What somebody chose: kind, areas, last day (none: the latest), columns left out, kind of file."""

    kind: ExportKind
    level: AreaLevel
    file_format: FileFormat
    until: date | None = None
    left_out: tuple[str, ...] = ()

    def as_arguments(self) -> dict[str, Any]:
        """Return plain values to keep with the work."""
        return {
            "kind": self.kind.value,
            "level": self.level.value,
            "format": self.file_format.value,
            "until": self.until.isoformat() if self.until else None,
            "left_out": sorted(self.left_out),
        }

    @classmethod
    def of_arguments(cls, arguments: Mapping[str, Any]) -> "ExportWish":
        """Return a wish from what was kept of it."""
        return cls(
            kind=ExportKind(arguments["kind"]),
            level=AreaLevel(arguments["level"]),
            file_format=FileFormat(arguments["format"]),
            until=date.fromisoformat(arguments["until"]) if arguments["until"] else None,
            left_out=tuple(arguments["left_out"]),
        )

    def wanted(self, asked_at: datetime, pdus: Collection[str]) -> Wanted:
        """Return what the rows are made from."""
        return Wanted(self.level, counted_to(self.until, asked_at), pdus, self.left_out)


def ask_for_export(
    session: Session, user: CurrentUser, wish: ExportWish, *, clock: Clock, references: ReferenceSource
) -> JobRun:
    """Ask for figures of the areas that somebody may see now; what they may see later does not widen it."""
    reach = sorted(area_tree(session).reach_of(user, EXPORTERS))
    wish.kind.definition.check(wish.wanted(clock.now(), reach))
    arguments = {
        "for": user.actor,  # two people's wishes are never the same piece of work
        "pdus": reach,
        **wish.as_arguments(),
    }
    return progress.ask(
        session, EXPORT, by=user.actor, at=clock.now(), references=references, arguments=arguments
    )


def make_export(engine: Engine, run: JobRun, tell: progress.Progress) -> dict[str, Any]:
    """Work the figures out, write the file and keep it; made again after a kill it replaces itself."""
    wish = ExportWish.of_arguments(run.arguments)
    at, policy = run.asked_at, load_policy()
    wanted = wish.wanted(at, run.arguments["pdus"])
    tell("Working out the figures", 0, 2)
    with transaction(engine, SYSTEM) as session:
        export = make(session, wish.kind.definition, wanted, policy=policy)
        tell("Writing the file", 1, 2)
        made = MadeFile(
            run_id=run.id,
            name=f"{export.name}-by-{wish.level.value}-{export.until}.{ENDINGS[wish.file_format]}",
            media_type=MEDIA_TYPES[wish.file_format],
            content=write_export(export, wish.file_format),
            expires_at=at + timedelta(days=policy.rates.export_days),
        )
        progress.keep_file(session, made, at=at)
        details = {**wish.as_arguments(), "n_rows": len(export.rows)}
        record(session, "export:file:made", by=run.asked_by, at=at, subjects={"run": run.id}, payload=details)
    return {"n_rows": len(export.rows), "name": made.name, "expires_at": made.expires_at.isoformat()}


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
