"""Levels, groups and grids: reading, ordering, comparing."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rubrics
from rubrics import Grid, Group, Level

HALVES = st.dictionaries(st.sampled_from([*Group]), st.sampled_from([*Level]))


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("Low", Level.LOW),
        ("medium", Level.MEDIUM),
        ("H", Level.HIGH),
        ("Very High", Level.VERY_HIGH),
        ("VERY_HIGH", Level.VERY_HIGH),
        ("v", Level.VERY_HIGH),
        ("RLRH", Level.LOW),
        ("RMRH", Level.MEDIUM),
        ("RHRH", Level.HIGH),
        ("RVHR", Level.VERY_HIGH),
        ("RSKM", Level.MEDIUM),
    ],
)
def test_a_level_is_read_however_an_outside_system_writes_it(written, level):
    assert Level(written) is level


@pytest.mark.parametrize("written", ["", "N/A", "unknown", "Lowish", None, 2])
def test_an_unknown_level_is_refused_and_never_read_as_low(written):
    with pytest.raises(ValueError, match="is not a valid Level"):
        Level(written)


@pytest.mark.parametrize("written", ["Known Adult", "knownAdult", "KNOWN_ADULT", "REG15"])
def test_a_group_is_read_however_an_outside_system_writes_it(written):
    assert Group(written) is Group.KNOWN_ADULT


def test_levels_are_ordered_by_harm_and_not_by_the_alphabet():
    assert sorted(Level, reverse=True) == [Level.VERY_HIGH, Level.HIGH, Level.MEDIUM, Level.LOW]
    assert Level.HIGH >= Level.HIGH > Level.MEDIUM


def test_levels_and_groups_carry_their_register_codes_and_plain_words():
    assert [level.register_code for level in Level] == ["RLRH", "RMRH", "RHRH", "RVHR"]
    assert [group.register_code for group in Group] == ["RCHD", "REG17", "REG15", "AV2S", "REG16"]
    assert (Level.VERY_HIGH.label, Group.KNOWN_ADULT.label) == ("very high", "known adult")


def test_a_group_counts_as_the_higher_of_community_and_custody():
    grid = Grid({Group.STAFF: Level.LOW, Group.PUBLIC: Level.MEDIUM}, {Group.STAFF: Level.VERY_HIGH})

    assert dict(grid.groups) == {Group.PUBLIC: Level.MEDIUM, Group.STAFF: Level.VERY_HIGH}
    assert grid.overall is Level.VERY_HIGH


def test_a_grid_without_any_level_is_refused():
    with pytest.raises(rubrics.LevelError, match="at least one group"):
        Grid()


def test_every_unreadable_entry_of_a_grid_is_named_at_once():
    with pytest.raises(
        rubrics.LevelError, match=r"'Nobody' is not a valid Group; .*'Lowish' is not a valid Level"
    ):
        Grid.from_record({"community": {"Nobody": "LOW", "Public": "Lowish", "Staff": "LOW"}})


def test_a_grid_cannot_be_changed_after_it_is_made():
    source = {Group.PUBLIC: Level.LOW}
    grid = Grid(source)

    source[Group.PUBLIC] = Level.HIGH

    assert grid.overall is Level.LOW
    with pytest.raises(TypeError):
        grid.community[Group.PUBLIC] = Level.HIGH
    with pytest.raises(dataclasses.FrozenInstanceError):
        grid.community = {}


@given(community=HALVES, custody=HALVES.filter(bool))
def test_a_grid_comes_back_from_its_record_the_same(community, custody):
    grid = Grid(community, custody)

    again = Grid.from_record(grid.to_record())

    assert again == grid
    assert hash(again) == hash(grid)


def test_prisoners_belong_to_custody_when_a_list_does_not_say():
    grid = Grid.from_groups({"Prisoners": "High", "Public": "Low"})

    assert grid.to_record() == {"community": {"public": "LOW"}, "custody": {"prisoners": "HIGH"}}


@given(assessed=HALVES.filter(bool), reviewed=HALVES.filter(bool))
def test_swapping_the_two_sides_turns_every_gap_round(assessed, reviewed):
    there = rubrics.compare_grids(Grid(assessed), Grid(reviewed))

    back = rubrics.compare_grids(Grid(reviewed), Grid(assessed))

    assert there.gap == -back.gap
    assert {group: -gap for group, gap in there.group_gaps.items()} == dict(back.group_gaps)
    assert there.not_compared == back.not_compared


def test_a_comparison_says_what_is_under_and_what_crosses_the_high_line():
    comparison = rubrics.compare_grids(
        Grid.from_groups({"public": "medium", "children": "low", "staff": "high"}),
        Grid.from_groups({"public": "high", "children": "medium", "staff": "medium"}),
    )

    assert comparison.gap == 0
    assert comparison.groups_under == (Group.CHILDREN, Group.PUBLIC)
    assert comparison.crossed_high_line == (Group.PUBLIC,)
    assert comparison.is_under
    assert not comparison.is_overall_under
    assert not comparison.is_two_levels
