"""What is published of checks before serious further offences: one figure a finished year, counted by hand."""

from datetime import UTC, datetime
from itertools import count

import pytest
from factories.rates import AT, add_read, make_final_check, make_rates_area
from sqlmodel import select

from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import AreaLevel, area_tree
from qa_service.reporting.exports.definition import Wanted
from qa_service.reporting.exports.rates import MISSED, RATES
from qa_service.reporting.published_dashboard import published_dashboard
from qa_service.reporting.published_offences import missed_in_year
from qa_service.reporting.rates import RateName
from qa_service.reviews.statuses import ReadKind
from qa_service.reviews.tables import Review, SeriousFurtherOffence, Verdict

POLICY = load_policy()
DECEMBER = datetime(2026, 12, 14, 10, tzinfo=UTC)
NEW_YEAR = datetime(2027, 1, 1, 0, 0, tzinfo=UTC)
JANUARY = datetime(2027, 1, 4, 10, tzinfo=UTC)
NEXT_JANUARY = datetime(2028, 1, 3, 10, tzinfo=UTC)


@pytest.fixture
def reread(session):
    """Return a function: add n checks that let the level stand, each read again, and k found too low then."""
    round_, numbers = make_rates_area(session), count(1)

    def add(n, k=0, *, read_at=AT, **options):
        made = []
        for number in range(n):
            check = make_final_check(session, next(numbers), round_, **options)
            add_offence(session, check)
            read = add_read(session, check, ReadKind.SFO, level="HIGH" if number < k else "MEDIUM")
            read.submitted_at = read_at
            made.append(check)
        session.flush()
        return made

    return add


def add_offence(session, check, **options):
    day = AT.date()
    offence = SeriousFurtherOffence(
        case_id=check.case_id,
        **{"occurred_on": day, "notified_on": day} | options,
        region_code=check.drawn_region_code,
        pdu_code=check.drawn_pdu_code,
        check_id=check.id,
        entered_by="user:1",
        entered_at=AT,
    )
    session.add(offence)
    session.flush()
    return offence


def _missed(session, at=JANUARY):
    found = missed_in_year(session, at=at, policy=POLICY.rates).missed
    return found.k, found.n


def _supersede(session, check, *, at):
    """Decide a check anew: the level was too low."""
    first = session.exec(select(Verdict).where(Verdict.check_id == check.id)).one()
    shared = first.model_dump(exclude={"id"})
    anew = {"supersedes_id": first.id, "decided_at": at, "is_underclassified": True, "verdict": "fail"}
    session.add(Verdict(**shared | anew | {"severity": "S3", "reviewed_overall": "HIGH"}))
    session.flush()


def test_a_reread_counts_in_the_year_in_which_it_was_submitted_and_in_no_other(session, reread):
    reread(13, 6, read_at=DECEMBER)
    reread(12, 5, read_at=NEW_YEAR)

    # Wilson's interval of 6 of 13, from R: prop.test(6, 13, correct = FALSE).
    found = missed_in_year(session, at=JANUARY, policy=POLICY.rates)
    assert (found.missed.k, found.missed.n) == (6, 13)
    assert (found.missed.low, found.missed.high) == pytest.approx((0.2321, 0.7086), abs=5e-5)
    assert (found.since, found.until.year) == (datetime(2026, 1, 1, tzinfo=UTC), 2026)
    assert _missed(session, at=NEXT_JANUARY) == (5, 12)
    assert _missed(session, at=AT) == (0, 0)


def test_a_verdict_decided_anew_counts_as_it_stood_when_the_year_ended(session, reread):
    decided_in_december, decided_in_january, *_ = reread(14, 7)
    _supersede(session, decided_in_december, at=DECEMBER)
    _supersede(session, decided_in_january, at=JANUARY)

    assert _missed(session) == (6, 14)


def test_an_offence_withdrawn_after_the_year_changes_nothing_and_one_withdrawn_in_it_counts_nowhere(
    session, reread
):
    checks = reread(14, 7)
    for check, at in ((checks[0], DECEMBER), (checks[1], JANUARY)):
        of_check = select(SeriousFurtherOffence).where(SeriousFurtherOffence.check_id == check.id)
        offence = session.exec(of_check).one()
        offence.withdrawn_at, offence.withdrawn_reason = at, "Another person's."
    session.flush()

    assert _missed(session) == (6, 13)


def test_a_check_after_which_two_offences_came_counts_once(session, reread):
    check, *_ = reread(12, 6)
    add_offence(session, check, occurred_on=DECEMBER.date(), notified_on=DECEMBER.date())

    assert _missed(session) == (6, 12)


def test_a_reread_that_saw_the_level_and_a_check_that_nobody_could_score_are_no_part_of_it(session, reread):
    reread(12, 6)
    reread(1, 1, verdict="not_scorable", reviewed=None)
    [seen] = reread(1, 1)
    session.exec(select(Review).where(Review.check_id == seen.id)).one().contaminated_at = DECEMBER
    session.flush()

    assert _missed(session) == (6, 12)


@pytest.mark.parametrize(
    ("n", "k", "told"),
    [
        (20, 4, (None, 0)),
        (20, 16, (None, 0)),
        (4, 0, (None, 0)),
        (5, 0, (0, 5)),
        (10, 5, (5, 10)),
        (0, 0, (0, 0)),
    ],
    ids=["few missed", "few not missed", "few read", "none missed", "enough of both", "nothing read"],
)
def test_no_count_from_1_to_4_is_published(session, reread, n, k, told):
    reread(n, k)

    assert _missed(session) == told


def test_the_page_and_the_file_tell_what_is_decided_once(session, reread):
    reread(20, 5)
    tree = area_tree(session)

    page = published_dashboard(
        session, tree, tree.pdus["LDNTST"], RateName.UNDERCLASSIFIED, at=JANUARY, policy=POLICY
    )
    files = {level: RATES.rows(session, Wanted(level, JANUARY), POLICY) for level in AreaLevel}

    told = {level: [row for row in rows if row["rate"] == MISSED] for level, rows in files.items()}
    assert (told[AreaLevel.PDU], told[AreaLevel.REGION]) == ([], [])
    [row] = told[AreaLevel.NATIONAL]
    assert (row["k"], row["n"], row["arm"], row["reading"]) == (5, 20, "read_again", "read_again")
    assert [f"{row[name]:%d.%m.%Y}" for name in ("window_from_on", "window_to_on")] == [
        "01.01.2026",
        "31.12.2026",
    ]
    assert (page.missed.missed.k, page.missed.missed.n) == (5, 20)


def test_a_hidden_share_has_no_figure_in_the_file(session, reread):
    reread(20, 4)

    rows = RATES.rows(session, Wanted(AreaLevel.NATIONAL, JANUARY), POLICY)
    [row] = [one for one in rows if one["rate"] == MISSED]

    assert {row[name] for name in ("n", "k", "value_rate", "low_rate", "high_rate")} == {None}
    assert row["method"].startswith("not shown")
    assert row["note"] == ""
