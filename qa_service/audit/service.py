"""Verify the log against itself, its head and an anchor kept outside."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from qa_service.audit import store


@dataclass(frozen=True)
class AuditReport:
    """What a verification found; `faults` are (link, what is wrong)."""

    n_events: int
    head_hash: str
    faults: tuple[tuple[int, str], ...]

    @property
    def is_ok(self) -> bool:
        """Return whether nothing was found."""
        return not self.faults


def verify(session: Session, *, anchor: str | None = None) -> AuditReport:
    """Recompute the chain; with an anchor ("SEQ:HASH" kept outside) a cut-off tail is found too."""
    faults = store.list_faults(session)
    head_seq, head_hash = store.find_head(session)
    last_seq, last_hash = store.find_last(session)
    if (head_seq, head_hash) != (last_seq, last_hash):
        faults.append((last_seq, f"the log ends at {last_seq} but its head says {head_seq}"))
    if anchor is not None:
        seq_text, _, hash_text = anchor.partition(":")
        if not seq_text.isdigit() or not store.has_link(session, int(seq_text), hash_text):
            faults.append((last_seq, f"the log does not hold the anchored link {anchor}"))
    return AuditReport(n_events=last_seq, head_hash=last_hash, faults=tuple(faults))


def anchor_of(session: Session) -> str:
    """Return what to keep outside every day: "SEQ:HASH" of the head."""
    seq, link = store.find_head(session)
    return f"{seq}:{link}"


def last_event_at(session: Session) -> datetime | None:
    """Return when something was last recorded."""
    return store.find_last_at(session)
