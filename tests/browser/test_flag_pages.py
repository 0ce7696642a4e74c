"""The classifier's pages in a real browser: accessible, narrow enough, no complaint of the browser."""

import pytest
from factories.accounts import SETTINGS, make_account, sessions_of
from factories.cases import make_assessment, make_case
from factories.databases import own_database
from factories.estate import make_officer
from factories.flag_reports import whole_artefact
from factories.flags import make_flag
from factories.rates import AT, make_final_check, make_rates_area

from qa_service.app import make_app
from qa_service.auth.roles import Role
from qa_service.core.clock import FixedClock
from qa_service.core.db import SYSTEM, make_engine, transaction
from qa_service.core.ids import ReferenceSource, seeded_bytes
from qa_service.flags.tables import ArtefactStatus
from qa_service.progress import service as progress
from qa_service.rounds.tables import RoundStatus
from qa_service.workflows.learn_flags import TRAIN

PAGES = [
    ("lead", "/classifier"),
    ("lead", "/classifier/artefacts/{approved}"),
    ("lead", "/classifier/artefacts/{candidate}/compare"),
    ("lead", "/classifier/quality/region/N07"),
    ("lead", "/classifier/quality/region/N07/disagreements?kind=not_confirmed"),
    ("lead", "/classifier/checks/K50"),
    ("lead", "/classifier/cases/region/N07?reviews=10"),
    ("national", "/classifier/cases"),
    ("national", "/classifier/artefacts/{candidate}/approve"),
    ("spo", "/flagged-cases"),
]


def _fill(session):
    """Two classifiers that scored thirty cases, a training that runs, a closed round and a disagreement."""
    found = make_rates_area(session)
    found.drawn_at, found.closed_at, found.status = AT, AT, RoundStatus.CLOSED
    approver = make_account(session, Role.NATIONAL_LEAD, username="approver")
    approved = whole_artefact(status=ArtefactStatus.APPROVED, approved_by_id=approver, seed=2)
    candidate = whole_artefact()
    session.add_all([approved, candidate])
    session.flush()
    make_officer(session, "N07A001")
    for number in range(30):
        assessed = make_assessment(session, make_case(session, number + 1)).id
        for row, shift in ((approved, 0), (candidate, 1)):
            make_flag(session, assessed, (number + shift) / 40, digest=row.digest)
    check = make_final_check(session, 50, found)
    make_flag(session, check.assessment_id, 0.6, digest=approved.digest)
    run = progress.ask(session, TRAIN, by="cli", at=AT, references=ReferenceSource(seeded_bytes("train")))
    run.status, run.started_at, run.step, run.n_done, run.n_all = "running", AT, "Reading", 8000, 24000
    return {"approved": approved.digest, "candidate": candidate.digest}


@pytest.fixture(scope="module")
def site(serve, server_url, template_name):
    """The address of the site, each person's session, and the classifiers' digests."""
    people = {
        "lead": (Role.QUALITY_LEAD, {"region": "N07"}),
        "national": (Role.NATIONAL_LEAD, {}),
        "spo": (Role.SPO, {"team": "N07T01"}),
    }
    with own_database(server_url, template=template_name) as (_, url):
        engine = make_engine(url)
        with transaction(engine, SYSTEM) as session:
            keys = _fill(session)
            tokens = sessions_of(session, people, at=AT)
        address = serve(make_app(engine, clock=FixedClock(AT), settings=SETTINGS))
        yield address, tokens, keys
        engine.dispose()


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_a_page_is_accessible_wide_and_narrow_and_the_browser_does_not_complain(visit, is_sound, who, path):
    answer = visit(who, path)

    assert answer.status == 200
    is_sound(path)


def test_an_approval_leads_from_its_error_to_the_field_and_is_checked_before_it_counts(
    visit, page, axe_violations
):
    visit("national", "/classifier/artefacts/{candidate}/approve")
    page.click("text=Continue")
    assert page.title().startswith("Error: ")
    page.click(".govuk-error-summary a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "reason"

    page.fill("#reason", "It finds more of the wrong mediums.")
    page.click("text=Continue")
    assert page.inner_text("h1") == "Check your answers"
    assert axe_violations(page) == []

    page.click("text=Change your answers")
    assert page.input_value("#reason") == "It finds more of the wrong mediums."
