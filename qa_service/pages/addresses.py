"""The parts of addresses that name things: what cannot be a key or a reference never reaches the database."""

from typing import Annotated

from fastapi import Path

# Keys are 64-bit (core/columns.py: key).
Key = Annotated[int, Path(ge=1, lt=2**63)]
# References of the service and of rounds: letters, digits, hyphens.
Reference = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
