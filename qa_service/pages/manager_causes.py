"""Why checks went wrong in an area: causes named in fails, rubric lines answered no, workload at the time."""

from fastapi import APIRouter, Request, Response

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.pages.display import day, number
from qa_service.pages.manager_access import RateReaderDep
from qa_service.pages.manager_areas import open_area
from qa_service.pages.manager_plans import plans_in_words
from qa_service.pages.rate_tables import interval
from qa_service.pages.render import Cell, Column, render
from qa_service.policy.numbers import load_policy
from qa_service.reporting.causes import causes_of
from qa_service.reporting.rates import Rate
from qa_service.reporting.thresholds import plans_of

router = APIRouter(include_in_schema=False)

_SHARE = (
    Column("k", "Times", is_numeric=True),
    Column("n", "Of", is_numeric=True),
    Column("share", "Share and 95% interval"),
)
CAUSE_COLUMNS = (Column("what", "Cause"), Column("k", "Fails", is_numeric=True), *_SHARE[1:])
LINE_COLUMNS = (Column("what", "Line of the rubric"), *_SHARE)
LOAD_COLUMNS = (
    Column("what", "Workload when they assessed (WMT)"),
    Column("k", "Level too low", is_numeric=True),
    *_SHARE[1:],
)
N_LINES = 10


@router.get("/rates/{level}/{code}/causes")
def show_causes(
    request: Request, session: SessionDep, clock: ClockDep, user: RateReaderDep, level: str, code: str
) -> Response:
    """Show what stands behind the rates of an area."""
    at, policy = clock.now(), load_policy()
    frame = open_area(session, user, level, code)
    found = causes_of(session, frame.tree, frame.area, at=at, policy=policy, is_suppressed=frame.is_analyst)
    plans = plans_of(session, frame.tree, frame.area, at=at, policy=policy)
    least = policy.rates.too_few_to_compare_n
    context = {
        **frame.context("/causes"),
        "found": found,
        "since": day(found.since),
        "fails_since": day(found.fails_since),
        "load_share": interval(found.load_share),
        "limit_pct": f"{policy.capacity.workload_cause_share_limit:.0%}",
        "plans": [] if frame.is_analyst else plans_in_words(plans, frame.area),
        "cause_columns": CAUSE_COLUMNS,
        "causes": [
            _row(
                one.label,
                one.share,
                least,
                "Answered above the officer" if one.is_above_the_officer else None,
            )
            for one in found.causes
        ],
        "line_columns": LINE_COLUMNS,
        "lines": [_row(f"{one.item_id} {one.title}", one.share, least) for one in found.lines[:N_LINES]],
        "load_columns": LOAD_COLUMNS,
        "workload": [_row(one.band, one.share, least) for one in found.workload],
        "data_up_to": at,
    }
    return render(request, "manager/causes.html", context)


def _row(what: str, share: Rate, least: int, hint: str | None = None) -> dict[str, object]:
    """Return counts, and a share of them only where there are enough to say one."""
    few = share.n < least
    return {
        "what": Cell(what, hint=hint),
        "k": "Not shown" if share.k is None else number(share.k),
        "n": number(share.n),
        "share": "Too few to compare" if few and share.k is not None else interval(share),
    }
