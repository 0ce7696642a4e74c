"""Records of the input contract for many assessments, read in batches while the batch before is built."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
from sqlalchemy import Engine

from models.records import Tables, build_records
from qa_service.core.db import SYSTEM, transaction
from qa_service.flags.store.inputs import read_tables
from qa_service.progress.service import Progress

# So many assessments with their cases' whole history take about 150 MB.
BATCH = 8_000


def records_in_batches(
    engine: Engine, assessment_ids: Sequence[int], *, step: str, progress: Progress
) -> Iterator[pd.DataFrame]:
    """Yield the records of some assessments; the next batch is read while this one is worked on."""
    parts = [assessment_ids[start : start + BATCH] for start in range(0, len(assessment_ids), BATCH)]
    with ThreadPoolExecutor(max_workers=1) as reader:
        ahead = reader.submit(_read, engine, parts[0]) if parts else None
        for number, part in enumerate(parts, start=1):
            assert ahead is not None
            tables = ahead.result()
            ahead = reader.submit(_read, engine, parts[number]) if number < len(parts) else None
            yield build_records(tables, pd.Series(part))
            progress(step, min(number * BATCH, len(assessment_ids)), len(assessment_ids))


def _read(engine: Engine, assessment_ids: Sequence[int]) -> Tables:
    with transaction(engine, SYSTEM) as session:
        return read_tables(session, assessment_ids)
