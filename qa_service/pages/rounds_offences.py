"""Serious further offences: the quality lead enters one, and its case's last check is read again blind."""

from datetime import date

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from qa_service.auth.dependencies import ClockDep, ReferencesDep, SessionDep
from qa_service.auth.service import CurrentUser
from qa_service.core.errors import Invalid, NotFound
from qa_service.pages.addresses import Key
from qa_service.pages.display import day
from qa_service.pages.forms import Form, FormDep
from qa_service.pages.manager_access import PageNumber, hidden_of, page_of
from qa_service.pages.render import Cell, Column, Link, render
from qa_service.pages.rounds_access import LEADS, SHORTEST_REASON, LeadDep, view_of
from qa_service.reporting.further_offences import OffenceRow, list_offences
from qa_service.reviews import service as reviews
from qa_service.reviews.service import Notification

router = APIRouter(include_in_schema=False)

ADDRESS = "/further-offences"
TITLE = "Serious further offences"
COLUMNS = (
    Column("notified", "Notified"),
    Column("occurred", "Offence"),
    Column("case", "Case"),
    Column("checked", "Last check before it"),
    Column("found", "Blind re-read"),
    Column("withdraw", "Entered by mistake?"),
)


@router.get(ADDRESS)
def list_them(
    request: Request, session: SessionDep, clock: ClockDep, user: LeadDep, number: PageNumber = 1
) -> Response:
    """List what was entered about cases of somebody's areas, the latest notification first."""
    view = view_of(user, *LEADS)
    page = page_of(list_offences(session, regions=view.regions, pdus=view.pdus), number)
    context = {"page": page, "columns": COLUMNS, "rows": [_row(one) for one in page.rows]}
    return render(request, "rounds/offences.html", context | {"data_up_to": clock.now()})


@router.get(f"{ADDRESS}/new")
def ask(request: Request, user: LeadDep) -> Response:  # noqa: ARG001 - for quality leads
    """Ask for the case and the two days."""
    return _page(request, Form())


@router.post(f"{ADDRESS}/new")
def enter(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    user: LeadDep,
    references: ReferencesDep,
    form: FormDep,
) -> Response:
    """Check the answers, then enter the offence; wrong ones come back as they were typed."""
    if form.value("change"):
        return _page(request, form)
    at = clock.now()
    typed = Notification(form.value("crn"), _date_of(form, "occurred_on"), _date_of(form, "notified_on"))
    try:
        if form.value("confirmed"):
            reviews.enter_further_offence(session, typed, at=at, by=user.actor, references=references)
            return RedirectResponse(ADDRESS, status_code=303)
        found = reviews.must_be_enterable(session, typed, at=at)
    except Invalid as error:
        return _page(request, form.refused(error))
    context = {
        "rows": [
            ("Case", found.crn, None),
            ("Day of the offence", day(found.occurred_on), None),
            ("Day of the notification", day(found.notified_on), None),
        ],
        "action": f"{ADDRESS}/new",
        "button": "Enter this offence",
        "hidden": hidden_of(form),
        "effect": "If the case was checked before that day, its last check is read again by somebody who does"
        " not know why. The officer's verdict does not change. From then on you cannot read this case.",
        "breadcrumbs": [Link(TITLE, ADDRESS), Link("Check your answers")],
    }
    return render(request, "manager/check.html", context)


@router.get(f"{ADDRESS}/{{offence_id}}/withdraw")
def ask_why(request: Request, session: SessionDep, user: LeadDep, offence_id: Key) -> Response:
    """Ask why an offence is taken back."""
    return _withdraw_page(request, _offence(session, user, offence_id), Form())


@router.post(f"{ADDRESS}/{{offence_id}}/withdraw")
def withdraw(
    request: Request, session: SessionDep, clock: ClockDep, user: LeadDep, offence_id: Key, form: FormDep
) -> Response:
    """Take an offence back, with the reason."""
    offence = _offence(session, user, offence_id)
    reason = form.value("reason").strip()
    if len(reason) < SHORTEST_REASON:
        told = {"reason": f"Give the reason in at least {SHORTEST_REASON} characters"}
        return _withdraw_page(request, offence, form.with_errors(told))
    reviews.withdraw_further_offence(session, offence_id, reason=reason, at=clock.now(), by=user.actor)
    return RedirectResponse(ADDRESS, status_code=303)


def _offence(session: Session, user: CurrentUser, offence_id: int) -> OffenceRow:
    view = view_of(user, *LEADS)
    rows = list_offences(session, regions=view.regions, pdus=view.pdus)
    found = next((one for one in rows if one.id == offence_id and one.withdrawn_at is None), None)
    if found is None:
        raise NotFound("There is no such offence here.", next_step="Look at the list of offences.")
    return found


def _withdraw_page(request: Request, offence: OffenceRow, form: Form) -> Response:
    context = {
        "form": form,
        "offence": offence,
        "breadcrumbs": [Link(TITLE, ADDRESS), Link("Withdraw one")],
    }
    return render(request, "rounds/offence_withdrawn.html", context, status_code=422 if form.errors else 200)


def _page(request: Request, form: Form) -> Response:
    context = {"form": form, "breadcrumbs": [Link(TITLE, ADDRESS), Link("Enter one")]}
    return render(request, "rounds/offence.html", context, status_code=422 if form.errors else 200)


def _date_of(form: Form, name: str) -> date | None:
    try:
        on, month, year = (int(form.value(part)) for part in (name, f"{name}-month", f"{name}-year"))
        return date(year, month, on)
    except ValueError:
        return None


def _row(one: OffenceRow) -> dict[str, object]:
    return {
        "notified": day(one.notified_on),
        "occurred": day(one.occurred_on),
        "case": Cell(one.crn or "", hint=one.pdu),
        "checked": "Never checked" if one.checked_at is None else day(one.checked_at),
        "found": _found(one),
        "withdraw": f"Withdrawn {day(one.withdrawn_at)}: {one.withdrawn_reason}"
        if one.withdrawn_at
        else Cell("Withdraw", href=f"{ADDRESS}/{one.id}/withdraw", hint=f"offence of {day(one.occurred_on)}"),
    }


def _found(one: OffenceRow) -> str | None:
    """Say what the re-read showed about the check; nothing where there was no check."""
    if one.checked_at is None:
        return None
    if not one.is_read_again:
        return "Not in yet"
    if one.is_too_low and not one.was_found:
        return "Missed: the level was too low and the check let it stand"
    return (
        "The check had found the level too low" if one.was_found else "The re-read lets the level stand too"
    )
