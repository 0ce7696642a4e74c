"""SQL of obligations, level corrections, findings, escalations and their items."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlmodel import Session, SQLModel, col, or_, select, union

from qa_service.obligations.tables import (
    Escalation,
    EscalationItem,
    EscalationKind,
    ImprovementPlan,
    ItemStatus,
    LevelCorrection,
    Obligation,
    ObligationKind,
    PlanGround,
)


def insert(session: Session, rows: Iterable[SQLModel]) -> None:
    """Insert rows and give them their keys."""
    session.add_all(rows)
    session.flush()


def lock_obligation(session: Session, obligation_id: int) -> Obligation | None:
    """Lock an obligation as it is now."""
    statement = select(Obligation).where(Obligation.id == obligation_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def lock_overdue(session: Session, at: datetime, kinds: Collection[ObligationKind]) -> list[Obligation]:
    """Lock the open obligations of some kinds that are overdue; those that another worker holds are left."""
    return list(
        session.exec(
            select(Obligation)
            .where(col(Obligation.closed_at).is_(None), Obligation.due_at < at)
            .where(col(Obligation.kind).in_(kinds))
            .order_by(col(Obligation.due_at), col(Obligation.id))
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
    )


def list_open_of_verdict(session: Session, verdict_id: int, kind: ObligationKind) -> list[Obligation]:
    """List the open obligations of a kind that a verdict gave."""
    return list(
        session.exec(
            select(Obligation)
            .where(Obligation.verdict_id == verdict_id, Obligation.kind == kind)
            .where(col(Obligation.closed_at).is_(None))
            .order_by(col(Obligation.id))
        )
    )


def list_open_of_check(session: Session, check_id: int, kind: ObligationKind) -> list[Obligation]:
    """List the open obligations of a kind about a check."""
    return list(
        session.exec(
            select(Obligation)
            .where(Obligation.check_id == check_id, Obligation.kind == kind)
            .where(col(Obligation.closed_at).is_(None))
            .order_by(col(Obligation.id))
        )
    )


def list_cases_of_open(session: Session) -> list[tuple[int, int]]:
    """List the open obligations with each case that they are about, itself or by an open item, in order."""
    itself = select(Obligation.id, Obligation.case_id).where(col(Obligation.closed_at).is_(None))
    by_item = (
        select(Escalation.obligation_id, EscalationItem.case_id)
        .join(EscalationItem, col(EscalationItem.escalation_id) == col(Escalation.id))
        .where(EscalationItem.status == ItemStatus.OPEN)
    )
    found = session.execute(union(itself, by_item))
    return sorted((obligation_id, case_id) for obligation_id, case_id in found if case_id is not None)


def last_of_kind(session: Session, kind: ObligationKind, *, is_urgent: bool) -> Obligation | None:
    """Lock the newest obligation of a kind, open or closed."""
    return session.exec(
        select(Obligation)
        .where(Obligation.kind == kind, Obligation.is_urgent == is_urgent)
        .order_by(col(Obligation.id).desc())
        .limit(1)
        .with_for_update()
    ).one_or_none()


def list_open_of_posts(session: Session, post_ids: Collection[int]) -> list[Obligation]:
    """List what some posts must do, soonest first."""
    return list(
        session.exec(
            select(Obligation)
            .where(col(Obligation.closed_at).is_(None), col(Obligation.owner_post_id).in_(post_ids))
            .order_by(col(Obligation.due_at), col(Obligation.id))
        )
    )


def find_correction_of_check(session: Session, check_id: int) -> LevelCorrection | None:
    """Find the one level correction of a check."""
    return session.exec(select(LevelCorrection).where(LevelCorrection.check_id == check_id)).one_or_none()


def lock_correction(session: Session, correction_id: int) -> LevelCorrection | None:
    """Lock a level correction as it is now."""
    statement = select(LevelCorrection).where(LevelCorrection.id == correction_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def list_open_corrections(session: Session, case_ids: Collection[int]) -> list[LevelCorrection]:
    """List the corrections of some cases that are not closed."""
    return list(
        session.exec(
            select(LevelCorrection)
            .where(col(LevelCorrection.case_id).in_(case_ids), col(LevelCorrection.outcome).is_(None))
            .order_by(col(LevelCorrection.id))
        )
    )


def has_plan(session: Session, pdu_codes: Collection[str], ground: PlanGround, *, since: datetime) -> bool:
    """Tell whether a PDU has a plan for a ground that is still open or was opened since a moment."""
    statement = (
        select(ImprovementPlan.id)
        .join(Obligation, col(Obligation.id) == col(ImprovementPlan.obligation_id))
        .where(col(ImprovementPlan.pdu_code).in_(pdu_codes), ImprovementPlan.ground == ground)
        .where(or_(col(ImprovementPlan.opened_at) > since, col(Obligation.closed_at).is_(None)))
    )
    return session.exec(statement.limit(1)).first() is not None


def find_escalation_of_cut(session: Session, cut_id: int) -> Escalation | None:
    """Lock the one escalation of a cut."""
    return session.exec(
        select(Escalation)
        .where(Escalation.kind == EscalationKind.CUT, Escalation.cut_id == cut_id)
        .with_for_update()
    ).one_or_none()


def find_standing_escalation(session: Session, pdu_code: str) -> Escalation | None:
    """Lock the standing escalation of a PDU."""
    return session.exec(
        select(Escalation)
        .where(Escalation.kind == EscalationKind.PDU, Escalation.pdu_code == pdu_code)
        .with_for_update()
    ).one_or_none()


def list_escalations_of_overdue(session: Session, obligation_id: int) -> list[Escalation]:
    """List the escalations that an overdue duty has had."""
    return list(
        session.exec(select(Escalation).where(Escalation.overdue_obligation_id == obligation_id)).all()
    )


def lock_items(session: Session, item_ids: Collection[int]) -> list[EscalationItem]:
    """Lock items in the order of their keys, as they are now."""
    return list(
        session.exec(
            select(EscalationItem)
            .where(col(EscalationItem.id).in_(item_ids))
            .order_by(col(EscalationItem.id))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def list_items(session: Session, escalation_id: int, *, open_only: bool = False) -> list[EscalationItem]:
    """List the items of an escalation."""
    statement = select(EscalationItem).where(EscalationItem.escalation_id == escalation_id)
    if open_only:
        statement = statement.where(EscalationItem.status == ItemStatus.OPEN)
    return list(session.exec(statement.order_by(col(EscalationItem.id))))


def list_escalations(session: Session, escalation_ids: Collection[int]) -> list[Escalation]:
    """Lock escalations in the order of their keys."""
    return list(
        session.exec(
            select(Escalation)
            .where(col(Escalation.id).in_(escalation_ids))
            .order_by(col(Escalation.id))
            .with_for_update()
        )
    )
