"""Whatever limits or cuts is never lost and never shared, however many ask at once (PLATFORM 0.8, 10.5).

The full figures (8 x 250 cap changes; 10,000 allocations) run with QA_FULL=1; fewer otherwise.
"""

import os
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from threading import Barrier

import pytest
from factories.caseload import make_check, make_verdict
from factories.cases import make_assessment, make_case
from factories.estate import make_area, make_national_post, make_officer
from service.caseload.racing import N_DAYS, allocate, change_caps, cut_for, day_of_fail
from sqlmodel import col, func, select

from qa_service.audit.service import verify
from qa_service.audit.tables import AuditEvent
from qa_service.caseload.tables import Cut, CutDecision, CutDecisionValue, PlaceKept
from qa_service.core.clock import add_working_days, day_of
from qa_service.core.db import SYSTEM, transaction
from qa_service.reviews.tables import Verdict

FULL = os.environ.get("QA_FULL") == "1"
N_PROCESSES = 8
N_CHANGES_EACH = 250 if FULL else 15
N_ALLOCATIONS_EACH = 1250 if FULL else 15
N_OFFICERS = 10


def _pool() -> ProcessPoolExecutor:
    context = get_context("forkserver")  # imports once, then each worker is a process of its own
    context.set_forkserver_preload(["qa_service.caseload.service"])
    return ProcessPoolExecutor(N_PROCESSES, mp_context=context)


def _make_fails(engine, *, n_officers: int, n_fails: int) -> list[int]:
    with transaction(engine, SYSTEM) as session:
        make_national_post(session)
        make_area(session)
        made = []
        for number in range(n_officers):
            code = f"N07A{number:03d}"
            officer = make_officer(session, code, total_points=2502)
            case = make_case(session, number + 1, staff_code=code)
            made.append((officer, case, make_assessment(session, case, author_staff_code=code)))
        verdicts = []
        for number in range(n_fails):
            officer, case, assessment = made[number % n_officers]
            check = make_check(session, case, assessment, officer, reference=f"C{number:011d}")
            verdicts.append(make_verdict(session, check, reviewed_overall="MEDIUM").id)
        return verdicts


@pytest.mark.slow
def test_no_cap_change_of_eight_processes_at_once_is_lost(fresh_engine, fresh_url):
    n_all = N_PROCESSES * N_CHANGES_EACH
    verdicts = _make_fails(fresh_engine, n_officers=N_OFFICERS, n_fails=n_all)

    with _pool() as pool:
        shares = [verdicts[place::N_PROCESSES] for place in range(N_PROCESSES)]
        list(pool.map(change_caps, [fresh_url] * N_PROCESSES, shares))

    with transaction(fresh_engine, SYSTEM) as session:
        cuts = session.exec(select(Cut)).all()
        assert len(cuts) == N_OFFICERS
        for cut in cuts:
            of_officer = session.exec(
                select(Verdict.id).where(Verdict.attributed_person_id == cut.person_id)
            ).all()
            starts = [add_working_days(day_of(day_of_fail(key)), 1) for key in of_officer]
            assert cut.starts_on == min(starts)
            assert cut.ends_on == max(starts) + timedelta(days=90)
            assert cut.cap_points == 1740
            kinds = session.exec(select(CutDecision.decision).where(CutDecision.cut_id == cut.id)).all()
            assert kinds.count(CutDecisionValue.NEW) == 1
            assert kinds.count(CutDecisionValue.MERGED) == len(of_officer) - 1
        n_events = session.exec(
            select(func.count()).where(col(AuditEvent.tag).startswith("officer:cut:"))
        ).one()
        assert n_events == n_all
        assert verify(session).is_ok
    assert N_DAYS > 1  # the fails fall on different days, so a lost change would show in a date


def test_a_fail_racing_a_fail_of_the_same_officer_gives_one_new_cut_and_one_merged(fresh_engine):
    n_officers = 10
    verdicts = _make_fails(fresh_engine, n_officers=n_officers, n_fails=2 * n_officers)
    start = Barrier(2)

    def race(verdict_id: int) -> CutDecisionValue:
        start.wait()
        with transaction(fresh_engine, SYSTEM) as session:
            return cut_for(session, verdict_id).decision.decision

    with ThreadPoolExecutor(2) as pool:
        outcomes = [
            sorted(pool.map(race, (verdicts[officer], verdicts[officer + n_officers])))
            for officer in range(n_officers)
        ]

    assert outcomes == [[CutDecisionValue.MERGED, CutDecisionValue.NEW]] * n_officers
    with transaction(fresh_engine, SYSTEM) as session:
        assert session.exec(select(func.count()).select_from(Cut)).one() == n_officers


@pytest.mark.slow
def test_allocators_of_eight_processes_never_share_a_last_place(fresh_engine, fresh_url):
    n_all = N_PROCESSES * N_ALLOCATIONS_EACH
    n_cases = min(n_all, 200)
    room = 63 * 3  # three places each
    with transaction(fresh_engine, SYSTEM) as session:
        make_national_post(session)
        make_area(session)
        for number in range(N_OFFICERS):
            make_officer(session, f"N07A{number:03d}", total_points=2176 - room)
        for number in range(n_cases):
            make_assessment(session, make_case(session, number + 1, staff_code="N07A000"))
    wishes = [
        (f"N07A{number * 7 % N_OFFICERS:03d}", f"X{number % n_cases + 1:06d}") for number in range(n_all)
    ]

    with _pool() as pool:
        shares = [wishes[place::N_PROCESSES] for place in range(N_PROCESSES)]
        list(pool.map(allocate, [fresh_url] * N_PROCESSES, shares))

    with transaction(fresh_engine, SYSTEM) as session:
        kept = session.exec(
            select(PlaceKept.person_id, func.sum(PlaceKept.points)).group_by(col(PlaceKept.person_id))
        ).all()
        assert len(kept) == N_OFFICERS
        assert {points for _, points in kept} == {room}  # full, and never one place too many
