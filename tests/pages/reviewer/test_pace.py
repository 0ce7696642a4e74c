"""The answer to lock 1 leaves at the same moment whatever followed from the lock (RULES 1).

The clock of these tests is the work itself, so much to a statement; waiting moves it on.
"""

from dataclasses import dataclass

import pytest
from pages.reviewer.clicks import stage_1
from sqlalchemy import event, text

from qa_service.core.db import SYSTEM, transaction
from qa_service.pages.reviewer_pace import ANSWERS_LEAVE_EVERY_SECONDS, Pace, pace

USUAL_SECONDS, BUSY_DAY_SECONDS = 0.001, 0.02


@dataclass
class Lock:
    """What one lock came to: how long its work took, when its answer left, and what stood before it left."""

    status: int
    work_seconds: float
    left_after_seconds: float
    n_connections_held: int
    is_committed: bool
    n_corrections: int


def _one(engine, query):
    with transaction(engine, SYSTEM) as session:
        return session.connection().execute(text(query)).scalar_one()


@pytest.fixture
def lock_with(new_engine, sign_in, set_scene):
    """Return a function: the lock of levels, in a world of its own, when a statement takes so many seconds."""

    def lock(level, *, statement_seconds=USUAL_SECONDS, **sent):
        engine = new_engine()
        browser = sign_in(engine, set_scene(engine)[0])
        start = browser.post("/reviews/next").headers["location"]
        browser.post(f"{start}/levels", version="0", **stage_1(level))
        statements, found = [], {}
        event.listen(engine, "before_cursor_execute", lambda *_: statements.append(statement_seconds))

        async def wait(seconds):
            found["work_seconds"] = sum(statements)
            found["left_after_seconds"] = round(sum(statements) + seconds, 6)
            found["n_connections_held"] = engine.pool.checkedout()
            found["is_committed"] = (
                _one(engine, "SELECT count(*) FROM review WHERE lock_1_at IS NOT NULL") == 1
            )

        app = browser.client.app
        app.dependency_overrides[pace] = lambda: Pace(lambda: sum(statements), wait)
        answer = browser.post(f"{start}/levels/lock", **({"version": "1"} | sent))
        if not found:
            return answer
        n_corrections = _one(engine, "SELECT count(*) FROM level_correction")
        return Lock(status=answer.status_code, n_corrections=n_corrections, **found)

    return lock


def test_a_lock_above_the_officers_level_answers_when_one_below_it_does(lock_with):
    above, below = lock_with("HIGH"), lock_with("LOW")

    assert (above.status, below.status) == (303, 303)
    assert (above.n_corrections, below.n_corrections) == (1, 0)
    assert above.work_seconds > below.work_seconds
    assert above.left_after_seconds == below.left_after_seconds == ANSWERS_LEAVE_EVERY_SECONDS


def test_while_the_answer_waits_the_lock_is_kept_and_no_connection_is_held(lock_with):
    held = lock_with("HIGH")

    assert held.is_committed
    assert held.n_connections_held == 0


def test_on_a_busy_day_the_answer_leaves_at_the_next_multiple(lock_with):
    held = lock_with("HIGH", statement_seconds=BUSY_DAY_SECONDS)

    assert held.work_seconds > ANSWERS_LEAVE_EVERY_SECONDS
    assert held.left_after_seconds > held.work_seconds
    assert held.left_after_seconds % ANSWERS_LEAVE_EVERY_SECONDS == pytest.approx(0)


def test_a_refused_lock_is_answered_at_once(lock_with):
    assert lock_with("HIGH", version="0").status_code == 409
