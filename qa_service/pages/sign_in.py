"""Signing in and out; everybody lands on the first of their own places."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from qa_service.auth import service
from qa_service.auth.dependencies import (
    ClockDep,
    SessionDep,
    SettingsDep,
    cookie_name,
    open_to_all,
    require,
)
from qa_service.auth.service import CurrentUser, SignedIn
from qa_service.core.errors import NotFound
from qa_service.pages.forms import Form as PostedForm
from qa_service.pages.forms import FormDep
from qa_service.pages.navigation import places_of
from qa_service.pages.render import render
from qa_service.settings import Settings

router = APIRouter(include_in_schema=False)


@router.get("/", dependencies=[open_to_all])
def home() -> Response:
    """Send everybody to their own first place; who is not signed in gets there by way of the sign-in."""
    return RedirectResponse("/start", status_code=303)


@router.get("/start")
def start(request: Request, user: Annotated[CurrentUser, require()]) -> Response:
    """Send somebody to the first of their places."""
    places = places_of(user)
    if places:
        return RedirectResponse(places[0].href, status_code=303)
    return render(request, "no_role.html", {})


@router.get("/sign-in", dependencies=[open_to_all])
def show_sign_in(request: Request, next: str = "/start") -> Response:  # noqa: A002 - the query's own name
    """Ask for a name and a password."""
    return _page(request, PostedForm(), next)


@router.post("/sign-in", dependencies=[open_to_all])
def sign_in(
    request: Request, session: SessionDep, clock: ClockDep, settings: SettingsDep, form: FormDep
) -> Response:
    """Let somebody in, or say the same for a wrong name, a wrong password and too many tries."""
    found = service.sign_in(
        session, form.value("user_name"), form.value("password"), at=clock.now(), settings=settings
    )
    if found is None:
        kept = PostedForm({"user_name": (form.value("user_name"),)}).with_errors(
            {
                "user_name": "The name and password were not accepted. Check both. After 5 tries wait 15"
                " minutes, or ask your administrator."
            }
        )
        return _page(request, kept, form.value("next"), status_code=422)
    return _let_in(found, settings, _own_path(form.value("next")))


@router.post("/sign-in/demo", dependencies=[open_to_all])
def sign_in_as_demo_person(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    settings: SettingsDep,
    user_name: Annotated[str, Form()],
) -> Response:
    """Let a visitor in as one of the demo's invented people; there are none outside the demo."""
    names = {person.user_name for person in getattr(request.app.state, "demo_people", ())}
    user = service.find_user(session, user_name) if user_name in names else None
    if user is None:
        raise NotFound("There is no such demo person.", next_step="Sign in with your own name.")
    return _let_in(
        service.open_session(session, user.id, at=clock.now(), settings=settings), settings, "/start"
    )


@router.post("/sign-out")
def sign_out(
    session: SessionDep, clock: ClockDep, settings: SettingsDep, user: Annotated[CurrentUser, require()]
) -> Response:
    """End this session and forget its cookie."""
    service.sign_out(session, user, at=clock.now())
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(cookie_name(settings), path="/", secure=settings.uses_https, httponly=True)
    return response


def _page(request: Request, form: PostedForm, where: str, *, status_code: int = 200) -> Response:
    context = {
        "form": form,
        "next": _own_path(where),
        "demo_people": getattr(request.app.state, "demo_people", ()),
    }
    return render(request, "sign_in.html", context, status_code=status_code)


def _let_in(signed_in: SignedIn, settings: Settings, where: str) -> Response:
    response = RedirectResponse(where, status_code=303)
    response.set_cookie(
        cookie_name(settings),
        signed_in.token,
        path="/",
        secure=settings.uses_https,
        httponly=True,
        samesite="lax",
    )
    return response


def _own_path(where: str) -> str:
    """Return an address of this service only: a link must not send people elsewhere after signing in."""
    is_own = where.startswith("/") and not where.startswith(("//", "/\\"))
    return where if is_own else "/start"
