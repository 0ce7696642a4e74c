"""What was offered: each path as one source with its digest, and zips unpacked without trusting them."""

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from qa_service.core.errors import Invalid
from qa_service.extract.manifest import digest_of

# A zip that grows more than this is a bomb, not an extract: CSV of the extract grows 5 to 15 times.
_MOST_UNPACKED_BYTES = 16 * 1024**3
_MOST_GROWTH = 200
_GROWTH_COUNTS_FROM_BYTES = 50 * 1024**2
_MOST_MEMBERS = 1_000
_CHUNK_BYTES = 1024**2

ACCEPTED = (
    "The formats accepted are: this service's extract (a folder or zip of tables with manifest.json, or one "
    "table as CSV or Parquet), the WMT extract workbook, OASys ORDS sections, ARNS risks, widget, needs and "
    "predictors, tier, workload and probation-estate answers, bare or in a wiremock bundle."
)


def not_recognised(what: str) -> Invalid:
    """Refuse content that is in no format known."""
    return Invalid(what, next_step=f"{ACCEPTED} docs/intake.md describes each.", code="unknown_format")


@dataclass(frozen=True)
class Source:
    """One file or folder to load, and how messages call it.

    Parameters
    ----------
    files : tuple of Path
        The file itself, or the files of the folder.
    fault : Invalid, optional
        Why it cannot even be opened.
    """

    name: str
    path: Path
    files: tuple[Path, ...]
    digest: str
    fault: Invalid | None = None

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of tables with a manifest."""
        return self.path.is_dir()


@contextmanager
def open_sources(paths: list[Path], names: dict[Path, str]) -> Iterator[list[Source]]:
    """Find what is to be loaded: an extract folder as a whole, any other folder file by file."""
    with TemporaryDirectory(prefix="qa-intake-") as workspace:
        found: list[Source] = []
        for number, path in enumerate(paths):
            name = names.get(path, path.name)
            if not path.exists():
                raise Invalid(f"{path} is not there.", next_step="Check the path and try again.")
            if path.is_file() and zipfile.is_zipfile(path) and not _is_workbook(path):
                found += _sources_in_zip(path, name, Path(workspace) / str(number))
            else:
                found += _sources_in(path, name)
        if not found:
            raise not_recognised("There is no file to load.")
        yield found


def _sources_in_zip(path: Path, name: str, target: Path) -> list[Source]:
    try:
        return _sources_in(_unpack(path, name, target), name)
    except Invalid as fault:
        return [Source(name, path, (path,), digest_of(path), fault)]


def _sources_in(path: Path, name: str) -> list[Source]:
    if path.is_file():
        return [Source(name, path, (path,), digest_of(path))]
    files = sorted(file for file in path.rglob("*") if file.is_file() and not file.name.startswith("."))
    manifests = [file for file in files if file.name == "manifest.json" and _is_extract_manifest(file)]
    sources = []
    for manifest in manifests:
        beside = tuple(sorted(file for file in manifest.parent.iterdir() if file.is_file()))
        inner = manifest.parent.relative_to(path)
        # It holds the digests of its files, which are checked before any is read.
        sources.append(Source(str(PurePosixPath(name) / inner), manifest.parent, beside, digest_of(manifest)))
    folders = {manifest.parent for manifest in manifests}
    alone = [file for file in files if file.parent not in folders]
    return sources + [
        Source(f"{name}/{file.relative_to(path)}", file, (file,), digest_of(file)) for file in alone
    ]


def _is_extract_manifest(path: Path) -> bool:
    try:
        held = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False
    return isinstance(held, dict) and held.get("format") == "qa-service-extract"


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("xl/") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return False


def refuse_bomb(path: Path, name: str) -> None:
    """Refuse a zip whose contents would fill the disk.

    Raises
    ------
    Invalid
        Too many members, too large, or too much growth; or the zip is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise Invalid(f"{name} is a damaged zip ({error}).", next_step="Make it again and send it.") from None
    unpacked = sum(member.file_size for member in members)
    packed = max(1, path.stat().st_size)
    grows = unpacked > _GROWTH_COUNTS_FROM_BYTES and unpacked / packed > _MOST_GROWTH
    if len(members) > _MOST_MEMBERS or unpacked > _MOST_UNPACKED_BYTES or grows:
        raise Invalid(
            f"{name} would unpack to {unpacked:,} bytes in {len(members):,} files, which is not an extract.",
            next_step="Send the folder of tables, or a zip of nothing else.",
            code="zip_refused",
        )


def _unpack(path: Path, name: str, target: Path) -> Path:
    refuse_bomb(path, name)
    target.mkdir()
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if not member.is_dir():
                    _unpack_member(archive, member, target, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise Invalid(f"{name} cannot be unpacked ({error}).", next_step="Make the zip again.") from None
    return target


def _unpack_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, name: str) -> None:
    place = (target / member.filename).resolve()
    if not place.is_relative_to(target.resolve()):
        raise Invalid(
            f"{name} holds a file outside itself: {member.filename}.", next_step="Make the zip again."
        )
    place.parent.mkdir(parents=True, exist_ok=True)
    n_left = member.file_size
    with archive.open(member) as source, place.open("wb") as copy:
        while chunk := source.read(_CHUNK_BYTES):
            n_left -= len(chunk)
            if n_left < 0:
                raise Invalid(f"{name} says less than it holds.", next_step="Make the zip again.")
            copy.write(chunk)
