"""manifest.json: what an extract is, when and of which area it was made, and the digest of each file."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from qa_service.extract.errors import ManifestError

NAME = "manifest.json"
FORMAT = "qa-service-extract"
VERSION = "1"


class FileEntry(BaseModel):
    """One file beside the manifest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    n_rows: int
    sha256: str


class Manifest(BaseModel):
    """The whole extract, told by its maker."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["qa-service-extract"] = "qa-service-extract"
    version: Literal["1"] = "1"
    area: str
    made_at: datetime
    is_synthetic: bool
    files: Mapping[str, FileEntry]


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(
    directory: Path, *, area: str, made_at: datetime, n_rows: Mapping[Path, int], is_synthetic: bool
) -> Manifest:
    """Digest the files of an extract and write its manifest beside them."""
    files = {
        path.name: FileEntry(n_rows=rows, sha256=digest_of(path)) for path, rows in sorted(n_rows.items())
    }
    manifest = Manifest(area=area, made_at=made_at, is_synthetic=is_synthetic, files=files)
    (directory / NAME).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return manifest


def read_manifest(directory: Path) -> Manifest:
    """Read the manifest and check every file it names against its digest.

    Raises
    ------
    ManifestError
        There is no manifest, it is malformed, or a file is missing or differs.
    """
    try:
        manifest = Manifest.model_validate_json((directory / NAME).read_bytes())
    except FileNotFoundError:
        raise ManifestError(f"{directory} holds no {NAME}, so it is not an extract.") from None
    except ValidationError as error:
        raise ManifestError(f"{directory / NAME} is malformed: {error.errors()[0]['msg']}.") from None
    for name, entry in manifest.files.items():
        path = directory / Path(name).name
        if not path.is_file():
            raise ManifestError(f"{name} is in {NAME} but not beside it. Send the whole extract again.")
        if digest_of(path) != entry.sha256:
            raise ManifestError(f"{name} is not the file that was digested. Send the whole extract again.")
    return manifest
