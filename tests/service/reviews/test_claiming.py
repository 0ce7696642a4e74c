from datetime import date, timedelta

import pytest
from factories.cases import make_assessment, make_case
from factories.estate import add_posting, make_officer, make_person
from factories.reviews import (
    AT,
    POLICY,
    claimed,
    make_check,
    make_reader,
    make_setting,
    references,
    want,
)

from qa_service.cases.tables import CaseAssignment, LimitedAccessGrant
from qa_service.core.errors import NotFound
from qa_service.estate.tables import PostHolder, StaffCode
from qa_service.reviews import chances
from qa_service.reviews import service as reviews
from qa_service.reviews.schemas import ReadInList
from qa_service.reviews.tables import ReadKind, ReviewKind, ReviewStatus


def _may_read(session, reader_id) -> bool:
    return reviews.claim_next(session, reader_id=reader_id, at=AT) is not None


def test_the_server_picks_the_read_that_is_due_first(session):
    setting = make_setting(session)
    later = want(session, setting.check, at=AT + timedelta(days=1))
    other = make_case(session, 2)
    make_assessment(session, other)
    sooner = want(session, make_check(session, other, setting.officer, number=2))

    given = claimed(session, make_reader(session, "rita"), at=AT + timedelta(days=1))

    assert given.reference == sooner.reference
    assert later.status is ReviewStatus.WANTED


def test_a_second_click_gives_the_same_read_again(session):
    setting = make_setting(session)
    want(session, setting.check)
    reader = make_reader(session, "rita")

    first, second = claimed(session, reader), claimed(session, reader)

    assert first.id == second.id


def test_an_empty_pool_gives_nothing(session):
    make_setting(session)

    assert not _may_read(session, make_reader(session, "rita"))


def test_a_claimed_read_nobody_opened_returns_to_the_pool(session):
    want(session, make_setting(session).check)
    claimed(session, make_reader(session, "rita"))
    too_late = AT + timedelta(hours=POLICY.reads.claim_hours, minutes=1)

    given = reviews.claim_next(session, reader_id=make_reader(session, "sam"), at=too_late)

    assert given is not None


def test_an_opened_read_stays_with_its_reader(session):
    want(session, make_setting(session).check)
    rita = make_reader(session, "rita")
    reviews.open_read(session, claimed(session, rita).reference, reader_id=rita, at=AT)

    given = reviews.claim_next(session, reader_id=make_reader(session, "sam"), at=AT + timedelta(days=3))

    assert given is None


def test_nobody_reads_their_own_team(session):
    want(session, make_setting(session).check)
    colleague = make_officer(session, "N07A002", team="N07T01")

    assert not _may_read(session, make_reader(session, "colleague", person=colleague))


def test_nobody_reads_another_team_of_their_own_manager(session):
    setting = make_setting(session)
    want(session, setting.check)
    neighbour = make_officer(session, "N07A003", team="N07T02")
    spo = make_person(session, "spo-of-both")
    for team in ("N07T01", "N07T02"):
        post = session.connection().exec_driver_sql(
            "SELECT id FROM post WHERE kind = 'spo' AND team_code = %s", (team,)
        )
        session.add(PostHolder(post_id=post.scalar_one(), person_id=spo.id, from_on=date(2026, 1, 1)))
    session.flush()

    assert not _may_read(session, make_reader(session, "neighbour", person=neighbour))


def test_a_reader_of_another_team_with_another_manager_may_read(session):
    want(session, make_setting(session).check)
    neighbour = make_officer(session, "N07A003", team="N07T02")

    assert _may_read(session, make_reader(session, "neighbour", region="N07", person=neighbour)) is (
        not chances.goes_to_another_region("CHECK1", POLICY.reads.other_region_first_reads_rate)
    )


def test_nobody_reads_a_case_they_held(session):
    setting = make_setting(session)
    want(session, setting.check)
    former = make_officer(session, "W01A001", team="W01T01")
    session.add(
        CaseAssignment(
            case_id=setting.case.id,
            staff_code="W01A001",
            team_code="W01T01",
            from_on=date(2024, 2, 1),
            to_on=date(2024, 12, 1),
        )
    )
    session.flush()

    assert not _may_read(session, make_reader(session, "former", person=former))


def test_nobody_reads_an_officer_whose_code_was_theirs(session):
    setting = make_setting(session)
    want(session, setting.check)
    session.add(StaffCode(code="W01A009", person_id=setting.officer.id))
    session.flush()
    add_posting(session, "W01A009", team="W01T01", from_on=date(2026, 1, 1))

    assert not _may_read(session, make_reader(session, "self", person=setting.officer))


