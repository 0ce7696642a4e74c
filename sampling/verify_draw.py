"""Check a published draw: python verify_draw.py transcript.json [--digest HEX].

One file, standard library only, independent of the service: it freezes the frame again, checks the
public seed, computes every ticket and probability, draws, and compares. It exits 0 when all is
right; otherwise it prints one plain line per fault and exits 1. HEX is the digest (of the frame or
of the commitment) that was published before the seed existed.
"""

import argparse
import hashlib
import json
import math
import re
import sys
import unicodedata
from pathlib import Path
from typing import Any

FORMAT = "qa-draw-transcript-1"
TICKET_SCHEME = "qa-ticket-1"
SEED_SCHEME = "qa-seed-1"
COOL_OFF = "cool_off"
Record = dict[str, Any]


def faults_in(record: Record, published_digest: str = "") -> list[str]:
    """List everything that is wrong with a transcript.

    Parameters
    ----------
    record : dict
        The parsed transcript.
    published_digest : str
        Hex digest of frame or commitment as published beforehand; empty when not known.

    Returns
    -------
    list of str
        One plain sentence per fault; empty when the draw is verified.
    """
    try:
        if record["format"] != FORMAT or record["ticket_scheme"] != TICKET_SCHEME:
            return [f"The transcript is not of format {FORMAT} with tickets {TICKET_SCHEME}."]
        faults = _whole_faults(record, published_digest) + _frame_faults(record) + _seed_faults(record)
        for arm in record["arms"]:
            faults += _arm_faults(record, arm)
        names = [arm["design"]["arm"] for arm in record["arms"]]
        if len(set(names)) != len(names):
            faults.append("Two arms have the same name and so share their tickets.")
        return faults + _substitution_faults(record)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError) as error:
        return [f"The transcript is damaged: {type(error).__name__} {error}."]


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _whole_faults(record: Record, published: str) -> list[str]:
    faults = []
    if _digest({k: v for k, v in record.items() if k != "transcript_digest"}) != record["transcript_digest"]:
        faults.append("The transcript was changed after it was written: its own digest does not fit.")
    promise = {
        "round": record["round"],
        "frame_digest": record["frame_digest"],
        "designs": [_committed_design(arm) for arm in record["arms"]],
        "announced": record["announced"],
    }
    if _digest(promise) != record["commitment"]:
        faults.append("The commitment does not fit the round, frame, designs and announced seed.")
    if published and published.lower() not in {record["frame_digest"], record["commitment"]}:
        faults.append("The published digest is neither this frame's nor this commitment's.")
    return faults


def _committed_design(arm: Record) -> Record:
    """Return the design as committed: an arm that was extended since drew fewer cases per officer."""
    design: Record = arm["design"]
    if "extended_from" not in arm:
        return design
    if not 1 <= arm["extended_from"] <= design["k"]:
        raise ValueError(f"arm {design['arm']} was not extended from {arm['extended_from']}")
    return {**design, "k": arm["extended_from"]}


def _frame_faults(record: Record) -> list[str]:
    units, excluded = record["units"], record["excluded"]
    faults = [
        f"Unit {name} has a score outside 0 to 1."
        for name, _, _, score in units
        if score is not None and not 0 <= score <= 1
    ]
    texts = [record["round"], *(t for row in units for t in row[:3]), *(t for row in excluded for t in row)]
    if any(re.search(r'[\x00-\x1f\x7f,"]', text) for text in texts):
        faults.append("A name in the frame holds a comma, quote or control character.")
    lines = ["round," + record["round"]]
    lines += [f"unit,{p},{o},{s},{'' if x is None else repr(float(x))}" for p, o, s, x in units]
    lines += ["excluded," + ",".join(row) for row in excluded]
    if hashlib.sha256(("\n".join(lines) + "\n").encode()).hexdigest() != record["frame_digest"]:
        faults.append("The frame's digest does not fit its rows.")
    names = [row[0] for row in units]
    if names != sorted(set(names)) or excluded != sorted(excluded):
        faults.append("The frame's rows are repeated or out of order.")
    if set(names) & {row[0] for row in excluded}:
        faults.append("A case is both in the frame and excluded from it.")
    return faults


