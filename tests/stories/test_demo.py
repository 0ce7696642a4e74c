"""The demo, on one PDU: a whole round from files to cut caseloads; told again it changes nothing."""

import pytest
from sqlalchemy import text

from qa_service.audit import service as audit
from qa_service.core.db import SYSTEM, make_engine, transaction
from qa_service.demo import setting, story
from qa_service.demo.run import run_demo
from qa_service.flags.service.artefacts import approved_artefact
from qa_service.reporting.areas import area_tree


def _silent(_what: str, _done: int, _total: int) -> None:
    return None


@pytest.mark.slow
def test_one_round_from_files_to_cuts_and_nothing_doubled_by_a_second_run(
    fresh_engine, fresh_url, monkeypatch
):
    monkeypatch.setattr(setting, "PRESET", "pdu")
    monkeypatch.setattr(setting, "SYNTH_SEED", 1)  # a PDU in which a fail is confirmed
    monkeypatch.setattr(setting, "N_LAST_DAYS", 60)  # three reads a day: a second read waits longer

    first = run_demo(fresh_engine, progress=_silent)
    second = run_demo(fresh_engine, progress=_silent)

    assert first == second
    assert first["drawn"] >= first["officers"] > 30
    assert sum(first["verdicts"].values()) <= first["reviewed"]
    assert first["verdicts"]["fail"] >= first["cuts"] >= 1
    assert first["level_corrections"] >= first["verdicts"]["fail"]
    assert first["overflow"]["placed"] + first["overflow"]["escalated"] > 0
    assert first["audit_ok"]
    assert first["draw_ok"]

    with transaction(fresh_engine, SYSTEM) as session:
        names = {person.user_name for person in story.demo_people(session)}
        over = session.connection().execute(_OVER_100).scalars().all()
        regions = list(area_tree(session).regions)
        artefact = approved_artefact(session)
        logged = session.connection().execute(_LOGGED, {"digest": artefact.digest}).scalar_one()
    assert {"lead", "reviewer", "officer", "spo", "head", "admin"} <= names
    assert over == []
    # What the example files speak of is loaded, and stands among no areas.
    assert regions == [setting.REGION_CODE]
    assert artefact.provenance["levels"] == logged == list(setting.FLAGGED_LEVELS)

    _change_a_byte(fresh_url)
    with transaction(fresh_engine, SYSTEM) as session:
        assert not audit.verify(session).is_ok


_LOGGED = text(
    "SELECT payload->'levels' FROM audit_payload JOIN audit_event USING (seq)"
    " WHERE tag = 'flags:artefact:trained' AND payload->>'digest' = :digest"
)
# Nobody may be taken over 100% by what was proposed to them.
_OVER_100 = text(
    """
    SELECT m.to_staff_code FROM move m
    JOIN LATERAL (SELECT total_points, available_points FROM weekly_workload w
                  WHERE w.staff_code = m.to_staff_code AND w.team_code = m.to_team_code
                  ORDER BY week_on DESC LIMIT 1) w ON true
    WHERE m.status IN ('proposed', 'level_confirmed', 'accepted')
    GROUP BY m.to_staff_code, w.total_points, w.available_points
    HAVING w.total_points + sum(m.points) > w.available_points
    """
)


def _change_a_byte(url: str) -> None:
    owner = make_engine(url, as_app_role=False)
    with owner.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text("UPDATE audit_event SET actor = actor || 'x' WHERE seq = 5"))
    owner.dispose()
