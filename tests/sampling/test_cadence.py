"""Everybody due is found on every date, and everybody else has a reason."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling import Cadence, OfficerRecord, Spell, who_is_due, window_on
from sampling.errors import CadenceError

ANNUAL = Cadence(12, date(2026, 1, 1))
SIX_MONTHLY = Cadence(6, date(2026, 1, 1))
CADENCES = {"London": SIX_MONTHLY, "Wales": ANNUAL}
days = st.dates(date(1990, 1, 1), date(2080, 12, 31))


def make_officer(**facts):
    given_facts = {
        "officer": "o1",
        "in_post_on": date(2020, 1, 6),
        "regions": (Spell(date(2020, 1, 6), None, "Wales"),),
        **facts,
    }
    return OfficerRecord(**given_facts)


def decide(officer, on):
    (decision,) = who_is_due([officer], on, CADENCES, joiner_weeks=8)
    return decision


@given(anchor=days, on=days, months=st.sampled_from([1, 3, 6, 12, 24]))
def test_every_date_lies_in_exactly_one_window(anchor, on, months):
    cadence = Cadence(months, anchor)

    window = window_on(cadence, on)

    assert window.starts_on <= on <= window.ends_on
    assert window_on(cadence, window.ends_on) == window
    assert window_on(cadence, window.ends_on + timedelta(days=1)).starts_on == window.ends_on + timedelta(
        days=1
    )


def test_windows_counted_from_29_february_do_not_drift():
    cadence = Cadence(12, date(2024, 2, 29))

    starts = [window_on(cadence, date(year, 6, 1)).starts_on for year in (2024, 2025, 2027, 2028)]

    assert starts == [date(2024, 2, 29), date(2025, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]


def test_a_london_officer_checked_in_march_is_due_again_in_july():
    officer = make_officer(
        regions=(Spell(date(2020, 1, 6), None, "London"),), last_checked_on=date(2026, 3, 4)
    )

    june, july = decide(officer, date(2026, 6, 30)), decide(officer, date(2026, 7, 1))

    assert not june.is_due
    assert june.look_again_on == date(2026, 7, 1)
    assert july.is_due


@pytest.mark.parametrize(
    ("facts", "on", "is_due", "reason"),
    [
        pytest.param(
            {}, date(2026, 5, 1), True, "not yet checked in this window", id="in post, never checked"
        ),
        pytest.param(
            {"in_post_on": date(2026, 4, 1)},
            date(2026, 5, 26),
            False,
            "in post since 2026-04-01, less than 8 weeks",
            id="joiner one day short of 8 weeks",
        ),
        pytest.param(
            {"in_post_on": date(2026, 4, 1)},
            date(2026, 5, 27),
            True,
            "not yet checked in this window",
            id="8 weeks",
        ),
        pytest.param(
            {"left_on": date(2026, 5, 1)},
            date(2026, 5, 1),
            False,
            "left the service on 2026-05-01",
            id="leaver",
        ),
        pytest.param(
            {"long_leave": (Spell(date(2026, 2, 1), date(2026, 9, 30)),)},
            date(2026, 5, 1),
            False,
            "on long leave since 2026-02-01",
            id="long leave",
        ),
        pytest.param(
            {"long_leave": (Spell(date(2026, 2, 1), date(2026, 9, 30)),)},
            date(2026, 10, 1),
            True,
            "not yet checked in this window",
            id="the day after long leave",
        ),
        pytest.param(
            {"long_leave": (Spell(date(2026, 2, 1), date(2026, 12, 30)),)},
            date(2026, 12, 31),
            True,
            "not yet checked in this window",
            id="back from long leave on the last day of the window",
        ),
        pytest.param(
            {"left_on": date(2027, 1, 1)},
            date(2026, 12, 31),
            True,
            "not yet checked in this window",
            id="leaving at the end of the window's last day",
        ),
        pytest.param(
            {"left_on": date(2026, 12, 31)},
            date(2026, 12, 31),
            False,
            "left the service on 2026-12-31",
            id="gone on the window's last day",
        ),
        pytest.param(
            {"in_post_on": date(2024, 1, 4), "regions": (Spell(date(2024, 1, 4), None, "Wales"),)},
            date(2024, 2, 29),
            True,
            "not yet checked in this window",
            id="8 weeks end on 29 February",
        ),
        pytest.param(
            {"last_checked_on": date(2025, 12, 31)},
            date(2026, 1, 1),
            True,
            "not yet checked in this window",
            id="checked on the last day of the window before",
        ),
        pytest.param(
            {"regions": (Spell(date(2020, 1, 6), date(2026, 3, 31), "Wales"),)},
            date(2026, 5, 1),
            False,
            "holds no post in any region on 2026-05-01",
            id="between posts",
        ),
    ],
)
def test_who_is_due_and_why_not(facts, on, is_due, reason):
    officer = make_officer(**facts)

    decision = decide(officer, on)

    assert (decision.is_due, decision.reason) == (is_due, reason)


def test_an_officer_in_two_regions_follows_the_shorter_cadence():
    officer = make_officer(
        regions=(Spell(date(2020, 1, 6), None, "Wales"), Spell(date(2025, 1, 6), None, "London")),
        last_checked_on=date(2026, 2, 2),
    )

    decision = decide(officer, date(2026, 8, 3))

    assert decision.is_due


@pytest.mark.parametrize("regions", [("Wales", "Kent"), ("Kent", "Wales")])
def test_an_officer_in_two_regions_of_one_cadence_is_due_when_either_begins_a_window(regions):
    cadences = {"Wales": Cadence(12, date(2020, 1, 1)), "Kent": Cadence(12, date(2020, 7, 1))}
    checked_in_may = make_officer(
        regions=tuple(Spell(date(2020, 1, 6), None, region) for region in regions),
        last_checked_on=date(2026, 5, 4),
    )

    in_june, in_july, in_january = (
        who_is_due([checked_in_may], on, cadences, joiner_weeks=8)[0]
        for on in (date(2026, 6, 1), date(2026, 7, 1), date(2027, 1, 4))
    )

    assert (in_june.is_due, in_june.look_again_on) == (False, date(2026, 7, 1))
    assert in_july.is_due
    assert in_january.is_due


def test_a_move_to_london_in_the_autumn_makes_a_spring_check_too_old():
    moved = make_officer(
        regions=(
            Spell(date(2020, 1, 6), date(2026, 8, 31), "Wales"),
            Spell(date(2026, 9, 1), None, "London"),
        ),
        last_checked_on=date(2026, 2, 2),
    )

    before, after = decide(moved, date(2026, 8, 31)), decide(moved, date(2026, 9, 1))

    assert not before.is_due
    assert after.is_due


def test_a_move_out_of_london_keeps_this_years_check_and_does_not_restart_the_joiners_weeks():
    moved = make_officer(
        regions=(Spell(date(2020, 1, 6), date(2026, 8, 31), "London"), Spell(date(2026, 9, 1), None, "Wales"))
    )

    unchecked, checked = (
        decide(moved, date(2026, 9, 1)),
        decide(make_officer(regions=moved.regions, last_checked_on=date(2026, 2, 2)), date(2026, 9, 1)),
    )

    assert unchecked.is_due
    assert not checked.is_due


def test_neither_hours_nor_teams_nor_pdus_are_among_the_facts_that_decide():
    facts = {field.name for field in fields(OfficerRecord)}

    assert facts == {"officer", "in_post_on", "regions", "left_on", "long_leave", "last_checked_on"}


@pytest.mark.parametrize(
    "regions",
    [
        pytest.param((Spell(date(2020, 1, 6), None, "Wales"),) * 2, id="two teams of a region"),
        pytest.param(
            (Spell(date(2020, 1, 6), date(2026, 6, 30), "Wales"), Spell(date(2026, 7, 1), None, "Wales")),
            id="a PDU merged in the middle of the window",
        ),
        pytest.param(
            (Spell(date(2020, 1, 6), date(2026, 9, 30), "Wales"), Spell(date(2026, 3, 1), None, "Wales")),
            id="a second team while the first one ends",
        ),
    ],
)
def test_teams_and_merged_pdus_make_no_second_check_and_hide_none(regions):
    unchecked = make_officer(regions=regions)
    checked = make_officer(regions=regions, last_checked_on=date(2026, 3, 2))

    on_each_day = [date(2026, 3, 2) + timedelta(days=n) for n in range(305)]

    assert all(decide(unchecked, on).is_due for on in on_each_day)
    assert not any(decide(checked, on).is_due for on in on_each_day)
    assert decide(checked, date(2027, 1, 1)).is_due


def test_a_checked_officer_who_will_move_to_london_is_looked_at_again_on_the_day_of_the_move():
    moving = make_officer(
        regions=(
            Spell(date(2020, 1, 6), date(2026, 8, 31), "Wales"),
            Spell(date(2026, 9, 1), None, "London"),
        ),
        last_checked_on=date(2026, 2, 2),
    )

    decision = decide(moving, date(2026, 3, 1))

    assert decision.look_again_on == date(2026, 9, 1)
    assert decide(moving, date(2026, 9, 1)).is_due


some_days = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@st.composite
def careers(draw):
    """One officer's service: moves between two regions, gaps between posts, long leaves, a leaving day."""
    joined = draw(some_days)
    regions, begun = [], joined
    for _ in range(draw(st.integers(1, 4))):
        ended = draw(st.none() | st.integers(0, 500).map(lambda n, begun=begun: begun + timedelta(days=n)))
        regions.append(Spell(begun, ended, draw(st.sampled_from(["London", "Wales"]))))
        if ended is None:
            break
        begun = ended + timedelta(days=draw(st.sampled_from([1, 1, 1, 40, -30])))
    leaves = [
        Spell(
            start, draw(st.none() | st.integers(0, 400).map(lambda n, start=start: start + timedelta(days=n)))
        )
        for start in draw(st.lists(some_days, max_size=2))
    ]
    left = draw(st.none() | some_days)
    return make_officer(in_post_on=joined, regions=tuple(regions), long_leave=tuple(leaves), left_on=left)


