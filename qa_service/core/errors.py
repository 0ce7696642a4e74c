"""The five kinds of error a slice may raise; the doors (API, pages, CLI) map each to its own form."""

from typing import ClassVar


class ServiceError(Exception):
    """Something a person can act on.

    Parameters
    ----------
    message : str
        What is wrong and where, in one plain sentence.
    next_step : str
        What to do next, in one plain sentence.
    code : str, optional
        Stable machine-readable name; the kind's own when not given.
    """

    kind: ClassVar[str] = "error"
    http_status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, next_step: str, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.code = code or self.kind


class NotFound(ServiceError):  # noqa: N818 - the kinds are named for what the reader is told
    """The thing does not exist, or this person may not know that it does."""

    kind = "not_found"
    http_status = 404


class Conflict(ServiceError):  # noqa: N818 - as above
    """Somebody else got there first, or the thing is no longer in a state that allows this."""

    kind = "conflict"
    http_status = 409


class NotAllowed(ServiceError):  # noqa: N818 - as above
    """The role or scope of the person who asks does not allow it."""

    kind = "not_allowed"
    http_status = 403


class Invalid(ServiceError):  # noqa: N818 - as above
    """What was sent cannot be accepted; `faults` names every fault at once.

    Parameters
    ----------
    faults : tuple of (str, str), optional
        (field or place, what is wrong and what to do) for each fault found.
    """

    kind = "invalid"
    http_status = 422
    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        next_step: str,
        code: str | None = None,
        faults: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message, next_step=next_step, code=code)
        self.faults = faults


class Unavailable(ServiceError):  # noqa: N818 - as above
    """Something the service depends on did not answer; nothing was written."""

    kind = "unavailable"
    http_status = 503
