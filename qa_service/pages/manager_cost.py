"""What the checks of an area cost and what each way of choosing them yields: never pooled, no rate."""

from decimal import Decimal

from fastapi import APIRouter, Request, Response

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.pages.display import number
from qa_service.pages.list_csv import Table, give_table, wants_csv
from qa_service.pages.manager_access import RateReaderDep
from qa_service.pages.manager_areas import open_area
from qa_service.pages.manager_words import ARMS
from qa_service.pages.rate_tables import NOT_SHOWN, interval
from qa_service.pages.rate_words import TOO_FEW
from qa_service.pages.render import Cell, Column, render
from qa_service.policy.numbers import load_policy
from qa_service.reporting.cost import ArmCost, Cost, cost_of
from qa_service.reporting.hours import told_hours
from qa_service.reporting.published_cost import published_costs
from qa_service.reporting.releases import release_of
from qa_service.rounds.tables import Arm

router = APIRouter(include_in_schema=False)


YIELD_COLUMNS = (
    Column("arm", "How they were chosen"),
    Column("n", "Final", is_numeric=True),
    Column("k", "Level too low", is_numeric=True),
    Column("share", "Yield and 95% interval"),
    Column("fails", "Fails", is_numeric=True),
)
COST_COLUMNS = (
    Column("arm", "How they were chosen"),
    Column("reads", "Reads", is_numeric=True),
    Column("moderations", "Moderations", is_numeric=True),
    Column("hours", "Reviewer hours", is_numeric=True),
    Column("caseloads", "Caseloads a year", is_numeric=True),
    Column("hours_each", "For each level found too low", is_numeric=True),
    Column("caseloads_each", "Caseloads per level found", is_numeric=True),
)


@router.get("/rates/{level}/{code}/cost")
def show_cost(
    request: Request, session: SessionDep, clock: ClockDep, user: RateReaderDep, level: str, code: str
) -> Response:
    """Show yield and cost, the random arm apart from the others."""
    at, policy = clock.now(), load_policy()
    frame = open_area(session, user, level, code)
    tree, area = frame.tree, frame.area
    if frame.is_analyst:
        release = release_of(area.level, at, policy.rates)
        found = published_costs(session, tree, release, policy=policy)[area.code]
    else:
        found = cost_of(session, tree, area, at=at, policy=policy)
    least = policy.rates.too_few_to_compare_n
    random = [_yield_row(one, least) for one in found.arms if one.arm is Arm.RANDOM]
    others = [_yield_row(one, least) for one in found.arms if one.arm is not Arm.RANDOM]
    tables = {
        "random": Table(YIELD_COLUMNS, random),
        "others": Table(YIELD_COLUMNS, others),
        "costs": Table(COST_COLUMNS, [_cost_row(one, least) for one in found.arms]),
    }
    if wants_csv(request):
        return give_table(request, session, user, f"{code}-cost", tables, at=at, until=found.until)
    period = frame.period(found.since, found.until)
    context = {
        **frame.context("/cost"),
        "found": found,
        "period": period,
        "sentence": _sentence(found, least, period),
        "tables": tables,
        "data_up_to": found.until,
    }
    return render(request, "manager/cost.html", context)


def _sentence(found: Cost, least: int, period: str) -> str:
    """Say what the random arm has cost for each level found too low."""
    random = next((one for one in found.arms if one.arm is Arm.RANDOM), None)
    if random is None:
        return f"There is no read of a case drawn at random here {period}."
    if random.is_hidden:
        return "What cases drawn at random cost here is not shown: a number beside it is small."
    told = f"{_hours(random.hours)} reviewer hours on cases drawn at random"
    if random.hours_per_error is None:
        return f"{told}, which found no level too low."
    if random.too_low.n < least:
        return f"{told}: too few are final to say what a level found too low has cost."
    return f"{told}: {_hours_each(random)} for each level found too low."


def _hours_each(one: ArmCost) -> str | None:
    """Say the hours for each level found too low and, by the interval of the share, how sure that is."""
    if one.hours_per_error is None or one.hours_per_error_limits is None:
        return None
    low, high = one.hours_per_error_limits
    upper = "no upper limit" if high is None else _hours(high)
    return f"{_hours(one.hours_per_error)} hours (95% interval {_hours(low)} to {upper})"


def _hours(value: Decimal | float) -> str:
    return number(told_hours(value)).removesuffix(".0")


def _yield_row(one: ArmCost, least: int) -> dict[str, object]:
    return {
        "arm": Cell(ARMS[one.arm.value].capitalize()),
        "n": NOT_SHOWN if one.is_hidden else number(one.too_low.n),
        "k": NOT_SHOWN if one.too_low.k is None else number(one.too_low.k),
        "share": interval(one.too_low, least),
        "fails": NOT_SHOWN if one.n_fails is None else number(one.n_fails),
    }


def _cost_row(one: ArmCost, least: int) -> dict[str, object]:
    arm = Cell(ARMS[one.arm.value].capitalize())
    if one.is_hidden:
        return {column.key: NOT_SHOWN for column in COST_COLUMNS} | {"arm": arm}
    caseloads, is_few = one.caseload_years_per_error, one.too_low.n < least
    return {
        "arm": arm,
        "reads": number(one.n_reads),
        "moderations": number(one.n_moderations),
        "hours": _hours(one.hours),
        "caseloads": f"{one.caseload_years:.1f}",
        "hours_each": TOO_FEW if is_few else _hours_each(one),
        "caseloads_each": TOO_FEW if is_few else None if caseloads is None else f"{caseloads:.3f}",
    }
