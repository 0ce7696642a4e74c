import hashlib
import re

from qa_service.pages.shell import STATIC

VENDOR = STATIC / "vendor"


def listed_hashes():
    rows = re.findall(
        r"^\| (\S+) \| ([0-9a-f]{64}) \|$", (VENDOR / "VENDOR.md").read_text(), flags=re.MULTILINE
    )
    return dict(rows)


def test_every_vendored_file_is_the_one_that_is_listed():
    shipped = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VENDOR.md"
    }

    assert shipped == listed_hashes()


def test_each_package_has_its_version_and_its_licence_beside_it():
    text = (VENDOR / "VENDOR.md").read_text()

    for package, licence in (
        ("govuk-frontend", "govuk-frontend.LICENSE.txt"),
        ("@ministryofjustice/frontend", "moj-frontend.LICENSE.txt"),
        ("swagger-ui-dist", "swagger-ui.LICENSE.txt"),
    ):
        assert re.search(
            rf"^\| {re.escape(package)} \| \d+\.\d+\.\d+ \| .*{re.escape(licence)}", text, re.MULTILINE
        )
        assert len((VENDOR / licence).read_text()) > 1000


def test_neither_the_crown_nor_the_font_of_gov_uk_is_shipped():
    names = [path.name for path in STATIC.rglob("*")]
    css = (VENDOR / "app.css").read_text()

    assert not [name for name in names if re.search(r"crest|crown|logotype|\.woff2?$", name)]
    assert "@font-face" not in css
    assert "GDS Transport" not in css
    assert "font-family:Arial,Helvetica,sans-serif" in css


def test_no_file_points_outside_the_service():
    used = re.findall(r"url\(\"?([^\")]+)", (VENDOR / "app.css").read_text())
    ours = "".join(path.read_text() for path in STATIC.iterdir() if path.is_file())

    assert used
    assert all(address.startswith("/static/vendor/images/") for address in used)
    assert set(re.findall(r"https?://[^\s\"')]+", ours)) == {"http://www.w3.org/2000/svg"}


def test_nothing_is_ever_stored_in_the_browser():
    for path in STATIC.glob("*.js"):
        assert not re.search(r"localStorage|sessionStorage|indexedDB|document\.cookie", path.read_text()), (
            path
        )


def test_templates_carry_no_inline_style_and_no_script_of_their_own():
    templates = list((STATIC.parent / "templates").rglob("*.html"))

    assert templates
    for path in templates:
        text = path.read_text()
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text), path
        for script in re.findall(r"<script[^>]*>", text):
            assert "src=" in script or "nonce=" in script, (path, script)
