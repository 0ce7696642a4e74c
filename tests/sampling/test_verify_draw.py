"""Anybody can check a draw with one file and Python alone, and no change escapes it."""

import copy
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sampling
from sampling import (
    COOL_OFF_STRATUM,
    Combined,
    DiceReading,
    DrandRecord,
    Exclusion,
    Frame,
    PerOfficer,
    PoissonTargeted,
    Seed,
    SeedPlan,
    TakeAllTop,
    Unit,
    combine_seed,
    draw_round,
    extend_draw,
    transcript_json,
    verify_draw,
    write_transcript,
)
from sampling.transcript import _digest_of

SCRIPT = Path(sampling.__file__).parent / "verify_draw.py"
RECORD = json.loads(
    (Path(__file__).parents[1] / "golden/sampling/drand_quicknet_657413.json").read_text("utf-8")
)


def make_draw():
    units = tuple(
        Unit(f"p{i:02d}", f"o{i % 3}", ("high", "low", COOL_OFF_STRATUM)[i % 5 % 3], (i * 7 % 20 + 0.5) / 20)
        for i in range(20)
    )
    frame = Frame("2026H2", units, (Exclusion("p99", "o1", "closed"), Exclusion("", "o9", "on long leave")))
    drand = DrandRecord(*(RECORD[key] for key in ("chain", "round", "signature", "randomness")))
    rolls = "48152903761128573940"
    dice = (DiceReading("Ada Price", rolls), DiceReading("Bola Shah", rolls))
    seed = combine_seed(SeedPlan(RECORD["chain"], 657413, dice=True), drand=drand, dice=dice)
    arms = (
        PerOfficer(within_strata=True),
        TakeAllTop(3, n_rest=2, rest_stratum="low"),
        PoissonTargeted(4, 0.05, "uncertainty", "poisson"),
        PerOfficer(k=2, arm="follow_up"),
    )
    draw = draw_round(frame, Combined(arms), seed)
    return draw.substitute(draw.selected[0].pseudonym, "case transferred")


DRAW = make_draw()
TRANSCRIPT = json.loads(transcript_json(DRAW))


def run(path, *options):
    told = subprocess.run(
        [sys.executable, "-I", "-S", SCRIPT.name, str(path), *options],
        cwd=SCRIPT.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.stderr == ""
    return told.returncode, told.stdout


def leaves(value, path=()):
    if isinstance(value, dict):
        for key in value:
            yield from leaves(value[key], (*path, key))
    elif isinstance(value, list) and value:
        for place, item in enumerate(value):
            yield from leaves(item, (*path, place))
    else:
        yield path


def changed(value):
    if isinstance(value, bool) or value in (None, []):
        return {"False": True, "True": False}.get(str(value), "x")
    if isinstance(value, int | float):
        return value + 1 if isinstance(value, int) else float(np.nextafter(value, 2))
    return value[:-1] + ("1" if value.endswith("0") else "0") if value else "0"


def tampered(path, *, signed_again):
    record = copy.deepcopy(TRANSCRIPT)
    place = record
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = changed(place[path[-1]])
    if signed_again:
        record.pop("transcript_digest")
        record["transcript_digest"] = _digest_of(record)
    return record


def test_a_true_draw_is_verified_by_the_file_a_union_runs(tmp_path):
    (tmp_path / "round.json").write_text(transcript_json(DRAW), "utf-8")

    code, told = run(tmp_path / "round.json", "--digest", DRAW.frame.digest.upper())

    verified = f"Verified: round 2026H2, {len(DRAW.selected)} cases drawn from 20.\n"
    assert (code, told.startswith(f"{verified}The digest given fixes the frame alone")) == (0, True)
    assert run(tmp_path / "round.json", "--digest", TRANSCRIPT["commitment"]) == (0, verified)
    assert run(tmp_path / "round.json")[1].startswith(f"{verified}No published digest was given")


def test_another_published_digest_is_a_fault(tmp_path):
    (tmp_path / "round.json").write_text(transcript_json(DRAW), "utf-8")

    code, told = run(tmp_path / "round.json", "--digest", "0" * 64)

    assert (code, told) == (1, "The published digest is neither this frame's nor this commitment's.\n")


def test_no_single_value_can_be_changed():
    from sampling.verify_draw import faults_in

    unnoticed = [path for path in leaves(TRANSCRIPT) if not faults_in(tampered(path, signed_again=False))]

    assert unnoticed == []


def test_a_forger_who_signs_again_can_change_nothing_that_decides_the_draw():
    from sampling.verify_draw import faults_in

    unnoticed = {
        path[0] if path[0] != "seed" else path[-1]
        for path in leaves(TRANSCRIPT)
        if path != ("transcript_digest",) and not faults_in(tampered(path, signed_again=True))
    }

    assert unnoticed == {"code_version", "witness", "substitutions"}  # of a substitution, its reason only


def test_no_byte_of_the_file_can_be_changed():
    from sampling.verify_draw import _no_repeated_keys, faults_in

    text = transcript_json(DRAW)
    unnoticed = []
    for place in range(0, len(text), 3):
        if text[place].isspace():
            continue
        forged = text[:place] + ("8" if text[place] == "7" else "7") + text[place + 1 :]
        try:
            faults = faults_in(json.loads(forged, object_pairs_hook=_no_repeated_keys))
        except ValueError as error:
            faults = [str(error)]
        if not faults:
            unnoticed.append(text[place - 20 : place + 20])

    assert unnoticed == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("[]", id="no object"),
        pytest.param("{}", id="nothing in it"),
        pytest.param('{"a": 1, "a": 2}', id="a name twice"),
        pytest.param(
            '{"format": "qa-draw-transcript-2", "ticket_scheme": "qa-ticket-1"}', id="another format"
        ),
        pytest.param('{"format": "qa-draw-transcript-1", "ticket_scheme": "qa-ticket-1"}', id="cut short"),
    ],
)
def test_a_damaged_file_gives_a_plain_line_and_no_traceback(tmp_path, text):
    (tmp_path / "round.json").write_text(text, "utf-8")

    code, told = run(tmp_path / "round.json")

    assert code == 1
    assert told.count("\n") == 1
    assert told.startswith("The transcript")


