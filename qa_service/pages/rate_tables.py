"""The tables of the rates page: rows of figures that reporting has worked out."""

from qa_service.pages.display import number, rate
from qa_service.pages.manager_areas import OpenArea, address
from qa_service.pages.rate_words import STANDINGS, TOO_FEW
from qa_service.pages.render import Cell, Column
from qa_service.reporting.comparison import Comparison
from qa_service.reporting.dashboard import AreaLine, RatesDashboard
from qa_service.reporting.further_offences import OffenceCounts
from qa_service.reporting.rates import Rate
from qa_service.reporting.trend import Quarter
from qa_service.reporting.unfinished import Unfinished

Row = dict[str, object]
ANOTHER_PDU = "Another PDU"
NOT_SHOWN = "Not shown"
_STEADIER = (
    "Steadier with few checks (empirical Bayes): right 90 times of 100 on average over PDUs, too low for the"
    " worst, too high for the best; no reason to act"
)
NOTHING_TO_DRAW_TO = "Too little found to tell how far PDUs differ"

_COUNTS = (
    Column("area", "Area"),
    Column("n", "Checked", is_numeric=True),
    Column("k", "Found", is_numeric=True),
    Column("by_officer", "Each officer counts once a year"),
    Column("by_case", "Each case counts"),
)
AREA_COLUMNS = (*_COUNTS, Column("corrected", "Corrected for readers"))
REGION_COLUMNS = _COUNTS
PDU_COLUMNS = (
    *_COUNTS,
    Column("shrunk", "For display: drawn to the average"),
    Column("standing", "Against the limits"),
)
READING_COLUMNS = (
    Column("reading", "Reading"),
    Column("value", "Rate and 95% interval"),
    Column("meaning", "What it answers", is_long=True),
)
OFFENCE_COLUMNS = (
    Column("area", "Area"),
    Column("n", "Offences", is_numeric=True),
    Column("checked", "Case checked before", is_numeric=True),
    Column("read", "Read again blind", is_numeric=True),
    Column("missed", "Missed by the check", is_numeric=True),
    Column("share", "Share missed and 95% interval"),
)
QUARTER_COLUMNS = (
    Column("quarter", "Quarter"),
    Column("n", "Checked", is_numeric=True),
    Column("k", "Found", is_numeric=True),
    Column("rate", "Rate", is_numeric=True),
    Column("baseline", "Baseline", is_numeric=True),
    Column("limits", "99.8% limits"),
    Column("standing", "Against the limits"),
)


def interval(found: Rate | None, least: int) -> Cell | str | None:
    """Return a rate with its interval under it; why there is none, as from fewer than `least`."""
    if found is None:
        return None
    if found.k is None and found.value is None:
        return NOT_SHOWN
    if found.n == 0:
        return None
    if found.n < least and found.k is not None:
        return TOO_FEW
    if found.value is None or found.low is None or found.high is None:
        return "Too little to correct"
    return Cell(rate(found.value), hint=f"{rate(found.low)} to {rate(found.high)}")


def area_row(line: AreaLine, frame: OpenArea, least: int) -> Row:
    """Return an area's line; a link to it for somebody who may open it."""
    href = address(line.area) if frame.can_open(line.area) else None
    found = line.rate.by_officer
    return {
        "area": Cell(line.area.name, href=href),
        "n": NOT_SHOWN if line.is_hidden else number(found.n),
        "k": NOT_SHOWN if found.k is None else number(found.k),
        "by_officer": interval(found, least),
        "by_case": interval(line.rate.by_case, least),
        "corrected": interval(line.corrected, least),
        "shrunk": interval(line.shrunk, least),
    }


def pdu_rows(found: RatesDashboard, frame: OpenArea, least: int) -> list[Row]:
    """Return the PDUs against their own limits: those that somebody may open, then the others without names.

    The chart shows the same. Without names they stand by their number of checks, as an order of names would
    tell which is which; what the chart does not show of them is left out.
    """
    named = [line for line in found.pdus if frame.can_open(line.area)]
    others = [line for line in found.pdus if not frame.can_open(line.area) and not line.is_hidden]
    others.sort(key=lambda line: (-line.rate.by_officer.n, line.rate.by_officer.k or 0))
    without_name = {"area": ANOTHER_PDU, "by_case": None, "shrunk": None}
    unnamed = [{**_pdu_row(line, found.comparison, frame, least), **without_name} for line in others]
    return [*(_pdu_row(line, found.comparison, frame, least) for line in named), *unnamed]


