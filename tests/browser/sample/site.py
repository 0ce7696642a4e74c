"""A sample site, in the tests only: every macro of the shell on a page, and a draft that is saved."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from jinja2 import FileSystemLoader
from starlette.responses import JSONResponse, RedirectResponse

from qa_service.core.errors import Conflict, Invalid, NotAllowed, Unavailable
from qa_service.core.lists import Page, PageRequest
from qa_service.pages.api_docs import api_docs_page
from qa_service.pages.charts import FunnelLimits, FunnelPoint, funnel_plot
from qa_service.pages.charts.drawing import Caption
from qa_service.pages.forms import Form, FormDep, form_of
from qa_service.pages.render import Cell, Column, Event, FilterField, Link, Shell, render, templates
from qa_service.pages.shell import mount_shell
from qa_service.pages.status_tags import STATUS_TAGS, status_tag

SHELL = Shell(
    "Ann Example (quality lead)",
    tuple(
        Link(text, f"/{text.lower()}") for text in ("Rounds", "Reviewers", "Rubrics", "Uploads", "Exports")
    ),
    "token",
)
COLUMNS = [
    Column("name", "Round", sort="name"),
    Column("area", "Area"),
    Column("status", "Status"),
    Column("n_checked", "Checked", is_numeric=True, sort="n_checked"),
    Column("due_on", "Due"),
]
LIMITS = FunnelLimits([10, 60, 200], [0, 0.01, 0.03], [0.2, 0.12, 0.1], [0, 0, 0.01], [0.3, 0.17, 0.12])
POINTS = [
    FunnelPoint(f"Area {i}", 30 + 12 * i, 0.3 if i in {4, 9} else 0.05 + i / 500, i in {4, 9})
    for i in range(14)
]


@dataclass
class Draft:
    """What the server holds of the one draft, and how it is told to answer."""

    version: int = 1
    window_id: str = ""
    evidence: str = ""
    mode: str = "ok"
    token: str = "token"
    submitted: list[dict[str, str]] = field(default_factory=list)

    def refuse(self, form: Form):
        """Raise what the service would, in the order in which it would."""
        if self.mode == "down":
            raise Unavailable("The database did not answer.", next_step="Try again.")
        if self.mode == "signed out":
            raise HTTPException(401)
        if form.value("csrf_token") != self.token:
            raise NotAllowed("Not from this session.", next_step="Open the page again.", code="csrf")
        if self.mode == "too long":
            raise Invalid("The evidence is too long.", next_step="Shorten it.")
        if form.value("version") != str(self.version) and form.value("window_id") != self.window_id:
            raise Conflict("The draft was changed in another window.", next_step="Open the latest version.")


@dataclass(frozen=True)
class Rate:
    n_hits: int = 132
    n_cases: int = 2122
    rate: float = 132 / 2122
    low_rate: float = 0.053
    high_rate: float = 0.073


def rows():
    statuses = list(STATUS_TAGS["round"])
    return tuple(
        {
            "name": Cell(f"Round {i}", href=f"/rounds/{i}", hint="London, annual"),
            "area": "North & <South>",
            "status": Cell(tag=status_tag("round", statuses[i % len(statuses)])),
            "n_checked": 800 + i if i % 2 else None,
            "due_on": "22 November 2026",
        }
        for i in range(25)
    )


def list_page(request: Request):
    context = {
        "breadcrumbs": [Link("London", "/london"), Link("Rounds")],
        "data_up_to": datetime(2026, 11, 22, 14, 5, tzinfo=UTC),
        "parts": [Link("Overview", "/rounds", is_current=True), Link("Cases", "/cases"), Link("Log", "/log")],
        "estimate": Rate(),
        "filters": [FilterField("area", "Area"), FilterField("status", "Status", (("open", "Open"),))],
        "columns": COLUMNS,
        "sort": request.query_params.get("sort", "-n_checked"),
        "page": Page(rows(), 230, PageRequest(int(request.query_params.get("page", "4")))),
        "svg": funnel_plot(Caption("funnel", "Areas", "Two lie beyond the limits."), POINTS, LIMITS, 0.06),
        "events": [
            Event(
                "Verdict finalised",
                "22 November 2026 at 2:05pm",
                "A. Moderator",
                "Fail.",
                Link("Read it", "/v/1"),
            ),
            Event("Drawn", "2 November 2026"),
        ],
    }
    return render(request, "sample_list.html", context)


def add_draft(app: FastAPI, draft: Draft):
    @app.get("/draft")
    def show(request: Request):
        form = form_of({"evidence": draft.evidence})
        return render(request, "sample_form.html", {"form": form, "version": draft.version})

    @app.post("/draft")
    def save(request: Request, form: FormDep):
        draft.refuse(form)
        draft.version += 1
        draft.window_id, draft.evidence = form.value("window_id"), form.value("evidence")
        if request.headers["accept"] == "application/json":
            return JSONResponse({"saved_at": "2026-11-22T14:05:00+00:00", "version": draft.version})
        return RedirectResponse("/draft", status_code=303)

    @app.post("/submit")
    def submit(request: Request, form: FormDep):
        draft.submitted.append(form.fields())
        if not form.value("answer"):
            refused = form.with_errors({"answer": "Choose yes or no", "evidence": "Say where you saw it"})
            return render(
                request, "sample_form.html", {"form": refused, "version": draft.version}, status_code=422
            )
        return RedirectResponse("/check", status_code=303)


def make_site() -> tuple[FastAPI, Draft]:
    """Return the site and the draft that its pages save."""
    app, draft = FastAPI(), Draft()
    templates.env.loader.loaders.append(FileSystemLoader(Path(__file__).parent))

    async def signed_in(request: Request, call_next):
        request.state.shell = replace(SHELL, csrf_token=draft.token)
        return await call_next(request)

    app.middleware("http")(signed_in)
    app.add_api_route("/", list_page)
    app.add_api_route("/rounds", list_page)
    add_draft(app, draft)

    @app.get("/check")
    def check(request: Request):
        return render(
            request,
            "sample_check.html",
            {"rows": [("Answer", "No", "/draft"), ("Evidence", "Two\nlines", None)]},
        )

    @app.get("/sign-in")
    def sign_in(request: Request):
        request.state.shell = None
        people = [{"user_name": "ann", "name": "Ann Example", "description": "Quality lead, London"}]
        return render(request, "sign_in.html", {"form": Form(), "next": "/", "demo_people": people})

    @app.get("/forbidden")
    def forbidden():
        raise NotAllowed("You cannot see this PDU.", next_step="Ask its head.")

    @app.post("/breaks")
    def break_down():
        raise RuntimeError

    @app.get("/api-docs")
    def api_docs(request: Request):
        return api_docs_page(request, "/openapi.json")

    mount_shell(app)
    return app, draft