def could_be_checked(officer, on):
    """Said again from the rule's words: in a post for 8 weeks, neither gone nor away."""
    in_post = any(s.starts_on <= on <= (s.ends_on or on) for s in officer.regions)
    away = any(s.starts_on <= on <= (s.ends_on or on) for s in officer.long_leave)
    came_back = officer.left_on is not None and officer.left_on <= officer.in_post_on <= on
    gone = officer.left_on is not None and on >= officer.left_on and not came_back
    return in_post and not away and not gone and (on - officer.in_post_on).days >= 56


def window_begins(officer, on):
    """Said again: 1 January, or in London the later of 1 January and 1 July."""
    in_london = any(s.region == "London" and s.starts_on <= on <= (s.ends_on or on) for s in officer.regions)
    return date(on.year, 7 if in_london and on.month >= 7 else 1, 1)


@given(careers(), st.integers(1, 28))
def test_nobody_who_could_be_checked_at_a_monthly_draw_ends_that_day_unchecked(officer, day_of_month):
    for year, month in product(range(2024, 2029), range(1, 13)):
        on = date(year, month, day_of_month)
        begins, before = window_begins(officer, on), officer.last_checked_on

        decision = decide(officer, on)
        if decision.is_due:
            officer = replace(officer, last_checked_on=on)

        has_one = before is not None and before >= begins
        assert decision.is_due == (could_be_checked(officer, on) and not has_one)
        assert decision.reason


