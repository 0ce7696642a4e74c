"""Exports in a real browser without JavaScript: asked for, watched, fetched; accessible, narrow enough."""

from datetime import UTC, datetime

import pytest
from api.test_rates_and_duties import make_checked_area
from factories.accounts import SETTINGS, make_account
from factories.databases import own_database

from qa_service.app import make_app
from qa_service.auth import service as auth
from qa_service.auth.dependencies import cookie_name
from qa_service.auth.roles import Role
from qa_service.core.clock import FixedClock
from qa_service.core.db import SYSTEM, make_engine, transaction
from qa_service.jobs import WORKS
from qa_service.progress.service import do_asked

AT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def site(serve, server_url, template_name):
    """The address of a site with 26 checked officers, a national lead's session and its worker."""
    with own_database(server_url, template=template_name) as (_, url):
        engine, clock = make_engine(url), FixedClock(AT)
        with transaction(engine, SYSTEM) as session:
            make_checked_area(session, AT)
            lead = make_account(session, Role.NATIONAL_LEAD)
            token = auth.open_session(session, lead, at=AT, settings=SETTINGS).token
        address = serve(make_app(engine, clock=clock, settings=SETTINGS))
        yield address, token, lambda: do_asked(engine, WORKS, clock=clock)
        engine.dispose()


def test_an_export_is_asked_for_watched_and_fetched_without_javascript(
    site, page_without_scripts, has_no_sideways_scroll
):
    page, (address, token, work) = page_without_scripts, site
    page.context.add_cookies([{"name": cookie_name(SETTINGS), "value": token, "url": address}])

    page.goto(f"{address}/exports")
    page.click("main a:text-is('Rates') >> nth=-1")
    page.click("text=Make the export")
    refused = page.get_by_role("alert").inner_text()
    page.get_by_label("Region").check()
    page.get_by_label("JSON").check()
    page.click("text=Make the export")
    waiting = page.locator("main").inner_text()
    work()
    page.click("text=Show how far it is now")
    with page.expect_download() as fetched:
        page.click("text=Download rates-by-region")

    assert "Choose the kind of file" in refused
    assert "It waits for a worker" in waiting
    assert fetched.value.suggested_filename == "rates-by-region-2026-06-30.json"
    assert has_no_sideways_scroll(page)


def test_the_list_and_an_export_waiting_and_ready_are_accessible_wide_and_narrow(
    site, page, axe_violations, has_no_sideways_scroll, console_errors
):
    address, token, work = site
    page.context.add_cookies([{"name": cookie_name(SETTINGS), "value": token, "url": address}])
    page.goto(f"{address}/exports")
    found = [axe_violations(page)]
    page.click("main a:has-text('Equality monitoring')")
    found.append(axe_violations(page))
    assert has_no_sideways_scroll(page)
    page.get_by_label("England and Wales").check()
    page.get_by_label("Excel workbook (XLSX)").check()
    page.click("text=Make the export")
    found.append(axe_violations(page))
    work()

    for place in (page.url, f"{address}/exports"):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(place)
        found.append(axe_violations(page))
        assert has_no_sideways_scroll(page)
        found.append(axe_violations(page))

    assert found == [[]] * 7
    assert console_errors == []
