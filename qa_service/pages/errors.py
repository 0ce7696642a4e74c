"""Error pages: what is wrong, what to do next, and the answers that were on their way."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa_service.core.errors import NotFound, ServiceError
from qa_service.pages.fault_words import fault_in_words, is_of_address
from qa_service.pages.kept_answers import KeptPost, as_answers, kept_fields
from qa_service.pages.render import render

log = logging.getLogger(__name__)

ApiProblem = Callable[[Request, Exception], Response]


@dataclass(frozen=True)
class ErrorNotice:
    """What a person is told about something that went wrong."""

    status: int
    code: str
    title: str
    message: str
    next_step: str
    faults: tuple[tuple[str, str], ...] = ()
    reference: str | None = None


NOT_FOUND = ErrorNotice(
    404,
    "not_found",
    "Page not found",
    "There is nothing at this address that you can see.",
    "Check the address, or start again from your own list.",
)
SIGNED_OUT = ErrorNotice(
    401,
    "signed_out",
    "You are signed out",
    "You need to sign in to see this page.",
    "Sign in, then try again.",
)
FAILED = ErrorNotice(
    500,
    "failed",
    "Sorry, something went wrong here",
    "The service could not finish this. It is our fault, not yours, and it has been recorded.",
    "Try again. If it happens again, tell the service desk the reference below.",
)
_TITLES = {
    403: "You cannot do this",
    409: "This has changed since you opened it",
    422: "There is a problem with what was sent",
    503: "Sorry, the service is not available",
}


def notice_of(error: Exception) -> ErrorNotice:
    """Return what a person is told about an error.

    Not found says the same for what is missing and for what may not be known to exist, to the byte.
    """
    match error:
        case NotFound() | HTTPException(status_code=404):
            return NOT_FOUND
        case HTTPException(status_code=401):
            return SIGNED_OUT
        case ServiceError():
            title = _TITLES.get(error.http_status, FAILED.title)
            faults: tuple[tuple[str, str], ...] = getattr(error, "faults", ())
            return ErrorNotice(error.http_status, error.code, title, error.message, error.next_step, faults)
        case RequestValidationError():
            return _refused(error)
        case HTTPException():
            title = _TITLES.get(error.status_code, HTTPStatus(error.status_code).phrase)
            return ErrorNotice(
                error.status_code,
                "refused",
                title,
                "The service does not accept this request.",
                "Go back and try again from the page you came from.",
            )
        case _:
            return FAILED


def _refused(error: RequestValidationError) -> ErrorNotice:
    """Say what cannot be used; what stands in an address was chosen on a page, not typed there."""
    found = error.errors()
    faults = tuple((str(fault["loc"][-1]), fault_in_words(fault)) for fault in found)
    if is_of_address(found):
        message = "The address of this page has something in it that the service cannot use."
        step = "Go back to the page you came from and choose there again, or put the address right."
    else:
        message, step = "Some of it cannot be used.", "Go back, put these right and send it again."
    return ErrorNotice(422, "invalid", _TITLES[422], message, step, faults)


def _wants_json(request: Request) -> bool:
    return request.headers.get("accept", "").startswith("application/json")


async def error_response(request: Request, error: Exception) -> Response:
    """Answer a request that failed: a page, or JSON for a script of ours (autosave)."""
    if isinstance(error, HTTPException) and 300 <= error.status_code < 400:
        return Response(status_code=error.status_code, headers=error.headers)
    notice = notice_of(error)
    if notice is FAILED:
        notice = replace(FAILED, reference=getattr(request.state, "request_id", None))
    if _wants_json(request):
        body = {"code": notice.code, "message": notice.message, "next_step": notice.next_step}
        return JSONResponse(body, status_code=notice.status)
    fields = await kept_fields(request)
    context = {
        "notice": notice,
        "fields": fields,
        "answers": as_answers(fields),
        "may_retry": notice.status >= 500 and bool(fields),
    }
    return render(request, "errors/error.html", context, status_code=notice.status)


class ErrorPages:
    """Answer what nothing else caught with a page that carries a reference and no traceback.

    Parameters
    ----------
    app : ASGIApp
        What answers.
    api_problem : callable, optional
        Answers failures under /api/ (the API has its own form).
    """

    def __init__(self, app: ASGIApp, *, api_problem: ApiProblem | None = None) -> None:
        self.app = app
        self.api_problem = api_problem

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        post = KeptPost(receive)
        scope.setdefault("state", {})["kept_post"] = post
        has_started = False

        async def send_noting_start(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self.app(scope, post.receive, send_noting_start)
        except Exception as error:
            request = Request(scope)
            reference = getattr(request.state, "request_id", "none")
            log.exception("Request %s failed: %s %s", reference, scope["method"], scope["path"])
            if has_started:
                raise
            response = await self._answer(request, error, reference)
            await response(scope, receive, send)

    async def _answer(self, request: Request, error: Exception, reference: str) -> Response:
        if self.api_problem and request.url.path.startswith("/api/"):
            return self.api_problem(request, error)
        try:
            return await error_response(request, error)
        except Exception:
            log.exception("The error page of request %s failed too", reference)
            text = f"{FAILED.title}. {FAILED.next_step}\nReference: {reference}\n"
            return PlainTextResponse(text, status_code=FAILED.status)


def add_error_pages(app: FastAPI, *, api_problem: ApiProblem | None = None) -> None:
    """Give every failure of the application its page; under /api/ the API's own answer."""

    async def answer(request: Request, error: Exception) -> Response:
        if api_problem and request.url.path.startswith("/api/"):
            return api_problem(request, error)
        return await error_response(request, error)

    for kind in (ServiceError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, answer)
    app.add_middleware(ErrorPages, api_problem=api_problem)
