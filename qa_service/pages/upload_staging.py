"""Uploaded files, kept apart until the lead who sent them decides: on the shared disk, one folder each."""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from qa_service.core.errors import Invalid, NotFound
from qa_service.settings import Settings

_CHUNK_BYTES = 1024**2
_MEGABYTE_BYTES = 1024**2
_REFERENCE = re.compile(r"[0-9A-Z]{12}")
_REPORT = "report.json"
_NAME = "name.json"
_CONTENT = "content"


@dataclass(frozen=True)
class StagedUpload:
    """One file that somebody sent and has not loaded yet."""

    reference: str
    folder: Path

    @property
    def content(self) -> Path:
        """Where the file is; its own name is never a path here."""
        return self.folder / _CONTENT

    @property
    def name(self) -> str:
        """What the lead calls the file."""
        return str(json.loads((self.folder / _NAME).read_text("utf-8")))

    def keep_report(self, told: Mapping[str, Any]) -> None:
        """Keep what the dry run told."""
        (self.folder / _REPORT).write_text(json.dumps(told), "utf-8")

    def report(self) -> dict[str, Any]:
        """Return what the dry run told."""
        told: dict[str, Any] = json.loads((self.folder / _REPORT).read_text("utf-8"))
        return told

    def discard(self) -> None:
        """Remove the file: it is loaded, or will not be."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _folder(settings: Settings, user_id: int, reference: str) -> Path:
    return settings.data_dir / "uploads" / str(user_id) / reference


def stage(settings: Settings, user_id: int, reference: str, file: BinaryIO, *, name: str) -> StagedUpload:
    """Keep a sent file.

    Raises
    ------
    Invalid
        It is empty, or larger than the settings allow.
    """
    upload = StagedUpload(reference, _folder(settings, user_id, reference))
    upload.folder.mkdir(parents=True, mode=0o700)
    limit = settings.max_upload_megabytes * _MEGABYTE_BYTES
    n_bytes = 0
    with upload.content.open("wb") as copy:
        while chunk := file.read(_CHUNK_BYTES):
            n_bytes += len(chunk)
            if n_bytes > limit:
                upload.discard()
                raise Invalid(
                    f"{name} is larger than {settings.max_upload_megabytes} megabytes.",
                    next_step="Send it in parts, as a zip, or ask an administrator to import it.",
                )
            copy.write(chunk)
    if not n_bytes:
        upload.discard()
        raise Invalid("The file is empty.", next_step="Choose a file that holds something.")
    (upload.folder / _NAME).write_text(json.dumps(name[:200]), "utf-8")
    return upload


def find_staged(settings: Settings, user_id: int, reference: str) -> StagedUpload:
    """Return a file that this person sent; another person's is not there."""
    upload = StagedUpload(reference, _folder(settings, user_id, reference))
    if not _REFERENCE.fullmatch(reference) or not (upload.folder / _REPORT).is_file():
        raise NotFound(
            "This file is not waiting to be loaded.",
            next_step="It may have been loaded already: look at your imports, or upload it again.",
        )
    return upload
