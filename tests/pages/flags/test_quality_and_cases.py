"""The lead's pages: how good the flags are, disagreements to read, and all cases of an area in order of doubt."""

import re
from datetime import timedelta

import pytest
from factories.accounts import make_account
from factories.cases import make_assessment, make_case
from factories.estate import make_area, make_officer
from factories.flags import estimate, make_flag
from factories.rates import AT, add_read, make_final_check, make_rates_area
from sqlmodel import select

from qa_service.auth.roles import Role
from qa_service.flags.tables import ArtefactStatus, Flag, FlagArtefact
from qa_service.reviews.tables import ReadKind

LONDON = "/region/N07"


@pytest.fixture
def lead(client_as, area):
    return client_as(Role.QUALITY_LEAD, region="N07", username="lena")


@pytest.fixture
def approved(add_artefact):
    """The approved classifier has scorers for the overall level and for children."""
    return add_artefact(ArtefactStatus.APPROVED, seed=2, targets=("overall", "children"))


@pytest.fixture
def area(committed):
    """London with an officer who holds three cases: two mediums and a high."""

    def make(session):
        make_area(session)
        make_area(session, region="W01", pdu="WALTST", teams=("W01T01",))
        make_officer(session, "N07A001")
        high = {"children": "LOW", "public": "HIGH", "known_adult": "MEDIUM", "staff": "LOW"}
        return [
            make_assessment(session, make_case(session, number), groups=high if number == 3 else None).id
            for number in (1, 2, 3)
        ]

    return committed(make)


@pytest.fixture
def scored(committed, area, approved):
    """The second case is the most doubtful, the high one for children, the first hardly."""

    def make(session):
        options = {"digest": approved}
        make_flag(session, area[0], 0.01, is_flagged=False, **options)
        make_flag(session, area[1], 0.34, is_flagged=True, sentence="Two unanswered enquiries.", **options)
        make_flag(session, area[2], 0.2, is_flagged=True, target="children", **options)

    committed(make)


