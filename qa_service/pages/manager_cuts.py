"""Caseload cuts: before and after, points now, landed or not, until when, and the sum (SCREENS 14)."""

from fastapi import APIRouter, Request, Response

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.pages.addresses import Key
from qa_service.pages.display import day, number
from qa_service.pages.list_csv import Table, give_csv, wanted_page, wants_csv
from qa_service.pages.manager_access import ManagerDep, PageNumber, page_of
from qa_service.pages.manager_moves import MOVE_COLUMNS, move_row
from qa_service.pages.render import Cell, Column, FilterField, Link, render
from qa_service.pages.status_tags import status_tag
from qa_service.reporting.cuts import CutRow, arithmetic_of, cuts_in_reach, find_cut, requests_of, sums_by_pdu
from qa_service.reporting.moves import moves_of_cut
from qa_service.reporting.reach import reach_of

router = APIRouter(include_in_schema=False)

COLUMNS = (
    Column("officer", "Officer"),
    Column("status", "Status"),
    Column("before", "Cap before", is_numeric=True),
    Column("after", "Cap now", is_numeric=True),
    Column("points", "Points now", is_numeric=True),
    Column("landed", "Landed"),
    Column("until", "Until"),
)
SUM_COLUMNS = (
    Column("pdu", "PDU"),
    Column("n_cuts", "Live cuts", is_numeric=True),
    Column("n_landed", "Landed", is_numeric=True),
    Column("taken_off", "Points taken off", is_numeric=True),
    Column("over", "Points still over", is_numeric=True),
    Column("open_items", "Items without a place", is_numeric=True),
)
POSTING_COLUMNS = (
    Column("posting", "Posting"),
    Column("contracted", "Contracted hours", is_numeric=True),
    Column("other", "Other reductions", is_numeric=True),
    Column("own", "Own available points", is_numeric=True),
    Column("cap", "Cap", is_numeric=True),
    Column("hours", "Reduction to key", is_numeric=True),
)
REQUEST_COLUMNS = (
    Column("what", "Reduction"),
    Column("span", "From and until"),
    Column("status", "Status"),
    Column("due", "To be keyed by"),
)


@router.get("/cuts")
def list_cuts(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    user: ManagerDep,
    n_page: PageNumber = 1,
    state: str = "",
) -> Response:
    """List the cuts of somebody's area, and what the live ones take off each PDU."""
    at, reach = clock.now(), reach_of(session, user)
    own = cuts_in_reach(session, reach, at)
    shown = [cut for cut in own if state in {"", "live" if cut.is_live else "over"}]
    page = page_of(shown, wanted_page(request, n_page))
    rows = [_row(cut) for cut in page.rows]
    if wants_csv(request):
        return give_csv(session, user, "caseload-cuts", Table(COLUMNS, rows), at=at, total=page.total)
    context = {
        "page": page,
        "n_live": sum(cut.is_live for cut in own),
        "columns": COLUMNS,
        "rows": rows,
        "sum_columns": SUM_COLUMNS,
        "sums": [
            {
                "pdu": one.pdu,
                "n_cuts": one.n_cuts,
                "n_landed": one.n_landed,
                "taken_off": Cell(
                    number(one.points_taken_off), hint=f"{one.taken_off_pct:.1f}% of all points"
                ),
                "over": number(one.points_over),
                "open_items": one.n_open_items,
            }
            for one in sums_by_pdu(session, reach, own, at)
        ],
        "filters": [FilterField("state", "State", (("live", "Live"), ("over", "Over")))],
        "data_up_to": at,
    }
    return render(request, "manager/cuts.html", context)


def _row(cut: CutRow) -> dict[str, object]:
    return {
        "officer": Cell(cut.officer, href=f"/cuts/{cut.id}", hint=cut.teams),
        "status": Cell(tag=status_tag("cut", cut.status)),
        "before": number(cut.own_available_points),
        "after": number(cut.cap_points),
        "points": number(cut.points_now),
        "landed": landed_in_words(cut),
        "until": day(cut.ends_on),
    }


def landed_in_words(cut: CutRow) -> str:
    """Say whether the officer has come down to the cap."""
    if cut.landed_at is not None:
        return f"On {day(cut.landed_at)}"
    return f"Not yet, {number(cut.points_over)} over" if cut.points_over else "Not yet seen"


@router.get("/cuts/{cut_id}")
def show_cut(
    request: Request, session: SessionDep, clock: ClockDep, user: ManagerDep, cut_id: Key
) -> Response:
    """Show one cut: how it was worked out, what was asked of WMT, and the cases that move."""
    at = clock.now()
    cut = find_cut(session, user, cut_id, at)
    context = {
        "cut": cut,
        "landed": landed_in_words(cut),
        "posting_columns": POSTING_COLUMNS,
        "postings": [
            {
                "posting": f"{row.staff_code} in {row.team_code}",
                "contracted": row.contracted_hours,
                "other": row.other_reduction_hours,
                "own": number(row.own_available_points),
                "cap": number(row.cap_points),
                "hours": f"{row.reduction_hours} a week",
            }
            for row in arithmetic_of(session, cut)
        ],
        "request_columns": REQUEST_COLUMNS,
        "requests": [
            {
                "what": Cell(f"{row.reduction_hours} hours, {row.staff_code}", href=f"/reductions/{row.id}"),
                "span": f"{day(row.starts_on)} to {day(row.ends_on)}",
                "status": Cell(tag=status_tag("reduction_request", row.status)),
                "due": day(row.due_at),
            }
            for row in requests_of(session, cut)
        ],
        "move_columns": MOVE_COLUMNS,
        "moves": [move_row(move) for move in moves_of_cut(session, cut.id)],
        "breadcrumbs": [Link("Caseload cuts", "/cuts"), Link(cut.officer)],
        "data_up_to": at,
    }
    return render(request, "manager/cut.html", context)
