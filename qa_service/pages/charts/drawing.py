"""The few SVG shapes the charts are made of, and the frame that gives each chart its accessible name."""

from dataclasses import dataclass
from html import escape

# Government Analysis Function palette (2023): at least 3:1 on white, told apart without colour by shape.
BLUE, PLUM, GREY, INK = "#12436d", "#801650", "#505a5f", "#0b0c0c"
TEXT_PX = 14


class ChartError(ValueError):
    """The figures given to a chart do not fit together."""


@dataclass(frozen=True)
class Caption:
    """What a chart is called and what it shows, in words; `chart_id` makes its ids unique on a page."""

    chart_id: str
    title: str
    description: str


def px(value: float) -> str:
    """Write a coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def text(
    x: float, y: float, words: str, *, anchor: str = "start", colour: str = INK, is_bold: bool = False
) -> str:
    """Return a text whose baseline is at (x, y)."""
    end = "" if anchor == "start" else f' text-anchor="{anchor}"'
    fill = "" if colour == INK else f' fill="{colour}"'
    weight = ' font-weight="700"' if is_bold else ""
    return f'<text x="{px(x)}" y="{px(y)}"{end}{fill}{weight}>{escape(words, quote=False)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, colour: str = GREY, *, dashes: str = "") -> str:
    """Return a straight line, dashed when `dashes` says how."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="M{px(x1)} {px(y1)}L{px(x2)} {px(y2)}" stroke="{colour}"{dashed}/>'


def curve(points: list[tuple[float, float]], colour: str = GREY, *, dashes: str = "") -> str:
    """Return a line through points, dashed when `dashes` says how."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    path = "L".join(f"{px(x)} {px(y)}" for x, y in points)
    return f'<path d="M{path}" fill="none" stroke="{colour}"{dashed}/>'


def circle(x: float, y: float, hover: str, colour: str = BLUE, *, is_hollow: bool = False) -> str:
    """Return a round mark that says what it is when pointed at."""
    return _mark(f'<circle cx="{px(x)}" cy="{px(y)}" r="4"', hover, colour, is_hollow=is_hollow)


def diamond(x: float, y: float, hover: str, colour: str = PLUM) -> str:
    """Return a diamond: the shape of what lies outside its limits."""
    path = f"M{px(x)} {px(y - 7)}l7 7l-7 7l-7-7z"
    return _mark(f'<path d="{path}"', hover, colour, is_hollow=False)


def ring(x: float, y: float) -> str:
    """Return a ring around the mark of the reader's own area."""
    return f'<circle cx="{px(x)}" cy="{px(y)}" r="10" fill="none" stroke="{INK}" stroke-width="2"/>'


def _mark(start: str, hover: str, colour: str, *, is_hollow: bool) -> str:
    paint = f'fill="#fff" stroke="{colour}"' if is_hollow else f'fill="{colour}"'
    return f"{start} {paint}><title>{escape(hover, quote=False)}</title></{start[1 : start.index(' ')]}>"


def frame(caption: Caption, width: int, height: int, parts: list[str]) -> str:
    """Return the whole SVG: its size, its accessible name and its parts."""
    title_id, description_id = f"{caption.chart_id}-title", f"{caption.chart_id}-description"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' aria-labelledby="{title_id} {description_id}"'
        f' font-family="Arial, Helvetica, sans-serif" font-size="{TEXT_PX}" fill="{INK}">'
        f'<title id="{title_id}">{escape(caption.title, quote=False)}</title>'
        f'<desc id="{description_id}">{escape(caption.description, quote=False)}</desc>'
        + "".join(parts)
        + "</svg>"
    )
