"""The demo's classifier: trained on the demo's own checks, approved by its national lead, used to flag."""

from sqlmodel import Session

from qa_service.auth import service as auth
from qa_service.core.db import SYSTEM, transaction
from qa_service.demo import setting
from qa_service.demo.round import Stage
from qa_service.flags.rules import TARGET_NAMES
from qa_service.flags.service import artefacts

_REASON = "The first one: there is none to set beside it, and it is used only to choose where to look."


def learn_flags(stage: Stage) -> None:
    """Train, approve and score once, on records that are read once; a second call changes nothing.

    For speed cases assessed low are left out (no list shows them) and a third of the unchecked others teach
    the recorded levels. `qa-service flags train` learns from everything; a worker scores what is left.
    """
    at = stage.clock.now()
    with transaction(stage.engine, SYSTEM) as session:
        lead_id = _national_lead(session)
        if lead_id is None or artefacts.approved_artefact(session) is not None:
            return
    from qa_service.flags.service import learning, scoring  # noqa: PLC0415 - learning libraries

    lessons = learning.read_what_teaches(
        stage.engine, at=at, progress=stage.progress, levels=setting.FLAGGED_LEVELS
    )
    records, reviews = lessons
    is_taught = records["assessment_id"].isin(reviews["assessment_id"])
    some = records[is_taught | (records.index % setting.TEACHING_ONE_IN == 0)].reset_index(drop=True)
    digest = learning.learn(
        stage.engine,
        lessons._replace(records=some),
        by="cli",
        at=at,
        progress=stage.progress,
        targets=tuple(TARGET_NAMES),
        # Of the other levels only what was checked taught it: they need no score for it to come into force.
        levels=setting.FLAGGED_LEVELS,
    )
    with transaction(stage.engine, SYSTEM) as session:
        artefacts.approve(
            session, digest, user_id=lead_id, reason=_REASON, at=at, references=stage.references
        )
    scoring.score_records(stage.engine, records, at=at)


def _national_lead(session: Session) -> int | None:
    found = auth.find_user(session, "national")
    return found.id if found is not None else None
