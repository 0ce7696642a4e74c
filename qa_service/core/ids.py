"""References that people see: unguessable, and without an order that gives anything away."""

import hashlib
import secrets
from collections.abc import Callable

# No 0, O, 1, I, L, U: read aloud and typed without mistakes (Crockford's base 32, without its check sign).
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 12

RandomBytes = Callable[[int], bytes]


class ReferenceSource:
    """Makes references from a source of random bytes.

    Parameters
    ----------
    random_bytes : callable, optional
        `n -> n bytes`; the operating system's by default. The demo and the tests pass a seeded one.
    """

    def __init__(self, random_bytes: RandomBytes = secrets.token_bytes) -> None:
        self._random_bytes = random_bytes

    def make(self, prefix: str = "") -> str:
        """Return a new reference of 12 characters (about 59 bits), after an optional prefix."""
        raw = self._random_bytes(_LENGTH * 2)
        return prefix + "".join(
            _ALPHABET[int.from_bytes(raw[i * 2 : i * 2 + 2]) % len(_ALPHABET)] for i in range(_LENGTH)
        )


def seeded_bytes(seed: str) -> RandomBytes:
    """Return a deterministic stand-in for the operating system's random bytes (demo and tests only)."""
    counter = 0

    def read(n: int) -> bytes:
        nonlocal counter
        counter += 1
        return hashlib.shake_256(f"{seed}\x1f{counter}".encode()).digest(n)

    return read
