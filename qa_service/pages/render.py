"""Turn a template and what a page knows into an HTML response; every screen goes through `render`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from qa_service.pages import display
from qa_service.pages.status_tags import StatusTag, status_tag

SERVICE_NAME = "Risk assessment quality assurance"


@dataclass(frozen=True)
class Link:
    """An entry of the service navigation, a sub navigation or the breadcrumbs (no href: the page itself)."""

    text: str
    href: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Phase:
    """The banner under the header: what kind of service this is, in one sentence."""

    tag: str = "Beta"
    text: str = "This is a new service."


@dataclass(frozen=True)
class Shell:
    """What surrounds every page of a signed-in person; the sign-in puts it in `request.state.shell`."""

    user_name: str
    navigation: tuple[Link, ...]
    csrf_token: str
    sign_out_href: str = "/sign-out"


@dataclass(frozen=True)
class Column:
    """A column of the `table` macro; `sort` names what the column sorts by, when it can.

    `is_long` holds sentences: on a narrow screen it keeps room for some words a line.
    """

    key: str
    heading: str
    is_numeric: bool = False
    sort: str | None = None
    is_long: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell that is more than its text: a link, a status tag, or a second line under it."""

    text: str = ""
    href: str | None = None
    tag: StatusTag | None = None
    hint: str | None = None


@dataclass(frozen=True)
class FilterField:
    """A field of the `filter_form` macro: a choice when it has options, else a text to look for."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Event:
    """A dated entry of the `timeline` macro, with the words people see."""

    title: str
    at: str
    by: str | None = None
    text: str | None = None
    link: Link | None = None


def with_query(request: Request, **changes: str | int | None) -> str:
    """Return this page's address with some query values changed (None removes one)."""
    query = {**request.query_params, **changes}
    return "?" + urlencode({name: value for name, value in query.items() if value not in {None, ""}})


def page_numbers(current: int, last: int) -> list[int | None]:
    """Return the page numbers worth a link, None where some are left out: 1 ... 4 5 6 ... 20."""
    shown = sorted({1, last, *range(max(1, current - 1), min(last, current + 1) + 1)})
    numbers: list[int | None] = []
    for page in shown:
        if numbers and page - (numbers[-1] or 0) > 1:
            numbers.append(None)
        numbers.append(page)
    return numbers


def chart(svg: str) -> Markup:
    """Let what a function of `pages.charts` returned into a page as it is."""
    return Markup(svg)  # noqa: S704 - the charts escape every text they are given


def make_environment() -> Environment:
    """Return the Jinja environment of the service: escaping on, own macros and govuk-frontend's."""
    environment = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(Path(__file__).parent / "templates"),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        chart=chart, day=display.day, moment=display.moment, number=display.number, rate=display.rate
    )
    environment.globals.update(
        service_name=SERVICE_NAME,
        page_numbers=page_numbers,
        stat_sentence=display.stat_sentence,
        status_tag=status_tag,
        with_query=with_query,
    )
    return environment


templates = Jinja2Templates(env=make_environment())


def render(
    request: Request, template: str, context: Mapping[str, object] | None = None, status_code: int = 200
) -> Response:
    """Render a page inside the shell of the person who asked for it.

    The shell, the nonce and the CSRF token come from `request.state`, so that a page passes only what it
    is about. `title`, `breadcrumbs`, `data_up_to` and `form` in the context (or set by the template) fill
    the layout's places.
    """
    shell: Shell | None = getattr(request.state, "shell", None)
    frame: dict[str, object] = {
        "shell": shell,
        "csrf_token": shell.csrf_token if shell else "",
        "phase": getattr(request.app.state, "phase", Phase()),
        "cspNonce": getattr(request.state, "csp_nonce", ""),
    }
    return templates.TemplateResponse(
        request, template, {**frame, **(context or {})}, status_code=status_code
    )
