"""Escalations: lists with an owner and a clock, decided one by one or many at once, in writing (RULES 6)."""

from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.auth.service import CurrentUser
from qa_service.core.errors import Invalid, NotFound
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import ItemDecision
from qa_service.pages.addresses import Key
from qa_service.pages.display import day, number
from qa_service.pages.forms import Form, FormDep
from qa_service.pages.list_csv import Table, give_csv, wanted_page, wants_csv
from qa_service.pages.manager_access import ManagerDep, PageNumber, hidden_of, page_of
from qa_service.pages.manager_words import ESCALATION_KINDS, ITEM_DECISIONS, RUNGS
from qa_service.pages.render import Cell, Column, Link, render
from qa_service.pages.status_tags import StatusTag, status_tag
from qa_service.reporting.duties import find_duty, may_meet, must_meet
from qa_service.reporting.escalations import (
    EscalationRow,
    ItemRow,
    escalations_in_reach,
    find_escalation,
    items_of_escalation,
)
from qa_service.reporting.reach import reach_of

router = APIRouter(include_in_schema=False)

COLUMNS = (
    Column("what", "What"),
    Column("owner", "Who decides"),
    Column("due", "By"),
    Column("status", "Status"),
    Column("n_open", "Open items", is_numeric=True),
    Column("points", "Points", is_numeric=True),
)
DECIDED_COLUMNS = (
    Column("what", "Item"),
    Column("decision", "Decision"),
    Column("reason", "In writing", is_long=True),
    Column("by", "By"),
)
STATES = {"open": "Open", "closed": "Decided"}
# What a person decides; "done" is the service's own word for an overdue duty that has been met.
DECISIONS = (ItemDecision.TRANSFER, ItemDecision.FUND, ItemDecision.STOP_OTHER_WORK, ItemDecision.ACCEPT_RISK)


@router.get("/escalations")
def list_escalations(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    user: ManagerDep,
    n_page: PageNumber = 1,
    state: Literal["open", "closed"] = "open",
) -> Response:
    """List the escalations of somebody's area, the longest overdue first."""
    at = clock.now()
    own = escalations_in_reach(session, reach_of(session, user), at)
    shown = [one for one in own if (one.closed_at is None) == (state == "open")]
    page = page_of(shown, wanted_page(request, n_page))
    rows = [
        {
            "what": Cell(
                ESCALATION_KINDS[one.kind], href=f"/escalations/{one.id}", hint=one.officer or one.pdu
            ),
            "owner": Cell(one.owner, hint=one.holder or "Nobody holds this post"),
            "due": day(one.due_at),
            "status": Cell(tag=_clock(one, is_overdue=one.due_at < at), hint=_rung(one)),
            "n_open": f"{one.n_open} of {one.n_items}",
            "points": number(int(one.points_open)),
        }
        for one in page.rows
    ]
    if wants_csv(request):
        return give_csv(session, user, "escalations", Table(COLUMNS, rows), at=at, total=page.total)
    context = {
        "page": page,
        "n_overdue": sum(one.closed_at is None and one.due_at < at for one in own),
        "columns": COLUMNS,
        "rows": rows,
        "states": [
            Link(text, f"/escalations?state={value}", value == state) for value, text in STATES.items()
        ],
        "data_up_to": at,
    }
    return render(request, "manager/escalations.html", context)


def _clock(one: EscalationRow, *, is_overdue: bool) -> StatusTag:
    if one.closed_at is not None:
        return status_tag("escalation_item", "decided")
    return status_tag("obligation", "overdue" if is_overdue else "open")


def _rung(one: EscalationRow) -> str:
    risen = f", risen {one.n_rungs_risen} times" if one.n_rungs_risen > 1 else ", risen once"
    return f"{RUNGS[one.owner_kind]}{risen if one.n_rungs_risen else ''}"


@router.get("/escalations/{escalation_id}")
def show_escalation(
    request: Request, session: SessionDep, clock: ClockDep, user: ManagerDep, escalation_id: Key
) -> Response:
    """Show the items with interim cover and contact plan, and ask what is decided about them."""
    found = find_escalation(session, user, escalation_id, clock.now())
    return _page(request, session, user, found, Form(), clock)


