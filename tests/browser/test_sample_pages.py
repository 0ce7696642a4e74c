import re
import runpy
from pathlib import Path

import pytest

from qa_service.pages.render import templates

SAMPLE = Path(__file__).parent / "sample"
MACROS = Path(templates.env.loader.loaders[0].searchpath[0]) / "macros"
PAGES = ["/rounds", "/draft", "/check", "/sign-in", "/forbidden", "/nowhere"]


@pytest.fixture(scope="module")
def site(serve):
    app, _ = runpy.run_path(str(SAMPLE / "site.py"))["make_site"]()
    yield serve(app)
    templates.env.loader.loaders.pop()


def test_the_sample_pages_use_every_macro_of_the_shell():
    used = set(re.findall(r'"macros/(\w+\.html)"', "".join(p.read_text() for p in SAMPLE.glob("*.html"))))

    assert used == {path.name for path in MACROS.glob("*.html")}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [1280, 320])
def test_a_page_breaks_no_accessibility_rule_wide_or_narrow(site, page, axe_violations, path, width):
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(site + path)

    assert axe_violations(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_narrow_screen(site, page, has_no_sideways_scroll, path):
    page.goto(site + path)

    assert has_no_sideways_scroll(page)


@pytest.mark.parametrize("path", ["/rounds", "/draft", "/check", "/sign-in"])
def test_a_page_loads_without_a_complaint_from_the_browser(site, page, console_errors, path):
    page.goto(site + path, wait_until="networkidle")

    assert console_errors == []
    assert page.evaluate("document.body.classList.contains('govuk-frontend-supported')")


def test_a_refused_form_has_no_accessibility_fault_and_its_errors_lead_to_the_fields(
    site, page, axe_violations
):
    page.goto(site + "/draft")
    page.fill("#evidence", "Seen in the contact log")
    page.click("text=Continue")

    assert page.title().startswith("Error: ")
    assert axe_violations(page) == []
    assert page.input_value("#evidence") == "Seen in the contact log"
    page.click(".govuk-error-summary a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "answer"


def test_what_was_typed_is_on_the_error_page_and_can_be_sent_again(site, page, axe_violations):
    page.goto(site + "/draft")
    page.fill("#evidence", "Seen in the contact log")
    page.evaluate("document.querySelector('form[data-autosave]').action = '/breaks'")
    page.click("text=Continue")

    assert page.inner_text("h1") == "Sorry, something went wrong here"
    assert "Seen in the contact log" in page.inner_text("main")
    assert axe_violations(page) == []
    page.click("text=Try again >> nth=-1")
    assert "Seen in the contact log" in page.inner_text("main")


def test_without_scripts_a_list_is_sorted_filtered_and_paged(site, page_without_scripts):
    page = page_without_scripts
    page.goto(site + "/rounds")

    page.click("th >> text=Checked >> nth=0")
    assert page.url.endswith("?sort=n_checked")
    assert page.get_attribute("th[aria-sort=ascending]", "aria-sort") == "ascending"

    page.fill("#filter-area", "Kent & Medway")
    page.click("text=Apply filters")
    assert "sort=n_checked" in page.url
    page.click("[rel=next]")
    assert "area=Kent+%26+Medway" in page.url
    assert page.input_value("#filter-area") == "Kent & Medway"
    assert page.locator("[aria-current=page] >> text=5").count() == 1


@pytest.mark.parametrize("n_areas", [16, 60, 109])
def test_no_two_texts_of_a_funnel_overlap(page, n_areas):
    golden = Path(__file__).parent.parent / "pages" / "shell" / "golden" / f"funnel_{n_areas}.svg"
    page.set_content(golden.read_text())

    overlaps = page.evaluate(
        """() => { const boxes = [...document.querySelectorAll('text')].map(t => [t.textContent, t.getBBox()]);
        return boxes.flatMap(([a, p], i) => boxes.slice(0, i).filter(([, q]) => p.x < q.x + q.width &&
          q.x < p.x + p.width && p.y + 2 < q.y + q.height && q.y + 2 < p.y + p.height).map(([b]) => a + ' / ' + b)) }"""
    )

    assert overlaps == []


def test_the_api_documentation_works_from_our_own_files(site, page, console_errors):
    page.goto(site + "/api-docs", wait_until="networkidle")

    page.click("text=/rounds")

    assert page.locator(".opblock-body").count() == 1
    assert console_errors == []


def test_the_checks_themselves_find_a_page_with_faults(page, axe_violations, has_no_sideways_scroll):
    page.set_content("<html lang='en'><title>Faults</title><main><h1>Faults</h1><input><pre>" + "wide " * 200)

    assert "label" in [rule for rule, _ in axe_violations(page)]
    assert not has_no_sideways_scroll(page)
