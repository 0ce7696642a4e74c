import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from qa_service.pages.charts import (
    ChartError,
    FunnelLimits,
    FunnelPoint,
    Learnt,
    Period,
    funnel_plot,
    learning_curve,
    p_chart,
)
from qa_service.pages.charts.drawing import Caption
from qa_service.pages.charts.labels import Box, Label, place_labels, spread

GOLDEN = Path(__file__).parent / "golden"
DRAWINGS = runpy.run_path(str(GOLDEN / "generate.py"))["drawings"]()
SVG = "{http://www.w3.org/2000/svg}"
CAPTION = Caption("c", "Title", "Description")
LIMITS = FunnelLimits([10, 100], [0, 0.02], [0.3, 0.1], [0, 0.01], [0.4, 0.15])


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 - our own drawing


def axis(root, pattern, coordinate):
    """The line through two tick labels of an axis: pixel -> figure, read off the drawing itself."""
    ticks = [
        (float(text.get(coordinate)), float(text.text.rstrip("%").replace(",", "")))
        for text in root.iter(f"{SVG}text")
        if re.fullmatch(pattern, text.text)
    ]
    (pixel, figure), (other_pixel, other_figure) = ticks[0], ticks[-1]
    return lambda place: figure + (place - pixel) * (other_figure - figure) / (other_pixel - pixel)


@pytest.mark.parametrize("name", sorted(DRAWINGS))
def test_a_chart_is_drawn_as_it_was_when_it_was_looked_at(name):
    assert DRAWINGS[name] == (GOLDEN / name).read_text()


@pytest.mark.parametrize("name", sorted(DRAWINGS))
def test_a_chart_is_small_has_a_name_and_no_style_attribute(name):
    root = parsed(DRAWINGS[name])
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}

    assert len(DRAWINGS[name].encode()) <= 25_000
    assert root.get("role") == "img"
    assert all(by_id[part].text for part in root.get("aria-labelledby").split())
    assert not [element for element in root.iter() if element.get("style") or element.tag == f"{SVG}style"]


