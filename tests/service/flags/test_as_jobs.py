"""After an approval the worker scores what is missing, and everybody who looks sees how far it is."""

from datetime import timedelta

from factories.accounts import make_account
from service.flags.conftest import TRAINED_AT
from sqlalchemy import text

from qa_service.auth.roles import Role
from qa_service.core.clock import FixedClock
from qa_service.core.db import SYSTEM, transaction
from qa_service.core.ids import ReferenceSource, seeded_bytes
from qa_service.flags.service import artefacts
from qa_service.flags.tables import ArtefactStatus
from qa_service.jobs import WORKS
from qa_service.progress.service import do_asked, latest_run
from qa_service.progress.tables import JobStatus

AT = TRAINED_AT + timedelta(days=1)


def test_what_was_approved_comes_into_force_when_the_worker_has_scored_everything_in_use(area):
    with transaction(area, SYSTEM) as session:
        assert session.execute(text("SELECT count(*) FROM approved_flag")).scalar_one() == 0
        lead = make_account(session, Role.NATIONAL_LEAD)
        digest = artefacts.find_artefact(session).digest
        approved = artefacts.approve(
            session,
            digest,
            user_id=lead,
            reason="The first one.",
            at=AT,
            references=ReferenceSource(seeded_bytes("jobs")),
        )
        assert approved.status is ArtefactStatus.WAITING

    do_asked(area, WORKS, clock=FixedClock(AT))

    with transaction(area, SYSTEM) as session:
        run = latest_run(session, artefacts.SCORE_NEW)
        assert artefacts.approved_artefact(session).digest == digest
        n_scores = session.execute(text("SELECT count(*) FROM approved_flag")).scalar_one()
    assert (run.status, run.message) == (JobStatus.DONE, None)
    assert run.result["n_scored"] == n_scores > 1000
    assert (run.n_done, run.n_all) == (n_scores, n_scores)
    # The cases are those of the training, so nothing has drifted.
    assert {row["reading"] for row in run.result["drift"]} == {"steady"}
