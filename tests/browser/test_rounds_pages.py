"""A quality lead's pages in a real browser: accessible, narrow enough, complete without scripts."""

import pytest
from factories.accounts import SETTINGS, make_account
from factories.fails import FIRST_READ, make_suspected_fail
from factories.rounds import (
    DICE,
    LEAD,
    make_drawable_area,
    make_drawn_round,
    make_references,
    plan_of,
)
from sqlmodel import select

from qa_service.app import make_app
from qa_service.auth import service as auth
from qa_service.auth.dependencies import cookie_name
from qa_service.auth.roles import Role
from qa_service.caseload.tables import Hold
from qa_service.core.db import SYSTEM, transaction
from qa_service.rounds import service as rounds
from qa_service.rounds.tables import Check
from qa_service.workflows.open_round import open_round, plan_round

DRAND = {"drand_chain": "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971", "drand_round": 9}
BOTH = {**DRAND, "dice": True}


@pytest.fixture
def area(fresh_engine):
    """London with forty officers, some without a case to draw."""
    with transaction(fresh_engine, SYSTEM) as session:
        make_drawable_area(session, n_officers=40, n_cases_each=1)


@pytest.fixture
def drawn(fresh_engine, area, clock):
    """The address of a round in review."""
    with transaction(fresh_engine, SYSTEM) as session:
        return f"/rounds/{make_drawn_round(session, clock.now())[0].reference}"


@pytest.fixture
def site(serve, fresh_engine, clock, tmp_path):
    settings = SETTINGS.model_copy(update={"data_dir": tmp_path / "data"})
    return serve(make_app(fresh_engine, clock=clock, settings=settings))


@pytest.fixture
def assert_is_sound(site, page, is_sound):
    """Return a function: open an address wide, then narrow, and find no fault with it."""

    def look(address):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(site + address)
        is_sound(address)

    return look


def sign_in(page, site, engine, clock):
    with transaction(engine, SYSTEM) as session:
        lead = make_account(session, Role.QUALITY_LEAD, region="N07")
        token = auth.open_session(session, lead, at=clock.now(), settings=SETTINGS).token
    page.context.add_cookies([{"name": cookie_name(SETTINGS), "value": token, "url": site}])


def at_step(engine, clock, step):
    """Bring a round of one PDU to a step before the draw and return its address."""
    with transaction(engine, SYSTEM) as session:
        planned = plan_round(
            session,
            plan_of(
                area_kind="pdu", area_code="LDNTST", seed_plan=BOTH if step != "seeded" else {"dice": True}
            ),
            by=LEAD,
            at=clock.now(),
        )
        if step != "planned":
            open_round(session, planned.reference, by=LEAD, at=clock.now(), references=make_references())
        if step == "seeded":
            readings = [{"witness": name, "rolls": DICE} for name in ("Ann Wells", "Bo Lee")]
            rounds.seed_round(session, planned.reference, {"dice": readings}, by=LEAD, at=clock.now())
        return f"/rounds/{planned.reference}"


@pytest.mark.usefixtures("area")
@pytest.mark.parametrize(
    ("step", "part"),
    [
        ("planned", ""),
        ("planned", "/open"),
        ("open", ""),
        ("open", "/seed"),
        ("open", "public"),
        ("seeded", "/draw"),
    ],
)
def test_a_page_before_the_draw_is_accessible_and_fits_a_narrow_screen(
    site, page, fresh_engine, clock, assert_is_sound, step, part
):
    sign_in(page, site, fresh_engine, clock)
    here = at_step(fresh_engine, clock, step)

    assert_is_sound(here.replace("/rounds/", "/draws/") if part == "public" else here + part)


def test_the_pages_of_a_round_in_review_are_accessible_and_fit_a_narrow_screen(
    site, page, fresh_engine, clock, drawn, assert_is_sound
):
    sign_in(page, site, fresh_engine, clock)
    with transaction(fresh_engine, SYSTEM) as session:
        check = session.exec(select(Check)).first().reference
    parts = ("", "/cases", "/left-out", "/log", "/pause", "/close", f"/cases/{check}/replace")
    public = drawn.replace("/rounds/", "/draws/")

    for address in ("/rounds", "/rounds/plan", *(drawn + part for part in parts), "/draws", public):
        assert_is_sound(address)


def test_holds_and_an_upload_with_refused_rows_are_accessible_and_fit_a_narrow_screen(
    site, page, fresh_engine, clock, tmp_path, assert_is_sound
):
    with transaction(fresh_engine, SYSTEM) as session:
        make_suspected_fail(session)
        hold = session.exec(select(Hold)).one()
    clock.at = FIRST_READ
    sign_in(page, site, fresh_engine, clock)
    rows = tmp_path / "regions.csv"
    rows.write_text("region_code,name\nN07,London\nN5,Wrong\n")

    page.goto(f"{site}/upload")
    page.set_input_files("#file", rows)
    page.click("text=Check the file")

    assert "N5" in page.inner_text("main")
    for address in (
        "/holds",
        f"/holds/{hold.id}",
        "/further-offences",
        "/further-offences/new",
        "/upload",
        page.url.removeprefix(site),
    ):
        assert_is_sound(address)


def test_a_refused_plan_leads_from_its_errors_to_the_fields(
    site, page, fresh_engine, clock, area, axe_violations
):
    sign_in(page, site, fresh_engine, clock)
    page.goto(f"{site}/rounds/plan")
    page.check("text=A round of the drand beacon")
    page.fill("#drand_chain", "quicknet")
    page.click("text=Plan and see the forecast")

    assert page.title().startswith("Error: ")
    assert page.input_value("#drand_chain") == "quicknet"
    assert axe_violations(page) == []
    page.click(".govuk-error-summary a >> nth=1")
    assert page.evaluate("document.activeElement.id") == "drand_round"


def test_without_scripts_a_round_is_planned_opened_seeded_and_drawn(
    site, page_without_scripts, fresh_engine, clock, area
):
    page = page_without_scripts
    sign_in(page, site, fresh_engine, clock)

    page.goto(f"{site}/rounds")
    page.click("text=Plan the first round")
    page.select_option("#area", "region:N07")
    page.check("text=Twenty ten-sided dice")
    page.click("text=Plan and see the forecast")
    page.click("text=Check and open")
    page.click("text=Freeze and open")
    page.click("a.govuk-button >> text=Record the seed")
    for place, name in (("1", "Ann Wells"), ("2", "Bo Lee")):
        page.fill(f"#witness_{place}", name)
        page.fill(f"#rolls_{place}", DICE)
    page.click('button:has-text("Record the seed")')
    page.click("text=Check and draw")
    page.click("text=Draw the sample")

    assert "0 of 40 checks are finished" in page.inner_text("main")
    page.click(".moj-sub-navigation >> text=Cases")
    page.click("[rel=next]")
    assert "Showing 26 to 40 of 40" in page.inner_text("main")
