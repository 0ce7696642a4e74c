"""A hold is only for a would-be fail that can lead to a cut (RULES 4)."""

from datetime import UTC, datetime

import pytest

from qa_service.caseload.rules import decide_hold
from qa_service.policy.numbers import load_policy

POLICY = load_policy("2026-11-01")
SECOND_READ_DUE = datetime(2026, 11, 9, 23, 59, 59, tzinfo=UTC)


def _decide(**given):
    return decide_hold(
        **{
            "arm": "random",
            "is_would_be_fail": True,
            "is_attributed": True,
            "second_read_due_at": SECOND_READ_DUE,
            "policy": POLICY,
        }
        | given
    )


def test_a_would_be_fail_holds_until_five_working_days_after_the_second_read_is_due():
    decided = _decide()

    assert decided.is_wanted
    assert decided.expires_at == datetime(2026, 11, 16, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "given",
    [{"arm": "targeted"}, {"arm": "caseload_review"}, {"is_would_be_fail": False}, {"is_attributed": False}],
    ids=["an arm that does not cut", "an SPO's own list", "not a fail", "not this officer's assessment"],
)
def test_nobody_is_held_without_a_cut_to_come(given):
    decided = _decide(**given)

    assert not decided.is_wanted
    assert decided.reason
