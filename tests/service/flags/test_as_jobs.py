"""After an approval the worker scores everything, and everybody who looks sees how far it is."""

from datetime import timedelta

from factories.accounts import make_account
from service.flags.conftest import TRAINED_AT
from sqlalchemy import text

from qa_service.auth.roles import Role
from qa_service.core.clock import FixedClock
from qa_service.core.db import SYSTEM, transaction
from qa_service.core.ids import ReferenceSource, seeded_bytes
from qa_service.flags.service import artefacts
from qa_service.jobs import WORKS
from qa_service.progress.service import do_asked, latest_run
from qa_service.progress.tables import JobStatus

AT = TRAINED_AT + timedelta(days=1)


def test_the_worker_scores_everything_in_use_after_an_approval(area):
    with transaction(area, SYSTEM) as session:
        assert session.execute(text("SELECT count(*) FROM approved_flag")).scalar_one() == 0
        lead = make_account(session, Role.NATIONAL_LEAD)
        digest = artefacts.find_artefact(session).digest
        artefacts.approve(
            session,
            digest,
            user_id=lead,
            reason="The first one.",
            at=AT,
            references=ReferenceSource(seeded_bytes("jobs")),
        )

    do_asked(area, WORKS, clock=FixedClock(AT))

    with transaction(area, SYSTEM) as session:
        run = latest_run(session, artefacts.REFRESH)
        n_scores = session.execute(text("SELECT count(*) FROM approved_flag")).scalar_one()
    assert (run.status, run.message) == (JobStatus.DONE, None)
    assert run.result["n_scored"] == n_scores > 1000
    assert (run.n_done, run.n_all) == (n_scores, n_scores)
    # The cases are those of the training, so nothing has drifted.
    assert {row["reading"] for row in run.result["drift"]} == {"steady"}
