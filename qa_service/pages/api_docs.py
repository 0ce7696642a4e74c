"""The API's documentation page: Swagger from our own files, under a policy it can work with."""

from starlette.requests import Request
from starlette.responses import Response

from qa_service.pages.render import render
from qa_service.pages.security_headers import content_security_policy


def api_docs_page(request: Request, openapi_href: str) -> Response:
    """Show the API at an OpenAPI address; only this page may use images carried in a stylesheet."""
    response = render(request, "api_docs.html", {"openapi_href": openapi_href})
    policy = content_security_policy(request.state.csp_nonce, images="'self' data:")
    response.headers["Content-Security-Policy"] = policy
    return response
