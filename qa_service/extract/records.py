"""Tables of the record: every assessment (append-only) and every item of the case pack."""

from qa_service.extract.caseload import CASE_REF
from qa_service.extract.columns import Column, Kind, Table, code, count, date, flag, json_of, moment, text
from qa_service.extract.staff import STAFF_CODE_REF

LEVELS = ("LOW", "MEDIUM", "HIGH", "VERY_HIGH")
COMMUNITY_GROUPS = ("children", "public", "known_adult", "staff")
CUSTODY_GROUPS = (*COMMUNITY_GROUPS, "prisoners")
STATUSES = ("OPEN", "SIGNED", "COMPLETE", "LOCKED_INCOMPLETE")
ITEM_STATES = (
    "REQUESTED",
    "CHASED",
    "REPLIED",
    "ANALYSED",
    "ATTENDED",
    "ABSENT_ACCEPTABLE",
    "ABSENT_UNACCEPTABLE",
)
ITEM_KINDS = (
    "CONTACT",
    "HOME_VISIT",
    "ENQUIRY_POLICE",
    "ENQUIRY_CHILDREN",
    "POLICE_INTELLIGENCE",
    "CONVICTION",
    "CUSTODY_REPORT",
    "ADDRESS_CHECK",
    "SPECIALIST_ASSESSMENT",
    "EVENT",
    "ORDER",
    "ENFORCEMENT",
    "VICTIM_CONTACT",
    "MEETING",
    "SUPERVISION",
    "DOCUMENT",
)


def level(name: str, meaning: str, missing: str) -> Column:
    """Define a level of risk of serious harm as recorded."""
    return code(name, meaning, LEVELS, missing)


def grid() -> tuple[Column, ...]:
    """Define the OASys 5 x 2 grid: four groups in the community, five in custody."""
    community = [
        level(f"community_{group}", f"recorded level to {group} in the community", "not assessed")
        for group in COMMUNITY_GROUPS
    ]
    custody = [
        level(f"custody_{group}", f"recorded level to {group} in custody", "not assessed")
        for group in CUSTODY_GROUPS
    ]
    return (*community, *custody)


def writing() -> tuple[Column, ...]:
    """Define the free text of R10 and of the risk management plan."""
    sections = {
        "who_is_at_risk": "R10.1 who is at risk",
        "nature_of_risk": "R10.2 nature of the risk",
        "risk_imminence": "R10.3 when the risk is greatest",
        "risk_increase_factors": "R10.4 what is likely to increase the risk",
        "risk_mitigation_factors": "R10.5 what is likely to reduce the risk",
        "analysis_of_risk_factors": "SUM9 analysis of the risk factors",
        "rmp_key_information": "RM28.1 key information",
        "rmp_supervision": "RM30 supervision",
        "rmp_monitoring_and_control": "RM31 monitoring and control",
        "rmp_interventions": "RM32 interventions",
        "rmp_victim_safety": "RM33 victim safety",
        "rmp_contingency": "RM35 contingency",
    }
    return tuple(text(name, meaning, "left empty") for name, meaning in sections.items())


ASSESSMENTS = Table(
    "assessments",
    "one OASys assessment; a later one never replaces an earlier one",
    ("assessment_id",),
    (
        text("assessment_id", "OASys key of the assessment"),
        text("crn", "which case", references=CASE_REF),
        code("assessment_type", "OASys layer", ("LAYER1", "LAYER3")),
        code("assessment_version", "1 OASys, 2 SAN", ("1", "2")),
        code("status", "OASys status", STATUSES),
        text("purpose", "why it was made, such as Review or Significant Change", "not recorded"),
        moment("initiated_at", "when it was begun"),
        moment("completed_at", "when it was completed", "not completed"),
        moment("signed_at", "when the author signed", "not signed"),
        text("author_name", "author as OASys has it, free text", "not recorded"),
        text("author_staff_code", "author's code", "cannot be attributed", references=STAFF_CODE_REF),
        text("practitioner_staff_code", "who held the case on that day", "nobody", references=STAFF_CODE_REF),
        *grid(),
        level("overall_stated", "overall level as stated; always recomputed", "not stated"),
        *writing(),
        json_of("screening", "R1.2-R4.4: question number to YES, NO, DK or NA", "not screened"),
        flag("has_full_analysis", "R6-R9 were completed"),
        text("full_analysis_reason", "R5.2 reason given for that decision", "none given"),
        text("countersigner_staff_code", "who countersigned", "not countersigned", references=STAFF_CODE_REF),
        moment("countersigned_at", "when it was countersigned", "not countersigned"),
        text("countersignature_comment", "the countersigner's comment", "no comment"),
        json_of("needs", "list of {section, score, linkedToHarm, linkedToReoffending}", "not scored"),
        json_of("predictors", "{outputVersion 1 or 2, output} as ARNS returns them", "not calculated"),
        count("n_previous_sanctions", "previous sanctions (section 1)", 500, "not recorded"),
        count("n_violent_sanctions", "of these, for violence", 500, "not recorded"),
        json_of("other_answers", "any further OASys answers, question number to text", "none sent"),
    ),
)

CASE_PACK_ITEMS = Table(
    "case_pack_items",
    "one dated, sourced item of a case's record",
    ("item_id",),
    (
        text("item_id", "the feed's own key of the item"),
        text("crn", "which case", references=CASE_REF),
        code("kind", "what the item is", ITEM_KINDS),
        date("happened_on", "when it happened"),
        moment("recorded_at", "when it was recorded; a frozen case pack ends by this"),
        code(
            "state", "of an enquiry or address check, or of an appointment", ITEM_STATES, "neither of these"
        ),
        text("source", "where it comes from, such as contact log, PNC, prison"),
        text("title", "one line"),
        text("text", "the entry", "nothing written"),
        flag("calls_for_review", "a recorded trigger event that called for a new assessment"),
        Column(
            name="author_staff_code",
            kind=Kind.TEXT,
            meaning="who recorded it",
            missing="not staff, or not known",
            references=STAFF_CODE_REF,
        ),
    ),
)
