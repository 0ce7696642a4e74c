"""A manager who reads learns from no duty what others found; nobody unlisted learns of a limited-access case."""

import pytest
from factories.fails import FIRST_READ, make_suspected_fail
from factories.reviews import make_check, want
from sqlalchemy import text
from sqlmodel import Session, select

from qa_service.auth.roles import Role
from qa_service.auth.tables import UserAccount
from qa_service.cases.tables import Case, LimitedAccessGrant
from qa_service.core.db import SYSTEM, Scope, set_scope, transaction
from qa_service.estate.tables import Person
from qa_service.reviews import service as reviews
from qa_service.reviews.tables import ReadKind, Review, ReviewStatus
from qa_service.rounds.tables import Check

TALKED_THROUGH = "What to talk through"
ROLES = pytest.mark.parametrize(
    ("role", "place"),
    [(Role.NATIONAL_LEAD, {}), (Role.REGIONAL_DIRECTOR, {"region": "N07"})],
    ids=["national lead", "regional director"],
)


@pytest.fixture
def reads_too(client_as):
    """Return a function: a manager who reviews for Wales too, before their next read."""

    def sign_in(role, **place):
        client_as(Role.REVIEWER, username="both", region="W01")
        return client_as(role, username="both", **place)

    return sign_in


@pytest.fixture
def limited(fail, committed):
    """The fail, whose case only listed people may see since."""

    def limit(session: Session) -> None:
        session.get(Case, 1).is_limited_access = True

    committed(limit)
    return fail


def _list_everybody(session):
    for user_id in session.connection().execute(text("SELECT id FROM user_account")).scalars():
        session.add(LimitedAccessGrant(case_id=1, user_id=user_id, granted_by="cli", granted_at=FIRST_READ))


def _give(session, number=1, kind=ReadKind.SFO):
    """Give `both` a read of a check, as whoever took it before the others found something has it."""
    check = session.exec(select(Check).where(Check.reference == f"CHECK{number}")).one()
    read = want(session, check, kind)
    read.reader_id = session.exec(select(UserAccount.id).where(UserAccount.username == "both")).one()
    read.status, read.assigned_at = ReviewStatus.ASSIGNED, FIRST_READ


@ROLES
def test_a_duty_about_a_check_does_not_exist_for_whoever_reads_that_check(
    reads_too, committed, clock, fresh_engine, role, place
):
    clock.at = FIRST_READ
    committed(make_suspected_fail)
    with transaction(fresh_engine, SYSTEM) as session:
        duty = session.connection().execute(text("SELECT id FROM obligation")).scalar_one()
    both = reads_too(role, **place)

    before = both.get(f"/duties/{duty}").status_code
    committed(_give)

    assert (before, both.get(f"/duties/{duty}").status_code) == (303, 404)


@ROLES
def test_the_feedback_on_a_check_is_not_shown_to_whoever_reads_it_again(
    reads_too, committed, fail, role, place
):
    both = reads_too(role, **place)
    address = f"/duties/{fail.duties['conversation']}"

    before = both.get(address).text
    committed(_give)

    assert TALKED_THROUGH in before
    assert both.get(address).status_code == 404
    assert both.get(f"/duties/{fail.duties['finding']}").status_code == 404


@ROLES
def test_nobody_who_is_not_listed_sees_the_conversation_about_a_limited_access_case(
    client_as, committed, limited, role, place
):
    manager = client_as(role, **place)
    address = f"/duties/{limited.duties['conversation']}"

    unlisted = manager.get(address).status_code
    committed(_list_everybody)

    assert unlisted == 404
    assert TALKED_THROUGH in manager.get(address).text


def test_an_unlisted_spo_keeps_the_duties_about_the_officer_and_a_listed_one_all_of_them(
    spo, committed, limited
):
    about_the_officer, about_the_case = limited.duties["support"], limited.duties["conversation"]

    unlisted = [spo.get(f"/duties/{key}").status_code for key in (about_the_officer, about_the_case)]
    in_list = "Conversation" in spo.get("/duties").text
    committed(_list_everybody)

    assert (unlisted, in_list) == ([200, 404], False)
    assert spo.get(f"/duties/{about_the_case}").status_code == 200
    assert "Conversation" in spo.get("/duties").text


def test_the_listed_head_of_pdu_holds_the_conversation_that_an_unlisted_spo_cannot_see(
    head, committed, limited
):
    committed(_list_everybody)

    assert head.post(f"/duties/{limited.duties['conversation']}").status_code == 303


def test_the_officer_reads_their_feedback_on_a_case_that_they_hold_no_longer(
    client_as, committed, clock, limited
):
    officer = client_as(Role.OFFICER, team="N07T01", person_id=limited.officer_id)
    committed(
        lambda session: session.connection().execute(text("DELETE FROM case_assignment WHERE case_id = 1"))
    )
    committed(
        lambda session: session.connection().execute(
            text("UPDATE feedback SET shown_at = :at"), {"at": clock.at}
        )
    )
    address = f"/my-feedback/{limited.feedback}"

    assert limited.feedback in officer.get("/my-feedback").text
    assert officer.get(address).status_code == 200
    assert officer.post(f"{address}/acknowledge").status_code == 303


def test_whoever_reads_a_case_learns_nothing_of_an_earlier_check_of_it(reads_too, committed, fail, clock):
    both = reads_too(Role.NATIONAL_LEAD)
    addresses = (f"/corrections/{fail.correction_id}", "/failing-checks/CHECK1")
    before = [both.get(address).status_code for address in addresses]

    def draw_again(session):
        case, officer = session.get(Case, 1), session.get(Person, fail.officer_id)
        make_check(session, case, officer, number=9, drawn_at=clock.now())
        _give(session, 9, ReadKind.FIRST)

    committed(draw_again)

    assert before == [200, 200]
    assert [both.get(address).status_code for address in addresses] == [404, 404]
    assert "CHECK1" not in both.get("/failing-checks").text


def test_a_reader_keeps_the_receipt_of_an_earlier_read_of_a_case_that_they_read_again(
    reads_too, committed, fail, clock, fresh_engine
):
    reads_too(Role.NATIONAL_LEAD)

    def draw_again(session):
        case, officer = session.get(Case, 1), session.get(Person, fail.officer_id)
        make_check(session, case, officer, number=9, drawn_at=clock.now())
        _give(session, 9, ReadKind.FIRST)
        own = session.exec(select(Review).order_by(Review.id)).first()
        own.reader_id = session.exec(select(UserAccount.id).where(UserAccount.username == "both")).one()
        return own.reader_id, own.reference

    reader_id, reference = committed(draw_again)
    with transaction(fresh_engine) as session:
        set_scope(session, Scope(cases=tuple(reviews.cases_of_reader(session, reader_id))))
        receipt = reviews.receipt(session, reference, reader_id=reader_id)
        seen = session.exec(select(Review.reference).where(Review.reader_id == reader_id)).all()

    assert receipt.check_reference == "CHECK1"
    assert reference in seen
