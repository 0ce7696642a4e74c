"""When the answer to lock 1 leaves: at a moment that tells nothing of the work behind it (RULES 1).

A lock above the officer's level opens a correction, and takes more than twice as long as another. The time a
reader waits would tell them before stage 2 where the officer's level lies.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Annotated

from fastapi import Depends

# Lock 1 took 30 ms when nothing followed and 80 ms when a correction did: six times that leaves room for a
# busy day. What takes longer still leaves at the next multiple, not as soon as it can.
ANSWERS_LEAVE_EVERY_SECONDS = 0.5


@dataclass(frozen=True)
class Pace:
    """How the time is read and waited for; tests put their own in its place (`dependency_overrides`)."""

    seconds: Callable[[], float] = monotonic
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep


def pace() -> Pace:
    """Return the machine's own pace."""
    return Pace()


async def _hold(pace: Annotated[Pace, Depends(pace)]) -> AsyncIterator[None]:
    began = pace.seconds()
    yield
    await pace.wait(-(pace.seconds() - began) % ANSWERS_LEAVE_EVERY_SECONDS)


# Among a route's `dependencies` it is entered before the route's session and left after it: while an answer
# is held, the work is committed and neither a connection nor a lock is. A refusal (an error) is not held.
answer_is_held = Depends(_hold, scope="function")
