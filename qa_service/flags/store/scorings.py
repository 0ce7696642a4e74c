"""SQL of scorings: one row each."""

from sqlmodel import Session, col, select

from qa_service.flags.tables import FlagScoring


def insert_scoring(session: Session, row: FlagScoring) -> None:
    """Insert a scoring."""
    session.add(row)
    session.flush()


def list_scorings(session: Session, digest: str, *, n: int) -> list[FlagScoring]:
    """List an artefact's scorings, the latest first."""
    wanted = select(FlagScoring).where(FlagScoring.artefact_digest == digest)
    return list(session.exec(wanted.order_by(col(FlagScoring.id).desc()).limit(n)))
