"""Why checks went wrong in an area: causes named in fails, rubric lines answered no, workload at the time."""

from fastapi import APIRouter, Request, Response

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.pages.display import number
from qa_service.pages.list_csv import Table, give_table, wants_csv
from qa_service.pages.manager_access import RateReaderDep
from qa_service.pages.manager_areas import open_area
from qa_service.pages.manager_plans import plans_in_words
from qa_service.pages.rate_tables import NOT_SHOWN, interval
from qa_service.pages.render import Cell, Column, render
from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import Area, AreaLevel
from qa_service.reporting.causes import Causes, LineShare, causes_of
from qa_service.reporting.published_causes import published_causes
from qa_service.reporting.rates import Rate
from qa_service.reporting.thresholds import plans_of

router = APIRouter(include_in_schema=False)

_SHARE = (
    Column("k", "Times", is_numeric=True),
    Column("n", "Of", is_numeric=True),
    Column("share", "Share and 95% interval"),
)
# Fails of every arm, counted in full: no sample, and so no interval.
CAUSE_COLUMNS = (Column("what", "Cause"), Column("k", "Fails", is_numeric=True), _SHARE[1])
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
    tree, area = frame.tree, frame.area
    if frame.is_analyst and area.level is not AreaLevel.NATIONAL:
        return render(request, "manager/not_shown.html", {**frame.context("/causes"), "what": "Causes"})
    if frame.is_analyst:
        found, plans = published_causes(session, tree, at=at, policy=policy), []
    else:
        found = causes_of(session, tree, area, at=at, policy=policy)
        plans = plans_in_words(plans_of(session, tree, area, at=at, policy=policy), area)
    least = policy.rates.too_few_to_compare_n
    tables = _tables(found, least)
    if wants_csv(request):
        return give_table(request, session, user, f"{code}-causes", tables, at=at, until=found.until)
    context = {
        **frame.context("/causes"),
        "found": found,
        "period": frame.period(found.since, found.until),
        "sentence": _sentence(found, area, frame.period(found.fails_since, found.until)),
        "limit_pct": f"{policy.capacity.workload_cause_share_limit:.0%}",
        "plans": plans,
        "tables": tables,
        "least": least,
        "data_up_to": found.until,
    }
    return render(request, "manager/causes.html", context)


def _tables(found: Causes, least: int) -> dict[str, Table]:
    """Return the tables of the page."""
    above = {True: "Answered above the officer", False: None}
    lines = [_row(f"{one.item_id} {one.title}", one.share, least) for one in shown_lines(found, least)]
    causes = [_row(one.label, one.share, least, above[one.is_above_the_officer]) for one in found.causes]
    return {
        "causes": Table(CAUSE_COLUMNS, causes),
        "lines": Table(LINE_COLUMNS, lines),
        "workload": Table(LOAD_COLUMNS, [_row(one.band, one.share, least) for one in found.workload]),
    }


def shown_lines(found: Causes, least: int) -> list[LineShare]:
    """Return the lines most answered no, ranked only from enough cases to compare, and those of too few."""
    ranked = [one for one in found.lines if one.share.n >= least and one.share.k is not None]
    others = sorted((one for one in found.lines if one not in ranked), key=lambda one: one.item_id)
    return [*ranked[:N_LINES], *others]


def _sentence(found: Causes, area: Area, period: str) -> str:
    """Say first how many fails name workload, oversight or IT."""
    share = found.load_share
    if found.n_fails is None:
        return "The number of fails is small and is not shown."
    if not found.n_fails:
        seen = "" if area.level is AreaLevel.NATIONAL else " that you may see"
        return f"There is no confirmed fail{seen} {period}."
    fails = f"{number(found.n_fails)} confirmed {'fail' if found.n_fails == 1 else 'fails'} {period}"
    if share.k is None:
        return (
            f"{fails}. How many name workload, oversight or IT is not shown: few of them do, or few do not."
        )
    names = "names" if share.k == 1 else "name"
    return f"{number(share.k)} of {fails} {names} workload, oversight or IT as a cause."


def _row(what: str, share: Rate, least: int, hint: str | None = None) -> dict[str, object]:
    """Return counts, and a share of them only where there are enough to say one."""
    return {
        "what": Cell(what, hint=hint),
        "k": NOT_SHOWN if share.k is None else number(share.k),
        "n": NOT_SHOWN if share.k is None else number(share.n),
        "share": interval(share, least),
    }
