"""A quality lead uploads a file, sees what it would do, and loads it or not."""

import re
import shutil
from pathlib import Path

import pytest
from factories.accounts import SETTINGS
from factories.cases import make_assessment, make_case
from factories.estate import make_area, make_national_post, make_officer
from factories.extracts import an_area, write_extract
from factories.reviews import AT, make_check, want
from sqlmodel import select

from qa_service.app import make_app
from qa_service.auth.roles import Role
from qa_service.auth.tables import UserAccount
from qa_service.core.db import SYSTEM, transaction
from qa_service.core.ids import ReferenceSource, seeded_bytes
from qa_service.estate.tables import Region
from qa_service.intake.tables import DataQualityFinding, IntakeRun
from qa_service.reviews.tables import ReviewStatus
from qa_service.rounds.tables import Check

STATED = "stated as HIGH, but the highest group is MEDIUM"
DIFFERS = "The assessment says MEDIUM, the register says HIGH"
REGIONS = b"region_code,name\nN07,London\nN5,Wrong\nN50,=Manchester()\n"


@pytest.fixture
def app(fresh_engine, clock, tmp_path, committed):
    committed(make_national_post)
    committed(make_area, region="N03", pdu="WALTST", teams=("N03T01",))
    settings = SETTINGS.model_copy(update={"data_dir": tmp_path / "data", "max_upload_megabytes": 1})
    return make_app(
        fresh_engine, clock=clock, references=ReferenceSource(seeded_bytes("pages")), settings=settings
    )


@pytest.fixture
def lead(client_as):
    return client_as(Role.QUALITY_LEAD, region="N03")


@pytest.fixture
def regions(fresh_engine):
    def regions():
        with transaction(fresh_engine, SYSTEM) as session:
            return sorted(session.exec(select(Region.code)))

    return regions


def _token(client):
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get("/upload").text)[1]


def _send(client, content, name="any name.xyz"):
    return client.post("/upload", data={"csrf_token": _token(client)}, files={"file": (name, content)})


def test_a_file_is_checked_before_anything_loads_and_loads_when_the_lead_says_so(lead, regions):
    sent = _send(lead, REGIONS)
    checked = lead.get(sent.headers["location"])
    before = regions()
    loaded = lead.post(f"{sent.headers['location']}/load", data={"csrf_token": _token(lead)})
    result = lead.get(loaded.headers["location"])

    assert (sent.status_code, checked.status_code, loaded.status_code) == (303, 200, 303)
    assert "Nothing has been loaded yet" in checked.text
    assert "1 row would be refused" in checked.text
    assert "any name.xyz" in checked.text
    assert before == ["N03"]
    assert regions() == ["N03", "N07", "N50"]
    assert "has the wrong form" in result.text
    assert "any name.xyz" in lead.get("/upload").text


def test_refused_rows_can_be_taken_away_as_a_table_that_no_spreadsheet_runs(lead):
    sent = _send(lead, b"region_code,name\n=cmd(),London\n")
    loaded = lead.post(f"{sent.headers['location']}/load", data={"csrf_token": _token(lead)})
    link = re.search(r'href="(/upload/imports/\d+/refused\.csv)"', lead.get(loaded.headers["location"]).text)[
        1
    ]

    table = lead.get(link)

    assert table.headers["content-type"].startswith("text/csv")
    assert not any(cell.startswith("=") for line in table.text.splitlines() for cell in line.split(","))
    assert "region_code" in table.text


def test_a_file_that_is_not_wanted_after_all_leaves_nothing(lead, regions):
    sent = _send(lead, REGIONS)

    lead.post(f"{sent.headers['location']}/discard", data={"csrf_token": _token(lead)})

    assert lead.get(sent.headers["location"]).status_code == 404
    assert regions() == ["N03"]


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "file is empty"), (b"x" * 1_100_000, "larger than 1 megabytes")],
    ids=["empty", "too large"],
)
def test_a_file_that_cannot_be_kept_says_why(lead, content, says):
    answer = _send(lead, content)

    assert answer.status_code == 422
    assert says in answer.text


