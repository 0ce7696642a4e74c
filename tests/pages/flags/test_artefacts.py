"""The classifiers' pages: train one, see how far it is, read its card, compare, approve by name (RULES 8)."""

import json
import re

import pytest
from factories.cases import make_assessment, make_case
from factories.estate import make_officer
from factories.flags import estimate, make_flag
from sqlmodel import select

from qa_service.auth.roles import Role
from qa_service.core.db import SYSTEM, transaction
from qa_service.flags.tables import ScorePurpose
from qa_service.progress.service import do_asked
from qa_service.progress.tables import JobRun
from qa_service.workflows.learn_flags import TRAIN

PAGES = ("/classifier", "/classifier/quality", "/classifier/cases", "/flagged-cases")
REASON = {"reason": "It finds more of the wrong mediums."}


@pytest.fixture
def runs(fresh_engine):
    """Return a function: what work was asked for, as (kind, status)."""

    def read():
        with transaction(fresh_engine, SYSTEM) as session:
            return [(run.kind, run.status.value) for run in session.exec(select(JobRun))]

    return read


@pytest.fixture
def scored(committed, estate, candidate, approved):
    """Two assessments that both classifiers scored; only the candidate flags the second."""

    def make(session):
        make_officer(session, "N07A001")
        for number, rates in ((1, (0.9, 0.9)), (2, (0.1, 0.9))):
            assessed = make_assessment(session, make_case(session, number))
            for digest, rate in zip((approved, candidate), rates, strict=True):
                make_flag(session, assessed.id, rate, digest=digest)

    committed(make)


def _do(engine, clock, kind, work):
    return do_asked(engine, {kind: work}, clock=clock)


def _fails(_engine, _run, _progress):
    raise RuntimeError


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.MODERATOR, Role.OFFICER, Role.ANALYST])
def test_a_reader_opens_none_of_the_pages_that_show_flags(client_as, estate, role):
    client = client_as(role, region="N07")

    assert {page: client.get(page).status_code for page in PAGES} == dict.fromkeys(PAGES, 403)


def test_before_anything_is_trained_the_page_says_so_and_offers_to_train(lead):
    page = lead.get("/classifier").text

    assert "None has been trained yet." in page
    assert "Train a candidate" in page
    assert "Score everything again" not in page


def test_a_training_asked_for_twice_is_queued_once_and_waits_for_a_worker(lead, runs):
    lead.post("/classifier/train")
    lead.post("/classifier/train")

    page = lead.get("/classifier").text
    assert runs() == [(TRAIN, "queued")]
    assert "It waits for a worker" in page
    assert 'action="/classifier/train"' not in page


def test_a_running_training_shows_how_far_it_is_without_a_script(lead, fresh_engine, clock):
    seen = []
    lead.post("/classifier/train")

    def work(_engine, _run, progress):
        progress("Reading assessments", 8000, 24000)
        seen.append(lead.get("/classifier").text)
        return {"n_scored": 24000}

    _do(fresh_engine, clock, TRAIN, work)

    assert "Reading assessments: 8,000 of 24,000" in seen[0]
    assert '<progress max="24000" value="8000"' in seen[0]
    assert "24,000 assessments were scored." in lead.get("/classifier").text


def test_a_training_that_failed_says_what_to_do_and_can_be_asked_for_again(lead, fresh_engine, clock, runs):
    lead.post("/classifier/train")
    _do(fresh_engine, clock, TRAIN, _fails)

    page = lead.get("/classifier").text
    lead.post("/classifier/train")

    assert "log has it" in page
    assert "Train again" in page
    assert runs() == [(TRAIN, "failed"), (TRAIN, "queued")]


def test_the_card_says_how_often_it_is_right_how_far_reviews_contradict_and_what_it_is_not_for(
    lead, candidate
):
    page = lead.get(f"/classifier/artefacts/{candidate}").text

    assert "Of 100 cases it flags, about 30 (20 to 41) need a higher level" in page
    assert "with an AUC of 0.88 (95% interval 0.71 to 0.98; 385 checks): better than chance" in page
    assert "97.0%" in page
    assert "Recorded levels alone" in page
    assert "never reduces anybody&#39;s workload" in page
    assert "If recorded levels carry no or reversed information" in page


