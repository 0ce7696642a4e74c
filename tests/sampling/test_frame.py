"""A frame is frozen one way only, and refuses what it cannot freeze."""

import subprocess

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling import COOL_OFF_STRATUM, Exclusion, Frame, Unit
from sampling.errors import FrameError

UNITS = (Unit("p2", "oB", "high", 0.5), Unit("p1", "oA"), Unit("p3", "oA", "medium"))


def test_the_digest_is_that_of_sha256sum_over_the_canonical_text():
    frame = Frame("2026H2", UNITS, (Exclusion("p9", "oA", "closed"), Exclusion("", "oC", "on long leave")))

    text = frame.canonical_csv()

    assert text == (
        "round,2026H2\nunit,p1,oA,,\nunit,p2,oB,high,0.5\nunit,p3,oA,medium,\n"
        "excluded,,oC,on long leave\nexcluded,p9,oA,closed\n"
    )
    told = subprocess.run(["sha256sum"], input=text.encode(), capture_output=True, check=True).stdout
    assert frame.digest == told.decode().split()[0]


@given(st.permutations(UNITS))
def test_row_order_does_not_change_a_frame(shuffled):
    assert Frame("r", tuple(shuffled)) == Frame("r", UNITS)
    assert Frame("r", tuple(shuffled)).digest == Frame("r", UNITS).digest


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Frame("2027H1", UNITS), id="another round"),
        pytest.param(Frame("r", UNITS[:2]), id="a case less"),
        pytest.param(Frame("r", (*UNITS[:2], Unit("p3", "oB", "medium"))), id="a case of another officer"),
        pytest.param(Frame("r", (*UNITS[:2], Unit("p3", "oA", "low"))), id="another stratum"),
        pytest.param(
            Frame("r", (*UNITS[:2], Unit("p3", "oA", "medium", 0.0))), id="a score of nought for none"
        ),
        pytest.param(Frame("r", UNITS, (Exclusion("p4", "oA", "closed"),)), id="one exclusion more"),
    ],
)
def test_any_change_of_a_frame_changes_its_digest(other):
    assert other.digest != Frame("r", UNITS).digest


@pytest.mark.parametrize(
    ("units", "exclusions", "message"),
    [
        pytest.param(
            (Unit("p1", "o"), Unit("p1", "o")), (), "1 pseudonyms appear twice .first: p1", id="repeat"
        ),
        pytest.param((Unit("p1", "o"),), (Exclusion("p1", "o", "x"),), "appear twice", id="both in and out"),
        pytest.param((Unit("", "o"),), (), "a pseudonym is empty", id="no pseudonym"),
        pytest.param((Unit("p1", ""),), (), "a officer is empty", id="no officer"),
        pytest.param((Unit("p1", "o,x"),), (), "officer 'o,x' holds a comma", id="comma"),
        pytest.param((Unit("p\x1f1", "o"),), (), "holds a comma, quote, control", id="separator"),
        pytest.param((Unit("p1", "Mo\u0302n"),), (), "unnormalised", id="two spellings of one name"),
        pytest.param((Unit("p1", "o", "", 1.5),), (), "score 1.5 is outside 0 to 1", id="score over 1"),
        pytest.param(
            (Unit("p1", "o", "", float("nan")),), (), "score nan is outside", id="score missing as nan"
        ),
        pytest.param(
            (), (Exclusion("p1", "o", ""),), "a exclusion reason is empty", id="exclusion without reason"
        ),
    ],
)
def test_a_frame_refuses_what_it_cannot_freeze(units, exclusions, message):
    with pytest.raises(FrameError, match=message):
        Frame("r", units, exclusions)


def test_recently_checked_cases_stay_in_the_frame_but_cannot_be_drawn():
    frame = Frame("r", (Unit("p1", "oA", COOL_OFF_STRATUM), Unit("p2", "oA", "Ynys M\u00f4n")))

    assert frame.drawable.tolist() == [False, True]
    assert np.isnan(frame.scores).all()


def test_officers_who_were_excluded_whole_are_still_listed():
    frame = Frame("r", UNITS, (Exclusion("", "oC", "on long leave"),))

    assert frame.officers == ("oA", "oB", "oC")
