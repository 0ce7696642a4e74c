"""Everybody due is found on every date, and everybody else has a reason."""

from datetime import date, timedelta

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

    gone = joined > on or (left is not None and left <= on)
    new = on < joined + timedelta(weeks=8)
    away = leave is not None and leave <= on <= leave + timedelta(days=90)
    done = checked is not None and checked.year == on.year and checked <= on
    assert decision.is_due is not (gone or new or away or done)
    assert decision.reason


def test_a_region_without_a_cadence_is_named_not_skipped():
    officer = make_officer(regions=(Spell(date(2020, 1, 6), None, "Atlantis"),))

    with pytest.raises(CadenceError, match="no cadence for region Atlantis"):
        decide(officer, date(2026, 5, 1))
