"""The classifier from the command line: figures, card, approval by name, and one-line refusals."""

from datetime import timedelta

import pytest
from factories.accounts import make_account
from factories.cases import make_assessment, make_case
from factories.estate import make_area, make_officer
from factories.flags import TRAINED_AT, make_artefact_row

from qa_service.auth.roles import Role
from qa_service.core.db import SYSTEM, transaction
from qa_service.flags.service import artefacts as service
from qa_service.flags.tables import ArtefactStatus

OLD, NEW = "a" * 64, "b" * 64


@pytest.fixture
def artefacts(fresh_engine):
    """An approved artefact, a candidate trained later, a national lead and an analyst."""
    with transaction(fresh_engine, SYSTEM) as session:
        make_artefact_row(session, OLD)
        make_artefact_row(
            session, NEW, status=ArtefactStatus.CANDIDATE, trained_at=TRAINED_AT + timedelta(days=30)
        )
        make_account(session, Role.ANALYST, username="ana")


def test_training_with_nothing_loaded_is_refused_in_one_line(run):
    code, out, err = run("flags", "train")

    assert (code, out) == (1, "")
    assert err == "Error: No assessment is loaded, so there is nothing to learn from. Import first.\n"


def test_a_refresh_without_a_classifier_scores_nothing(run_json):
    code, done = run_json("flags", "refresh")

    assert (code, done["n_scored"], done["digests"]) == (0, 0, [])


def test_figures_of_the_candidate_stand_beside_those_of_the_one_in_force(run, run_json, artefacts):
    code, found = run_json("flags", "evaluate")
    told = run("flags", "evaluate")[1]

    assert code == 0
    assert (found["artefact"]["digest"], found["approved"]["digest"]) == (NEW, OLD)
    assert found["artefact"]["levels"]["overall"]["auprc"]["value"] == 0.31
    assert "0.310 (0.220 to 0.410)" in told
    assert "Of 100 cases it flags, about 30 (20 to 41) need a higher level" in told


def test_a_comparison_counts_the_flags_that_would_change(run_json, artefacts):
    code, found = run_json("flags", "compare")

    assert code == 0
    assert (found["n_scored_by_both"], found["n_new_flags"], found["n_lost_flags"]) == (0, 0, 0)


def test_a_national_lead_approves_by_name_and_with_a_reason(run, run_json, artefacts):
    refused = run("flags", "approve", NEW[:12], "--by", "ana", "--reason", "Better.")
    unknown = run("flags", "approve", NEW[:12], "--by", "nobody", "--reason", "Better.")
    code, approved = run_json("flags", "approve", NEW[:12], "--by", "nadia", "--reason", "Better.")

    assert (refused[0], refused[2]) == (
        1,
        "Error: Only a national lead approves or withdraws a classifier. Ask the national lead to look at it.\n",
    )
    assert unknown[0] == 1
    assert (code, approved["status"]) == (0, "approved")
    statuses = {row["digest"]: row["status"] for row in run_json("flags", "list")[1]}
    assert statuses == {NEW: "approved", OLD: "retired"}


def test_an_approval_that_comes_into_force_at_once_counts_once_what_lacks_a_score(
    run_json, artefacts, monkeypatch
):
    counted, count_missing = [], service.count_missing

    def count(*args, **options):
        counted.append(count_missing(*args, **options))
        return counted[-1]

    monkeypatch.setattr(service, "count_missing", count)

    approved = run_json("flags", "approve", NEW[:12], "--by", "nadia", "--reason", "Better.")[1]

    assert (approved["status"], approved["n_missing"]) == ("approved", 0)
    assert counted == [0]


def test_an_approval_that_waits_says_for_how_many_and_what_scores_them(run, fresh_engine, artefacts):
    with transaction(fresh_engine, SYSTEM) as session:
        make_area(session)
        make_officer(session, "N07A001")
        make_assessment(session, make_case(session, 1))

    told = run("flags", "approve", NEW[:12], "--by", "nadia", "--reason", "Better.")[1]

    assert "status       waiting" in told
    assert "n missing    1" in told
    assert "or by `qa-service flags refresh --only-new`. Until then nothing changes." in told


def test_a_national_lead_withdraws_a_classifier_and_none_takes_its_place(run, run_json, artefacts):
    refused = run("flags", "withdraw", OLD[:12], "--by", "ana", "--reason", "It misleads.")
    told = run("flags", "withdraw", OLD[:12], "--by", "nadia", "--reason", "It misleads.")[1]
    again = run("flags", "withdraw", OLD[:12], "--by", "nadia", "--reason", "It misleads.")

    assert refused[0] == again[0] == 1
    assert "not in force, nor does it wait to be" in again[2]
    assert told.endswith("None is in force in its place.\n")
    assert {row["digest"]: row["status"] for row in run_json("flags", "list")[1]} == {
        NEW: "candidate",
        OLD: "retired",
    }


def test_the_card_is_markdown(run, artefacts):
    assert run("flags", "card", OLD[:8])[:2] == (0, "# Classifier card\n\n")
    assert run("flags", "card", "cccccccc")[0] == 1
