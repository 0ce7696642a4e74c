"""Records of the input contract for many assessments, read in batches while the batch before is built."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pandas as pd
from sqlalchemy import Engine

from models.columns import SINCE_IDENTITY, Purpose, inputs
from models.record_since import add_since
from models.records import Tables, build_records
from qa_service.core.db import SYSTEM, transaction
from qa_service.flags.store.inputs import Shared, read_shared, read_tables
from qa_service.progress.service import Progress

# So many assessments with their cases' whole history take about 75 MB. Nothing is done while the first
# batch is read, so it is no larger than a batch's own fixed work allows.
BATCH = 4_000


def records_in_batches(
    engine: Engine,
    assessment_ids: Sequence[int],
    *,
    step: str,
    progress: Progress,
    as_of: datetime | None = None,
    frozen_at: Mapping[int, datetime] | None = None,
) -> Iterator[pd.DataFrame]:
    """Yield the records of some assessments; the next batch is read while this one is worked on.

    With a moment, also what was recorded since each assessment until then; of a checked assessment until its
    case pack was frozen, so that nothing its review led to can enter.
    """
    parts = [assessment_ids[start : start + BATCH] for start in range(0, len(assessment_ids), BATCH)]
    with transaction(engine, SYSTEM) as session:
        shared = read_shared(session)
    with ThreadPoolExecutor(max_workers=1) as reader:
        ahead = reader.submit(_read, engine, parts[0], shared) if parts else None
        for number, part in enumerate(parts, start=1):
            assert ahead is not None
            tables = ahead.result()
            ahead = reader.submit(_read, engine, parts[number], shared) if number < len(parts) else None
            records = build_records(tables, pd.Series(part))
            yield (
                records
                if as_of is None
                else add_since(records, tables, _moments(records, as_of, frozen_at or {}))
            )
            progress(step, min(number * BATCH, len(assessment_ids)), len(assessment_ids))


def _read(engine: Engine, assessment_ids: Sequence[int], shared: Shared) -> Tables:
    with transaction(engine, SYSTEM) as session:
        return read_tables(session, assessment_ids, shared)


def of_flag(records: pd.DataFrame) -> pd.DataFrame:
    """Leave out what was recorded since the assessments: the flag refuses it."""
    since = {column.name for column in inputs(Purpose.REVIEW_NOW)} - {column.name for column in inputs()}
    return records.drop(columns=[*since, *SINCE_IDENTITY], errors="ignore")


def purpose_of(records: pd.DataFrame) -> Purpose:
    """Tell what records are for: those that hold a moment also hold what came until then."""
    return Purpose.REVIEW_NOW if set(SINCE_IDENTITY) <= set(records.columns) else Purpose.FLAG


def _moments(records: pd.DataFrame, as_of: datetime, frozen_at: Mapping[int, datetime]) -> pd.Series:
    moments = [frozen_at.get(key, as_of) for key in records["assessment_id"].tolist()]
    return pd.Series(pd.to_datetime(moments, utc=True), index=records.index)
