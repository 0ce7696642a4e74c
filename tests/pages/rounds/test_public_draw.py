"""Anybody can check a draw without signing in, and learns nobody's name from it."""

import json
import re
import subprocess
import sys

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from qa_service.core.db import SYSTEM, transaction
from qa_service.rounds.rules.targeting import design_with_targeted
from qa_service.rounds.tables import Round, RoundStatus


@pytest.fixture
def visitor(app):
    """Somebody who is not signed in."""
    return TestClient(app, follow_redirects=False)


def test_a_planned_round_is_not_published_yet(visitor, round_at):
    reference = round_at("planned").removeprefix("/rounds/")

    assert "Nothing is published yet" in visitor.get("/draws").text
    assert visitor.get(f"/draws/{reference}").status_code == 404
    assert visitor.get(f"/draws/{reference}/transcript.json").status_code == 404


def test_the_digests_are_public_before_the_seed_exists(visitor, round_at, fresh_engine):
    reference = round_at("open").removeprefix("/rounds/")
    with transaction(fresh_engine, SYSTEM) as session:
        found = session.exec(select(Round)).one()

    page = visitor.get(f"/draws/{reference}").text

    assert found.frame_digest in page
    assert found.commitment_digest in page
    assert "not drawn yet" in page
    assert visitor.get(f"/draws/{reference}/transcript.json").status_code == 409


def test_a_union_verifies_the_draw_with_the_two_files_and_a_changed_byte_is_found(
    visitor, round_at, fresh_engine, tmp_path
):
    reference = round_at("drawn").removeprefix("/rounds/")
    with transaction(fresh_engine, SYSTEM) as session:
        commitment = session.exec(select(Round)).one().commitment_digest
    script, transcript = tmp_path / "verify_draw.py", tmp_path / "transcript.json"
    script.write_bytes(visitor.get("/draws/verify_draw.py").content)
    transcript.write_bytes(visitor.get(f"/draws/{reference}/transcript.json").content)

    def verify():
        command = [sys.executable, "-I", script, transcript, "--digest", commitment]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    right = verify()
    drawn = json.loads(transcript.read_text())
    drawn["arms"][0]["groups"][0]["selected"] = drawn["arms"][0]["groups"][0]["reserves"][:1]
    transcript.write_text(json.dumps(drawn))
    wrong = verify()

    assert (right.returncode, right.stdout.split(",")[0]) == (0, f"Verified: round {reference}")
    assert wrong.returncode == 1


def test_the_transcript_names_no_practitioner_and_no_case(visitor, round_at):
    reference = round_at("drawn").removeprefix("/rounds/")

    published = visitor.get(f"/draws/{reference}/transcript.json").text
    page = visitor.get(f"/draws/{reference}").text

    for text in (published, page):
        assert not re.search(r"N07A\d{3}|X\d{6}|Officer |Person ", text)


def test_a_transcript_with_scores_is_published_when_nobody_reads_for_the_round_any_more(
    visitor, round_at, fresh_engine
):
    # given: the round also draws by flag
    reference = round_at("drawn").removeprefix("/rounds/")
    with transaction(fresh_engine, SYSTEM) as session:
        found = session.exec(select(Round)).one()
        arms = [*found.design["arms"], *design_with_targeted(2, 0.10)["arms"][1:]]
        found.design = found.design | {"arms": arms}

    page = visitor.get(f"/draws/{reference}").text
    refused = visitor.get(f"/draws/{reference}/transcript.json")

    assert found.transcript_digest in page
    assert "published when the round is closed" in page
    assert "transcript.json" not in page
    assert refused.status_code == 409

    with transaction(fresh_engine, SYSTEM) as session:
        found = session.exec(select(Round)).one()
        found.status = RoundStatus.CLOSED
    assert f"/draws/{reference}/transcript.json" in visitor.get(f"/draws/{reference}").text


def test_a_transcript_that_a_browser_holds_already_is_not_sent_again(visitor, round_at):
    reference = round_at("drawn").removeprefix("/rounds/")
    first = visitor.get(f"/draws/{reference}/transcript.json")

    again = visitor.get(
        f"/draws/{reference}/transcript.json", headers={"if-none-match": first.headers["etag"]}
    )

    assert (again.status_code, again.content) == (304, b"")
