"""Workload reductions, the gate and escalations for whoever runs the service."""

from datetime import timedelta
from typing import Annotated

import typer
from sqlmodel import Session

from qa_service.caseload.rules import GateAnswer
from qa_service.caseload.service import AllocationQuestion, check_allocation
from qa_service.cases import service as cases
from qa_service.cli.context import BY, system_clock, system_session
from qa_service.cli.output import AsJson, command_group, show, table
from qa_service.core.clock import day_of
from qa_service.estate import service as estate
from qa_service.obligations import service as obligations
from qa_service.policy.numbers import load_policy
from qa_service.reporting.cuts import cuts_in_reach, requests_of
from qa_service.reporting.escalations import escalations_in_reach
from qa_service.reporting.reach import Reach

cuts = command_group()
escalations = command_group()
Within = Annotated[int, typer.Option(min=0, help="Days ahead to look.")]


@escalations.callback()
def _escalations() -> None:
    """List escalations."""


def _everywhere(session: Session) -> Reach:
    return Reach(pdus=tuple(pdu.code for pdu in estate.pdus(session)), teams=())


@cuts.command(name="list")
def list_cuts(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Ended and overturned ones too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List workload reductions with the points carried now."""
    with system_session() as session:
        found = cuts_in_reach(session, _everywhere(session), system_clock().now(), live_only=not everything)
    values = [
        {
            "officer": cut.officer,
            "pdu": cut.pdu,
            "status": cut.status,
            "cap_points": cut.cap_points,
            "points_now": cut.points_now,
            "starts_on": cut.starts_on,
            "ends_on": cut.ends_on,
            "landed_on": day_of(cut.landed_at) if cut.landed_at else None,
            "n_open_items": cut.n_open_items,
        }
        for cut in found
    ]
    headings = ("Officer", "PDU", "Status", "Cap", "Points now", "Starts", "Ends", "Landed", "Open items")
    show(values, as_json=as_json, text=table(headings, [tuple(row.values()) for row in values]))


@cuts.command()
def due(within: Within = 7, *, as_json: AsJson = False) -> None:
    """List what is due about reductions: starts, ends, and hours to be keyed."""
    at = system_clock().now()
    horizon = day_of(at) + timedelta(days=within)
    steps = []
    with system_session() as session:
        for cut in cuts_in_reach(session, _everywhere(session), at, live_only=True):
            if cut.status == "scheduled":
                steps.append((cut.starts_on, "starts", cut.officer))
            steps.append((cut.ends_on, "ends", cut.officer))
            steps += [
                (day_of(request.due_at), f"key {request.reduction_hours} hours in WMT", cut.officer)
                for request in requests_of(session, cut)
                if request.status == "requested"
            ]
    steps = sorted(step for step in steps if step[0] <= horizon)
    values = [{"due_on": on, "what": what, "officer": officer} for on, what, officer in steps]
    show(values, as_json=as_json, text=table(("Due", "What", "Officer"), steps))


def gate(
    staff_code: Annotated[str, typer.Argument(help="Who would take the case.")],
    crn: Annotated[str, typer.Argument(help="The case.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Ask whether an officer may take a case; the answer is recorded, and a refusal ends with 1."""
    with system_session() as session:
        found = check_allocation(
            session,
            AllocationQuestion(staff_code, crn),
            at=system_clock().now(),
            by=BY,
            policy=load_policy(),
        ).decided
    values = {
        "answer": found.answer.value,
        "reasons": [reason.sentence for reason in found.reasons],
        "points_before": found.points_before,
        "points_after": found.points_after,
    }
    text = "\n".join([found.answer.value.replace("_", " "), *(reason.sentence for reason in found.reasons)])
    show(values, as_json=as_json, text=text)
    if found.answer is GateAnswer.REFUSED:
        raise typer.Exit(1)


@escalations.command(name="due")
def due_escalations(within: Within = 0, *, as_json: AsJson = False) -> None:
    """List open escalations whose time is over, or will be within some days."""
    at = system_clock().now()
    with system_session() as session:
        found = [
            row
            for row in escalations_in_reach(session, _everywhere(session), at, open_only=True)
            if row.due_at <= at + timedelta(days=within)
        ]
    values = [
        {
            "due_on": day_of(row.due_at),
            "owner": row.owner,
            "holder": row.holder,
            "what": row.what,
            "n_open": row.n_open,
            "n_rungs_risen": row.n_rungs_risen,
        }
        for row in found
    ]
    headings = ("Due", "Owner", "Held by", "What", "Open items", "Rungs risen")
    show(values, as_json=as_json, text=table(headings, [tuple(row.values()) for row in values]))


@escalations.command(name="hidden")
def hidden_duties(*, as_json: AsJson = False) -> None:
    """List duties that nobody may know of: nobody responsible is listed for the limited-access case."""
    at = system_clock().now()
    with system_session() as session:
        values = [
            {
                "due_on": day_of(duty.due_at),
                "kind": duty.kind.value,
                "owner": estate.find_post(session, duty.owner_post_id).title,
                "crn": cases.current_crn(session, case_id),
            }
            for duty, case_id, _ in obligations.hidden_duties(session, at=at)
        ]
    show(
        values,
        as_json=as_json,
        text=table(("Due", "Kind", "Owner", "CRN"), [tuple(row.values()) for row in values]),
    )
