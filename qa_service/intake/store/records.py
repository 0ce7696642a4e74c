"""Load the entries of another system's file one by one; what cannot be placed is refused with its reason."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlmodel import Session

from qa_service.intake.entries import (
    AssessmentEntry,
    CaseEntry,
    Entry,
    OfficerEntry,
    PduEntry,
    Reading,
    RegionEntry,
    RegistrationEntry,
    TeamEntry,
    WorkloadEntry,
)
from qa_service.intake.fields import RefusedFieldError
from qa_service.intake.reports import TableCount
from qa_service.intake.store.assessments import load_assessment
from qa_service.intake.store.cases import load_case, load_registration
from qa_service.intake.store.estate import load_officer, load_pdu, load_region, load_team, load_workload
from qa_service.intake.store.scripts import run_script
from qa_service.intake.store.staging import cursor_of

# In the order in which one refers to another, whatever their order in the file.
_LOADERS: dict[type[Entry], tuple[str, Callable[[Session, Any, Reading, datetime], bool]]] = {
    RegionEntry: ("regions", load_region),
    PduEntry: ("pdus", load_pdu),
    TeamEntry: ("teams", load_team),
    OfficerEntry: ("officers", load_officer),
    WorkloadEntry: ("weekly_workload", load_workload),
    CaseEntry: ("cases", load_case),
    RegistrationEntry: ("registrations", load_registration),
    AssessmentEntry: ("assessments", load_assessment),
}


def load_entries(session: Session, reading: Reading, *, at: datetime) -> list[TableCount]:
    """Load every entry and count what became of it; refusals and findings join the reading's own."""
    accepted: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    kinds = list(_LOADERS)
    # Sections last: they add to assessments that the same file may bring.
    for entry in sorted(
        reading.entries, key=lambda one: (kinds.index(type(one)), getattr(one, "outside_id", "") is None)
    ):
        table, load = _LOADERS[type(entry)]
        try:
            changed[table] += load(session, entry, reading, at)
            accepted[table] += 1
        except RefusedFieldError as refusal:
            refused[table] += 1
            reading.refuse(entry.place, refusal.column, refusal.reason, refusal.next_step, entry.row)
    session.flush()
    if changed["teams"] or changed["pdus"] or changed["regions"]:
        run_script(cursor_of(session), "vacant_posts", {})
    tables = [table for table, _ in _LOADERS.values() if accepted[table] or refused[table]]
    return [TableCount(table, accepted[table], changed[table], refused[table]) for table in tables]