def _cells(page, caption):
    table = re.search(rf"{caption}[^<]*</caption>.*?</table>", page, re.DOTALL).group()
    rows = re.findall(r"<tr class=\"govuk-table__row\">(.*?)</tr>", table, re.DOTALL)[1:]
    return [
        [" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in re.split("</t[hd]>", row)] for row in rows
    ]


def test_before_a_classifier_is_approved_both_pages_say_so_and_where_to_go(lead, candidate):
    for page in ("quality", "cases"):
        answer = lead.get(f"/classifier/{page}{LONDON}").text
        assert "No classifier is in force" in answer
        assert 'href="/classifier"' in answer


def test_a_lead_with_one_area_is_taken_to_it_and_to_no_other(lead, approved):
    assert lead.get("/classifier/quality").headers["location"] == f"/classifier/quality{LONDON}"
    assert lead.get("/classifier/cases").headers["location"] == f"/classifier/cases{LONDON}"
    assert lead.get("/classifier/cases/region/W01").status_code == 404
    assert lead.get("/classifier/quality/national/E&W").status_code == 404


def test_the_lead_reads_precision_at_training_and_since_with_its_n(lead, approved):
    page = lead.get(f"/classifier/quality{LONDON}").text

    assert "Of 100 cases it flags, about 30 (20 to 41) need a higher level" in page
    rows = _cells(page, "Precision and recall on checks drawn at random")
    assert rows[0][:3] == ["When it was trained, all areas", "400", "30.0% 20.0% to 41.0%"]
    assert rows[1][:2] == ["When it was trained, Region N07", "385"]
    assert rows[2][1:3] == ["0", "Too few to say 0 of 20 needed"]
    assert "Not measured yet" in page


def test_a_figure_of_the_training_needs_as_many_checks_as_one_of_the_checks_since(lead, area, add_artefact):
    add_artefact(ArtefactStatus.APPROVED, n_judging_high=6)
    page = lead.get(f"/classifier/quality{LONDON}").text

    [row, *_] = _cells(page, "Precision and recall on checks drawn at random")
    assert row[1:4] == ["400", "30.0% 20.0% to 41.0%", "Too few to say 6 of 20 needed"]
    assert "Nobody can say yet how often a flag is right" in page


def test_a_disagreement_is_listed_and_read_with_its_reasons(client_as, committed, approved, clock):
    def make(session):
        found = make_rates_area(session)
        check = make_final_check(session, 7, found, verdict="pass")
        make_flag(session, check.assessment_id, 0.6, digest=approved, sentence="The partner moved in.")

    committed(make)
    clock.at = AT + timedelta(days=1)
    lead = client_as(Role.QUALITY_LEAD, region="N07")

    quality = lead.get(f"/classifier/quality{LONDON}").text
    listed = lead.get(f"/classifier/quality{LONDON}/disagreements?kind=not_confirmed").text
    one = lead.get("/classifier/checks/K7").text

    assert "Flagged, not found high by reviewers (1)" in quality
    assert "Found high by reviewers, not flagged (0)" in quality
    assert 'href="/classifier/checks/K7"' in listed
    assert "The partner moved in." in one
    assert client_as(Role.QUALITY_LEAD, region="W01").get("/classifier/checks/K7").status_code == 404


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        (("", None, None), "What flag they were shown was not kept then."),
        (("same", False, None), "They were shown no flag: this assessment had no score then."),
        (("same", True, 0.6), "They were shown: flagged, by classifier {name}. About a 6 in 10 chance"),
        (
            ("other", False, 0.1),
            "by classifier {name}, not the one whose estimate stands above. About a 1 in",
        ),
    ],
    ids=["before it was kept", "no score", "the same classifier", "another classifier"],
)
def test_beside_an_answer_stands_what_its_reader_was_shown(
    client_as, committed, approved, candidate, clock, shown, says
):
    whose, was_flagged, score_rate = shown
    digest = {"same": approved, "other": candidate}.get(whose)

    def make(session):
        check = make_final_check(session, 7, make_rates_area(session), verdict="pass")
        make_flag(session, check.assessment_id, 0.6, digest=approved)
        review = add_read(session, check, ReadKind.FIRST, level="MEDIUM")
        review.changes_view, review.changes_view_reason = False, "Old news."
        review.shown_artefact_digest = digest
        review.was_flagged, review.shown_score_rate = was_flagged, score_rate

    committed(make)
    clock.at = AT + timedelta(days=1)

    page = client_as(Role.QUALITY_LEAD, region="N07").get("/classifier/checks/K7").text

    assert "Old news." in page
    assert says.format(name=(digest or "")[:12]) in page


def test_cases_come_most_doubtful_first_with_chance_and_main_reason_in_words(lead, scored):
    page = lead.get(f"/classifier/cases{LONDON}").text

    rows = _cells(page, "Mediums and highs")
    assert [row[:5] for row in rows] == [
        ["1", "Person Number 2 X000002", "About 1 in 3", "Medium", "Two unanswered enquiries."],
        [
            "2",
            "Person Number 3 X000003",
            "About 1 in 5 for children",
            "High",
            "Two unanswered police enquiries.",
        ],
        ["3", "Person Number 1 X000001", "About 1 in 100", "Medium", "Two unanswered police enquiries."],
    ]
    assert "The classifier decides nothing." in page
    assert "never reduces anybody&#39;s workload" in page


def test_the_line_says_how_many_wrong_mediums_probably_remain_for_the_reviews_there_are(lead, scored):
    page = lead.get(f"/classifier/cases{LONDON}?reviews=1").text

    # One medium is left below a line above 5%: four in a hundred of such are wrong, two to six.
    assert "After 1 read: 1 medium is left. About 0 (0 to 1) of them probably should be high." in page
    assert "All 3 cases could be read" in lead.get(f"/classifier/cases{LONDON}?reviews=1,000").text
    assert "Enter a whole number" in lead.get(f"/classifier/cases{LONDON}?reviews=many").text


