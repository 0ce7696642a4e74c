"""A draw depends on the frame's units and the seed alone; spoiled cases take the next ticket."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampling import (
    COOL_OFF_STRATUM,
    Combined,
    Exclusion,
    Frame,
    PerOfficer,
    SeedPlan,
    TakeAllTop,
    Unit,
    commitment_digest,
    draw_round,
    extend_draw,
)
from sampling.errors import DrawError

UNITS = tuple(Unit(f"p{i:02d}", f"o{i % 4}", ("high", "low")[i % 3 == 0], i / 40) for i in range(24))
units = st.lists(
    st.builds(
        Unit,
        st.integers(0, 999).map("p{:03d}".format),
        st.sampled_from(["oA", "oB", "oC"]),
        st.just(""),
        st.none(),
    ),
    min_size=1,
    max_size=25,
    unique_by=lambda unit: unit.pseudonym,
)


def order_of(draw, officer):
    chosen = [pick for pick in draw.selected if pick.officer == officer]
    return [pick.pseudonym for pick in (*chosen, *draw.reserves(officer))]


@given(st.permutations(UNITS))
@settings(max_examples=25)
def test_row_order_never_changes_who_is_drawn(shuffled):
    draw = draw_round(Frame("r", tuple(shuffled)), PerOfficer(within_strata=True), "seed")

    assert draw.selected == draw_round(Frame("r", UNITS), PerOfficer(within_strata=True), "seed").selected


@given(rows=units, k=st.integers(1, 5))
def test_a_smaller_draw_is_the_beginning_of_a_larger_one(rows, k):
    frame = Frame("r", tuple(rows))
    small = draw_round(frame, PerOfficer(k=k), "seed")

    large = extend_draw(small, k + 2)

    assert {pick.pseudonym for pick in small.selected} <= {pick.pseudonym for pick in large.selected}
    for officer in frame.officers:
        assert order_of(small, officer) == order_of(large, officer)


@given(rows=units, data=st.data())
def test_removing_a_case_never_changes_the_order_of_the_others(rows, data):
    gone = data.draw(st.sampled_from(rows)).pseudonym
    before = draw_round(Frame("r", tuple(rows)), PerOfficer(), "seed")

    after = draw_round(Frame("r", tuple(u for u in rows if u.pseudonym != gone)), PerOfficer(), "seed")

    for officer in before.frame.officers:
        assert order_of(after, officer) == [name for name in order_of(before, officer) if name != gone]


@given(rows=units)
def test_every_officer_with_a_case_gets_exactly_one(rows):
    draw = draw_round(Frame("r", tuple(rows)), PerOfficer(), "seed")

    assert sorted(pick.officer for pick in draw.selected) == sorted({unit.officer for unit in rows})
    assert draw.uncovered == ()


def test_over_many_seeds_every_case_is_drawn_as_often_as_stated():
    frame = Frame("r", UNITS)
    hits = np.zeros(len(UNITS))

    for number in range(3000):
        draw = draw_round(frame, PerOfficer(), f"seed {number}")
        hits[np.array(draw.arms[0].picks.order)[draw.arms[0].picks.offsets[:-1]]] += 1

    spread = np.sqrt(3000 * 1 / 6 * 5 / 6)
    assert np.abs(hits - 500).max() < 4 * spread
    assert ((hits - 500) ** 2 / 500).sum() < 50  # chi-square, 20 degrees of freedom: p < 0.0003


def test_another_round_arm_or_seed_gives_an_unrelated_order():
    frame = Frame("2026H2", UNITS)
    orders = {
        tuple(order_of(draw, "o1"))
        for draw in (
            draw_round(frame, PerOfficer(), "seed"),
            draw_round(frame, PerOfficer(), "seed2"),
            draw_round(Frame("2026", UNITS), PerOfficer(), "seed"),
        )
    }

    assert len(orders) == 3


def test_officers_without_a_drawable_case_are_listed():
    frame = Frame(
        "r", (Unit("p1", "oA"), Unit("p2", "oB", COOL_OFF_STRATUM)), (Exclusion("", "oC", "long leave"),)
    )

    draw = draw_round(frame, PerOfficer(), "seed")

    assert draw.uncovered == ("oB", "oC")


def test_spoiled_cases_take_the_next_tickets_in_order_and_a_spoiled_substitute_the_one_after():
    draw = draw_round(Frame("r", UNITS[:12]), PerOfficer(), "seed")
    first, second, third = order_of(draw, "o1")

    once = draw.substitute(first, "case transferred")
    twice = once.substitute(second, "case closed")
    spent = twice.substitute(third, "case closed")

    assert [swap.replacement for swap in spent.substitutions] == [second, third, ""]
    assert ("random", second) in once.current
    assert ("random", first) not in once.current
    assert len(spent.current) == len(draw.current) - 1
    assert draw.substitutions == ()


@pytest.mark.parametrize(
    ("spoiled", "reason", "message"),
    [
        pytest.param("p99", "closed", "p99 is not a current case", id="unknown case"),
        pytest.param("reserve", "closed", "only a drawn case can be spoiled", id="a reserve"),
        pytest.param("drawn", "  ", "needs its reason", id="no reason"),
    ],
)
def test_only_a_drawn_case_can_be_substituted_and_only_with_a_reason(spoiled, reason, message):
    draw = draw_round(Frame("r", UNITS), PerOfficer(), "seed")
    drawn, reserve = order_of(draw, "o1")[:2]

    with pytest.raises(DrawError, match=message):
        draw.substitute({"drawn": drawn, "reserve": reserve}.get(spoiled, spoiled), reason)


def test_a_case_with_the_top_score_has_no_substitute():
    draw = draw_round(Frame("r", UNITS), Combined((PerOfficer(), TakeAllTop(1))), "seed")

    after = draw.substitute("p23", "case closed", arm="targeted")

    assert after.substitutions[0].replacement == ""


def test_a_draw_never_shrinks_nor_grows_after_a_substitution():
    draw = draw_round(Frame("r", UNITS), PerOfficer(k=2), "seed")

    with pytest.raises(DrawError, match="extension only adds cases"):
        extend_draw(draw, 1)
    with pytest.raises(DrawError, match="open a follow-up arm"):
        extend_draw(draw.substitute(draw.selected[0].pseudonym, "closed"), 3)
    with pytest.raises(DrawError, match="has no arm targeted"):
        draw.reserves("o1", arm="targeted")


def test_the_commitment_changes_with_anything_somebody_could_choose_later():
    frame, plan = Frame("r", UNITS), SeedPlan("quicknet", 10)

    digests = {
        commitment_digest(frame, PerOfficer(), plan),
        commitment_digest(frame, PerOfficer(k=2), plan),
        commitment_digest(frame, PerOfficer(), SeedPlan("quicknet", 11)),
        commitment_digest(frame, PerOfficer(), SeedPlan("quicknet", 10, dice=True)),
        commitment_digest(Frame("r2", UNITS), PerOfficer(), plan),
        commitment_digest(Frame("r", UNITS[:-1]), PerOfficer(), plan),
    }

    assert len(digests) == 6


def test_an_empty_frame_draws_nobody():
    draw = draw_round(Frame("r", ()), PerOfficer(), "seed")

    assert draw.selected == ()
