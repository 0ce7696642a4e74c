"""Failing checks: the list with days open and the cut decision, and one fail's timeline (SCREENS 13)."""

from fastapi import APIRouter, Request, Response

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.pages.addresses import Reference
from qa_service.pages.display import day
from qa_service.pages.list_csv import Table, give_csv, wanted_page, wants_csv
from qa_service.pages.manager_access import ManagerDep, PageNumber, page_of
from qa_service.pages.manager_duties import address_of, clock_of
from qa_service.pages.manager_timeline import events_of
from qa_service.pages.manager_words import ARMS, CUT_DECISIONS, CUT_REASONS, DUTY_KINDS, SEVERITIES
from qa_service.pages.officer_words import level_in_words
from qa_service.pages.render import Cell, Column, FilterField, Link, render
from qa_service.pages.status_tags import status_tag
from qa_service.reporting.duties import duties_of_verdict, may_see
from qa_service.reporting.fails import FailRow, fails_in_reach, find_fail
from qa_service.reporting.reach import reach_of
from qa_service.reporting.timeline import what_happened

router = APIRouter(include_in_schema=False)

COLUMNS = (
    Column("officer", "Officer"),
    Column("case", "Case"),
    Column("found", "Found"),
    Column("open_for", "Open for", sort="days"),
    Column("decision", "Cut decision"),
    Column("duties", "Duties open", is_numeric=True),
)
DUTY_COLUMNS = (
    Column("due", "Due"),
    Column("what", "What"),
    Column("owner", "Whose"),
    Column("status", "Status"),
)


@router.get("/failing-checks")
def list_fails(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    user: ManagerDep,
    number: PageNumber = 1,
    decision: str = "",
    state: str = "",
) -> Response:
    """List the confirmed fails of somebody's area, the longest open first."""
    at, sort = clock.now(), request.query_params.get("sort", "-days")
    own = fails_in_reach(session, reach_of(session, user), at)
    shown = [
        fail
        for fail in own
        if decision in {"", fail.decision} and state in {"", "open" if fail.is_open else "closed"}
    ]
    shown.sort(key=lambda fail: fail.decided_at, reverse=sort == "days")
    page = page_of(shown, wanted_page(request, number))
    rows = [_row(fail, fail.n_days_open(at)) for fail in page.rows]
    if wants_csv(request):
        return give_csv(session, user, "failing-checks", Table(COLUMNS, rows), at=at, total=page.total)
    context = {
        "page": page,
        "n_all": len(own),
        "columns": COLUMNS,
        "rows": rows,
        "sort": sort,
        "filters": [
            FilterField("decision", "Cut decision", tuple(CUT_DECISIONS.items())),
            FilterField("state", "State", (("open", "Open"), ("closed", "Closed"))),
        ],
        "data_up_to": at,
    }
    return render(request, "manager/fails.html", context)


def _row(fail: FailRow, n_days: int) -> dict[str, object]:
    return {
        "officer": Cell(
            fail.officer, href=f"/failing-checks/{fail.reference}", hint=f"{fail.team}, {fail.pdu}"
        ),
        "case": fail.crn,
        "found": Cell(SEVERITIES[fail.severity], hint=f"{day(fail.decided_at)}, {ARMS[fail.arm]}"),
        "open_for": f"{n_days} day{'' if n_days == 1 else 's'}" if fail.is_open else "Closed",
        "decision": _decision(fail),
        "duties": fail.n_open_duties,
    }


def _decision(fail: FailRow) -> Cell | None:
    if fail.decision is None:
        return None
    reason = CUT_REASONS[fail.decision_reason or ""]
    return Cell(tag=status_tag("cut_decision", fail.decision), hint=reason[0].upper() + reason[1:])


@router.get("/failing-checks/{reference}")
def show_fail(
    request: Request, session: SessionDep, clock: ClockDep, user: ManagerDep, reference: Reference
) -> Response:
    """Show one fail on one page: what was found, what runs, and everything that happened, in order."""
    at = clock.now()
    fail = find_fail(session, user, reference, at)
    duties = duties_of_verdict(session, fail.verdict_id, fail.check_id, at)
    context = {
        "fail": fail,
        "severity": SEVERITIES[fail.severity],
        "arm": ARMS[fail.arm],
        "assessed": level_in_words(fail.assessed_overall),
        "reviewed": level_in_words(fail.reviewed_overall),
        "decision": CUT_DECISIONS.get(fail.decision or "", "Not recorded"),
        "decision_reason": CUT_REASONS.get(fail.decision_reason or "", ""),
        "duty_columns": DUTY_COLUMNS,
        "duties": [
            {
                "due": day(duty.due_at),
                "what": Cell(
                    DUTY_KINDS[duty.kind],
                    href=address_of(duty) if may_see(session, user, duty, at) else None,
                    hint=duty.decision or duty.what,
                ),
                "owner": Cell(duty.owner, hint=duty.holder),
                "status": Cell(tag=clock_of(duty, is_overdue=duty.is_overdue(at))),
            }
            for duty in sorted(duties, key=lambda duty: (duty.closed_at is not None, duty.due_at))
        ],
        "events": events_of(what_happened(session, fail.check_id, fail.verdict_id)),
        "breadcrumbs": [Link("Failing checks", "/failing-checks"), Link(fail.officer)],
        "data_up_to": at,
    }
    return render(request, "manager/fail.html", context)
