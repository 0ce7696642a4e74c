"""Areas that changed since the draw, cases not everybody may see, and what was not known yet on a day."""

from datetime import timedelta

from factories.cases import make_case
from factories.estate import make_officer
from factories.rates import (
    AT,
    WALES,
    add_read,
    make_fails,
    make_final_check,
    make_waiting_check,
)
from sqlalchemy import text

from qa_service.core.db import Scope, set_scope
from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import AreaLevel, area_tree
from qa_service.reporting.causes import causes_of
from qa_service.reporting.cost import cost_of
from qa_service.reporting.coverage import coverage_of
from qa_service.reporting.rates import RateName, rates_by
from qa_service.reporting.reader_error import skill_of
from qa_service.reporting.readers import list_read_twice
from qa_service.reviews.chances import is_sampled_for_expert_read
from qa_service.reviews.statuses import ReadKind
from qa_service.reviews.tables import Moderation, ModerationStatus, Verdict
from qa_service.rounds.tables import CheckStatus

POLICY = load_policy()


def _causes(session, area=lambda tree: tree.pdus["LDNTST"]):
    tree = area_tree(session)
    found = causes_of(session, tree, area(tree), at=AT, policy=POLICY)
    return found.n_fails, {one.code for one in found.causes if one.share.k}, found.load_share.k


def test_a_fail_has_the_causes_of_both_reads_in_whose_name_it_stands(session, round_):
    check = make_final_check(session, 1, round_, verdict="fail", reviewed="HIGH")
    first, second = {"A2": ("no", "officer")}, {"A2": ("yes", ""), "B2": ("partly", "supervisor")}
    add_read(session, check, ReadKind.FIRST, level="HIGH", verdict="fail", answers=first)
    add_read(session, check, ReadKind.SECOND, level="HIGH", verdict="fail", answers=second)

    assert _causes(session) == (1, {"officer", "supervisor"}, 1)


def test_a_moderators_answers_take_the_place_of_the_readers(session, round_):
    check = make_waiting_check(session, 1, round_, status=CheckStatus.FINAL)
    answers = {"A2": {"judgement": "no", "cause": "workload", "evidence": "", "reason": ""}}
    settled = Moderation(
        reference="M1", check_id=check.id, status=ModerationStatus.DECIDED, reason="split", opened_at=AT,
        due_at=AT, answers=answers, decided_at=AT,
    )  # fmt: skip
    session.add(settled)
    session.flush()
    session.add(
        Verdict(
            check_id=check.id, verdict="fail", severity="S3", is_urgent=False, is_underclassified=True,
            is_overclassified=False, assessed_overall="MEDIUM", reviewed_overall="HIGH", decision={},
            attribution="author", attributed_person_id=check.person_id, rubric_version="1",
            decided_by={"moderation": settled.id}, policy_version="2026-11-01", decided_at=AT,
        )
    )  # fmt: skip
    session.flush()

    assert _causes(session) == (1, {"workload"}, 1)


def test_the_causes_of_a_fail_that_a_head_may_not_see_are_told_of_the_nation_alone(session, round_):
    make_fails(session, round_, 1, 1, is_limited_access=True)
    make_fails(session, round_, 1, 0, first=1)
    set_scope(session, Scope(pdus=("LDNTST",), regions=("N07",)))

    assert _causes(session) == _causes(session, lambda tree: tree.regions["N07"]) == (1, {"officer"}, 0)
    assert _causes(session, lambda tree: tree.nation) == (2, {"officer", "workload"}, 1)


def test_a_read_costs_once_its_check_is_final_so_that_none_tells_how_far_a_check_is(session, round_):
    final, waiting = make_final_check(session, 1, round_), make_waiting_check(session, 2, round_)
    add_read(session, final, ReadKind.FIRST, level="MEDIUM")
    add_read(session, waiting, ReadKind.FIRST, level="HIGH", verdict="fail")
    tree = area_tree(session)

    [random] = cost_of(session, tree, tree.pdus["LDNTST"], at=AT, policy=POLICY).arms

    assert (random.n_reads, float(random.hours), random.too_low.n) == (1, 2.5, 1)


def test_costs_and_causes_count_for_the_region_that_had_the_pdu_as_rates_do(session, round_):
    make_final_check(session, 1, round_)
    make_fails(session, round_, 2, 1, first=2)
    make_final_check(session, 9, round_, place=WALES)
    session.execute(text("UPDATE pdu SET region_code = 'W01' WHERE code = 'LDNTST'"))
    session.execute(text("UPDATE pdu SET closed_on = '2026-10-01' WHERE code = 'WALTST'"))
    tree = area_tree(session)

    def counted(area):
        cost = cost_of(session, tree, area, at=AT, policy=POLICY)
        causes = causes_of(session, tree, area, at=AT, policy=POLICY)
        return (
            sum(arm.too_low.n for arm in cost.arms),
            causes.n_fails,
            sum(b.share.n for b in causes.workload),
        )

    rated = rates_by(session, AreaLevel.NATIONAL, at=AT, policy=POLICY.rates)[0].rate(
        RateName.UNDERCLASSIFIED
    )
    assert counted(tree.regions["W01"]) == (1, 0, 1)
    assert counted(tree.nation) == (4, 2, rated.by_officer.n)


def test_after_a_merger_everybody_is_covered_and_counted_as_drawn(session, round_):
    make_final_check(session, 1, round_)
    make_officer(session, "W01D001", team="W01T01")
    make_case(session, 9, staff_code="W01D001", team="W01T01", region="W01", pdu="WALTST")
    make_final_check(session, 2, round_, place=WALES)
    session.execute(
        text("UPDATE pdu SET successor_code = 'WALTST', closed_on = '2026-10-01' WHERE code = 'LDNTST'")
    )
    tree = area_tree(session)

    covered = coverage_of(session, tree, tree.pdus["WALTST"], at=AT, policy=POLICY)
    [rates] = rates_by(session, AreaLevel.PDU, at=AT, policy=POLICY.rates)

    assert {one.name for one in covered.officers} == {"Officer N07X001", "Officer W01X002", "Officer W01D001"}
    assert (rates.n_drawn, rates.n_checked) == (2, 2)


def test_what_readers_were_taught_on_a_day_is_not_changed_by_later_reads(session, round_):
    picked = (
        f"R{n}"
        for n in range(1000)
        if is_sampled_for_expert_read(f"R{n}", POLICY.reads.expert_reads_of_finals_rate)
    )
    for number in range(2):
        check = make_final_check(session, number, round_, reference=next(picked), days_ago=3 - 2 * number)
        add_read(session, check, ReadKind.FIRST, level="MEDIUM")
        add_read(session, check, ReadKind.EXPERT, level="MEDIUM")

    def skill_on(at):
        reads = list_read_twice(session, since=AT - timedelta(days=365), at=at, policy=POLICY.reads)
        return skill_of(RateName.UNDERCLASSIFIED, reads, POLICY.reads).n_right

    # The second expert read two days after the draw, the day after AT.
    assert (skill_on(AT), skill_on(AT + timedelta(days=2))) == (1, 2)
