"""What chance decides about a read, so that it can be decided again: a hash of the check's reference.

The reference is random (core/ids.py), so the hash is a fair coin that nobody chose and anybody with the
reference can toss once more. Each question has its own name, so that the answers are independent.
"""

import hashlib


def share_of(reference: str, question: str) -> float:
    """Return a number in [0, 1) that belongs to a reference and a question, the same for ever."""
    digest = hashlib.sha256(f"{question}\x1f{reference}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def goes_to_another_region(reference: str, rate: float) -> bool:
    """Decide whether a first read goes to another region (RULES 1: at least this share)."""
    return share_of(reference, "another_region") < rate


def looks_urgent(reference: str, kind: str, rate: float) -> bool:
    """Decide whether a read that is not urgent carries an urgent date (RULES 1)."""
    return share_of(reference, f"looks_urgent:{kind}") < rate


def shows_the_shorter_date(reference: str) -> bool:
    """Decide which of two urgent dates a read in disguise shows, so that neither belongs to second reads."""
    return share_of(reference, "shorter_date") < 1 / 2


def is_sampled_for_second_read(reference: str, rate: float) -> bool:
    """Decide whether a check whose first read is no fail is read a second time (RULES 2: a random 5%)."""
    return share_of(reference, "second_read") < rate


def is_sampled_for_expert_read(reference: str, rate: float) -> bool:
    """Decide whether an expert reads a final check again (RULES 2: a random subsample)."""
    return share_of(reference, "expert_read") < rate
