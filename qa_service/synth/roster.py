"""Everybody who works in a region: practitioners, leavers, SPOs, heads of PDU, directors."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qa_service.synth.caseload import Caseload
from qa_service.synth.draws import Ints
from qa_service.synth.recipe import Recipe
from qa_service.synth.words import join, load_names

CODES_PER_LETTER = 1000
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Roster:
    """People of a region in this order: practitioners, leavers, one SPO a team, one head a PDU, directors.

    `staff_codes` covers practitioners, leavers and SPOs; heads and directors hold no cases and have none.
    """

    keys: pa.Array
    names: pa.Array
    emails: pa.Array
    staff_codes: pa.Array
    n_practitioners: int
    n_leavers: int
    n_spos: int
    n_heads: int
    n_directors: int
    leaver_teams: Ints

    @property
    def first_spo(self) -> int:
        """Place of the first team's SPO."""
        return self.n_practitioners + self.n_leavers

    @property
    def first_head(self) -> int:
        """Place of the first PDU's head."""
        return self.first_spo + self.n_spos

    def codes_of(self, places: Ints) -> pa.Array:
        """Write the staff codes of these people; a negative place is nobody."""
        return self.staff_codes.take(pa.array(places, mask=places < 0))


def draw_roster(caseload: Caseload, recipe: Recipe) -> Roster:
    """Name everybody in a region and give them their codes."""
    plan = caseload.plan
    rng = recipe.stream(plan.code, "roster")
    counts = (
        len(caseload.staff),
        len(caseload.holders.left_days),
        len(plan.team_codes),
        len(plan.pdus),
        2 if plan.number == 0 else 1,
    )
    n, n_coded = sum(counts), sum(counts[:3])
    lists = load_names()
    female = rng.random(n) < recipe.figures.practitioners.female_rate
    firsts = {
        name: lists[name].take(pa.array(rng.integers(0, len(lists[name]), n))) for name in ("female", "male")
    }
    surnames = lists["surnames"].take(pa.array(rng.integers(0, len(lists["surnames"]), n)))
    first = pc.if_else(pa.array(female), firsts["female"], firsts["male"])
    running = pc.utf8_lpad(pa.array(np.arange(n)).cast(pa.string()), 5, "0")
    mailbox = pc.utf8_lower(join(first, surnames, running, separator="."))
    codes = [f"{plan.code}{LETTERS[k // CODES_PER_LETTER]}{k % CODES_PER_LETTER:03d}" for k in range(n_coded)]
    return Roster(
        keys=join(f"P-{plan.code}-", running, separator=""),
        names=join(first, surnames),
        emails=join(mailbox, f"@{plan.code.lower()}.probation.example", separator=""),
        staff_codes=pa.array(codes),
        n_practitioners=counts[0],
        n_leavers=counts[1],
        n_spos=counts[2],
        n_heads=counts[3],
        n_directors=counts[4],
        leaver_teams=rng.integers(0, len(plan.team_codes), counts[1]),
    )
