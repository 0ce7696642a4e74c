"""A synthetic PDU, loaded once, with final checks by readers who know the truth; tests work on copies of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from factories.databases import own_database
from factories.extracts import write_extract
from sqlalchemy import Engine, text

from qa_service.core.clock import FixedClock
from qa_service.core.db import SYSTEM, make_engine, transaction
from qa_service.flags.service.learning import train_candidate
from qa_service.intake.service import import_paths
from qa_service.synth.service import generate

LOADED_AT = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
TRAINED_AT = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
SHARE_CHECKED = 0.5

_CHECKS = text(
    """
    INSERT INTO check_record (reference, round_id, purpose, arm, status, case_id, assessment_id, person_id,
      staff_code, team_code, drawn_pdu_code, drawn_region_code, inclusion_probability, rubric_version,
      policy_version, drawn_at, pack_through_item_id, is_urgent, final_at)
    SELECT 'K' || a.id, r.id, 'live', 'random', 'final', a.case_id, a.id, s.person_id, h.staff_code, h.team_code,
      c.pdu_code, c.region_code, :share, '1', '2026-11-01', :at, 0, false, :at
    FROM assessment a JOIN case_record c ON c.id = a.case_id
    JOIN case_assignment h ON h.case_id = c.id AND h.to_on IS NULL
    JOIN staff_code s ON s.code = h.staff_code CROSS JOIN round r
    WHERE a.id = ANY(:checked)
    """
)
_VERDICTS = text(
    """
    INSERT INTO verdict (check_id, verdict, severity, is_urgent, is_underclassified, is_overclassified,
      assessed_overall, reviewed_overall, decision, attribution, decided_by, rubric_version, policy_version,
      decided_at)
    SELECT k.id, 'pass', 'S0', false, false, false, a.overall_derived, t.level, '{}', 'none',
      '{}', '1', '2026-11-01', :at
    FROM check_record k JOIN assessment a ON a.id = k.assessment_id
    JOIN unnest(CAST(:outside AS text[]), CAST(:levels AS text[])) AS t(outside_id, level)
      ON t.outside_id = a.outside_id
    """
)
_LOAD = text(
    "INSERT INTO intake_run (source_name, content_digest, format_name, status, n_accepted, n_changed, n_refused,"
    " loaded_by, loaded_at) VALUES ('x', 'x', 'x', 'loaded', 1, 1, 0, 'cli', :at) RETURNING id"
)


def add_load(session, *, at) -> int:
    """Add a load that changed something, and return its key."""
    return session.execute(_LOAD, {"at": at}).scalar_one()


def check_half(session, truth: pd.DataFrame) -> None:
    """Let every second case's latest assessment have a final check that found the true level."""
    session.execute(
        text(
            "INSERT INTO round (reference, kind, area_kind, area_code, cadence, window_from_on, window_to_on,"
            " status, rubric_version, policy_version, design, forecast, planned_by, planned_at,"
            " excluded_officers, substitutions) VALUES ('R', 'spot_check', 'national', 'E&W', 'annual',"
            " '2026-01-01', '2027-01-01', 'closed', '1', '2026-11-01', '{}', '{}', 'cli', :at, '[]', '[]')"
        ),
        {"at": LOADED_AT},
    )
    latest = session.execute(
        text(
            "SELECT DISTINCT ON (case_id) id FROM assessment WHERE status = 'COMPLETE' AND overall_derived IS"
            " NOT NULL AND case_id % 2 = 0 ORDER BY case_id, completed_at DESC, id DESC"
        )
    ).scalars()
    values = {"share": SHARE_CHECKED, "at": LOADED_AT}
    session.execute(_CHECKS, {**values, "checked": list(latest)})
    outside, levels = truth["assessment_id"].tolist(), truth["true_overall"].tolist()
    session.execute(_VERDICTS, {"at": LOADED_AT, "outside": outside, "levels": levels})


@pytest.fixture(scope="session")
def extract(tmp_path_factory) -> Path:
    made = generate("pdu", tmp_path_factory.mktemp("flags") / "pdu", seed=7, today=date(2026, 9, 7))
    assert made.truth.name == "pdu.truth.csv"
    return made.directory


@contextmanager
def _trained_on(server_url, template_name, folder: Path, truth: Path) -> Iterator[str]:
    """The name of a database with an extract, checks of half of its cases and a candidate trained on them."""
    with own_database(server_url, template=template_name) as (name, url):
        engine = make_engine(url)
        [report] = import_paths(engine, [folder], by="cli", clock=FixedClock(LOADED_AT))
        assert report.n_refused == 0
        with transaction(engine, SYSTEM) as session:
            check_half(session, pd.read_csv(truth, dtype=str, keep_default_na=False))
        train_candidate(
            engine, by="cli", at=TRAINED_AT, progress=lambda *_: None, targets=("overall", "public")
        )
        engine.dispose()
        yield name


@contextmanager
def _copy_of(server_url, name: str) -> Iterator[Engine]:
    with own_database(server_url, template=name) as (_, url):
        engine = make_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def checked_area(server_url, template_name, extract) -> Iterator[str]:
    with _trained_on(server_url, template_name, extract, extract.parent / "pdu.truth.csv") as name:
        yield name


@pytest.fixture
def area(server_url, checked_area) -> Iterator[Engine]:
    """An engine on a copy of the PDU's database."""
    with _copy_of(server_url, checked_area) as engine:
        yield engine


def read_cells(path: Path) -> list[dict[str, str]]:
    """Read a table of an extract as the text that stands in it."""
    return pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("records")


@pytest.fixture(scope="session")
def small_extract(extract, tmp_path_factory) -> Path:
    """The PDU with every third of its cases: about as few as a classifier can be trained on."""
    tables = {path.stem: read_cells(path) for path in extract.glob("*.csv")}
    kept = {row["crn"] for row in tables["cases"][::3]}
    return write_extract(
        tmp_path_factory.mktemp("small"),
        {name: [row for row in rows if row.get("crn", "") in {*kept, ""}] for name, rows in tables.items()},
    )


@pytest.fixture(scope="session")
def small_checked_area(server_url, template_name, small_extract, extract) -> Iterator[str]:
    with _trained_on(server_url, template_name, small_extract, extract.parent / "pdu.truth.csv") as name:
        yield name


@pytest.fixture
def small_area(server_url, small_checked_area) -> Iterator[Engine]:
    """The same of the small one: a training takes seconds."""
    with _copy_of(server_url, small_checked_area) as engine:
        yield engine