@router.post("/escalations/{escalation_id}")
def decide(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    user: ManagerDep,
    escalation_id: Key,
    form: FormDep,
) -> Response:
    """Check the decision, then write it: for one item or for many, with its reason."""
    at = clock.now()
    found = find_escalation(session, user, escalation_id, at)
    must_meet(session, user, found.obligation_id, at)
    items = items_of_escalation(session, escalation_id, at)
    chosen = _chosen(form, items)
    faults = _faults(form, chosen)
    if faults or form.value("change"):
        return _page(request, session, user, found, form.with_errors(faults), clock)
    if not form.value("confirmed"):
        return _check_page(request, found, chosen, form)
    decision = ItemDecision(form.value("decision"))
    try:
        obligations.decide_items(
            session, [item.id for item in chosen], decision, form.value("reason"), at=at, by=user.actor
        )
    except Invalid as error:
        return _page(request, session, user, found, form.refused(error), clock)
    return RedirectResponse(f"/escalations/{escalation_id}", status_code=303)


def _chosen(form: Form, items: list[ItemRow]) -> list[ItemRow]:
    """Return the items that were ticked; ticked on another list, they are not here."""
    ids = {part for value in form.chosen("items") for part in value.split(",") if part}
    chosen = [item for item in items if str(item.id) in ids]
    if len(chosen) != len(ids):
        raise NotFound("One of these items is not here.", next_step="Start again from the list.")
    return chosen


def _faults(form: Form, chosen: list[ItemRow]) -> list[tuple[str, str]]:
    faults = []
    if not chosen:
        faults.append(("items", "Choose at least one item"))
    if form.value("decision") not in set(DECISIONS):
        faults.append(("decision", "Choose what is decided"))
    if not form.value("reason").strip():
        faults.append(("reason", "Enter the reason in writing"))
    return faults


def _check_page(request: Request, found: EscalationRow, chosen: list[ItemRow], form: Form) -> Response:
    context = {
        "rows": [
            ("Items", "\n".join(_name(item) for item in chosen), None),
            ("Decision", ITEM_DECISIONS[form.value("decision")], None),
            ("Reason", form.value("reason"), None),
        ],
        "action": f"/escalations/{found.id}",
        "button": "Decide",
        "hidden": hidden_of(form),
        "effect": "The decision stands in your name, and these items are closed by it.",
        "breadcrumbs": _crumbs(found),
    }
    return render(request, "manager/check.html", context)


def _name(item: ItemRow) -> str:
    return f"{item.crn}: {item.what}" if item.crn else item.what


def _page(
    request: Request,
    session: Session,
    user: CurrentUser,
    found: EscalationRow,
    form: Form,
    clock: ClockDep,
) -> Response:
    at = clock.now()
    items = items_of_escalation(session, found.id, at)
    context = {
        "escalation": found,
        "kind": ESCALATION_KINDS[found.kind],
        "clock": _clock(found, is_overdue=found.due_at < at),
        "rung": _rung(found),
        "open_items": [(item, _name(item)) for item in items if item.status == "open"],
        "ticked": {part for value in form.chosen("items") for part in value.split(",")},
        "decided_columns": DECIDED_COLUMNS,
        "decided": [
            {
                "what": _name(item),
                "decision": ITEM_DECISIONS[item.decision or ""],
                "reason": item.decision_reason,
                "by": Cell(item.decided_by or "", hint=day(item.decided_at) if item.decided_at else None),
            }
            for item in items
            if item.status == "decided"
        ],
        "decisions": [(decision.value, ITEM_DECISIONS[decision.value]) for decision in DECISIONS],
        "may_decide": may_meet(session, user, find_duty(session, user, found.obligation_id, at), at),
        "form": form,
        "breadcrumbs": _crumbs(found),
        "data_up_to": at,
    }
    return render(request, "manager/escalation.html", context, status_code=422 if form.errors else 200)


def _crumbs(found: EscalationRow) -> list[Link]:
    return [Link("Escalations", "/escalations"), Link(found.officer or found.pdu or "Escalation")]
