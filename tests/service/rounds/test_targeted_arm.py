"""A targeted arm takes the highest flags and some cases without one; its chances are known and can be verified."""

import pytest
from factories.flags import make_artefact_row, make_flag
from factories.rounds import LEAD, SEED, make_drawable_area, make_planned_round, make_references
from sqlmodel import select

from qa_service.cases.tables import Assessment
from qa_service.core.errors import Conflict, Invalid
from qa_service.flags.tables import ArtefactStatus, Flag
from qa_service.rounds import drawing, service
from qa_service.rounds.rules.targeting import design_with_targeted
from qa_service.rounds.tables import Arm, Check, RoundStatus, RoundUnit
from qa_service.workflows.open_round import open_round
from sampling.verify_draw import faults_in


@pytest.fixture
def scored(session):
    """Four officers with five cases each; every second case is flagged, and a candidate thinks otherwise."""
    make_drawable_area(session, n_officers=4, n_cases_each=5)
    make_artefact_row(session, "a" * 64)
    make_artefact_row(session, "b" * 64, status=ArtefactStatus.CANDIDATE)
    for place, row in enumerate(session.exec(select(Assessment).order_by(Assessment.id)).all()):
        make_flag(session, row.id, 0.9 - place / 100 if place % 2 else 0.1)
        make_flag(session, row.id, 0.99 if row.id % 3 else 0.01, digest="b" * 64)


def drawn(session, clock, design):
    planned = make_planned_round(session, clock.now(), design=design)
    service.open_round(session, planned.reference, by=LEAD, at=clock.now(), references=make_references())
    service.seed_round(session, planned.reference, SEED, by=LEAD, at=clock.now())
    checks = drawing.draw_checks(
        session, planned.reference, by=LEAD, at=clock.now(), references=make_references("draw")
    )
    return planned, checks


def flag_of(session, check: Check) -> Flag:
    return session.exec(
        select(Flag).where(Flag.assessment_id == check.assessment_id, Flag.artefact_digest == "a" * 64)
    ).one()


def test_at_least_a_tenth_of_the_targeted_checks_have_no_flag(session, clock, scored):
    _, checks = drawn(session, clock, design_with_targeted(6, 0.10))

    extra = [check for check in checks if check.arm is Arm.TARGETED]
    unflagged = [check for check in extra if not flag_of(session, check).is_flagged]
    # Six were asked for; those that the random arm drew as well are random checks.
    assert len(extra) >= 2
    assert len(unflagged) >= 0.10 * len(extra)
    assert all(check.inclusion_probability == 1.0 for check in extra if check not in unflagged)


def test_the_highest_scores_of_the_approved_artefact_are_taken_for_certain(session, clock, scored):
    _, checks = drawn(session, clock, design_with_targeted(4, 0.10))

    taken = {check.assessment_id for check in checks}
    highest = session.exec(
        select(Flag.assessment_id)
        .where(Flag.artefact_digest == "a" * 64)
        .order_by(Flag.score_rate.desc())
        .limit(3)
    ).all()
    assert set(highest) <= taken


def test_the_chance_of_an_unflagged_case_is_its_share_of_all_unflagged_ones(session, clock, scored):
    planned, checks = drawn(session, clock, design_with_targeted(6, 0.10))

    n_unflagged = len(
        session.exec(
            select(RoundUnit).where(RoundUnit.round_id == planned.id, RoundUnit.stratum == "not_flagged")
        ).all()
    )
    for check in checks:
        if check.arm is Arm.TARGETED and not flag_of(session, check).is_flagged:
            assert check.inclusion_probability == pytest.approx(1 / n_unflagged)


def test_a_case_drawn_by_both_arms_has_one_check_and_it_is_a_random_one(session, clock, scored):
    everything = {"arms": [{"kind": "per_officer", "k": 5}, *design_with_targeted(6, 0.10)["arms"][1:]]}

    _, checks = drawn(session, clock, everything)

    assert len(checks) == 20
    assert {check.arm for check in checks} == {Arm.RANDOM}


def test_the_frozen_scores_let_anybody_draw_the_targeted_arm_again(session, clock, scored):
    planned, _ = drawn(session, clock, design_with_targeted(6, 0.10))
    for flag in session.exec(select(Flag)).all():
        flag.score_rate = 0.5  # scores change after the freeze
    session.flush()

    assert faults_in(drawing.transcript(session, planned.reference), planned.frame_digest) == []


def test_a_targeted_arm_of_flagged_cases_alone_is_refused(session, clock, scored):
    greedy = {"arms": [{"kind": "per_officer", "k": 1}, {"kind": "take_all_top", "n": 6}]}
    planned = make_planned_round(session, clock.now(), design=greedy)

    with pytest.raises(Invalid, match=r"Only 0.0% of the targeted cases would be unflagged; at least 10%"):
        service.open_round(session, planned.reference, by=LEAD, at=clock.now(), references=make_references())


def test_a_round_waits_until_every_case_that_can_be_drawn_has_its_score(session, clock, scored):
    planned = make_planned_round(session, clock.now(), design=design_with_targeted(6, 0.10))
    kept = session.exec(select(Flag).where(Flag.artefact_digest == "a" * 64)).all()[:3]
    values = [flag.model_dump(exclude={"id"}) for flag in kept]
    for flag in kept:
        session.delete(flag)
    session.flush()

    def freeze():
        at = clock.now()
        return open_round(session, planned.reference, by=LEAD, at=at, references=make_references())

    with pytest.raises(Conflict, match="3 of 20 cases that can be drawn wait for a score"):
        freeze()
    session.refresh(planned)
    assert planned.status is RoundStatus.PLANNED
    assert session.exec(select(RoundUnit)).all() == []

    session.add_all(Flag(**row) for row in values)
    session.flush()
    assert {unit.score is None for unit in freeze().frame.units} == {False}


def test_a_round_without_a_targeted_arm_waits_for_no_score(session, clock, scored):
    for flag in session.exec(select(Flag)).all():
        session.delete(flag)
    planned = make_planned_round(session, clock.now())

    frozen = open_round(session, planned.reference, by=LEAD, at=clock.now(), references=make_references())

    assert len(frozen.units) == 20


def test_without_an_approved_artefact_nothing_can_be_targeted(session, clock):
    make_drawable_area(session)
    planned = make_planned_round(session, clock.now(), design=design_with_targeted(4, 0.10))

    with pytest.raises(Invalid, match="cannot be taken from 0 scored units"):
        service.open_round(session, planned.reference, by=LEAD, at=clock.now(), references=make_references())


def test_a_frame_that_draws_by_chance_alone_publishes_no_score(session, clock, scored):
    planned = make_planned_round(session, clock.now())
    service.open_round(session, planned.reference, by=LEAD, at=clock.now(), references=make_references())

    units = session.exec(select(RoundUnit).where(RoundUnit.round_id == planned.id)).all()
    assert {(unit.score_rate, unit.stratum) for unit in units} == {(None, "")}
