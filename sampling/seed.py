"""The public seed: announced before the frame is frozen, checked locally, chosen by nobody.

A drand beacon round (its number published in advance), ten-sided dice thrown before two named
witnesses, or both. Checking needs no network: drand publishes randomness = SHA-256(signature).
"""

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256

from sampling.errors import SeedError

SEED_SCHEME = "qa-seed-1"
MINIMUM_DICE = 20
"""20 ten-sided dice are 66 bits, more than anybody can search between freeze and throw."""


@dataclass(frozen=True)
class SeedPlan:
    """What was announced with the frame's digest: a drand chain and round, dice, or both."""

    drand_chain: str = ""
    drand_round: int | None = None
    dice: bool = False

    def __post_init__(self) -> None:
        if (self.drand_round is None) != (not self.drand_chain):
            raise SeedError("a drand plan needs both the chain and the round number; give both or neither")
        if self.drand_round is None and not self.dice:
            raise SeedError("a seed plan needs a drand round, dice, or both; announce at least one")

    def describe(self) -> dict[str, str | int | bool | None]:
        """Write the plan as plain values for commitment and transcript."""
        return {"drand_chain": self.drand_chain, "drand_round": self.drand_round, "dice": self.dice}


@dataclass(frozen=True)
class DrandRecord:
    """One beacon round as pasted from drand; signature and randomness in lower-case hex."""

    chain: str
    round: int
    signature: str
    randomness: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"([0-9a-f]{2})+", self.signature) or not re.fullmatch(
            r"[0-9a-f]{64}", self.randomness
        ):
            raise SeedError("a drand signature and randomness must be lower-case hex; paste the record again")
        if sha256(bytes.fromhex(self.signature)).hexdigest() != self.randomness:
            raise SeedError(
                f"drand round {self.round}: randomness is not SHA-256 of the signature; paste it again"
            )


@dataclass(frozen=True)
class DiceReading:
    """The digits of one throw of ten-sided dice as one named witness typed them."""

    witness: str
    rolls: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "rolls", "".join(self.rolls.split()))
        object.__setattr__(self, "witness", " ".join(unicodedata.normalize("NFC", self.witness).split()))
        if not self.witness:
            raise SeedError("a dice reading needs its witness's name")
        if not re.fullmatch(r"[0-9]+", self.rolls) or len(self.rolls) < MINIMUM_DICE:
            raise SeedError(f"{self.witness}'s reading needs at least {MINIMUM_DICE} digits and nothing else")


@dataclass(frozen=True)
class Seed:
    """The value that tickets use, and the public parts that anybody can combine again."""

    value: str
    plan: SeedPlan | None = None
    drand: DrandRecord | None = None
    dice: tuple[DiceReading, ...] = ()


def combine_seed(
    plan: SeedPlan, *, drand: DrandRecord | None = None, dice: tuple[DiceReading, ...] = ()
) -> Seed:
    """Combine exactly the announced parts into the seed.

    Parameters
    ----------
    plan : SeedPlan
        What was announced before the frame was frozen.
    drand : DrandRecord, optional
        Required when, and only when, it was announced; chain and round as announced.
    dice : tuple of DiceReading
        Two readings of the same throw by different people, when announced.

    Returns
    -------
    Seed
        Value = SHA-256 over the scheme name and the parts, separated by 0x1f, in hex.

    Raises
    ------
    SeedError
        When a part is missing, was not announced, or two witnesses disagree.
    """
    if (drand is None) != (plan.drand_round is None):
        raise SeedError("the drand record does not fit the plan; give it exactly when it was announced")
    if drand is not None and (drand.chain, drand.round) != (plan.drand_chain, plan.drand_round):
        raise SeedError(
            f"drand {drand.chain} round {drand.round} is not the announced {plan.drand_chain} round "
            f"{plan.drand_round}; nobody may pick another round"
        )
    if plan.dice != bool(dice):
        raise SeedError("the dice do not fit the plan; give readings exactly when dice were announced")
    parts = [SEED_SCHEME]
    if drand is not None:
        parts += ["drand", drand.chain, str(drand.round), drand.randomness]
    if dice:
        parts += ["dice", _agreed_rolls(dice)]
    return Seed(sha256("\x1f".join(parts).encode()).hexdigest(), plan, drand, dice)


def _agreed_rolls(readings: tuple[DiceReading, ...]) -> str:
    if len(readings) != 2 or len({reading.witness.casefold() for reading in readings}) != 2:
        raise SeedError("dice need exactly two readings, by two different named witnesses")
    first, second = (reading.rolls for reading in readings)
    if first != second:
        place = next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), len(first))
        raise SeedError(
            f"the two readings differ at die {place + 1}; read the dice again, do not throw again"
        )
    return first
