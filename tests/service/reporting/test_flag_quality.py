"""Flags judged on random checks decided since the training, and the checks in which reviewers saw otherwise."""

import pytest
from factories.accounts import make_account
from factories.flags import TRAINED_AT, make_artefact_row, make_flag
from factories.rates import AT, WALES, add_read, make_final_check
from sqlalchemy import text

from qa_service.auth.roles import Role
from qa_service.core.db import Scope, set_scope
from qa_service.core.errors import NotFound
from qa_service.core.lists import PageRequest
from qa_service.flags.tables import ArtefactStatus, FlagScoring
from qa_service.reporting.flag_disagreements import (
    Disagreement,
    count_disagreements,
    find_disagreement,
    list_disagreements,
)
from qa_service.reporting.flag_quality import latest_drift, quality_since_training
from qa_service.reviews.tables import ReadKind, ReviewStatus
from qa_service.rounds.tables import Arm

LONDON_PDUS = ["LDNTST"]
EVERYWHERE = ["LDNTST", "WALTST"]


@pytest.fixture
def artefact(session):
    return make_artefact_row(session)


@pytest.fixture
def add(session, round_, artefact):
    """Return a function that adds a final check with its score; flagged or not, found high or not."""
    number = iter(range(1, 1000))

    def make(*, is_flagged, found="MEDIUM", **options):
        verdict = "fail" if found in {"HIGH", "VERY_HIGH"} else "pass"
        check = make_final_check(session, next(number), round_, verdict=verdict, reviewed=found, **options)
        make_flag(session, check.assessment_id, 0.7 if is_flagged else 0.02, is_flagged=is_flagged)
        return check

    return make


def _since(session, artefact, pdus=EVERYWHERE):
    return quality_since_training(session, artefact, pdus, at=AT)


def test_precision_is_of_the_flagged_and_recall_of_those_found_high_by_weight(session, artefact, add):
    # Flagged: found high (one case in 30 drawn), not found high (one in 10). Not flagged: found high (one in 10).
    add(is_flagged=True, found="HIGH", n_cases=30)
    add(is_flagged=True, n_cases=10)
    add(is_flagged=False, found="VERY_HIGH", n_cases=10)
    add(is_flagged=False, n_cases=10)

    found = _since(session, artefact)

    assert (found.n_checks, found.n_flagged, found.n_found_high) == (4, 2, 2)
    assert found.precision.value == pytest.approx(30 / 40)
    assert found.recall.value == pytest.approx(30 / 40)
    assert found.precision.low < 30 / 40 < found.precision.high


def test_only_random_checks_below_high_decided_since_the_training_judge_a_flag(session, artefact, add):
    counted = add(is_flagged=True, found="HIGH", days_ago=1)
    add(is_flagged=True, found="HIGH", days_ago=(AT - TRAINED_AT).days + 1)
    add(is_flagged=True, found="HIGH", arm=Arm.TARGETED, days_ago=1)
    add(is_flagged=True, found="HIGH", assessed="HIGH", days_ago=1)
    add(is_flagged=True, found="HIGH", place=WALES, days_ago=1)

    found = _since(session, artefact, [counted.drawn_pdu_code])

    assert (found.n_checks, found.precision.n) == (1, 1)


def test_an_area_without_such_a_check_has_no_share(session, artefact):
    found = _since(session, artefact)

    assert (found.n_checks, found.precision, found.recall) == (0, None, None)


def test_drift_is_that_of_the_last_scoring_that_had_enough_to_tell(session, artefact):
    moved = [{"feature": "age_years", "index": 0.3, "reading": "retrain"}]
    make_artefact_row(session, "b" * 64, status=ArtefactStatus.CANDIDATE)
    for number, (n_measured, digest) in enumerate(
        [(1200, artefact.digest), (0, artefact.digest), (1300, "b" * 64)], start=1
    ):
        session.add(
            FlagScoring(
                artefact_digest=digest,
                scored_at=AT.replace(day=number),
                n_scored=n_measured or 300,
                bin_counts={},
                n_measured=n_measured,
                drift=moved if n_measured else [],
            )
        )
    session.flush()

    found = latest_drift(session, artefact.digest)

    assert (found.measured_at, found.n_cases) == (AT.replace(day=1), 1200)
    assert found.features[0]["feature"] == "age_years"
    assert latest_drift(session, "c" * 64) is None


