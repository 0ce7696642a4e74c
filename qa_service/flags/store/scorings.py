"""SQL of scorings: one row each."""

from sqlmodel import Session

from qa_service.flags.tables import FlagScoring


def insert_scoring(session: Session, row: FlagScoring) -> None:
    """Insert a scoring."""
    session.add(row)
    session.flush()
