"""An extract as checked parts, read ahead of whoever loads them."""

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from qa_service.extract.errors import ExtractError
from qa_service.intake.checking import Checker
from qa_service.intake.own_extract import (
    TableFile,
    absent_columns,
    has_repeats,
    read_batches,
    unread_columns,
)
from qa_service.intake.reports import Refusal
from qa_service.intake.staged import RECORDS

# Parts of up to 8 MB each: enough to be checked while the database merges, little enough to be kept.
_PARTS_AHEAD = 10
# What the database stages in memory before it merges it.
_PIECE_BYTES = 64 * 1024**2


@dataclass(frozen=True)
class Part:
    """Some rows of a file, checked: the good ones as COPY takes them in, and why others are refused.

    A large file in which no key comes twice comes in pieces, each merged before the next.
    """

    file: TableFile
    piece: int | None = None
    rows: memoryview | bytes = b""
    refusals: Sequence[Refusal] = ()
    notes: Sequence[str] = ()
    odd_bands: Sequence[tuple[str, str]] = ()


def read_parts(files: Iterable[TableFile]) -> Generator[Part, None, None]:
    """Read and check files one after another, some parts ahead of those that were taken."""
    parts = (part for file in files for part in _parts_of(file))
    with ThreadPoolExecutor(1) as reader:
        ahead = deque(reader.submit(next, parts, None) for _ in range(_PARTS_AHEAD))
        try:
            while (part := ahead.popleft().result()) is not None:
                ahead.append(reader.submit(next, parts, None))
                yield part
        finally:
            reader.shutdown(cancel_futures=True)


def _parts_of(file: TableFile) -> Iterator[Part]:
    checker = Checker(file.table)
    n_bytes = 0
    try:
        in_pieces = file.table in RECORDS and not has_repeats(file)
        for number, batch in enumerate(read_batches(file)):
            if number == 0:
                notes = [
                    f"{file.name}: {name!r} is not a column of {file.table.name} and was not read."
                    for name in unread_columns(file.table, batch)
                ]
                absent = [_absent(file, name) for name in absent_columns(file.table, batch)]
                yield Part(file, 0 if in_pieces else None, notes=notes, refusals=absent)
                if absent:
                    return
            checked = checker.check(batch)
            refusals = [
                Refusal(file.name, file.table.name, fault.row, fault.column, fault.reason, fault.next_step)
                for fault in checked.faults
            ]
            yield Part(
                file,
                n_bytes // _PIECE_BYTES if in_pieces else None,
                checked.rows,
                refusals,
                odd_bands=checked.odd_bands,
            )
            n_bytes += len(checked.rows)
    except ExtractError as error:
        damage = Refusal(file.name, file.table.name, None, "", str(error), "Send the file again.")
        yield Part(file, refusals=[damage])


def _absent(file: TableFile, name: str) -> Refusal:
    meaning = file.table.by_name[name].meaning
    return Refusal(
        file.name,
        file.table.name,
        1,
        name,
        "this required column is not in the file, so none of its rows can be read",
        f"Add the column: {meaning}.",
    )