def _seed_faults(record: Record) -> list[str]:
    seed, announced = record["seed"], record["announced"]
    drand, dice = seed["drand"], seed["dice"]
    if announced is None:
        return ["The seed has public parts that were never announced."] if drand or dice else []
    faults, parts = [], [SEED_SCHEME]
    if (drand is not None) != (announced["drand_round"] is not None) or bool(dice) != announced["dice"]:
        faults.append("The seed's parts are not those announced.")
    if drand is not None:
        parts += ["drand", drand["chain"], str(drand["round"]), drand["randomness"]]
        if (drand["chain"], drand["round"]) != (announced["drand_chain"], announced["drand_round"]):
            faults.append("The drand chain or round is not the announced one.")
        if hashlib.sha256(bytes.fromhex(drand["signature"])).hexdigest() != drand["randomness"]:
            faults.append("The drand randomness is not SHA-256 of its signature.")
    if dice:
        rolls = {reading["rolls"] for reading in dice}
        parts += ["dice", min(rolls)]
        if len(dice) != 2 or len({_name(reading["witness"]) for reading in dice}) != 2 or len(rolls) != 1:
            faults.append("The dice were not read alike by two different witnesses.")
        if not re.fullmatch(r"[0-9]{20,}", min(rolls)):
            faults.append("Fewer than 20 ten-sided dice were thrown.")
    if hashlib.sha256("\x1f".join(parts).encode()).hexdigest() != seed["value"]:
        faults.append("The seed does not follow from its public parts.")
    return faults


def _name(witness: str) -> str:
    """One spelling of a name, however it was typed."""
    return " ".join(unicodedata.normalize("NFC", witness).split()).casefold()


def _arm_faults(record: Record, arm: Record) -> list[str]:
    design, units = arm["design"], record["units"]
    name, fields = design["arm"], (record["seed"]["value"], TICKET_SCHEME, record["round"], design["arm"])
    if any(not field or "\x1f" in field for field in fields):
        return [f"Arm {name}: a ticket field is empty or holds the separator."]
    prefix = ("\x1f".join(fields) + "\x1f").encode()
    tickets = [hashlib.sha256(prefix + row[0].encode()).hexdigest()[:16] for row in units]
    faults = []
    for row, ticket, stated in zip(units, tickets, arm["tickets"], strict=True):
        if ticket != stated:
            faults.append(f"Arm {name}: the ticket of {row[0]} should be {ticket}.")
    chances, groups = DRAWERS[design["kind"]](design, units, tickets)
    if chances != arm["inclusion_probabilities"]:
        faults.append(f"Arm {name}: a stated inclusion probability is not the design's.")
    stated_groups = sorted((g["officer"], g["selected"], g["reserves"]) for g in arm["groups"])
    if stated_groups != sorted(groups):
        faults.append(f"Arm {name}: the selected cases or reserves are not those drawn.")
    return faults


Groups = list[tuple[str, list[str], list[str]]]


def _per_officer(design: Record, units: list[Any], tickets: list[str]) -> tuple[list[float], Groups]:
    members: dict[tuple[str, str], list[tuple[str, str]]] = {}
    keys = [(row[1], row[2] if design["within_strata"] else "") for row in units]
    for key, row, ticket in zip(keys, units, tickets, strict=True):
        if row[2] != COOL_OFF:
            members.setdefault(key, []).append((ticket, row[0]))
    chances = []
    for key, row in zip(keys, units, strict=True):
        n = 0 if row[2] == COOL_OFF else len(members[key])
        chances.append(min(design["k"], n) / n if n else 0.0)
    groups = []
    for (officer, _), rows in members.items():
        order = [name for _, name in sorted(rows)]
        groups.append((officer, order[: design["k"]], order[design["k"] :]))
    return chances, groups


def _take_all_top(design: Record, units: list[Any], tickets: list[str]) -> tuple[list[float], Groups]:
    ranked = sorted((-row[3], row[0]) for row in units if row[3] is not None and row[2] != COOL_OFF)
    top = [name for _, name in ranked[: design["n"]]]
    taken = set(top)
    stratum, n_rest = design["rest_stratum"], design["n_rest"]
    rest = sorted(
        (ticket, row[0])
        for ticket, row in zip(tickets, units, strict=True)
        if n_rest and row[0] not in taken and row[2] != COOL_OFF and stratum in {"", row[2]}
    )
    chance = {name: n_rest / len(rest) for _, name in rest}
    chance.update(dict.fromkeys(top, 1.0))
    groups: Groups = [("", top, [])] if top else []
    if rest:
        order = [name for _, name in rest]
        groups.append(("", order[:n_rest], order[n_rest:]))
    return [chance.get(row[0], 0.0) for row in units], groups


