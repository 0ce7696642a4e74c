"""What the rates page counts, of the whole nation in one statement: final checks, what waits, offences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.policy.numbers import RatePolicy
from qa_service.reporting.areas import AreaTree
from qa_service.reporting.further_offences import OFFENCES, OffencesOfPlace
from qa_service.reporting.queries import FINAL_CHECKS, HALF, CheckArrays, arrays_of
from qa_service.reporting.unfinished import WAITING, WaitingChecks


@dataclass(frozen=True, eq=False)
class RateRows:
    """Final checks of the random arm, those drawn that wait, and further offences by place."""

    checks: CheckArrays
    waiting: tuple[WaitingChecks, ...]
    offences: tuple[OffencesOfPlace, ...]


_WAITING = text(WAITING)
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
        waiting=_waiting([row for row in rows if row.what == "waiting"], tree),
        offences=tuple(
            OffencesOfPlace(code.get(pdu, pdu), region, *counts)
            for pdu, region, _, counts, *_ in (row for row in rows if row.what == "offences")
        ),
    )


def list_waiting(session: Session, tree: AreaTree, *, at: datetime) -> tuple[WaitingChecks, ...]:
    """List how many checks of the random arm were drawn and are not final yet."""
    with seeing_everything(session):
        return _waiting(session.connection().execute(_WAITING, {"at": at}).all(), tree)


def _waiting(rows: Sequence[Any], tree: AreaTree) -> tuple[WaitingChecks, ...]:
    return tuple(
        WaitingChecks(
            tree.current_code.get(pdu, pdu), region, quarter, bool(is_medium), HALF if is_half else 1.0, n
        )
        for pdu, region, _, (quarter, is_medium, is_half, n), *_ in rows
    )
