"""A real browser for tests: Debian's chromium, driven by playwright; skipped, loudly, where it is missing."""

import socket
import threading
import time
from pathlib import Path

import pytest
import uvicorn
from factories.accounts import SETTINGS

from qa_service.auth.dependencies import cookie_name

CHROMIUM = Path("/usr/bin/chromium")
MISSING = f"BROWSER TESTS SKIPPED: {CHROMIUM} is missing (apt-get install --no-install-recommends chromium fonts-liberation)"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM.exists():
                item.add_marker(pytest.mark.skip(reason=MISSING))


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    n_skipped = sum(MISSING in str(report.longrepr) for report in skipped)
    if n_skipped:
        terminalreporter.write_line(f"{n_skipped} {MISSING}", red=True, bold=True)


@pytest.fixture(scope="module")
def chromium():
    """One browser per module; stopped after it, because its event loop must not outlive it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


def _page_read_whole(context):
    """A page whose clicks end when the page that they lead to was read to its end.

    Playwright's own end as soon as the answer begins: on a busy machine a page is then a title without a body.
    """
    page = context.new_page()
    click = page.click

    def click_and_wait(selector, **options):
        click(selector, **options)
        page.wait_for_load_state()

    page.click = click_and_wait
    return page


@pytest.fixture
def page(chromium):
    """A page 1280 wide in a fresh profile."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield _page_read_whole(context)
    context.close()


@pytest.fixture
def page_without_scripts(chromium):
    """A page 1280 wide in a browser that runs no JavaScript."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    yield _page_read_whole(context)
    context.close()


@pytest.fixture
def console_errors(page):
    """What the browser complained about on the page so far (a breach of the content policy is one)."""
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.fixture(scope="module")
def serve():
    """Serve an application on 127.0.0.1 in a thread and return its address; stopped after the module."""
    running = []

    def start(app):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        running.append((server, thread, listener))
        deadline = time.monotonic() + 20
        while not server.started:
            assert thread.is_alive(), "the server stopped while starting"
            assert time.monotonic() < deadline, "the server did not start within 20 seconds"
            time.sleep(0.02)
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for server, thread, listener in running:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


@pytest.fixture
def axe_violations():
    """Return a function: the page's violations of WCAG 2.2 AA and best practice, as axe finds them."""
    from axe_playwright_python.sync_playwright import Axe

    def find(page):
        results = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG_22_AA}})
        return [
            (violation["id"], [node["html"][:200] for node in violation["nodes"]])
            for violation in results.response["violations"]
        ]

    return find


@pytest.fixture
def visit(site, page):
    """Return a function: open a page as somebody; `site` is (address, tokens by name, keys of addresses)."""
    address, tokens, keys = site

    def go(who, path):
        cookie = {"name": cookie_name(SETTINGS), "value": tokens[who], "url": address}
        page.context.add_cookies([cookie])
        return page.goto(address + path.format(**keys), wait_until="networkidle")

    return go


@pytest.fixture
def is_sound(page, axe_violations, has_no_sideways_scroll, console_errors):
    """Return a function: find no fault with the page that is open, wide and then narrow."""

    def look(address):
        assert axe_violations(page) == [], address
        assert has_no_sideways_scroll(page), address
        assert axe_violations(page) == [], address
        assert console_errors == [], address

    return look


@pytest.fixture
def has_no_sideways_scroll():
    """Return a function: whether the page fits a screen 320 wide (WCAG 1.4.10); the page stays that narrow."""

    def fits(page):
        page.set_viewport_size({"width": 320, "height": 800})
        return page.evaluate("document.scrollingElement.scrollWidth <= document.documentElement.clientWidth")

    return fits
