"""An answer about a flag is about the flag that stood on the reader's page."""

from factories.flags import make_artefact_row, make_flag
from pages.reviewer.clicks import go_through_to_stage_4, mark_of
from sqlmodel import select

from qa_service.core.db import SYSTEM, transaction
from qa_service.reviews.tables import Review
from qa_service.rounds.tables import Check


def test_an_answer_about_a_flag_that_has_changed_since_is_not_kept_and_the_new_flag_is_shown(
    rita, start, scene
):
    engine, _, _ = scene
    go_through_to_stage_4(rita, start)
    opened = rita.get(f"{start}/flag")
    with transaction(engine, SYSTEM) as session:
        make_artefact_row(session)
        make_flag(session, session.exec(select(Check)).one().assessment_id, 0.7)
    answer = {"changes_view": "yes", "changes_view_reason": "I overlooked the enquiries."}

    refused = rita.post(f"{start}/flag", version=mark_of(opened), **answer)
    kept = rita.post(f"{start}/flag", version=mark_of(refused), **answer)

    assert refused.status_code == 422
    for told in ("The flag has changed since you saw it", "Two unanswered police", "I overlooked the enqui"):
        assert told in refused.text
    assert kept.headers["location"] == f"{start}/receipt"
    with transaction(engine, SYSTEM) as session:
        row = session.get_one(Review, 1)
        assert (row.was_flagged, row.shown_score_rate) == (True, 0.7)
