"""Golden charts: invented figures, drawn by qa_service.pages.charts.

Run `python tests/pages/shell/golden/generate.py` after a wanted change, look at each SVG in a browser,
then commit. Tests compare bytes and never write. The limits are the exact binomial quantiles for a rate
of 6% (scipy 1.17.1, scipy.stats.binom.ppf), kept in limits.json so that the tests need no scipy.
"""

import json
from pathlib import Path

from qa_service.pages.charts import (
    FunnelLimits,
    FunnelPoint,
    Learnt,
    Period,
    funnel_plot,
    learning_curve,
    p_chart,
)
from qa_service.pages.charts.drawing import Caption

HERE = Path(__file__).parent
AVERAGE_RATE = 0.06


def funnel(n_areas):
    """Areas of 12 to 191 cases; every seventh from the third lies beyond the limits."""
    points = []
    for index in range(n_areas):
        n_cases = 12 + index * 37 % 180
        is_beyond = index % 7 == 3
        n_hits = round(n_cases * (0.2 if is_beyond else 0.01 * (index * 5 % 11)))
        points.append(
            FunnelPoint(f"North & Area {index}", n_cases, n_hits / n_cases, is_beyond, n_cases >= 20)
        )
    caption = Caption(
        "funnel", "Medium that should have been high", f"{n_areas} areas against the average of 6%."
    )
    limits = FunnelLimits(**json.loads((HERE / "limits.json").read_text()))
    return funnel_plot(
        caption, points, limits, AVERAGE_RATE, own_name="North & Area 9", rate_title="Should have been high"
    )


def trend():
    """Twelve quarters, the fourth without a case, the tenth beyond its limit."""
    periods = []
    for index in range(12):
        n_cases = 0 if index == 3 else 40 + index * 7
        half = 3 * (AVERAGE_RATE * (1 - AVERAGE_RATE) / (40 + index * 7)) ** 0.5
        rate = None if index == 3 else 0.17 if index == 9 else 0.03 + index * 0.005
        name = f"Q{index % 4 + 1} {2024 + index // 4}"
        periods.append(
            Period(name, n_cases, rate, max(0, AVERAGE_RATE - half), AVERAGE_RATE + half, index == 9)
        )
    caption = Caption("trend", "Medium that should have been high, by quarter", "Above the limit in Q2 2026.")
    return p_chart(
        caption, periods, AVERAGE_RATE, baseline_name="2024 baseline", rate_title="Should have been high"
    )


def learnt():
    """From no review to 13,888, better each time but the last."""
    rates = {0: 0.276, 1736: 0.34, 3472: 0.36, 6944: 0.379, 13888: 0.378}
    steps = [Learnt(n, rate, rate - 0.032, rate + 0.034) for n, rate in rates.items()]
    caption = Caption("learnt", "What more reviews bought", "From 28% with no review to 38% with 13,888.")
    return learning_curve(caption, steps, rate_title="Wrong ones found, reading a tenth")


def drawings():
    """Every golden chart by its file name."""
    return {
        "funnel_16.svg": funnel(16),
        "funnel_60.svg": funnel(60),
        "funnel_109.svg": funnel(109),
        "learning_curve.svg": learnt(),
        "trend.svg": trend(),
    }


if __name__ == "__main__":
    for name, svg in drawings().items():
        (HERE / name).write_text(svg)