def _pdu_row(line: AreaLine, comparison: Comparison | None, frame: OpenArea, least: int) -> Row:
    where = comparison.standing[line.area.code] if comparison else None
    told = NOT_SHOWN if line.is_hidden else STANDINGS[where] if where else None
    row = {**area_row(line, frame, least), "standing": told}
    if line.shrunk is None and isinstance(row["by_case"], Cell):
        row["shrunk"] = NOTHING_TO_DRAW_TO  # no PDU found any, or each found all
    return row


def reading_rows(found: RatesDashboard, least: int) -> list[Row]:
    """Return the same rate read in several ways, each with what it answers."""
    own, bounds = found.own, found.bounds
    rows: list[tuple[str, Rate | None, str]] = [
        (
            "Each officer counts once a year",
            own.rate.by_officer,
            "How often the checks of this area found it; where there are two a year, each counts half",
        ),
        (
            "Each case counts",
            own.rate.by_case,
            "How much of the whole caseload it is, had all of it been checked",
        ),
        ("Corrected for reader error", own.corrected, _skill_in_words(found)),
    ]
    if bounds is not None and not own.is_too_few:
        n = number(bounds.n_not_scorable)
        rows += [
            (
                "Each case counts, if all not scorable were right",
                bounds.all_right,
                f"{n} could not be scored: the least that the share of the caseload can be",
            ),
            (
                "Each case counts, if all not scorable were wrong",
                bounds.all_wrong,
                f"{n} could not be scored: the most that the share of the caseload can be",
            ),
        ]
    rows += [] if own.is_too_few else _waiting_rows(found.unfinished)
    if own.shrunk is not None:
        rows.append(
            (
                "For display only: drawn to the average",
                own.shrunk,
                _STEADIER,
            )
        )
    return [
        {"reading": name, "value": interval(one, least), "meaning": meaning}
        for name, one, meaning in rows
        if one is not None
    ]


def _waiting_rows(left: Unfinished | None) -> list[tuple[str, Rate | None, str]]:
    """Return what the rate can come to once everything drawn is final."""
    if left is None:
        return []
    n = "The few" if left.n_waiting is None else number(left.n_waiting)
    return [
        (
            "Each officer once a year, if all that wait were right",
            left.all_right,
            f"{n} not final yet: the least it can come to",
        ),
        (
            "Each officer once a year, if all that wait were wrong",
            left.all_wrong,
            f"{n} not final yet: the most it can come to",
        ),
    ]


def _skill_in_words(found: RatesDashboard) -> str:
    told, corrected = "If readers never erred, taking experts to be right", found.own.corrected
    if found.n_read_again is not None:
        wrong, right = (number(count) for count in found.n_read_again)
        told = f"{told}: from {wrong} wrong and {right} right cases that chance had read again"
    if corrected is not None and corrected.value is not None and corrected.low == corrected.high:
        told = (
            f"{told}. Readers' errors alone explain what was found; that does not show that nobody is wrong"
        )
    return told


def quarter_row(quarter: Quarter) -> Row:
    """Return a quarter with its limits."""
    has_limits = quarter.low is not None and quarter.high is not None
    is_hidden = quarter.k is None
    few = TOO_FEW if quarter.is_too_few and not is_hidden else None
    waits = None if quarter.is_final else "Not all final yet"
    beyond = "Beyond its limits" if quarter.is_beyond else "Within its limits"
    return {
        "quarter": quarter.name,
        "n": number(quarter.n),
        "k": "Not shown" if is_hidden else number(quarter.k or 0),
        "rate": few if quarter.rate is None else rate(quarter.rate),
        "baseline": None if quarter.baseline is None else rate(quarter.baseline),
        "limits": f"{rate(quarter.low or 0)} to {rate(quarter.high or 0)}" if has_limits else None,
        "standing": beyond if has_limits else waits or few,
    }


def offence_row(found: OffenceCounts, least: int) -> Row:
    """Return an area's further offences; a share only where enough cases were read again to say one."""
    return {
        "area": found.area.name,
        "n": number(found.n_offences),
        "checked": number(found.n_checked),
        "read": number(found.missed.n),
        "missed": number(found.missed.k or 0),
        "share": interval(found.missed, least),
    }
