"""Levels in every shape the systems send; an unknown level refuses, nothing is ever read as low for want of a level."""

import pytest

from qa_service.intake.levels import GridReading, UnknownLevelError, read_flat, read_level, read_maps
from rubrics import Group, Level


@pytest.mark.parametrize("text", ["Very High", "VERY_HIGH", "very high", "V", "RVHR", "RSKV", " Very-High "])
def test_a_level_is_the_same_in_every_system(text):
    assert read_level(text, "level") is Level.VERY_HIGH


@pytest.mark.parametrize(
    "value", [None, "", "None", "null", "NOT_APPLICABLE", "Not Applicable", "N/A", "NOT_FOUND"]
)
def test_what_means_that_no_level_was_recorded_is_no_level(value):
    assert read_level(value, "level") is None


@pytest.mark.parametrize(
    "value", ["Lowish", "medium/high", "3", 3, True, [], {}, "UNAVAILABLE", "X", "=LOW", "0"]
)
def test_anything_else_is_refused_and_never_taken_as_low(value):
    with pytest.raises(UnknownLevelError) as refusal:
        read_level(value, "riskPublicCommunity")

    assert refusal.value.column == "riskPublicCommunity"
    assert refusal.value.next_step


def test_flat_fields_are_understood_mis_keyed_or_not():
    grid = GridReading()

    read_flat(
        {
            "riskAdultCommunity": "High",
            "riskChildrenCustody": "Low",
            "riskToKnownAdult": "MEDIUM",
            "riskPrisonersCustody": "V",
            "riskGreatest": "when drinking",
            "riskOfSeriousHarm": "text",
        },
        grid,
    )

    assert grid.record() == {
        "community": {"known_adult": "HIGH"},
        "custody": {"children": "LOW", "prisoners": "VERY_HIGH"},
    }
    # Two fields for one group that differ: the higher counts, and it is told.
    assert grid.doubles == ["known adult (community): high and medium"]
    assert grid.overall is Level.VERY_HIGH


@pytest.mark.parametrize(
    "held",
    [
        {"Known Adult": "HIGH", "Public": "LOW", "Children": None},
        {"Known adult": "HIGH", "public": "Low"},
        {"HIGH": ["Known Adult"], "LOW": ["Public"], "VERY_HIGH": [], "MEDIUM": None},
        [{"group": "Known adult", "level": "HIGH"}, {"riskTo": "Public", "risk": "LOW"}],
    ],
    ids=["group to level", "other spelling", "level to groups", "list"],
)
def test_a_map_is_read_whichever_way_round_it_is(held):
    grid = GridReading()

    read_maps({"riskInCommunity": held, "riskInCustody": None}, grid)

    assert grid.levels["community"] == {Group.KNOWN_ADULT: Level.HIGH, Group.PUBLIC: Level.LOW}


def test_a_group_listed_under_two_levels_takes_the_highest_and_is_told():
    grid = GridReading()

    read_maps({"riskInCommunity": {"LOW": ["Public"], "HIGH": ["Public"], "MEDIUM": ["Staff"]}}, grid)

    assert grid.levels["community"][Group.PUBLIC] is Level.HIGH
    assert grid.doubles == ["public (community): low and high"]


def test_the_overall_is_the_highest_of_community_and_custody():
    grid = GridReading()

    read_maps({"riskInCommunity": {"Public": "LOW"}, "riskInCustody": {"Children": "HIGH"}}, grid)

    assert grid.overall is Level.HIGH


@pytest.mark.parametrize(
    "held",
    [
        {"Neighbours": "HIGH"},
        {"HIGH": ["Neighbours"]},
        {"Public": "SOME"},
        ["Public"],
        "HIGH",
        {"SOME": ["Public"]},
    ],
)
def test_an_unknown_group_or_shape_is_refused(held):
    with pytest.raises(UnknownLevelError):
        read_maps({"riskInCommunity": held}, GridReading())


def test_a_flat_field_of_an_unknown_group_with_a_level_is_refused():
    with pytest.raises(UnknownLevelError):
        read_flat({"riskNeighboursCommunity": "High"}, GridReading())