def _poisson(design: Record, units: list[Any], tickets: list[str]) -> tuple[list[float], Groups]:
    places = [i for i, row in enumerate(units) if row[2] != COOL_OFF]
    scores = [units[i][3] for i in places]
    sizes = scores if design["size"] == "score" else [math.sqrt(p * (1 - p)) for p in scores]
    shares = _shares(sizes, design["n"])
    chances = [0.0] * len(units)
    for i, share in zip(places, shares, strict=True):
        chances[i] = max(design["floor"], share)
    taken = [
        (tickets[i], row[0])
        for i, row in enumerate(units)
        if int(tickets[i], 16) / 2**64 < chances[i] or chances[i] >= 1
    ]
    return chances, [("", [name for _, name in sorted(taken)], [])] if taken else []


def _shares(sizes: list[float], n: float) -> list[float]:
    certain: set[int] = set()
    while True:
        rest = math.fsum(size for i, size in enumerate(sizes) if i not in certain)
        left = n - len(certain)
        shares = [
            1.0 if i in certain else left * size / rest if rest else 0.0 for i, size in enumerate(sizes)
        ]
        over = {i for i, share in enumerate(shares) if share >= 1} - certain
        if not over:
            return shares
        certain |= over


DRAWERS = {"per_officer": _per_officer, "take_all_top": _take_all_top, "poisson": _poisson}


def _substitution_faults(record: Record) -> list[str]:
    faults = []
    groups = {
        (arm["design"]["arm"], name): group
        for arm in record["arms"]
        for group in arm["groups"]
        for name in group["selected"] + group["reserves"]
    }
    current = {(a["design"]["arm"], n) for a in record["arms"] for g in a["groups"] for n in g["selected"]}
    used: set[tuple[str, str]] = set()
    for arm, spoiled, replacement, reason in record["substitutions"]:
        spare = [] if (arm, spoiled) not in groups else groups[arm, spoiled]["reserves"]
        free = [name for name in spare if (arm, name) not in used]
        if (arm, spoiled) not in current or not reason.strip() or replacement != (free[0] if free else ""):
            faults.append(f"Arm {arm}: {spoiled} was not replaced by the next ticket with a reason.")
        current.discard((arm, spoiled))
        if replacement:
            current.add((arm, replacement))
            used.add((arm, replacement))
    return faults


def _no_repeated_keys(pairs: list[tuple[str, Any]]) -> Record:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name appears twice in one object")
    return dict(pairs)


def main(arguments: list[str]) -> int:
    """Check the file named on the command line and print what was found."""
    parser = argparse.ArgumentParser(description="Check a published draw of spot checks.")
    parser.add_argument("transcript", type=Path)
    parser.add_argument("--digest", default="", help="digest published before the seed existed (hex)")
    parser.add_argument("--rehearsal", action="store_true", help="accept a seed that nobody announced")
    options = parser.parse_args(arguments)
    try:
        record = json.loads(options.transcript.read_text("utf-8"), object_pairs_hook=_no_repeated_keys)
    except (OSError, ValueError, RecursionError) as error:
        print(f"The transcript cannot be read: {error}.")
        return 1
    faults = faults_in(record, options.digest)
    if not faults and record["announced"] is None and not options.rehearsal:
        faults = ["The seed was typed in, not announced and drawn in public (--rehearsal accepts this)."]
    for fault in faults:
        print(fault)
    if not faults:
        n = sum(len(group["selected"]) for arm in record["arms"] for group in arm["groups"])
        verified = f"Verified: round {record['round']}, {n} cases drawn from {len(record['units'])}."
        print("\n".join([verified, *_remarks(record, options.digest.lower())]))
    return 1 if faults else 0


def _remarks(record: Record, published: str) -> list[str]:
    """Say what is in order and still worth knowing."""
    remarks = [
        f"Arm {arm['design']['arm']} was extended from {arm['extended_from']} to {arm['design']['k']} cases"
        " per officer after the commitment; the earlier cases all stay."
        for arm in record["arms"]
        if "extended_from" in arm
    ]
    if published == record["commitment"]:
        return remarks
    given = "The digest given fixes the frame alone" if published else "No published digest was given"
    return [*remarks, f"{given}: give that of the commitment to check designs and announced seed too."]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
