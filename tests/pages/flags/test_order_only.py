"""Without reviews of both kinds, found high and not, a score is no chance: pages tell its order alone (RULES 8)."""

import pytest
from factories.cases import make_assessment, make_case
from factories.estate import make_officer
from factories.flags import make_flag
from factories.rounds import make_drawable_area, make_drawn_round
from sqlmodel import select

from qa_service.auth.roles import Role
from qa_service.cases.tables import Assessment
from qa_service.flags.tables import ArtefactStatus
from qa_service.rounds.tables import RoundStatus

HIGH_FOR_CHILDREN = {"children": "HIGH", "public": "LOW", "known_adult": "LOW", "staff": "LOW"}


@pytest.fixture(params=[0, 391], ids=["none found high", "all found high"])
def one_kind(request, add_artefact):
    """An approved classifier that learnt from reviews of one kind only: its digest."""
    return add_artefact(ArtefactStatus.APPROVED, seed=2, n_reviewed=391, n_reviewed_high=request.param)


def test_a_card_says_that_its_scores_are_an_order_and_shows_no_stated_chances(lead, one_kind, add_artefact):
    page = lead.get(f"/classifier/artefacts/{one_kind}").text
    other = lead.get(f"/classifier/artefacts/{add_artefact()}").text

    assert "Its scores give an order and no chance." in page
    assert "Is a stated chance what it says?" not in page
    assert "Its scores give an order and no chance." not in other
    assert "Is a stated chance what it says?" in other


def test_the_list_of_an_area_keeps_its_order_and_states_no_chance(lead, one_kind, committed):
    def make(session):
        make_officer(session, "N07A001")
        for number, score in ((1, 0.1), (2, 0.9)):
            make_flag(
                session, make_assessment(session, make_case(session, number)).id, score, digest=one_kind
            )

    committed(make)
    page = lead.get("/classifier/cases/region/N07").text

    assert page.index("Person Number 2") < page.index("Person Number 1")
    assert page.count("only the order") == 2
    assert "There its scores give an order and no chance." in page
    assert " in 10" not in page


def test_a_level_with_reviews_of_both_kinds_states_its_chance_beside_one_without(
    lead, add_artefact, committed
):
    digest = add_artefact(ArtefactStatus.APPROVED, seed=2)  # overall; children were never trained

    def make(session):
        make_officer(session, "N07A001")
        make_flag(session, make_assessment(session, make_case(session, 1)).id, 0.2, digest=digest)
        high = make_assessment(session, make_case(session, 2), groups=HIGH_FOR_CHILDREN)
        make_flag(session, high.id, 0.9, digest=digest, target="public")

    committed(make)
    page = lead.get("/classifier/cases/region/N07").text

    assert "1 in 5" in page
    assert "only the order for the public" in page
    assert "9 in 10" not in page


def test_an_spo_is_told_which_level_is_in_doubt_and_not_how_likely(client_as, one_kind, committed, clock):
    def make(session):
        make_drawable_area(session)
        for row in session.exec(select(Assessment)):
            make_flag(session, row.id, 0.5, digest=one_kind)
        found, _ = make_drawn_round(session, clock.now())
        found.status, found.closed_at = RoundStatus.CLOSED, clock.now()

    committed(make)
    page = client_as(Role.SPO, team="N07T01").get("/flagged-cases").text

    assert "The level overall is in doubt; nobody can say yet how likely it is too low." in page
    assert "chance" not in page
