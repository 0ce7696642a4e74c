import warnings
from itertools import count
from typing import Annotated

import pytest
from fastapi import FastAPI, Request
from jinja2 import DictLoader
from pydantic import BaseModel, Field, ValidationError

with warnings.catch_warnings():  # until the newer client package is among the requirements
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

from qa_service.core.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from qa_service.pages import render as rendering
from qa_service.pages.forms import FormDep
from qa_service.pages.shell import mount_shell

KINDS = {
    "hidden": NotFound("Case X100200 is restricted.", next_step="Ask to be listed."),
    "missing": NotFound("There is no case X999999.", next_step="Check the number."),
    "forbidden": NotAllowed("You cannot see this PDU.", next_step="Ask its head."),
    "conflict": Conflict("Somebody else submitted this.", next_step="Read their answers."),
    "invalid": Invalid(
        "Two answers are missing.", next_step="Answer them.", faults=(("A1_cause", "choose a cause"),)
    ),
    "unavailable": Unavailable("The database did not answer.", next_step="Try again in a minute."),
}
REPLY = """{% extends "layout.html" %}
{% from "macros/error_summary.html" import error_summary %}
{% from "govuk_frontend_jinja/components/textarea/macro.html" import govukTextarea %}
{% set title = "Reply" %}
{% block content %}{{ error_summary(form) }}
{{ govukTextarea({"id": "reason", "name": "reason", "label": {"text": "Reason"}, "value": form.value("reason"),
  "errorMessage": form.error("reason")}) }}{% endblock %}"""


class Reply(BaseModel):
    reason: Annotated[str, Field(min_length=20)]


@pytest.fixture
def shell_app(monkeypatch):
    """A small application inside the real shell; nonces are t1, t2, ..., the reference is r1."""
    app = FastAPI()

    @app.api_route("/fails/{kind}", methods=["GET", "POST"])
    def fail(kind: str) -> None:
        raise KINDS[kind]

    @app.api_route("/breaks", methods=["GET", "POST"])
    def break_down() -> None:
        raise RuntimeError("secret detail of the fault")

    @app.post("/reply")
    def reply(request: Request, form: FormDep):
        try:
            Reply.model_validate(form.fields())
        except ValidationError as error:
            form = form.failed(error, {"reason": "Give a reason of at least 20 characters"})
        return rendering.render(request, "shell_reply.html", {"form": form}, status_code=422)

    @app.get("/needs-number")
    def needs_number(number: int) -> int:
        return number

    monkeypatch.setattr(
        rendering.templates.env.loader,
        "loaders",
        [*rendering.templates.env.loader.loaders, DictLoader({"shell_reply.html": REPLY})],
    )
    tokens = count(1)
    mount_shell(app, new_token=lambda: f"t{next(tokens)}", new_reference=lambda: "r1")
    return app


@pytest.fixture
def client(shell_app):
    return TestClient(shell_app, raise_server_exceptions=True)