def test_recorded_levels_that_mislead_are_called_misleading(lead, add_artefact):
    digest = add_artefact(label_auc={"value": 0.4, "low": 0.3, "high": 0.49, "n": 385})

    assert "they mislead" in lead.get(f"/classifier/artefacts/{digest}").text


def test_a_card_draws_what_more_reviews_have_bought_and_says_it_in_a_table(lead, candidate):
    page = lead.get(f"/classifier/artefacts/{candidate}").text

    assert page.count("Reading a tenth finds about 45 of 100 wrong ones with all 391 reviews.") >= 2
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page
    assert "391 reviews: 45% (35% to 55%)" in page
    assert "+4.0 points" in page
    assert "+1.0 points to +8.0 points" in page


def test_the_card_tells_how_many_flags_it_would_take_to_find_most_of_the_wrong_mediums(lead, add_artefact):
    told = "To find at least 80% of the wrong mediums with 90% confidence, 43% of mediums would have to be flagged."

    assert told in lead.get(f"/classifier/artefacts/{add_artefact()}").text
    # one that was trained before this was measured
    assert "Finding most" not in lead.get(f"/classifier/artefacts/{add_artefact(to_find=None)}").text


def test_a_classifier_from_before_the_curve_was_measured_says_so(lead, add_artefact):
    page = lead.get(f"/classifier/artefacts/{add_artefact(curve={})}").text

    assert "trained before this was measured" in page


def test_a_card_says_for_which_level_there_is_no_scorer_and_why(lead, add_artefact):
    digest = add_artefact(not_trained={"staff": "Only 0 cases are recorded high for staff."})

    page = lead.get(f"/classifier/artefacts/{digest}").text

    assert "No scorer for staff, so no flag rests on that level. Only 0 cases are recorded high" in page


def test_the_score_for_caseload_reviews_says_what_it_is_for(lead, national, add_artefact):
    digest = add_artefact(purpose=ScorePurpose.REVIEW_NOW)

    assert "Order of caseload reviews" in lead.get("/classifier").text
    assert "it flags nothing, chooses no check, and no reader sees it" in " ".join(
        lead.get(f"/classifier/artefacts/{digest}").text.split()
    )
    record = lead.get(f"/classifier/artefacts/{digest}/atrs.json").json()
    assert record["tier_2"]["tool_specification_model"]["model_name"] == "Needs a review now"
    assert "come in its order" in national.get(f"/classifier/artefacts/{digest}/approve").text


def test_a_precision_without_spread_is_said_to_rest_on_too_few(lead, add_artefact):
    part = {"budget_share": 0.1, "precision": estimate(0, 0, 0), "recall": estimate(0, 0, 0.004)}
    page = lead.get(f"/classifier/artefacts/{add_artefact(yields=[part])}").text

    assert "about 0 (too few to give an interval) need a higher level" in page
    assert "about 100 (99 to 100) have no flag" in page
    assert "(0 to 0)" not in page


def test_the_number_and_the_shares_of_a_small_group_are_not_shown(lead, candidate):
    page = lead.get(f"/classifier/artefacts/{candidate}").text

    table = re.search(r"Ethnicity</caption>.*?</table>", page, re.DOTALL).group()
    rows = {
        row[0]: row[1] for row in re.findall(r'<th scope="row"[^>]*>(\w+)</th>\s*<td[^>]*>([^<]+)', table)
    }
    assert rows == {"Asian": "Not shown", "Other": "Not shown", "White": "175"}


def test_the_card_and_the_transparency_record_can_be_taken_away(lead, candidate):
    card = lead.get(f"/classifier/artefacts/{candidate}/card.md")
    record = lead.get(f"/classifier/artefacts/{candidate}/atrs.json")

    assert card.text.startswith("# Classifier card")
    assert 'filename="classifier-' in card.headers["content-disposition"]
    assert "f" * 64 in json.dumps(json.loads(record.text))


def test_a_candidate_stands_beside_the_approved_one_with_the_flags_that_would_change(
    lead, scored, candidate, approved
):
    page = lead.get(f"/classifier/artefacts/{candidate}/compare").text

    assert "1 of 2 assessments would change: 1 would be newly flagged and 0 would lose their flag." in page
    assert f"Approved {approved[:12]}" in page
    assert f"Candidate {candidate[:12]}" in page