def test_a_missing_file_gives_a_plain_line(tmp_path):
    assert run(tmp_path / "none.json")[0] == 1


def test_a_seed_that_nobody_announced_is_accepted_only_as_a_rehearsal(tmp_path):
    rehearsal = draw_round(DRAW.frame, PerOfficer(), "typed in")
    (tmp_path / "round.json").write_text(transcript_json(rehearsal), "utf-8")

    assert run(tmp_path / "round.json")[0] == 1
    assert run(tmp_path / "round.json", "--rehearsal")[0] == 0
    assert verify_draw(rehearsal)


def test_a_draw_put_together_by_hand_is_caught():
    arm = DRAW.arms[0]
    order = arm.picks.order.copy()
    order[[0, 1]] = order[[1, 0]]

    forged = replace(DRAW, arms=(replace(arm, picks=replace(arm.picks, order=order)), *DRAW.arms[1:]))

    assert verify_draw(DRAW)
    assert not verify_draw(forged)
    assert verify_draw(forged)[0] == "Arm random: the selected cases or reserves are not those drawn."


def exchanged():
    """A draw in which one thing was exchanged after it was made, everything else being computed to fit."""
    frame, first = DRAW.frame, DRAW.arms[0]
    out = Exclusion("r1", "o1", "no assessment")
    with_out = draw_round(replace(frame, exclusions=(out,)), PerOfficer(), DRAW.seed)
    yield "an exclusion struck out", replace(with_out, frame=replace(frame, exclusions=()))
    other = replace(frame, exclusions=(out._replace(reason="on leave"),))
    yield "the reason of an exclusion", replace(with_out, frame=other)
    units = tuple(unit._replace(score=None) for unit in with_out.frame.units)
    yield "scores that decided nothing", replace(with_out, frame=replace(with_out.frame, units=units))
    yield "an arm left out", replace(DRAW, arms=(first,), substitutions=())
    yield "arms in another order", replace(DRAW, arms=DRAW.arms[::-1])
    yield "the seed's announcement", replace(DRAW, seed=Seed(DRAW.seed.value))
    yield "a blank reason", replace(DRAW, substitutions=(DRAW.substitutions[0]._replace(reason="  "),))
    larger = extend_draw(draw_round(frame, PerOfficer(2), DRAW.seed), 3)
    yield "what it was extended from", replace(larger, arms=(replace(larger.arms[0], extended_from=1),))
    yield "that it was extended", replace(larger, arms=(replace(larger.arms[0], extended_from=None),))


@pytest.mark.parametrize(("what", "forged"), [pytest.param(*one, id=one[0]) for one in exchanged()])
def test_what_was_exchanged_after_the_draw_is_caught(what, forged):
    assert not verify_draw(forged), what


def test_a_draw_that_was_forged_whole_is_caught_by_the_digest_published_before():
    fewer = Frame(DRAW.frame.round_id, DRAW.frame.units[1:])
    forged = draw_round(fewer, PerOfficer(), DRAW.seed)

    assert verify_draw(forged)
    assert list(verify_draw(forged, DRAW.commitment)) == [
        "The published digest is neither this frame's nor this commitment's."
    ]


def test_an_extended_draw_is_held_to_the_commitment_made_before_and_says_so(tmp_path):
    small = draw_round(DRAW.frame, PerOfficer(1), DRAW.seed)
    larger = extend_draw(extend_draw(small, 2), 3)
    (tmp_path / "round.json").write_text(transcript_json(larger), "utf-8")

    code, told = run(tmp_path / "round.json", "--digest", small.commitment)

    assert verify_draw(larger, small.commitment)
    assert code == 0
    assert verify_draw(extend_draw(small, 1))
    assert extend_draw(small, 1).arms[0].extended_from is None
    assert "Arm random was extended from 1 to 3 cases per officer after the commitment" in told


def test_a_substitute_that_jumps_the_queue_is_caught():
    swap = DRAW.substitutions[0]
    later = next(pick.pseudonym for pick in DRAW.reserves("o0") if pick.pseudonym != swap.replacement)

    forged = replace(DRAW, substitutions=(swap._replace(replacement=later),))

    assert list(verify_draw(forged)) == [
        f"Arm random: {swap.spoiled} was not replaced by the next ticket with a reason."
    ]


def test_the_transcript_names_the_program_that_drew():
    assert write_transcript(DRAW, code_version="abc123")["code_version"] == "abc123"
