"""A round from the command line, by the same rules as on the pages."""

import json

import pytest
from factories.rounds import DICE, make_drawable_area

from qa_service.core.db import SYSTEM, transaction

ROUND = "N07-202607-202612"


@pytest.fixture
def area(fresh_engine):
    with transaction(fresh_engine, SYSTEM) as session:
        return make_drawable_area(session)


def drawn(run, tmp_path):
    """Take a round from plan to draw and return its transcript."""
    transcript = tmp_path / "transcript.json"
    for command in (
        ("plan", "N07", "--dice"),
        ("open", ROUND),
        ("seed", ROUND, "--dice", f"Ann Wells:{DICE}", "--dice", f"Bo Lee:{DICE}"),
        ("draw", ROUND, "--transcript", transcript),
    ):
        code, _, err = run("round", *command)
        assert (code, err) == (0, "")
    return transcript


def test_a_round_is_planned_opened_seeded_and_drawn_and_its_draw_verified(run, run_json, area, tmp_path):
    transcript = drawn(run, tmp_path)

    code, verified = run_json("verify-draw", transcript)
    _, [shown] = run_json("round", "status")

    assert (code, verified) == (0, {"verified": True, "faults": []})
    assert (shown["round"], shown["status"], shown["n_checks"]) == (ROUND, "in_review", 3)


def test_the_plan_forecasts_further_checks_by_flag_apart(run, area):
    code, said, _ = run("round", "plan", "N07", "--dice", "--targeted", "20")

    assert code == 0
    assert "targeted n flagged" in said
    assert "targeted reviewer hours" in said


def test_the_plan_prints_the_forecast_with_its_ranges(run_json, area):
    _, planned = run_json("round", "plan", "N07", "--dice")

    assert planned["n_checks"] == 3
    value, low, high = planned["fails"]
    assert low <= value <= high


def test_opening_prints_the_digest_that_verifies_the_draw_later(run, run_json, area, tmp_path):
    run("round", "plan", "N07", "--dice")
    _, opened = run_json("round", "open", ROUND)
    transcript = tmp_path / "transcript.json"
    run("round", "seed", ROUND, "--dice", f"Ann Wells:{DICE}", "--dice", f"Bo Lee:{DICE}")
    run("round", "draw", ROUND, "--transcript", transcript)

    right = run("verify-draw", transcript, "--digest", opened["commitment_digest"])
    wrong = run("verify-draw", transcript, "--digest", "0" * 64)

    assert (right[0], wrong[0]) == (0, 1)
    assert "published digest" in wrong[1]


def test_a_changed_transcript_is_found_and_ends_with_one(run, area, tmp_path):
    transcript = drawn(run, tmp_path)
    changed = json.loads(transcript.read_text())
    changed["seed"]["value"] = "0" * 64
    transcript.write_text(json.dumps(changed))

    code, out, _ = run("verify-draw", transcript)

    assert code == 1
    assert out.strip()


def test_a_file_that_is_no_transcript_ends_with_one_and_no_traceback(run, tmp_path):
    (tmp_path / "no.json").write_text("{")

    code, out, _ = run("verify-draw", tmp_path / "no.json")

    assert code == 1
    assert "cannot be read" in out


def test_a_step_out_of_order_is_one_line_that_says_what_comes_before(run, area):
    run("round", "plan", "N07", "--dice")

    code, out, err = run("round", "draw", ROUND)

    assert (code, out) == (1, "")
    assert err == ("Error: The round is planned, so it cannot become drawn. It can after it was seeded.\n")


def test_a_seed_is_refused_when_the_witnesses_differ(run, area):
    run("round", "plan", "N07", "--dice")
    run("round", "open", ROUND)

    code, _, err = run("round", "seed", ROUND, "--dice", f"Ann Wells:{DICE}", "--dice", f"Bo Lee:4{DICE[1:]}")

    assert code == 2
    assert "differ at die 1" in err


def test_a_drand_record_is_read_from_a_file(run, area, tmp_path):
    # drand quicknet, round 657413, as published.
    record = {
        "chain": "quicknet",
        "round": 657413,
        "signature": "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be"
        "41076862b98fad56e91a6b85b89cd97b",
        "randomness": "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
    }
    (tmp_path / "drand.json").write_text(json.dumps(record))
    (tmp_path / "broken.json").write_text("[]")
    run("round", "plan", "N07", "--drand-chain", "quicknet", "--drand-round", "657413")
    run("round", "open", ROUND)

    broken = run("round", "seed", ROUND, "--drand", tmp_path / "broken.json")
    right = run("round", "seed", ROUND, "--drand", tmp_path / "drand.json")

    assert (broken[0], right[0]) == (2, 0)
    assert "not a drand record" in broken[2]


def test_a_round_with_open_checks_is_not_closed(run, area, tmp_path):
    drawn(run, tmp_path)

    code, _, err = run("round", "close", ROUND)

    assert code == 1
    assert "3 open checks" in err
