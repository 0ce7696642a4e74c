"""The level correction: the case first, closed as changed on a day to a level, or kept because (RULES 3)."""

from datetime import date

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.auth.service import CurrentUser
from qa_service.core.clock import day_of
from qa_service.core.errors import Invalid
from qa_service.obligations import service as obligations
from qa_service.obligations.service import Changed, Kept
from qa_service.pages.addresses import Key
from qa_service.pages.display import day
from qa_service.pages.forms import Form, FormDep
from qa_service.pages.manager_access import ManagerDep, hidden_of
from qa_service.pages.manager_duties import clock_of
from qa_service.pages.render import Cell, Column, Link, render
from qa_service.pages.status_tags import status_tag
from qa_service.reporting.corrections import CorrectionRow, GroupDifference, find_correction
from qa_service.reporting.duties import DutyRow, may_meet, must_meet
from rubrics import Level

router = APIRouter(include_in_schema=False)

COLUMNS = (
    Column("group", "Who may be harmed"),
    Column("assessed", "Officer recorded"),
    Column("reviewed", "Reader found"),
    Column("difference", "Difference"),
)
SETTINGS = {"community": "in the community", "custody": "in custody"}
DATE_PARTS = ("changed_on", "changed_on-month", "changed_on-year")


@router.get("/corrections/{correction_id}")
def show_correction(
    request: Request, session: SessionDep, clock: ClockDep, user: ManagerDep, correction_id: Key
) -> Response:
    """Show both sides' levels and ask how the correction closes."""
    at = clock.now()
    row, duty = find_correction(session, user, correction_id, at)
    return _page(request, row, duty, Form(), may_close=may_meet(session, user, duty, at), clock=clock)


@router.post("/corrections/{correction_id}")
def close_correction(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    user: ManagerDep,
    correction_id: Key,
    form: FormDep,
) -> Response:
    """Check the answers, then close the correction; wrong ones come back as they were typed."""
    row, duty = find_correction(session, user, correction_id, clock.now())
    must_meet(session, user, duty.id, clock.now())
    if form.value("change"):
        return _page(request, row, duty, form, may_close=True, clock=clock)
    try:
        closing = _closing(form, day_of(clock.now()))
        if form.value("confirmed"):
            return _close(session, user, row, closing, clock)
    except Invalid as error:
        return _page(request, row, duty, form.refused(error), may_close=True, clock=clock)
    context = {
        "rows": [("Case", duty.crn, None), *_in_words(closing)],
        "action": f"/corrections/{correction_id}",
        "button": "Close this correction",
        "hidden": hidden_of(form),
        "effect": "The correction is closed in your name. An appeal does not undo it.",
        "breadcrumbs": _crumbs(duty),
    }
    return render(request, "manager/check.html", context)


def _close(
    session: Session, user: CurrentUser, row: CorrectionRow, closing: Changed | Kept, clock: ClockDep
) -> Response:
    obligations.close_level_correction(session, row.id, closing, at=clock.now(), by=user.actor)
    return RedirectResponse(f"/corrections/{row.id}", status_code=303)


def _closing(form: Form, today: date) -> Changed | Kept:
    """Read the two ways out; every fault is named at once."""
    if form.value("outcome") == "kept":
        if not form.value("kept_reason").strip():
            raise _wrong(("kept_reason", "Enter why the level is kept"))
        return Kept(form.value("kept_reason"))
    if form.value("outcome") != "changed":
        raise _wrong(("outcome", "Choose whether the level was changed or kept"))
    faults = []
    on = _date_of(form)
    if on is None:
        faults.append(("changed_on", "Enter the day of the change, such as 27 3 2026"))
    elif on > today:
        faults.append(("changed_on", "Enter a day up to today"))
    if form.value("changed_to") not in {level.value for level in Level}:
        faults.append(("changed_to", "Choose the level it was changed to"))
    if faults or on is None:
        raise _wrong(*faults)
    return Changed(Level(form.value("changed_to")), on)


def _date_of(form: Form) -> date | None:
    try:
        on, month, year = (int(form.value(part)) for part in DATE_PARTS)
        return date(year, month, on)
    except ValueError:
        return None


def _wrong(*faults: tuple[str, str]) -> Invalid:
    return Invalid("The correction cannot be closed like this.", next_step="Put it right.", faults=faults)


def _in_words(closing: Changed | Kept) -> list[tuple[str, str, None]]:
    if isinstance(closing, Kept):
        return [("The level", "is kept", None), ("Because", closing.because, None)]
    return [("The level", f"was changed to {closing.to.label}", None), ("On", day(closing.on), None)]


def _page(
    request: Request, row: CorrectionRow, duty: DutyRow, form: Form, *, may_close: bool, clock: ClockDep
) -> Response:
    context = {
        "row": row,
        "duty": duty,
        "clock": clock_of(duty, is_overdue=duty.is_overdue(clock.now())),
        "columns": COLUMNS,
        "rows": [_difference(one) for one in row.differences()],
        "levels": [(level.value, level.label.capitalize()) for level in Level],
        "may_close": may_close,
        "form": form,
        "breadcrumbs": _crumbs(duty),
    }
    return render(request, "manager/correction.html", context, status_code=422 if form.errors else 200)


def _difference(one: GroupDifference) -> dict[str, object]:
    if one.assessed is None or one.reviewed is None:
        words = "Only one of them assessed this group"
    elif one.assessed == one.reviewed:
        words = "The same"
    else:
        words = "Reader found it higher" if one.is_higher else "Reader found it lower"
    return {
        "group": f"{one.group.label.capitalize()}, {SETTINGS[one.setting]}",
        "assessed": Cell(tag=status_tag("level", one.assessed.value)) if one.assessed else None,
        "reviewed": Cell(tag=status_tag("level", one.reviewed.value)) if one.reviewed else None,
        "difference": words,
    }


def _crumbs(duty: DutyRow) -> list[Link]:
    return [Link("My duties", "/duties"), Link(f"Level correction, case {duty.crn}")]
