"""Which published text was answered: read a packaged definition by id and version, checked and immutable.

Published files are listed in `definitions/SHA256SUMS` (`sha256sum -c SHA256SUMS` checks them without us).
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from rubrics.errors import DefinitionChangedError, DefinitionFaultsError, UnknownDefinitionError
from rubrics.lint import lint_definition, lint_policy
from rubrics.policy import VerdictPolicy
from rubrics.schema import Definition

DEFINITIONS = files("rubrics") / "definitions"


@lru_cache
def load(definition_id: str = "rosh", version: str = "1") -> Definition:
    """Read a published rubric.

    Parameters
    ----------
    definition_id, version : str
        Such as "rosh" and "1".

    Returns
    -------
    Definition
        Frozen, with the digest of the file it came from.

    Raises
    ------
    UnknownDefinitionError
        There is no such id and version.
    DefinitionChangedError
        The file is not the one that was published.
    DefinitionFaultsError
        The file does not lint; every fault is listed.
    """
    return read_definition(DEFINITIONS, f"{definition_id}_v{version}.toml")


@lru_cache
def load_policy(version: str = "1") -> VerdictPolicy:
    """Read a published outcome policy.

    Parameters
    ----------
    version : str

    Returns
    -------
    VerdictPolicy

    Raises
    ------
    UnknownDefinitionError, DefinitionChangedError, DefinitionFaultsError
        As for `load`.
    """
    return read_policy(DEFINITIONS, f"verdict_v{version}.toml")


def read_definition(folder: Traversable, name: str) -> Definition:
    """Read one rubric file from a folder that has a SHA256SUMS.

    Parameters
    ----------
    folder : directory
    name : str
        File name.

    Returns
    -------
    Definition

    Raises
    ------
    DefinitionFaultsError
        The file does not lint.
    """
    text, digest = _published(folder, name)
    raw = tomllib.loads(text)
    if faults := lint_definition(raw):
        raise DefinitionFaultsError(name, faults)
    return Definition.model_validate(raw | {"digest": digest})


def read_policy(folder: Traversable, name: str) -> VerdictPolicy:
    """Read one outcome policy file from a folder that has a SHA256SUMS.

    Parameters
    ----------
    folder : directory
    name : str
        File name.

    Returns
    -------
    VerdictPolicy

    Raises
    ------
    DefinitionFaultsError
        The file does not lint.
    """
    text, digest = _published(folder, name)
    raw = tomllib.loads(text)
    if faults := lint_policy(raw):
        raise DefinitionFaultsError(name, faults)
    return VerdictPolicy.model_validate(raw | {"digest": digest})


def _published(folder: Traversable, name: str) -> tuple[str, str]:
    """Read a file and prove that it is the one that was published."""
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    sums = {listed: digest for digest, listed in map(str.split, lines)}
    if name not in sums:
        raise UnknownDefinitionError(
            f"There is no published {name}; published are: {', '.join(sorted(sums))}."
        )
    content = (folder / name).read_bytes()
    digest = sha256(content).hexdigest()
    if digest != sums[name]:
        raise DefinitionChangedError(
            f"{name} has changed since it was published (SHA-256 {digest[:12]}, recorded {sums[name][:12]}). "
            "Put the published file back and publish the change as a new version."
        )
    return content.decode("utf-8"), digest
