"""What was posted, kept until the request has been answered, so that an error page can give it back."""

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

# Answers are texts; a larger post is a file, which the person still has.
_LARGEST_BYTES = 1_000_000
# Names that are ours, not the person's.
_NOT_ANSWERS = frozenset({"csrf_token", "version", "window_id", "seq", "submission_key"})


class KeptPost:
    """Listens to a request's body as the application reads it.

    Parameters
    ----------
    receive : Receive
        The server's channel of the request.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._kept: list[Message] = []
        self._n_bytes = 0
        self._is_complete = False

    async def receive(self) -> Message:
        """Hand the next part of the body to the application and keep it."""
        message = await self._receive()
        self._n_bytes += len(message.get("body", b""))
        self._is_complete = not message.get("more_body", False)
        if self._n_bytes <= _LARGEST_BYTES:
            self._kept.append(message)
        else:
            self._kept.clear()
        return message

    async def fields(self, request: Request) -> list[tuple[str, str]]:
        """Return the posted (name, text) pairs, without passwords and files; empty when there are none."""
        announced = request.headers.get("content-length", "")
        is_small = announced.isdigit() and int(announced) <= _LARGEST_BYTES
        if request.method != "POST" or not is_small:
            return []
        kept = iter(tuple(self._kept))

        async def replay() -> Message:
            if (message := next(kept, None)) is not None:
                return message
            return {"type": "http.disconnect"} if self._is_complete else await self.receive()

        try:
            async with Request(request.scope, replay).form() as form:
                return [
                    (name, value)
                    for name, value in form.multi_items()
                    if not isinstance(value, UploadFile) and "password" not in name
                ]
        except (HTTPException, ClientDisconnect):  # a body that is no whole form holds no answers
            return []


async def kept_fields(request: Request) -> list[tuple[str, str]]:
    """Return what was posted with a request that could not be answered as hoped."""
    post: KeptPost | None = getattr(request.state, "kept_post", None)
    return await post.fields(request) if post else []


def as_answers(fields: list[tuple[str, str]]) -> list[tuple[str, str, None]]:
    """Return the fields a person filled in, as rows of the `answers` macro (nothing to change there)."""
    return [
        (name.replace("_", " ").capitalize(), text, None)
        for name, text in fields
        if text and name not in _NOT_ANSWERS
    ]
