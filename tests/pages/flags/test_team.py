"""After a round closes an SPO sees the team's flagged cases that it did not draw, and not before (RULES 8)."""

import pytest
from factories.accounts import make_account
from factories.flags import make_flag
from factories.rounds import make_drawable_area, make_drawn_round
from sqlalchemy import text
from sqlmodel import select

from qa_service.auth.roles import Role
from qa_service.cases.tables import Assessment
from qa_service.reviews.tables import Review, ReviewStatus
from qa_service.rounds.tables import Check, Round, RoundStatus


@pytest.fixture
def drawn(committed, clock, approved):
    """A round over London that drew one case of each officer; every assessment is flagged."""

    def make(session):
        make_drawable_area(session)
        for row in session.exec(select(Assessment)):
            make_flag(session, row.id, 0.5, digest=approved, sentence="The partner moved in.")
        found, checks = make_drawn_round(session, clock.now())
        return found.reference, {check.case_id for check in checks}

    return committed(make)


@pytest.fixture
def closed(drawn, committed, clock):
    """The same round once it has closed."""

    def end(session):
        found = session.exec(select(Round)).one()
        found.status, found.closed_at = RoundStatus.CLOSED, clock.now()

    committed(end)
    return drawn


@pytest.fixture
def undrawn(drawn, committed):
    """The latest assessment of a case that the round did not draw."""
    others = select(Assessment).where(Assessment.case_id.not_in(drawn[1]))
    return committed(lambda session: session.exec(others).first())


@pytest.fixture
def spo(client_as, drawn):
    return client_as(Role.SPO, team="N07T01", username="sam")


@pytest.fixture
def read(spo):
    """Return a function: the SPO's list as it is now."""
    return lambda: spo.get("/flagged-cases").text


def named(case_id):
    return f"Person Number {case_id},"


def check_elsewhere(session, assessment):
    """Draw an assessment once more, for a check of its own; return the check's key."""
    pattern = session.exec(select(Check)).first()
    kept = pattern.model_dump(exclude={"id", "reference", "round_id", "case_id", "assessment_id", "arm"})
    its = {"case_id": assessment.case_id, "assessment_id": assessment.id}
    check = Check(**kept, **its, reference="ELSE1", arm="self_referral")
    session.add(check)
    session.flush()
    return check.id


def test_without_an_approved_classifier_the_page_says_that_there_are_no_flags(client_as, estate):
    page = client_as(Role.SPO, team="N07T01").get("/flagged-cases").text

    assert "No classifier is in force" in page


def test_while_the_round_runs_nothing_is_listed_and_the_page_says_when(spo, read, drawn):
    page = read()

    assert f"Round {drawn[0]} still runs." in page
    assert "Person Number" not in page
    assert spo.get(f"/flagged-cases/{drawn[0]}").status_code == 404


def test_after_it_closed_the_undrawn_flagged_cases_are_listed_with_their_reasons(read, closed):
    page = read()

    listed = {number for number in range(1, 10) if named(number) in page}
    assert len(listed) == 6
    assert listed.isdisjoint(closed[1])
    assert "Flagged cases that were not drawn (6)" in page
    assert "About a 5 in 10 chance that the level overall should be high." in page
    assert "The partner moved in." in page
    assert "The classifier decides nothing." in page


def test_a_case_that_is_being_checked_now_is_left_out_without_a_word(read, closed, undrawn, committed):
    before = read()

    committed(check_elsewhere, undrawn)
    page = read()

    assert named(undrawn.case_id) in before
    assert named(undrawn.case_id) not in page
    assert "Flagged cases that were not drawn (5)" in page
    assert "being checked" not in page


def test_the_spo_is_told_how_many_of_the_teams_cases_wait_for_a_score(read, closed, committed):
    first = "DELETE FROM flag WHERE id IN (SELECT id FROM flag ORDER BY id LIMIT {})"
    committed(lambda session: session.execute(text(first.format(1))) and None)
    one = read()
    committed(lambda session: session.execute(text(first.format(100))) and None)
    page = read()

    assert "1 of your team's mediums and highs waits for a score, so this list may grow." in one
    assert "No case of your team that has a score is flagged" in page
    assert "None of your team's cases is flagged" not in page


def test_another_team_is_told_that_none_of_its_cases_is_flagged(client_as, closed):
    page = client_as(Role.SPO, team="N07T02").get("/flagged-cases").text

    assert "None of your team's cases is flagged, apart from any that were drawn." in page
    assert "Person Number" not in page


def test_an_spo_who_reads_one_of_the_cases_now_does_not_find_it_in_the_list(
    read, closed, undrawn, committed, clock
):
    def read_before_a_move(session):
        at = clock.now()
        review = Review(
            reference="MINE",
            check_id=check_elsewhere(session, undrawn),
            reader_id=make_account(session, Role.REVIEWER, username="sam", region="N07"),
            status=ReviewStatus.OPENED,
            wanted_at=at,
            due_at=at,
            assigned_at=at,
            opened_at=at,
        )
        session.add(review)

    before = read()
    committed(read_before_a_move)

    assert named(undrawn.case_id) in before
    assert named(undrawn.case_id) not in read()
