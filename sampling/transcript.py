"""The published record of a draw: everything a stranger needs to draw it again, and nobody's name."""

import hashlib
import json
from dataclasses import asdict

from sampling.draw import ArmDraw, Draw
from sampling.errors import DrawError
from sampling.seed import Seed
from sampling.tickets import TICKET_SCHEME
from sampling.verify_draw import faults_in

TRANSCRIPT_FORMAT = "qa-draw-transcript-1"
CODE_VERSION = "sampling 1.0"


class Verification(tuple[str, ...]):
    """The faults of a draw, one plain sentence each; true when there is none."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return len(self) == 0


def write_transcript(draw: Draw, *, code_version: str = CODE_VERSION) -> dict[str, object]:
    """Write a draw down.

    Parameters
    ----------
    draw : Draw
        With its substitutions so far.
    code_version : str
        Of the program that drew.

    Returns
    -------
    dict
        Plain JSON values; the last entry is the digest of all others. `verify_draw.py` reads it.
    """
    frame = draw.frame
    body: dict[str, object] = {
        "format": TRANSCRIPT_FORMAT,
        "ticket_scheme": TICKET_SCHEME,
        "code_version": code_version,
        "round": frame.round_id,
        "frame_digest": frame.digest,
        "commitment": draw.commitment,
        "announced": draw.seed.plan.describe() if draw.seed.plan else None,
        "seed": _seed_parts(draw.seed),
        "units": [[*names, None if score is None else float(score) + 0.0] for *names, score in frame.units],
        "excluded": [list(out) for out in frame.exclusions],
        "arms": [_arm_record(draw, arm) for arm in draw.arms],
        "substitutions": [list(swap) for swap in draw.substitutions],
    }
    return {**body, "transcript_digest": _digest_of(body)}


def transcript_json(draw: Draw, *, code_version: str = CODE_VERSION) -> str:
    """Write a draw down as the text of the file to publish.

    Parameters
    ----------
    draw : Draw
        With its substitutions so far.
    code_version : str
        Of the program that drew.

    Returns
    -------
    str
        JSON, UTF-8, ending in LF.
    """
    return json.dumps(write_transcript(draw, code_version=code_version), ensure_ascii=False) + "\n"


def verify_draw(draw: Draw, published_digest: str = "") -> Verification:
    """Draw again from the transcript, with the code a union would run, and compare.

    Parameters
    ----------
    draw : Draw
        Any draw, also one put together by hand.
    published_digest : str
        Hex digest of commitment (or of the frame alone) as published before the seed existed. Without it a
        draw is held to the commitment it carries itself. Witnesses' names and substitutions are in neither.

    Returns
    -------
    Verification
        True in a condition when the draw is right; otherwise it holds the faults.

    Raises
    ------
    DrawError
        When it is no draw.
    """
    if not isinstance(draw, Draw):
        raise DrawError(f"only a Draw can be verified, not {draw!r}; a transcript's file has verify_draw.py")
    return Verification(faults_in(write_transcript(draw), published_digest))


def _seed_parts(seed: Seed) -> dict[str, object]:
    return {
        "value": seed.value,
        "drand": asdict(seed.drand) if seed.drand else None,
        "dice": [asdict(reading) for reading in seed.dice],
    }


def _arm_record(draw: Draw, arm: ArmDraw) -> dict[str, object]:
    groups = [
        {
            "officer": (chosen + spare)[0].officer if arm.design.describe()["kind"] == "per_officer" else "",
            "selected": [pick.pseudonym for pick in chosen],
            "reserves": [pick.pseudonym for pick in spare],
        }
        for chosen, spare in draw.groups(arm.design.arm)
    ]
    extended = {} if arm.extended_from is None else {"extended_from": arm.extended_from}
    return {
        "design": arm.design.describe(),
        **extended,
        "tickets": [f"{ticket:016x}" for ticket in arm.tickets.tolist()],
        "inclusion_probabilities": arm.inclusion_probabilities.tolist(),
        "groups": groups,
    }


def _digest_of(body: dict[str, object]) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