def test_no_file_chosen_is_an_error_that_leads_to_the_field(lead):
    answer = lead.post("/upload", data={"csrf_token": _token(lead)})

    assert answer.status_code == 422
    assert 'href="#file"' in answer.text


def test_content_of_no_known_format_shows_the_formats_that_are_and_scripts_stay_text(lead):
    sent = _send(lead, b"<script>alert(1)</script>", name="<script>alert(2)</script>")

    page = lead.get(sent.headers["location"]).text

    assert "The formats accepted are" in page
    assert "<script>alert" not in page


@pytest.fixture
def differing(tmp_path):
    """An area whose first assessment, of case X000001, states another overall level than its groups."""
    area = {
        table: [row | ({"crn": "X000001"} if row.get("crn") == "X100001" else {}) for row in rows]
        for table, rows in an_area().items()
    }
    area["assessments"][0]["overall_stated"] = "HIGH"
    folder = write_extract(tmp_path / "area", area)
    return Path(shutil.make_archive(tmp_path / "packed", "zip", folder)).read_bytes()


def test_what_sources_disagree_about_is_shown(lead, differing):
    page = lead.get(_send(lead, differing).headers["location"]).text

    assert "Overall differs" in page
    assert STATED in page


@pytest.fixture
def london(committed):
    """Case X000001 in London with a check of it, and a load that found its levels to differ; returns the load."""

    def make(session):
        make_area(session)
        officer = make_officer(session, "N07A001")
        case = make_case(session, 1)
        make_assessment(session, case)
        make_check(session, case, officer)
        run = IntakeRun(
            source_name="night.zip",
            content_digest="d",
            format_name="extract",
            status="loaded",
            n_accepted=1,
            n_changed=1,
            n_refused=0,
            loaded_by="cli",
            loaded_at=AT,
        )
        session.add(run)
        session.flush()
        session.add(
            DataQualityFinding(run_id=run.id, case_id=case.id, kind="register_differs", detail=DIFFERS)
        )
        return run.id

    return committed(make)


def test_a_lead_who_reads_a_case_is_shown_nothing_that_sources_disagree_about_of_it(
    london, client_as, committed, fresh_engine, differing
):
    client_as(Role.REVIEWER, username="both", region="N03")
    both = client_as(Role.QUALITY_LEAD, username="both", region="N07")
    with transaction(fresh_engine, SYSTEM) as session:
        user_id = session.exec(select(UserAccount.id).where(UserAccount.username == "both")).one()
        session.get(IntakeRun, london).loaded_by = f"user:{user_id}"

    def shown():
        checked = both.get(_send(both, differing).headers["location"]).text
        return DIFFERS in both.get(f"/upload/imports?run={london}").text, STATED in checked

    before = shown()

    def give(session):
        read = want(session, session.exec(select(Check)).one())
        read.reader_id, read.status, read.assigned_at = user_id, ReviewStatus.OPENED, AT

    committed(give)

    assert (before, shown()) == ((True, True), (False, False))


def test_another_lead_sees_neither_the_waiting_file_nor_the_import(lead, client_as, fresh_engine):
    other = client_as(Role.QUALITY_LEAD, region="N03", username="other-lead")
    sent = _send(lead, REGIONS)

    waiting = other.get(sent.headers["location"])
    lead.post(f"{sent.headers['location']}/load", data={"csrf_token": _token(lead)})
    with transaction(fresh_engine, SYSTEM) as session:
        run_id = session.exec(select(IntakeRun.id)).one()

    assert waiting.status_code == 404
    assert other.get(f"/upload/imports?run={run_id}").status_code == 404
    assert other.get(f"/upload/imports/{run_id}/refused.csv").status_code == 404


@pytest.mark.parametrize("role", [Role.OFFICER, Role.REVIEWER, Role.SPO, Role.ADMINISTRATOR])
def test_only_quality_leads_upload(client_as, role):
    area = {"team": "N03T01"} if role is Role.SPO else {"region": "N03"}

    assert client_as(role, **area).get("/upload").status_code == 403