@given(careers(), some_days, st.integers(1, 900))
def test_nobody_becomes_due_before_the_day_to_look_again(officer, on, later):
    officer = replace(officer, last_checked_on=on - timedelta(days=60))
    decision = decide(officer, on)

    next_look = decision.look_again_on or date.max
    other_day = on + timedelta(days=later)

    assert decision.is_due or next_look > on
    if not decision.is_due and other_day < next_look:
        assert not decide(officer, other_day).is_due


@given(on=days, checked=st.none() | days, joined=days, left=st.none() | days, leave=st.none() | days)
def test_nobody_is_ever_silently_missed(on, checked, joined, left, leave):
    officer = make_officer(
        in_post_on=joined,
        regions=(Spell(joined, None, "Wales"),),
        left_on=left,
        last_checked_on=checked,
        long_leave=(Spell(leave, leave + timedelta(days=90)),) if leave else (),
    )

    decision = decide(officer, on)

    gone = joined > on or (left is not None and joined < left <= on)
    new = on < joined + timedelta(weeks=8)
    away = leave is not None and leave <= on <= leave + timedelta(days=90)
    done = checked is not None and checked.year == on.year and checked <= on
    assert decision.is_due is not (gone or new or away or done)
    assert decision.reason


def test_whoever_came_back_is_due_though_an_earlier_leaving_is_on_record():
    came_back = make_officer(
        in_post_on=date(2026, 3, 1),
        left_on=date(2025, 1, 1),
        regions=(Spell(date(2026, 3, 1), None, "Wales"),),
    )

    before = decide(came_back, date(2026, 2, 1))

    assert (before.is_due, before.look_again_on) == (False, date(2026, 3, 1))
    assert decide(came_back, date(2026, 8, 1)).is_due


def test_a_spell_that_ends_before_it_starts_is_refused():
    with pytest.raises(CadenceError, match="cannot end on 2025-04-01"):
        Spell(date(2026, 5, 1), date(2025, 4, 1), "Wales")


def test_a_moment_is_no_day_to_decide_on():
    with pytest.raises(CadenceError, match="give the day"):
        decide(make_officer(), datetime(2026, 5, 1, 9, tzinfo=UTC))


def test_a_region_without_a_cadence_is_named_not_skipped():
    officer = make_officer(regions=(Spell(date(2020, 1, 6), None, "Atlantis"),))

    with pytest.raises(CadenceError, match="no cadence for region Atlantis"):
        decide(officer, date(2026, 5, 1))
