"""The share of checked cases whose text was carried over, from what was stored when each check became final."""

from datetime import UTC, datetime

import pytest
from factories.cases import make_assessment, make_case
from factories.dashboard import dashboard_of
from factories.rates import AT, WALES, make_final_check, make_rates_round
from factories.reviews import SAME, make_check, make_reader, make_setting, want
from workflows.reading import read

from qa_service.policy.numbers import load_policy
from qa_service.rounds.tables import Arm

POLICY = load_policy()
BEFORE = datetime(2025, 9, 14, 15, tzinfo=UTC)
ELEVEN = "He drinks when angry and then goes to her house again."
SIX = "No change in this quarter yet."


def _copied(session, number, round_, share, **options):
    make_final_check(session, number, round_, **options).copied_text_rate = share
    session.flush()


def test_half_of_the_words_or_more_counts_and_a_case_without_an_assessment_before_does_not(session, round_):
    for number, share in enumerate((0.0, 0.49, 0.5, 1.0, None)):
        _copied(session, number, round_, share)
    _copied(session, 5, round_, 1.0, arm=Arm.TARGETED)
    _copied(session, 6, round_, 1.0, place=WALES)

    found = dashboard_of(session)

    assert (found.copied.k, found.copied.n) == (2, 4)
    assert (found.copied_in_nation.k, found.copied_in_nation.n) == (3, 5)


def test_where_a_check_counts_half_so_does_its_text(session, round_):
    halves = make_rates_round(session, "LDN-H2", cadence="six_monthly")
    for number in range(4):
        _copied(session, number, halves, 1.0)
    for number in range(4, 12):
        _copied(session, number, round_, 0.0, place=WALES)

    nation = dashboard_of(session).copied_in_nation

    assert nation.value == pytest.approx(2 / 10)
    assert (nation.k, nation.n) == (4, 12)


def test_it_has_wilsons_interval_and_an_analyst_sees_no_small_count(session, round_):
    for number in range(20):
        _copied(session, number, round_, 1.0 if number < 3 else 0.1, days_ago=330)

    shown, hidden = dashboard_of(session).copied, dashboard_of(session, is_suppressed=True).copied

    # From R: prop.test(3, 20, correct = FALSE).
    assert [shown.value, shown.low, shown.high] == pytest.approx([0.15, 0.0524, 0.3604], abs=5e-5)
    assert (hidden.k, hidden.value) == (None, None)


@pytest.mark.parametrize(
    ("before", "share"),
    [({"nature_of_risk": ELEVEN}, 11 / 17), ({"nature_of_risk": "Nothing new."}, 0.0), (None, None)],
    ids=["carried over", "written anew", "none before"],
)
def test_a_check_that_becomes_final_keeps_the_share_of_its_words_that_were_carried_over(
    session, before, share
):
    setting = make_setting(session)
    case = make_case(session, 2)
    if before is not None:
        make_assessment(session, case, texts=before, completed_at=BEFORE)
    make_assessment(session, case, texts={"nature_of_risk": ELEVEN, "risk_imminence": SIX})
    check = make_check(session, case, setting.officer, number=2)
    want(session, check)

    read(session, make_reader(session, "rita"), at=AT, grid=SAME)

    assert check.final_at == AT
    assert check.copied_text_rate == (share if share is None else pytest.approx(share))