def test_disagreements_are_found_high_without_a_flag_and_flags_that_were_not_confirmed(session, add):
    missed = add(is_flagged=False, found="HIGH")
    add(is_flagged=False)
    unconfirmed = add(is_flagged=True)
    add(is_flagged=True, found="HIGH")

    listed = {
        kind: [row.reference for row in list_disagreements(session, EVERYWHERE, kind, PageRequest(9)).rows]
        for kind in Disagreement
    }

    assert listed == {
        Disagreement.NOT_FLAGGED: [missed.reference],
        Disagreement.NOT_CONFIRMED: [unconfirmed.reference],
    }
    assert count_disagreements(session, EVERYWHERE) == dict.fromkeys(Disagreement, 1)


def test_a_disagreement_is_read_with_what_its_readers_wrote(session, add):
    check = add(is_flagged=True)
    review = add_read(session, check, ReadKind.FIRST, level="MEDIUM")
    review.own_reasons, review.changes_view, review.changes_view_reason = "No pattern.", False, "Old news."
    session.flush()

    row, readers = find_disagreement(session, EVERYWHERE, check.reference)

    assert row.reasons[0]["sentence"] == "Two unanswered police enquiries."
    assert [(one.own_reasons, one.changes_view, one.changes_view_reason) for one in readers] == [
        ("No pattern.", False, "Old news.")
    ]


def test_beside_an_answer_stands_the_flag_that_its_reader_was_shown(session, add, artefact):
    check = add(is_flagged=True)
    shown, before_it_was_kept = (
        add_read(session, check, ReadKind.FIRST, level="MEDIUM"),
        add_read(session, check, ReadKind.EXPERT, level="MEDIUM"),
    )
    shown.changes_view = before_it_was_kept.changes_view = True
    shown.shown_artefact_digest, shown.was_flagged, shown.shown_score_rate = "c" * 64, False, 0.02
    session.flush()

    row, readers = find_disagreement(session, EVERYWHERE, check.reference)

    assert (row.artefact_digest, row.is_flagged) == (artefact.digest, True)
    assert [(one.shown_artefact_digest, one.was_flagged, one.shown_score_rate) for one in readers] == [
        ("c" * 64, False, 0.02),
        (None, None, None),
    ]


def test_limited_access_cases_are_in_no_list_even_for_somebody_who_is_listed(session, add):
    check = add(is_flagged=True, is_limited_access=True)
    set_scope(session, Scope(regions=("N07",), limited=(check.case_id,)))

    assert count_disagreements(session, EVERYWHERE) == dict.fromkeys(Disagreement, 0)
    with pytest.raises(NotFound):
        find_disagreement(session, EVERYWHERE, check.reference)


def test_a_check_that_somebody_is_still_to_read_is_left_out(session, add):
    check = add(is_flagged=True)
    again = add_read(session, check, ReadKind.EXPERT, level="MEDIUM")
    again.status, again.stage, again.submitted_at = ReviewStatus.WANTED, 1, None
    session.flush()

    assert count_disagreements(session, EVERYWHERE)[Disagreement.NOT_CONFIRMED] == 0

    again.status = ReviewStatus.WITHDRAWN
    session.flush()
    assert count_disagreements(session, EVERYWHERE)[Disagreement.NOT_CONFIRMED] == 1


def test_whoever_reads_another_check_of_the_case_now_does_not_find_it(session, add, round_):
    check = add(is_flagged=True)
    reader = make_account(session, Role.REVIEWER, region="N07")
    set_scope(session, Scope(regions=("N07",)))
    before = count_disagreements(session, EVERYWHERE)[Disagreement.NOT_CONFIRMED]
    session.execute(
        text("SELECT set_config('app.reader', :me, true), set_config('app.reading', :checks, true)"),
        {"me": str(reader), "checks": f"{{{check.id}}}"},
    )

    assert before == 1
    assert count_disagreements(session, EVERYWHERE)[Disagreement.NOT_CONFIRMED] == 0


def test_another_areas_disagreement_does_not_exist(session, add):
    check = add(is_flagged=True, place=WALES)

    with pytest.raises(NotFound, match="no such disagreement"):
        find_disagreement(session, LONDON_PDUS, check.reference)
