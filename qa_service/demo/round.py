"""The demo's round: plan, open, seed, draw, and four weeks of reading on a clock that the demo moves."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from qa_service.core.clock import FixedClock, day_of, is_working_day
from qa_service.core.db import SYSTEM, transaction
from qa_service.core.ids import ReferenceSource
from qa_service.demo import managers, people, setting
from qa_service.policy.numbers import CURRENT_VERSION
from qa_service.rounds import service as rounds
from qa_service.rounds.service import RoundPlan
from qa_service.rounds.tables import Round, RoundStatus
from qa_service.simulate.readers import SimulatedReader, load_errors
from qa_service.simulate.truth import Truths
from qa_service.simulate.working import Desk, empty_pool, settle_splits
from qa_service.workflows.draw_round import draw_round
from qa_service.workflows.open_round import open_round, plan_round
from qa_service.workflows.run_due import run_due

BY = "cli"
Progress = Callable[[str, int, int], None]


@dataclass
class Stage:
    """Where the demo plays: a database, a clock it moves, a source of references with a fixed seed."""

    engine: Engine
    clock: FixedClock
    references: ReferenceSource
    progress: Progress


def begin_round(stage: Stage) -> Round:
    """Plan, open, seed and draw; a second call goes on from where the first one stopped."""
    at = stage.clock.now()
    with transaction(stage.engine, SYSTEM) as session:
        found = next((r for r in rounds.rounds(session) if r.area_code == setting.REGION_CODE), None)
        if found is None:
            plan = RoundPlan("region", setting.REGION_CODE, "1", CURRENT_VERSION, {"dice": True})
            found = plan_round(session, plan, by=BY, at=at)
        if found.status is RoundStatus.PLANNED:
            open_round(session, found.reference, by=BY, at=at, references=stage.references)
        if found.status is RoundStatus.OPEN:
            dice = [{"witness": name, "rolls": setting.DICE} for name in setting.WITNESSES]
            rounds.seed_round(session, found.reference, {"dice": dice}, by=BY, at=at)
        if found.status is RoundStatus.SEEDED:
            draw_round(session, found.reference, by=BY, at=at, references=stage.references)
    return found


def read_round(stage: Stage, drawn: Round, truth: Path) -> None:
    """Let simulated people work day by day; what they do not get to is left for a visitor to read."""
    errors = load_errors()
    with transaction(stage.engine, SYSTEM) as session:
        reader_ids, moderator_ids = people.add_quality_team(session, at=stage.clock.now())
        n_checks = len(rounds.checks(session, drawn))
    readers = [SimulatedReader(key, name, errors) for name, key in reader_ids.items()]
    moderators = [SimulatedReader(key, name, errors) for name, key in moderator_ids.items()]
    desk = Desk(stage.engine, stage.clock, stage.references, Truths(truth))
    n_a_day = -(-n_checks // setting.N_DAYS_TO_READ_ALL)
    n_days = setting.N_WORKING_DAYS + setting.N_LAST_DAYS
    for number in range(n_days):
        stage.progress("Reading and deciding", number, n_days)
        # At the end fewer reads a day: what is urgent goes first, so the second reads catch up.
        most = n_a_day if number < setting.N_WORKING_DAYS else -(-n_a_day // 3)
        empty_pool(desk, readers, most=most)
        settle_splits(desk, moderators)
        managers.do_a_day(stage.engine, stage.clock, stage.references)
        _next_working_day(stage)
    stage.progress("Reading and deciding", n_days, n_days)


def _next_working_day(stage: Stage) -> None:
    stage.clock.advance(days=1)
    while not is_working_day(day_of(stage.clock.now())):
        stage.clock.advance(days=1)
    with transaction(stage.engine, SYSTEM) as session:
        run_due(session, at=stage.clock.now(), references=stage.references)
