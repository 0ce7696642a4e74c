from datetime import date
from typing import Annotated, Literal

import pytest
from fastapi import FastAPI, Query
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException

from qa_service.pages import errors
from qa_service.pages.shell import mount_shell
from qa_service.reporting.areas import AreaLevel


@pytest.mark.parametrize(
    ("kind", "status", "message", "next_step"),
    [
        ("forbidden", 403, "You cannot see this PDU.", "Ask its head."),
        ("conflict", 409, "Somebody else submitted this.", "Read their answers."),
        ("invalid", 422, "Two answers are missing.", "Answer them."),
        ("unavailable", 503, "The database did not answer.", "Try again in a minute."),
    ],
)
def test_an_error_page_says_what_is_wrong_and_what_to_do_next(client, kind, status, message, next_step):
    answer = client.get(f"/fails/{kind}")

    assert answer.status_code == status
    assert message in answer.text
    assert next_step in answer.text


def test_every_fault_of_what_was_sent_is_named_at_once(client):
    assert "A1 cause: choose a cause" in client.get("/fails/invalid").text


def test_a_restricted_case_looks_exactly_like_a_case_that_does_not_exist():
    def answer_for(kind):
        app = FastAPI()

        @app.get("/cases/{number}")
        def show(number: str) -> None:
            if kind == "hidden":
                raise errors.NotFound(f"{number} is limited access.", next_step="Ask to be listed.")
            raise errors.NotFound(f"{number} does not exist.", next_step="Check the number.")

        mount_shell(app, new_token=lambda: "fixed", new_reference=lambda: "fixed")
        return TestClient(app).get("/cases/X100200")

    hidden, missing = answer_for("hidden"), answer_for("missing")

    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content
    assert hidden.headers == missing.headers
    assert b"X100200" not in hidden.content


def test_an_unknown_address_gives_the_same_page_as_a_case_that_does_not_exist(shell_app):
    client = TestClient(shell_app)

    assert client.get("/nowhere").text.replace("t1", "") == client.get("/fails/missing").text.replace(
        "t2", ""
    )


def test_a_breakdown_shows_a_reference_that_the_log_has_too_and_no_detail(client, caplog):
    answer = client.get("/breaks")

    assert answer.status_code == 500
    assert "Reference: <strong>r1</strong>" in answer.text
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
    assert "Request r1 failed: GET /breaks" in caplog.text


@pytest.mark.parametrize("path", ["/fails/conflict", "/fails/unavailable", "/breaks", "/fails/forbidden"])
def test_what_was_entered_is_given_back_on_every_error_page(client, path):
    answer = client.post(path, data={"csrf_token": "tok", "my_reason": "Seen on 3 May & agreed\nby phone"})

    assert "My reason" in answer.text
    assert "Seen on 3 May &amp; agreed\nby phone" in answer.text.replace("\r", "")


def test_text_that_came_with_an_attachment_is_given_back_too(client):
    files = {"evidence": ("note.txt", b"file content", "text/plain")}

    answer = client.post("/breaks", data={"my_reason": "I held the case only from June"}, files=files)

    assert "I held the case only from June" in answer.text
    assert "file content" not in answer.text


def test_after_a_breakdown_the_same_answers_can_be_sent_again_as_they_were(client):
    answer = client.post(
        "/breaks", data={"csrf_token": "tok", "submission_key": "k1", "my_reason": "Because"}
    )

    for name, value in (("csrf_token", "tok"), ("submission_key", "k1"), ("my_reason", "Because")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in answer.text
    assert "Try again</button>" in answer.text


def test_a_password_is_never_given_back(client):
    answer = client.post("/breaks", data={"user_name": "ann", "password": "hunter2"})

    assert "hunter2" not in answer.text
    assert "ann" in answer.text


@pytest.mark.parametrize(
    "body",
    [b"a=" + b"x" * 1_100_000, b"\xff\xfe not a form"],
    ids=["larger than any text", "not a form at all"],
)
def test_a_post_that_cannot_be_given_back_still_gets_its_error_page(client, body):
    answer = client.post(
        "/breaks", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )

    assert answer.status_code == 500
    assert "Reference" in answer.text


def test_autosave_is_told_in_json(client):
    answer = client.post("/fails/conflict", data={"a": "b"}, headers={"accept": "application/json"})

    assert answer.status_code == 409
    assert answer.json() == {
        "code": "conflict",
        "message": "Somebody else submitted this.",
        "next_step": "Read their answers.",
    }


def test_a_value_of_the_wrong_kind_is_named_on_the_page(client):
    answer = client.get("/needs-number?number=ten")

    assert answer.status_code == 422
    assert "Number: Enter a whole number" in answer.text
    assert "choose there again" in answer.text


@pytest.mark.parametrize(
    ("kind", "query", "words"),
    [
        (Annotated[int, Query(ge=1, le=100_000)], "x=0", "X: Enter 1 or more"),
        (Annotated[int, Query(ge=1, le=100_000)], "x=100001", "X: Enter 100,000 or less"),
        (Literal["a", "b"], "x=c", "X: Choose one of those offered"),
        (AreaLevel, "x=c", "X: Choose one of those offered"),
        (date, "x=soon", "X: Enter a day as year, month and day"),
        (bool, "x=perhaps", "X: Choose yes or no"),
        (Annotated[str, Query(pattern="^a$")], "x=b", "X: The service cannot use this"),
        (str, "", "X: It is missing"),
    ],
)
def test_what_is_wrong_in_an_address_is_said_in_words_and_never_a_validators(kind, query, words):
    app = FastAPI()

    @app.get("/list")
    def show(x: kind) -> None: ...

    mount_shell(app)
    answer = TestClient(app).get(f"/list?{query}")

    assert answer.status_code == 422
    assert words in answer.text
    assert "Input should" not in answer.text
    assert "String should" not in answer.text


def test_a_redirect_raised_below_stays_a_redirect():
    app = FastAPI()

    @app.get("/mine")
    def mine() -> None:
        raise HTTPException(303, headers={"location": "/sign-in"})

    mount_shell(app)
    answer = TestClient(app, follow_redirects=False).get("/mine")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_when_even_the_error_page_cannot_be_drawn_the_reference_is_still_given(client, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("no template")

    monkeypatch.setattr(errors, "render", broken)

    answer = client.post("/breaks", data={"a": "b"})

    assert answer.status_code == 500
    assert "Reference: r1" in answer.text


def test_failures_under_api_are_answered_in_the_form_of_the_api():
    app = FastAPI()

    @app.get("/api/breaks")
    def break_down() -> None:
        raise RuntimeError

    def problem(_request, error):
        return errors.JSONResponse({"type": type(error).__name__}, status_code=500)

    mount_shell(app, api_problem=problem)

    assert TestClient(app).get("/api/breaks").json() == {"type": "RuntimeError"}
    assert TestClient(app).get("/api/none").json() == {"type": "HTTPException"}