def test_the_list_can_be_narrowed_to_a_level(lead, scored):
    page = lead.get(f"/classifier/cases{LONDON}?level=HIGH").text
    low = lead.get(f"/classifier/cases{LONDON}?level=LOW")

    assert [row[1] for row in _cells(page, "Mediums and highs")] == ["Person Number 3 X000003"]
    assert (low.status_code, "Only mediums and highs are listed here." in low.text) == (422, True)


def test_of_highs_no_line_is_drawn_where_too_few_were_checked_at_random(lead, scored):
    page = lead.get(f"/classifier/cases{LONDON}?level=HIGH&reviews=0").text

    assert "are not counted: too few highs were checked at random" in page
    assert "Nobody can say how many of them should be high for a group of people too" in page
    assert "(0 to 0)" not in page
    assert "Cases read" not in page


def test_beside_the_mediums_the_highs_that_are_wrong_for_a_group_are_counted(
    lead, scored, approved, committed
):
    def measure(session):
        row = session.get_one(FlagArtefact, approved)
        row.evaluation = row.evaluation | {"highs": estimate(0.5, 0.3, 0.7, 40)}

    committed(measure)
    page = lead.get(f"/classifier/cases{LONDON}?reviews=1").text

    assert _cells(page, "Where to stop") == [["0", "2", "About 0 (0 to 1)", "1", "About 0 (0 to 1)", ""]]
    assert (
        "1 high is left. About 0 (0 to 1) of them probably should be high for a group of people too." in page
    )


def test_a_page_after_the_last_leads_to_the_last(lead, scored):
    answer = lead.get(f"/classifier/cases{LONDON}?level=MEDIUM&page=99999")

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/classifier/cases{LONDON}?level=MEDIUM&page=1"


def test_a_high_without_a_scorer_for_its_lower_levels_is_said_to_be_unscored(
    lead, scored, area, committed, approved
):
    sentence = "The classifier has no scorer for its lower levels (a known adult, staff)."

    def make(session):
        found = session.exec(select(Flag).where(Flag.assessment_id == area[2])).one()
        found.target, found.score_rate, found.reasons = "unscored", 0.0, [{"sentence": sentence}]

    committed(make)
    page = lead.get(f"/classifier/cases{LONDON}").text

    assert _cells(page, "Mediums and highs")[-1][1:4] == [
        "Person Number 3 X000003",
        f"Not scored {sentence}",
        "High",
    ]
    assert "1 high stands near the end without a score" in page
    assert "has no scorer for the public, for a known adult, for staff." in page
    assert "No level in doubt" not in page


def test_limited_access_cases_are_neither_listed_nor_counted(lead, scored, committed, approved):
    def make(session):
        case = make_case(session, 9, is_limited_access=True)
        make_flag(session, make_assessment(session, case).id, 0.99, digest=approved)

    committed(make)
    page = lead.get(f"/classifier/cases{LONDON}").text

    assert "Person Number 9" not in page
    assert "Mediums and highs (3)" in page


def test_somebody_who_also_reads_sees_no_flags_of_cases_that_they_may_be_given(client_as, committed, scored):
    client = client_as(Role.QUALITY_LEAD, region="N07", username="lena")
    before = client.get(f"/classifier/cases{LONDON}").text

    committed(lambda session: make_account(session, Role.REVIEWER, username="lena", region="W01"))
    after = client.get(f"/classifier/cases{LONDON}")

    assert "Person Number 2" in before
    assert (after.status_code, "Person Number" in after.text) == (403, False)


def test_a_candidates_scores_order_nothing(lead, scored, area, committed, candidate):
    committed(lambda session: make_flag(session, area[0], 0.99, digest=candidate))

    rows = _cells(lead.get(f"/classifier/cases{LONDON}").text, "Mediums and highs")

    assert rows[0][1].startswith("Person Number 2")
