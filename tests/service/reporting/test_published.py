"""What analysts are told: the same on every page, over the API and in every file, of finished periods."""

from datetime import UTC, datetime, timedelta

import pytest
from factories.estate import make_area
from factories.rates import AT, LONDON, WALES, Place, add_read, make_fails, make_final_check, make_rates_area

from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser, Grant
from qa_service.policy.numbers import load_policy
from qa_service.reporting.area_rates import rates_in_reach
from qa_service.reporting.areas import AreaLevel, area_tree
from qa_service.reporting.exports.cost import COST
from qa_service.reporting.exports.definition import Wanted, make
from qa_service.reporting.exports.rates import RATES
from qa_service.reporting.published_causes import published_causes
from qa_service.reporting.published_cost import published_costs
from qa_service.reporting.published_dashboard import published_dashboard
from qa_service.reporting.rates import RateName
from qa_service.reporting.releases import release_of
from qa_service.reviews.statuses import ReadKind
from qa_service.rounds.tables import Arm

POLICY = load_policy()
# The year, and the half-year, in which AT lies are over.
IN_JANUARY = datetime(2027, 1, 4, 10, tzinfo=UTC)
ANALYST = CurrentUser(1, "ana", "Ana", None, (Grant(Role.ANALYST),), "", "")
UNDER, POOR = RateName.UNDERCLASSIFIED, RateName.INSUFFICIENT
EAST = Place("N07", "EASTTST", "N07T91")
NORTH = Place("N07", "NORTHTST", "N07T92")


@pytest.fixture
def add(session):
    """Return a function: add n checks in a place, of which k went wrong."""
    round_ = make_rates_area(session)
    for place in (EAST, NORTH):
        make_area(session, region="N07", pdu=place.pdu, teams=(place.team,))
    n_made = 0

    def checks(n, k=0, *, place=LONDON, days_ago=30, **options):
        nonlocal n_made
        for number in range(n):
            n_made += 1
            wrong = {"reviewed": "HIGH", "verdict": "fail"} if number < k else {}
            check = make_final_check(
                session, n_made, round_, place=place, days_ago=days_ago, **wrong, **options
            )
            add_read(session, check, ReadKind.FIRST, level="MEDIUM")

    return checks


def _told(session, level, name, at=IN_JANUARY):
    """Return what the API, the file and the page of each area tell: {code: k} of each."""
    tree = area_tree(session)
    api = {
        area.code: area.rate(name).by_officer.k
        for area in rates_in_reach(session, ANALYST, level, at=at, policy=POLICY.rates)
    }
    made = make(session, RATES, Wanted(level, at), policy=POLICY)
    names = [column.name for column in made.columns]
    rows = [dict(zip(names, row, strict=True)) for row in made.rows]
    file = {
        row["area_code"]: row["k"] if row["n"] != 0 else 0
        for row in rows
        if (row["rate"], row["reading"]) == (name.value, "by_officer")
    }
    own = {
        area.code: published_dashboard(session, tree, area, name, at=at, policy=POLICY).own
        for area in tree.areas(level)
    }
    return api, file, {code: line.rate.by_officer.k for code, line in own.items()}


def test_a_count_hidden_beside_another_is_hidden_on_its_own_page_too(session, add):
    add(20, 2, place=LONDON)
    add(20, 6, place=EAST)
    add(20, 9, place=NORTH)

    api, file, page = _told(session, AreaLevel.PDU, POOR)

    assert (api["LDNTST"], api["EASTTST"], api["NORTHTST"]) == (None, None, 9)
    assert api == file == page


def test_the_table_of_pdus_on_the_regions_page_tells_what_their_own_pages_tell(session, add):
    add(20, 2, place=LONDON)
    add(20, 6, place=EAST)
    add(20, 9, place=NORTH)
    tree = area_tree(session)

    region = published_dashboard(session, tree, tree.regions["N07"], POOR, at=IN_JANUARY, policy=POLICY)

    lines = {line.area.code: line.rate.by_officer.k for line in region.pdus}
    assert (lines["LDNTST"], lines["EASTTST"], lines["NORTHTST"]) == (None, None, 9)
    assert region.own.rate.by_officer.k == 17


def test_what_was_decided_today_changes_nothing_that_an_analyst_is_told(session, add):
    add(20, 6, place=LONDON)
    before = _told(session, AreaLevel.REGION, UNDER)

    add(9, 7, place=LONDON, days_ago=-(IN_JANUARY - AT).days)

    assert _told(session, AreaLevel.REGION, UNDER) == before


def test_a_year_with_a_half_year_of_a_small_count_is_hidden_because_the_next_file_would_give_it_away(
    session, add
):
    add(30, 9, place=LONDON, days_ago=200)
    add(30, 3, place=LONDON, days_ago=30)

    in_july = _told(session, AreaLevel.REGION, UNDER, at=AT)
    in_january = _told(session, AreaLevel.REGION, UNDER)

    assert [told["N07"] for told in in_july] == [9, 9, 9]
    assert [told["N07"] for told in in_january] == [None, None, None]


def test_numbers_of_officers_from_which_a_hidden_one_follows_are_not_told(session, add):
    add(20, 6)

    for area in rates_in_reach(session, ANALYST, AreaLevel.REGION, at=IN_JANUARY, policy=POLICY.rates):
        assert (area.n_drawn, area.n_checked, area.n_not_scorable) == (None, None, None)


def test_the_page_and_the_file_of_costs_hide_the_same_arms_whole(session, add):
    add(30, 6)
    add(20, 3, arm=Arm.TARGETED)
    tree = area_tree(session)

    release = release_of(AreaLevel.REGION, IN_JANUARY, POLICY.rates)
    page = published_costs(session, tree, release, policy=POLICY)["N07"]
    file = COST.rows(session, Wanted(AreaLevel.REGION, IN_JANUARY), POLICY)

    assert {arm.arm: arm.is_hidden for arm in page.arms} == {Arm.RANDOM: False, Arm.TARGETED: True}
    assert {arm.n_fails for arm in page.arms} == {None}
    [targeted] = [row for row in file if row["arm"] == "targeted" and row["area_code"] == "N07"]
    figures = (
        "n",
        "k",
        "n_reads",
        "n_moderations",
        "reviewer_hours",
        "hours_per_error",
        "low_hours_per_error",
    )
    assert {targeted[name] for name in figures} == {None}


def test_a_cause_of_few_fails_in_any_half_year_is_not_told_of_the_nation(session):
    round_ = make_rates_area(session)
    make_fails(session, round_, 20, 7, days_ago=30)
    make_fails(session, round_, 20, 8, first=20, days_ago=200, place=WALES)

    found = published_causes(session, area_tree(session), at=IN_JANUARY, policy=POLICY)

    shown = {one.code: one.share.k for one in found.causes if one.share.k}
    # Each of workload, oversight and IT is named twice or thrice; what all three come to would be their sum.
    assert found.n_fails == 40
    assert shown == {"officer": 25}
    assert {one.code for one in found.causes if one.share.k is None} == {
        "workload",
        "supervisor",
        "it_lost_work",
    }


def test_a_release_is_made_of_whole_half_years_of_london_days():
    release = release_of(AreaLevel.REGION, AT, POLICY.rates)
    a_second_before = release_of(
        AreaLevel.REGION, datetime(2026, 6, 30, 22, 59, 58, tzinfo=UTC), POLICY.rates
    )

    assert release.since == datetime(2025, 6, 30, 23, tzinfo=UTC)
    assert release.until == datetime(2026, 6, 30, 23, tzinfo=UTC) - timedelta(microseconds=1)
    assert a_second_before.until == datetime(2025, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
