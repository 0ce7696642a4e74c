"""Charts as SVG text: the same bytes for the same figures, no style attributes, no library.

Each chart takes figures that are already computed (limits and intervals come from reporting), carries a
title and a description as its accessible name, and is shown with its table directly under it.
"""

from qa_service.pages.charts.drawing import ChartError
from qa_service.pages.charts.funnel import FunnelLimits, FunnelPoint, funnel_plot
from qa_service.pages.charts.learning_curve import Learnt, learning_curve
from qa_service.pages.charts.p_chart import Period, p_chart

__all__ = [
    "ChartError",
    "FunnelLimits",
    "FunnelPoint",
    "Learnt",
    "Period",
    "funnel_plot",
    "learning_curve",
    "p_chart",
]
