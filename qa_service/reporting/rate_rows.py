"""What the rates page counts, of the whole nation in one statement: final checks, what waits, offences."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.policy.numbers import RatePolicy
from qa_service.reporting.areas import AreaTree
from qa_service.reporting.further_offences import OFFENCES, OffencesOfPlace
from qa_service.reporting.queries import FINAL_CHECKS, CheckArrays, arrays_of
from qa_service.reporting.unfinished import WAITING, WaitingChecks


@dataclass(frozen=True, eq=False)
class RateRows:
    """Final checks of the random arm, those drawn that wait, and further offences by place."""

    checks: CheckArrays
    waiting: tuple[WaitingChecks, ...]
    offences: tuple[OffencesOfPlace, ...]


_RATE_ROWS = text(f"{FINAL_CHECKS} UNION ALL {OFFENCES} UNION ALL {WAITING}")


def list_rate_rows(
    session: Session, tree: AreaTree, *, since: datetime, at: datetime, policy: RatePolicy
) -> RateRows:
    """List what rates count and what stands beside them; a merged PDU's rows are its successor's."""
    values = {"since": since, "at": at, "copied_from": policy.copied_from_share}
    with seeing_everything(session):
        rows = session.connection().execute(_RATE_ROWS, values).all()
    code = tree.current_code
    return RateRows(
        checks=arrays_of([row for row in rows if row.what == "checks"], code),
        waiting=tuple(
            WaitingChecks(code.get(pdu, pdu), region, quarter, bool(is_medium), n)
            for pdu, region, _, (quarter, is_medium, n), *_ in (row for row in rows if row.what == "waiting")
        ),
        offences=tuple(
            OffencesOfPlace(code.get(pdu, pdu), region, *counts)
            for pdu, region, _, counts, *_ in (row for row in rows if row.what == "offences")
        ),
    )
