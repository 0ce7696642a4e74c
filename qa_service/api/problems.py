"""How every route under /api says in OpenAPI what it answers when it does not succeed (RFC 9457)."""

from typing import Any

from pydantic import BaseModel, Field


class Problem(BaseModel):
    """What is wrong, where, and what to do next."""

    type: str = Field(description="about:blank#CODE")
    title: str
    status: int
    code: str = Field(description="Stable machine-readable name.")
    detail: str = Field(description="What is wrong, in one sentence.")
    next_step: str = Field(description="What to do next, in one sentence.")
    faults: list[dict[str, str]] = Field(default=[], description="field and message of each fault.")


_DESCRIPTIONS = {
    401: "Nobody is signed in, or the session has ended.",
    403: "The role, or the token of the form, does not allow this.",
    404: "There is no such thing in the area of the person who asks.",
    409: "Somebody else got there first, or its state does not allow this any more.",
    422: "What was sent cannot be used; every fault is named.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the failures of a route for its documentation; 401, 403 and 422 are always among them."""
    return {
        status: {
            "description": _DESCRIPTIONS[status],
            "content": {"application/problem+json": {"schema": Problem.model_json_schema()}},
        }
        for status in sorted({401, 403, 422, *statuses})
    }
