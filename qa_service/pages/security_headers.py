"""Headers that every response carries, and the nonce and reference of each request (ASVS 3.4, 14.3.2)."""

import secrets
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa_service.core.ids import ReferenceSource

TokenSource = Callable[[], str]
random_reference: TokenSource = ReferenceSource().make

# Two years, the least that browsers' preload lists take.
_HSTS = "max-age=63072000; includeSubDomains"


def random_token() -> str:
    """Return 128 random bits: the nonce of a page."""
    return secrets.token_urlsafe(16)


def content_security_policy(nonce: str, *, images: str = "'self'") -> str:
    """Return the policy of a page: nothing but our own files and the one script with this nonce."""
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src {images};"
        " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


class SecurityHeaders:
    """Add the security headers to every response, errors and files included.

    Parameters
    ----------
    app : ASGIApp
        What answers.
    new_token : callable, optional
        Where nonces come from; tests fix it and compare responses byte by byte.
    new_reference : callable, optional
        Where the references of requests come from: short, because people read them out.
    is_https : bool, optional
        Send HSTS although the request arrived without TLS (a proxy in front ends it).
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        new_token: TokenSource = random_token,
        new_reference: TokenSource = random_reference,
        is_https: bool = False,
    ) -> None:
        self.app = app
        self.new_token = new_token
        self.new_reference = new_reference
        self.is_https = is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        nonce = state["csp_nonce"] = self.new_token()
        request_id = state["request_id"] = self.new_reference()
        # Files are asked for again and answered "not modified"; pages are never kept: they name people.
        caching = "no-cache" if scope["path"].startswith("/static/") else "no-store"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", content_security_policy(nonce))
                headers.setdefault("Cache-Control", caching)
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
                headers["Referrer-Policy"] = "same-origin"
                headers["X-Content-Type-Options"] = "nosniff"
                headers["X-Request-ID"] = request_id
                if self.is_https or scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = _HSTS
            await send(message)

        await self.app(scope, receive, send_with_headers)
