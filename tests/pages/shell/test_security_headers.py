import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from qa_service.pages.shell import mount_shell


def test_a_page_may_load_only_our_own_files_and_the_one_script_with_its_nonce(client):
    answer = client.get("/no-such-page")

    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))

    assert policy == {
        "default-src": "'none'",
        "script-src": "'self' 'nonce-t1'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    assert '<script nonce="t1">' in answer.text


def test_pages_are_never_kept_by_a_browser_and_static_files_are_asked_for_again(client):
    page, file = client.get("/no-such-page"), client.get("/static/vendor/app.css")

    assert page.headers["cache-control"] == "no-store"
    assert (file.status_code, file.headers["cache-control"]) == (200, "no-cache")
    assert (
        client.get("/static/vendor/app.css", headers={"if-none-match": file.headers["etag"]}).status_code
        == 304
    )


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-request-id", "r1"),
    ],
)
def test_every_answer_carries_the_other_headers_even_when_the_service_broke_down(client, header, value):
    answer = client.get("/breaks")

    assert (answer.status_code, answer.headers[header]) == (500, value)


@pytest.mark.parametrize(
    ("base_url", "is_https", "is_sent"),
    [("http://x", False, False), ("https://x", False, True), ("http://x", True, True)],
    ids=["plain http on a laptop", "https", "behind a proxy that ends https"],
)
def test_browsers_are_told_to_stay_on_https_exactly_when_the_service_is_served_so(
    base_url, is_https, is_sent
):
    app = FastAPI()
    mount_shell(app, is_https=is_https)

    answer = TestClient(app, base_url=base_url).get("/")

    assert ("strict-transport-security" in answer.headers) is is_sent


def test_no_two_requests_share_a_nonce_or_a_reference():
    app = FastAPI()
    mount_shell(app)
    client = TestClient(app)

    answers = [client.get("/").headers for _ in range(5)]

    assert len({headers["content-security-policy"] for headers in answers}) == 5
    assert len({headers["x-request-id"] for headers in answers}) == 5
