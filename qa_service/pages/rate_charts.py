"""The two charts of the rates page, from figures that reporting has worked out."""

from qa_service.pages.charts import FunnelLimits, FunnelPoint, Period, funnel_plot, p_chart
from qa_service.pages.charts.drawing import Caption
from qa_service.pages.manager_areas import OpenArea
from qa_service.pages.manager_words import RATE_NAMES
from qa_service.pages.rate_tables import ANOTHER_PDU
from qa_service.pages.rate_words import comparison_in_words, trend_in_words
from qa_service.reporting.areas import AreaLevel
from qa_service.reporting.comparison import Standing
from qa_service.reporting.dashboard import RatesDashboard

_BEYOND = {Standing.ABOVE, Standing.BELOW}


def names_known(found: RatesDashboard, frame: OpenArea) -> dict[str, str]:
    """Map the PDUs that somebody may know by name, small counts left out, to their names."""
    return {
        line.area.code: line.area.name
        for line in found.pdus
        if frame.can_open(line.area) and not line.is_hidden
    }


def compared_in_words(found: RatesDashboard, frame: OpenArea) -> str | None:
    """Say what the funnel shows, as far as somebody may know it."""
    if found.comparison is None:
        return None
    period = frame.period(found.pdus_since, found.pdus_until)
    return comparison_in_words(found.comparison, names_known(found, frame), period)


def funnel_of(found: RatesDashboard, frame: OpenArea, told: str | None) -> str | None:
    """Return the funnel of the PDUs with what is `told`; PDUs beyond somebody's area have no name in it."""
    comparison = found.comparison
    if comparison is None or told is None:
        return None
    names = names_known(found, frame)
    points = [
        FunnelPoint(
            names.get(line.area.code, ANOTHER_PDU),
            line.rate.by_officer.n,
            (line.rate.by_officer.k or 0) / line.rate.by_officer.n,  # what the limits are of
            is_beyond=comparison.standing[line.area.code] in _BEYOND,
            is_comparable=not line.is_too_few,
        )
        for line in found.pdus
        if line.rate.by_officer.value is not None
    ]
    # In the order of the areas' names a point without one would tell whose it is.
    points.sort(key=lambda point: (-point.n_cases, point.rate, point.name))
    if not points:
        return None
    caption = Caption("funnel", f"{RATE_NAMES[found.name]}, by PDU", told)
    own_name = found.area.name if found.area.level is AreaLevel.PDU else None
    limits = FunnelLimits(**vars(comparison.limits))
    return funnel_plot(caption, points, limits, comparison.centre, own_name=own_name)


def p_chart_of(found: RatesDashboard) -> str | None:
    """Return the chart of the quarters; none where most have no rate, or without a baseline from 0 to 1."""
    trend = found.trend
    if trend is None or trend.baseline is None or not 0 < trend.baseline < 1:
        return None
    rates = [quarter.rate for quarter in trend.quarters if quarter.n and quarter.is_final]
    if sum(rate is None for rate in rates) * 2 > len(rates):
        return None
    own = next(quarter.baseline for quarter in trend.quarters if quarter.baseline is not None)
    periods, before = [], None
    for quarter in trend.quarters:
        own = own if quarter.baseline is None else quarter.baseline
        begins = "" if quarter.rubric in {before, None} or before is None else f"Rubric v{quarter.rubric}"
        before = quarter.rubric or before
        periods.append(
            Period(
                quarter.name,
                quarter.n,
                quarter.rate,
                quarter.low,
                quarter.high,
                quarter.is_beyond,
                own,
                begins,
            )
        )
    caption = Caption("trend", f"{RATE_NAMES[found.name]}, by quarter", trend_in_words(found))
    return p_chart(caption, periods, trend.baseline)
