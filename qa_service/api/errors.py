"""Failures under /api/ as problem+json (RFC 9457)."""

from dataclasses import replace

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from qa_service.pages.errors import notice_of


def api_problem(request: Request, error: Exception) -> Response:
    """Say what is wrong, where, and what to do next; never a traceback."""
    notice = notice_of(error)
    if isinstance(error, RequestValidationError):
        notice = replace(
            notice,
            message="Some of it cannot be used.",
            next_step="Put these right and send it again.",
            faults=tuple((str(fault["loc"][-1]), str(fault["msg"])) for fault in error.errors()),
        )
    body: dict[str, object] = {
        "type": f"about:blank#{notice.code}",
        "title": notice.title,
        "status": notice.status,
        "code": notice.code,
        "detail": notice.message,
        "next_step": notice.next_step,
    }
    if notice.faults:
        body["faults"] = [{"field": field, "message": message} for field, message in notice.faults]
    if notice.status >= 500:
        body["reference"] = getattr(request.state, "request_id", None)
    return JSONResponse(body, status_code=notice.status, media_type="application/problem+json")
