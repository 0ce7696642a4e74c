"""The seed is public, announced, and follows from its parts."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from sampling import DiceReading, DrandRecord, SeedPlan, combine_seed
from sampling.errors import SeedError

RECORD = json.loads(
    (Path(__file__).parents[1] / "golden/sampling/drand_quicknet_657413.json").read_text("utf-8")
)
CHAIN = RECORD["chain"]
ROLLS = "48152 90376 11285 73940"


def make_drand(**facts):
    return DrandRecord(**{key: RECORD[key] for key in ("chain", "round", "signature", "randomness")} | facts)


def make_dice(first=ROLLS, second=ROLLS, names=("Ada Price", "Bola Shah")):
    return (DiceReading(names[0], first), DiceReading(names[1], second))


def test_a_real_drand_round_and_dice_give_the_seed_anybody_can_compute():
    plan = SeedPlan(CHAIN, 657413, dice=True)

    seed = combine_seed(plan, drand=make_drand(), dice=make_dice())

    digits = ROLLS.replace(" ", "")
    text = f"qa-seed-1\x1fdrand\x1f{CHAIN}\x1f657413\x1f{RECORD['randomness']}\x1fdice\x1f{digits}"
    assert seed.value == sha256(text.encode()).hexdigest()


def test_a_record_whose_randomness_is_not_the_hash_of_its_signature_is_refused():
    with pytest.raises(SeedError, match="randomness is not SHA-256 of the signature"):
        make_drand(randomness="0" * 64)


def test_a_record_that_is_not_hexadecimal_is_refused():
    with pytest.raises(SeedError, match="must be lower-case hex"):
        make_drand(signature="not a signature")


@pytest.mark.parametrize(
    ("plan", "parts", "message"),
    [
        pytest.param(
            SeedPlan(CHAIN, 657414), {"drand": make_drand()}, "is not the announced", id="another round"
        ),
        pytest.param(
            SeedPlan("main", 657413), {"drand": make_drand()}, "is not the announced", id="another chain"
        ),
        pytest.param(SeedPlan(CHAIN, 657413), {}, "drand record does not fit the plan", id="no record"),
        pytest.param(
            SeedPlan(dice=True), {"drand": make_drand()}, "does not fit the plan", id="drand for dice"
        ),
        pytest.param(SeedPlan(dice=True), {}, "dice do not fit the plan", id="no dice"),
        pytest.param(
            SeedPlan(CHAIN, 657413),
            {"drand": make_drand(), "dice": make_dice()},
            "dice do not fit",
            id="extra dice",
        ),
        pytest.param(
            SeedPlan(dice=True), {"dice": make_dice()[:1]}, "exactly two readings", id="one witness"
        ),
        pytest.param(
            SeedPlan(dice=True),
            {"dice": make_dice(names=("Ada Price", "ada  price"))},
            "different",
            id="same witness",
        ),
        pytest.param(
            SeedPlan(dice=True),
            {"dice": make_dice(second="48152 90376 11285 73941")},
            "differ at die 20",
            id="typo",
        ),
        pytest.param(
            SeedPlan(dice=True),
            {"dice": make_dice(second=ROLLS + "7")},
            "differ at die 21",
            id="one die more",
        ),
    ],
)
def test_nobody_can_pick_another_seed_than_the_announced_one(plan, parts, message):
    with pytest.raises(SeedError, match=message):
        combine_seed(plan, **parts)


@pytest.mark.parametrize(
    "rolls", ["1234567890123456789", "1234567890123456789x", ""], ids=["19", "letter", "none"]
)
def test_fewer_than_twenty_ten_sided_dice_are_refused(rolls):
    with pytest.raises(SeedError, match="at least 20 digits"):
        DiceReading("Ada Price", rolls)


def test_a_plan_announces_something_checkable():
    with pytest.raises(SeedError, match="announce at least one"):
        SeedPlan()
    with pytest.raises(SeedError, match="both the chain and the round"):
        SeedPlan(CHAIN)


def test_a_nameless_witness_is_refused():
    with pytest.raises(SeedError, match="witness's name"):
        DiceReading("  ", ROLLS)