def test_the_approved_one_stands_beside_itself_once(lead, approved):
    page = lead.get(f"/classifier/artefacts/{approved}/compare").text

    assert "This is the approved classifier." in page
    assert page.count(f"Approved {approved[:12]}") == page.count("<caption") == 1


def test_a_headline_needs_as_many_checks_found_high_as_any_rate_that_is_compared(lead, add_artefact):
    few = lead.get(f"/classifier/artefacts/{add_artefact(n_judging_high=19)}").text
    enough = lead.get(f"/classifier/artefacts/{add_artefact(n_judging_high=20)}").text

    assert "Nobody can say yet how often a flag is right" in few
    assert "Of 100 cases it flags" not in few
    assert "Of 100 cases it flags, about 30 (20 to 41)" in enough


def test_only_the_national_lead_is_offered_the_approval_and_may_give_it(lead, national, candidate):
    here = f"/classifier/artefacts/{candidate}"

    assert "Approve this classifier" not in lead.get(here).text
    assert lead.get(f"{here}/approve").status_code == 403
    assert lead.post(f"{here}/approve", data={**REASON, "confirmed": "yes"}).status_code == 403
    assert "Approve this classifier" in national.get(here).text


def test_an_approval_without_a_reason_is_refused_and_keeps_what_was_typed(national, candidate, statuses):
    answer = national.post(f"/classifier/artefacts/{candidate}/approve", data={"reason": "Better"})

    assert answer.status_code == 422
    assert "Give the reason in 10 to 1,000 characters" in answer.text
    assert ">Better</textarea>" in answer.text
    assert statuses() == {candidate: "candidate"}


def test_an_approval_is_checked_in_words_and_counts_only_when_confirmed(
    national, scored, candidate, approved, statuses, runs
):
    here = f"/classifier/artefacts/{candidate}"

    checked = national.post(f"{here}/approve", data=REASON)
    before = statuses()
    done = national.post(f"{here}/approve", data={**REASON, "confirmed": "yes"})

    assert "1 new, 0 gone, of 2 assessments" in checked.text
    assert "Nadia" in checked.text
    assert before == {candidate: "candidate", approved: "approved"}
    assert done.status_code == 303
    assert statuses() == {candidate: "approved", approved: "retired"}
    assert runs() == []  # it has scored everything already
    page = national.get(here).text
    assert "Approved by Nadia" in page
    assert REASON["reason"] in page


def test_an_approved_classifier_that_lacks_scores_waits_and_the_pages_say_for_how_many(
    national, scored, candidate, approved, committed, statuses, runs
):
    here = f"/classifier/artefacts/{candidate}"
    committed(lambda session: make_assessment(session, make_case(session, 3)) and None)

    asked = national.get(f"{here}/approve").text
    national.post(f"{here}/approve", data={**REASON, "confirmed": "yes"})

    assert "It comes into force when it has scored every assessment in use" in asked
    assert statuses() == {candidate: "waiting", approved: "approved"}
    assert runs() == [("score_new_assessments", "queued")]
    told = (
        f"Classifier {candidate[:12]} is approved and comes into force when 1 more assessment is scored. "
        f"Until then classifier {approved[:12]} stays in force."
    )
    assert told in national.get("/classifier").text
    page = national.get(here).text
    assert told in page
    assert REASON["reason"] in page
    assert f'href="{here}/approve"' not in page
    assert national.get(f"{here}/approve").status_code == 409


def test_a_classifier_in_force_that_could_not_be_loaded_is_told_with_the_scoring(
    lead, approved, fresh_engine, clock
):
    told = "Artefact abc was changed after it was written. It is in force: what it scored stays."
    lead.post("/classifier/refresh")
    _do(fresh_engine, clock, "refresh_flags", lambda *_: {"n_scored": 4, "refused": [told]})

    assert told in lead.get("/classifier").text


def test_what_is_in_force_already_cannot_be_approved_again(national, approved):
    assert national.get(f"/classifier/artefacts/{approved}/approve").status_code == 409


def test_a_classifier_that_does_not_exist_is_not_found(lead):
    assert lead.get("/classifier/artefacts/ffffffff").status_code == 404
