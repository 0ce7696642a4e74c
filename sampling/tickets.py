"""A unit's ticket: the number that public randomness gives it, which nobody could choose.

Tickets depend on the unit alone, never on its neighbours, so a subset or a superset of a frame
keeps everybody's order (Rivest's consistent sampling), and a larger sample continues a smaller one.

References
----------
Rivest, R. L. (2018), Consistent sampling with replacement, arXiv:1808.10016.
NIST FIPS 180-4 (SHA-256).
"""

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from sampling.errors import DrawError

TICKET_SCHEME = "qa-ticket-1"
SEPARATOR = "\x1f"
_BLOCK = 4096  # digests joined at a time: small enough for the processor's cache


def ticket_prefix(seed_value: str, round_id: str, arm: str) -> bytes:
    """Join the fields that set this round and arm apart from every other.

    Parameters
    ----------
    seed_value, round_id, arm : str
        Without the separator 0x1f, so that two different triples never give the same bytes.

    Returns
    -------
    bytes
        seed 0x1f scheme 0x1f round 0x1f arm 0x1f, in UTF-8; the pseudonym follows.

    Raises
    ------
    DrawError
        When a field is empty, holds the separator or cannot be written.
    """
    fields = (seed_value, TICKET_SCHEME, round_id, arm)
    for field in fields:
        if not field or SEPARATOR in field:
            raise DrawError(f"ticket field {field!r} is empty or holds the separator 0x1f; use plain text")
    try:
        return (SEPARATOR.join(fields) + SEPARATOR).encode()
    except UnicodeEncodeError as error:
        raise DrawError(f"a ticket field cannot be written in UTF-8 ({error}); use plain text") from error


def ticket_numbers(prefix: bytes, pseudonyms: Sequence[str]) -> NDArray[np.uint64]:
    """Compute every ticket: the first 8 bytes of SHA-256(prefix + pseudonym), big-endian.

    Parameters
    ----------
    prefix : bytes
        From `ticket_prefix`.
    pseudonyms : sequence of str
        n_units of them.

    Returns
    -------
    ndarray of shape (n_units,), uint64
        Smallest is drawn first; divided by 2**64 it is the unit's u in [0, 1).
    """
    blocks = [_digests(prefix, pseudonyms[i : i + _BLOCK]) for i in range(0, len(pseudonyms), _BLOCK)]
    return np.frombuffer(b"".join(blocks), dtype=">u8")[::4].astype(np.uint64)


def _digests(prefix: bytes, pseudonyms: Sequence[str]) -> bytes:
    begun = sha256(prefix)
    digests = []
    for name in pseudonyms:
        hashed = begun.copy()
        hashed.update(name.encode())
        digests.append(hashed.digest())
    return b"".join(digests)
