"""SQL of artefacts: one row each, one approved at a time."""

from sqlalchemy import text
from sqlmodel import Session, col, select

from qa_service.flags.tables import ArtefactStatus, FlagArtefact, ScorePurpose


def insert_artefact(session: Session, row: FlagArtefact) -> None:
    """Insert an artefact."""
    session.add(row)
    session.flush()


def list_artefacts(session: Session) -> list[FlagArtefact]:
    """List artefacts, the latest trained first."""
    return list(
        session.exec(select(FlagArtefact).order_by(col(FlagArtefact.trained_at).desc(), FlagArtefact.digest))
    )


def find_artefacts(session: Session, digest_start: str) -> list[FlagArtefact]:
    """Find artefacts by the beginning of their digest."""
    begins = col(FlagArtefact.digest).startswith(digest_start, autoescape=True)
    return list(session.exec(select(FlagArtefact).where(begins)))


def find_approved(session: Session, purpose: ScorePurpose = ScorePurpose.FLAG) -> FlagArtefact | None:
    """Find the artefact in force for a purpose."""
    return session.exec(
        select(FlagArtefact).where(
            FlagArtefact.status == ArtefactStatus.APPROVED, FlagArtefact.purpose == purpose
        )
    ).one_or_none()


def list_waiting(session: Session) -> list[FlagArtefact]:
    """List what was approved and is not in force yet: one of a purpose at most."""
    waiting = select(FlagArtefact).where(FlagArtefact.status == ArtefactStatus.WAITING)
    return list(session.exec(waiting.order_by(FlagArtefact.purpose)))


def lock_artefacts(session: Session) -> None:
    """Let one change of what is in force happen at a time."""
    session.connection().execute(text("LOCK TABLE flag_artefact IN SHARE ROW EXCLUSIVE MODE"))


def count_flags(session: Session, digest: str) -> tuple[int, int]:
    """Count an artefact's scores, and how many of them are flagged."""
    statement = text(
        "SELECT count(*) AS n, count(*) FILTER (WHERE is_flagged) AS n_flagged FROM flag"
        " WHERE artefact_digest = :digest"
    )
    row = session.connection().execute(statement, {"digest": digest}).one()
    return row.n, row.n_flagged


def count_changes(session: Session, before: str, after: str) -> tuple[int, int, int]:
    """Count what both artefacts scored, what only the second flags, and what only the first flags."""
    statement = text(
        "SELECT count(*) AS n_both, count(*) FILTER (WHERE a.is_flagged AND NOT b.is_flagged) AS n_new,"
        " count(*) FILTER (WHERE b.is_flagged AND NOT a.is_flagged) AS n_gone"
        " FROM flag b JOIN flag a ON a.assessment_id = b.assessment_id AND a.artefact_digest = :after"
        " WHERE b.artefact_digest = :before"
    )
    row = session.connection().execute(statement, {"before": before, "after": after}).one()
    return row.n_both, row.n_new, row.n_gone


def newest_load(session: Session) -> int | None:
    """Find the last load of files that changed something."""
    statement = text("SELECT max(id) FROM intake_run WHERE status = 'loaded' AND n_changed > 0")
    found: int | None = session.connection().execute(statement).scalar_one()
    return found