@pytest.mark.parametrize("knows_officer", [True, False], ids=["knows the officer", "knows the person"])
def test_a_declared_conflict_returns_the_read_to_the_pool_for_somebody_else(session, knows_officer):
    want(session, make_setting(session).check)
    rita, sam = make_reader(session, "rita"), make_reader(session, "sam")
    reference = claimed(session, rita).reference

    reviews.declare_conflict(
        session,
        reference,
        reader_id=rita,
        reason="My neighbour.",
        knows_officer=knows_officer,
        at=AT,
        references=references("again"),
    )

    assert not _may_read(session, rita)
    assert _may_read(session, sam)
    with pytest.raises(NotFound):
        reviews.own_read(session, reference, reader_id=rita)


def test_an_officer_declared_once_is_never_offered_again(session):
    setting = make_setting(session)
    want(session, setting.check)
    rita = make_reader(session, "rita")
    reviews.declare_conflict(
        session,
        claimed(session, rita).reference,
        reader_id=rita,
        reason="My brother.",
        knows_officer=True,
        at=AT,
        references=references("again"),
    )
    other = make_case(session, 2)
    make_assessment(session, other)
    want(session, make_check(session, other, setting.officer, number=2))

    assert not _may_read(session, rita)


def test_a_second_read_goes_to_another_person_in_another_region(session):
    setting = make_setting(session)
    want(session, setting.check)
    first = make_reader(session, "first")
    claimed(session, first)
    reviews.open_read(session, claimed(session, first).reference, reader_id=first, at=AT)
    want(session, setting.check, ReadKind.SECOND)

    assert not _may_read(session, first)
    assert not _may_read(session, make_reader(session, "same region", region="N07"))
    assert _may_read(session, make_reader(session, "other region", region="W01"))


def test_a_limited_access_case_is_read_only_by_listed_people(session):
    setting = make_setting(session)
    setting.case.is_limited_access = True
    want(session, setting.check)
    unlisted, listed = make_reader(session, "unlisted"), make_reader(session, "listed")
    session.add(
        LimitedAccessGrant(case_id=setting.case.id, user_id=listed, granted_by="user:1", granted_at=AT)
    )
    session.flush()

    assert not _may_read(session, unlisted)
    assert _may_read(session, listed)


def _bulk(session, n):
    setting = make_setting(session)
    checks = []
    for number in range(2, n + 2):
        case = make_case(session, number)
        make_assessment(session, case)
        checks.append(make_check(session, case, setting.officer, number=number))
    wanted = [(check, ReadKind.FIRST) for check in checks]
    return reviews.want_reads(session, wanted, at=AT, policy=POLICY, references=references())


def test_a_fifth_of_first_reads_go_to_another_region_and_some_look_urgent_the_same_every_time(session):
    shares = [chances.goes_to_another_region(f"CHECK{i}", 0.20) for i in range(20_000)]
    looks = [chances.looks_urgent(f"CHECK{i}", "first", 0.10) for i in range(20_000)]

    # 20,000 fair tosses: four standard errors are 0.0113 and 0.0085.
    assert abs(sum(shares) / len(shares) - 0.20) < 0.0113
    assert abs(sum(looks) / len(looks) - 0.10) < 0.0085
    assert shares == [chances.goes_to_another_region(f"CHECK{i}", 0.20) for i in range(20_000)]


def test_a_read_that_only_looks_urgent_never_shows_a_later_date_than_the_true_one(session):
    wanted = _bulk(session, 60)

    pairs = [(read.due_at, session.get_one(ReviewKind, read.id).true_due_at) for read in wanted]

    assert all(shown <= true for shown, true in pairs)
    assert any(shown < true for shown, true in pairs)


def test_a_read_in_disguise_does_not_look_overdue_when_it_waited_in_the_pool(session):
    wanted = _bulk(session, 60)
    disguised = next(
        read for read in wanted if read.due_at < session.get_one(ReviewKind, read.id).true_due_at
    )
    for read in wanted:
        read.status = ReviewStatus.WANTED if read is disguised else ReviewStatus.WITHDRAWN
    session.flush()
    later = AT + timedelta(days=9)

    given = claimed(session, make_reader(session, "rita"), at=later)

    assert given.id == disguised.id
    assert given.due_at > later


def test_a_reader_sees_only_their_own_reads(session):
    want(session, make_setting(session).check)
    rita, sam = make_reader(session, "rita"), make_reader(session, "sam")
    reference = claimed(session, rita).reference

    assert [read.reference for read in reviews.worklist(session, reader_id=rita)] == [reference]
    assert reviews.worklist(session, reader_id=sam) == []
    with pytest.raises(NotFound):
        reviews.own_read(session, reference, reader_id=sam)


def test_a_worklist_line_cannot_tell_what_kind_of_read_it_is():
    fields = set(ReadInList.__dataclass_fields__)

    assert not fields & {"kind", "wanted_at", "assigned_at", "true_due_at"}