def test_the_bytes_do_not_depend_on_the_process():
    script = (
        f"import runpy; print(sorted(runpy.run_path({str(GOLDEN / 'generate.py')!r})['drawings']().items()))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(outputs) == 1


def test_a_point_stands_where_the_axes_say():
    points = [FunnelPoint("A", 25, 0.08), FunnelPoint("B", 75, 0.15)]

    root = parsed(funnel_plot(CAPTION, points, LIMITS, 0.06))

    rate, n_cases = axis(root, r"[\d.]+%", "y"), axis(root, r"[\d,]+", "x")
    marks = [(n_cases(float(m.get("cx"))), rate(float(m.get("cy")) + 5)) for m in root.iter(f"{SVG}circle")]
    assert marks == [pytest.approx((25, 8), abs=0.2), pytest.approx((75, 15), abs=0.2)]


def test_beyond_the_limits_is_a_different_shape_with_its_name_and_too_few_is_no_rate():
    points = [
        FunnelPoint("Inside", 50, 0.05),
        FunnelPoint("Outside", 60, 0.3, is_beyond=True),
        FunnelPoint("Tiny", 8, 0.5, is_comparable=False),
    ]

    root = parsed(funnel_plot(CAPTION, points, LIMITS, 0.06))

    texts = [text.text for text in root.iter(f"{SVG}text")]
    hovers = [(parent.tag, t.text) for parent in root for t in parent.findall(f"{SVG}title")]
    assert "Outside" in texts
    assert not {"Inside", "Tiny"} & set(texts)
    assert (f"{SVG}path", "Outside: 30.0% of 60") in hovers
    assert (f"{SVG}circle", "Inside: 5.0% of 50") in hovers
    assert (f"{SVG}circle", "Tiny: too few to compare (8 cases)") in hovers


def test_readers_find_their_own_area_named_even_inside_the_limits():
    root = parsed(funnel_plot(CAPTION, [FunnelPoint("Ours", 50, 0.05)], LIMITS, 0.06, own_name="Ours"))

    own = [text for text in root.iter(f"{SVG}text") if text.text == "Ours"]
    assert [text.get("font-weight") for text in own] == ["700"]


def test_the_limit_that_calls_for_action_is_in_sight_wherever_an_area_is_compared():
    limits = FunnelLimits([10, 20, 30], [0, 0, 0], [0.2, 0.15, 0.1], [0, 0, 0], [0.4, 0.21, 0.16])
    points = [
        FunnelPoint("A", 20, 0.0),
        FunnelPoint("B", 30, 0.03),
        FunnelPoint("C", 9, 0, is_comparable=False),
    ]

    root = parsed(funnel_plot(CAPTION, points, limits, 0.02))

    rate = axis(root, r"[\d.]+%", "y")
    top = max(rate(float(text.get("y"))) for text in root.iter(f"{SVG}text") if text.text.endswith("%"))
    [action, _] = [text for text in root.iter(f"{SVG}text") if text.text == "99.8% limit"]
    assert top >= 21
    assert rate(float(action.get("y"))) == pytest.approx(16, abs=0.2)


def test_the_readers_own_name_covers_neither_another_mark_nor_the_average():
    around = [FunnelPoint(f"Area {i}", 50 + 3 * i, 0.055 + 0.005 * (i % 3)) for i in range(-6, 7)]

    root = parsed(
        funnel_plot(CAPTION, [*around, FunnelPoint("Ours", 50, 0.06)], LIMITS, 0.06, own_name="Ours")
    )

    [own] = [text for text in root.iter(f"{SVG}text") if text.text == "Ours"]
    left, bottom = float(own.get("x")), float(own.get("y"))
    label = Box(left, bottom - 12, left + 30, bottom + 4)
    marks = [(float(mark.get("cx")), float(mark.get("cy"))) for mark in root.iter(f"{SVG}circle")]
    [average] = [text for text in root.iter(f"{SVG}text") if text.text == "Average 6%"]
    assert not [
        Box(x - 4, y - 4, x + 4, y + 4) for x, y in marks if label.overlaps(Box(x - 4, y - 4, x + 4, y + 4))
    ]
    assert not label.top < float(average.get("y")) - 5 < label.bottom


def test_a_period_without_a_check_leaves_a_gap_instead_of_a_zero():
    rates = [0.05, None, 0.07, 0.06]
    periods = [Period(f"Q{i}", 0 if rate is None else 50, rate, 0.0, 0.15) for i, rate in enumerate(rates)]

    root = parsed(p_chart(CAPTION, periods, 0.06))

    joins = [path for path in root.iter(f"{SVG}path") if path.get("stroke") == "#12436d"]
    assert len(list(root.iter(f"{SVG}circle"))) == 3
    assert len(joins) == 1


def test_where_something_else_begins_to_be_counted_no_line_joins_the_rates_and_the_baseline_is_its_own():
    periods = [
        Period("Q1", 50, 0.05, 0.0, 0.2, baseline_rate=0.05),
        Period("Q2", 50, 0.06, 0.0, 0.2, baseline_rate=0.05),
        Period("Q3", 50, 0.4, 0.2, 0.6, baseline_rate=0.4, begins="Rubric v2"),
    ]

    root = parsed(p_chart(CAPTION, periods, 0.4))

    joins = [path for path in root.iter(f"{SVG}path") if path.get("stroke") == "#12436d"]
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert len(joins) == 1
    assert "Rubric v2" in texts
    assert "Baseline 40%" in texts


def test_the_limits_of_a_p_chart_step_with_the_number_of_cases():
    periods = [Period("Q1", 40, 0.05, 0.0, 0.2), Period("Q2", 160, 0.05, 0.01, 0.1)]

    root = parsed(p_chart(CAPTION, periods, 0.06))

    rate = axis(root, r"[\d.]+%", "y")
    upper = next(path for path in root.iter(f"{SVG}path") if path.get("stroke-dasharray"))
    heights = [rate(float(place.split(" ")[1]) + 5) for place in upper.get("d")[1:].split("L")]
    assert heights == pytest.approx([20, 20, 10, 10], abs=0.2)


def test_a_period_without_limits_breaks_them_and_they_are_named_where_they_last_stood():
    periods = [
        Period("Q1", 40, 0.05, 0.0, 0.2),
        Period("Q2", 12, None, None, None),
        Period("Q3", 40, 0.05, 0.0, 0.2),
        Period("Q4", 3, None, None, None),
    ]

    root = parsed(p_chart(CAPTION, periods, 0.06))

    dashed = [
        path.get("d")[1:].split("L") for path in root.iter(f"{SVG}path") if path.get("stroke-dasharray")
    ]
    steps = [[float(place.split(" ")[0]) for place in stretch] for stretch in dashed]
    assert steps == [[52, 186.5], [321, 455.5]] * 2
    names = [float(text.get("x")) for text in root.iter(f"{SVG}text") if text.text == "99.8% limit"]
    assert names == [455.5 + 8] * 2


def test_without_any_limits_none_are_drawn_or_named():
    root = parsed(p_chart(CAPTION, [Period("Q1", 3, 0.05, None, None)], 0.06))

    assert not [path for path in root.iter(f"{SVG}path") if path.get("stroke-dasharray")]
    assert [text.text for text in root.iter(f"{SVG}text") if "limit" in text.text] == []


def test_names_are_text_never_markup():
    svg = funnel_plot(CAPTION, [FunnelPoint("<script>&", 60, 0.3, is_beyond=True)], LIMITS, 0.06)

    assert "<script>" not in svg
    assert "&lt;script&gt;&amp;" in svg


def test_labels_never_overlap_and_the_least_important_gives_way():
    crowd = [Label(f"Area {i}", 100, 100) for i in range(60)]

    placed = place_labels(crowd, Box(0, 0, 200, 200))

    boxes = [one.box for one in placed]
    assert placed[0].label.words == "Area 0"
    assert 5 < len(placed) < 60
    assert not [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if a.overlaps(b)]


def test_line_names_keep_apart_and_above_the_axis():
    assert spread([100, 102, 300, 300], 300) == [100, 116, 284, 300]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: funnel_plot(CAPTION, [], LIMITS, 0.06),
        lambda: FunnelLimits([10, 100], [0], [0.3, 0.1], [0, 0.01], [0.4, 0.15]),
        lambda: FunnelLimits([100, 10], [0, 0], [0.3, 0.1], [0, 0.01], [0.4, 0.15]),
        lambda: p_chart(CAPTION, [], 0.06),
        lambda: learning_curve(CAPTION, [Learnt(9, 0.1, 0, 0.2)], rate_title="Found"),
    ],
    ids=[
        "no area",
        "uneven limits",
        "limits out of order",
        "no period",
        "one number of reviews",
    ],
)
def test_figures_that_do_not_fit_together_are_refused(draw):
    with pytest.raises(ChartError):
        draw()
