"""Tables of cases: the person supervised, who holds the case, who may see it, what the register says."""

from qa_service.extract.columns import Column, Kind, Table, code, date, flag, text
from qa_service.extract.staff import STAFF_CODE_REF, TEAM_REF, birth_year, ethnicity, sex

CRN = r"[A-Z]\d{6}"
NOMS_NUMBER = r"[A-Z]\d{4}[A-Z]{2}"
CASE_TYPES = ("COMMUNITY", "LICENCE", "CUSTODY")
CONTACT_STATUSES = ("ACTIVE", "SUSPENDED")
CASE_REF = "cases.crn"


def mappa(name: str, meaning: str, maximum: int) -> Column:
    """Define a MAPPA category or level."""
    return Column(
        name=name, kind=Kind.INTEGER, meaning=meaning, missing="not a MAPPA case", minimum=1, maximum=maximum
    )


CASES = Table(
    "cases",
    "one person under supervision",
    ("case_key",),
    (
        text("case_key", "the feed's own key of the case, stable through CRN merges"),
        text("crn", "present CRN; other tables refer to a case by it", pattern=CRN),
        text("noms_number", "prisoner number", "never in custody, or not known", pattern=NOMS_NUMBER),
        text("name", "name of the person supervised"),
        sex(),
        ethnicity(),
        birth_year(),
        flag("is_limited_access", "only people in case_access may know of the case"),
        text("tier_version", "version of the tiering: 2 or 3", "not tiered", pattern="[23]"),
        text("tier", "tier as calculated, such as C2 or D", "not tiered", pattern=r"[A-G][0-3]?|MISSING"),
        code("case_type", "which points table holds", CASE_TYPES),
        flag("is_t2a", "transition to adulthood: the T2A points table holds"),
        code("contact_status", "SUSPENDED after a probation reset or Impact", CONTACT_STATUSES),
        text("offence", "main index offence in words", "not recorded"),
        flag("is_sexual_offence", "needs an officer with the sexual-offence training"),
        date("started_on", "sentence or licence supervision began"),
        date("released_on", "last release from custody", "never in custody, or not yet released"),
        date("release_due_on", "next planned release", "none planned"),
        date("ends_on", "natural end expected", "not known, or indeterminate"),
        date("closed_on", "supervision ended", "open"),
        date("next_hearing_on", "next hearing", "none listed"),
        code("next_hearing_kind", "kind of that hearing", ("COURT", "PAROLE", "BREACH"), "none listed"),
        date("high_risk_event_on", "next planned event of high risk", "none planned"),
        mappa("mappa_category", "MAPPA category", 4),
        mappa("mappa_level", "MAPPA level", 3),
        flag("has_restriction", "a restriction: only permitted staff may hold or read it"),
        flag("has_exclusion", "an exclusion: named staff may not hold or read it"),
    ),
)

FORMER_CRNS = Table(
    "former_crns",
    "a CRN that was merged into another",
    ("former_crn",),
    (
        text("former_crn", "CRN no longer in use", pattern=CRN),
        text("crn", "CRN it was merged into", references=CASE_REF),
        date("merged_on", "day of the merge"),
    ),
)

CASE_ACCESS = Table(
    "case_access",
    "one person named on a case's access list",
    ("crn", "staff_code", "kind"),
    (
        text("crn", "which case", references=CASE_REF),
        text("staff_code", "who is named", references=STAFF_CODE_REF),
        code("kind", "may see a restricted case, or may not see this one", ("PERMITTED", "EXCLUDED")),
        text("reason", "why", "not given"),
        date("from_on", "first day"),
        date("to_on", "last day", "still holds"),
    ),
)

CASE_ASSIGNMENTS = Table(
    "case_assignments",
    "one officer holding one case over a span of dates",
    ("crn", "staff_code", "team_code", "from_on"),
    (
        text("crn", "which case", references=CASE_REF),
        text("staff_code", "who holds it", references=STAFF_CODE_REF),
        text("team_code", "in which team", references=TEAM_REF),
        date("from_on", "first day of holding the case"),
        date("to_on", "last day of holding the case", "still holds it"),
    ),
)

REGISTRATIONS = Table(
    "registrations",
    "one entry of the nDelius register",
    ("crn", "code", "start_on"),
    (
        text("crn", "which case", references=CASE_REF),
        text("code", "register code, such as RHRH, ADVP, RCCO", pattern="[A-Z0-9]{3,6}"),
        text("level", "level code, such as RSKM or M1", "the entry has no level"),
        text("category", "category code, such as M2 of MAPPA", "the entry has no category"),
        date("start_on", "first day of the entry"),
        date("end_on", "day the entry was removed", "not removed"),
        flag("is_active", "still on the register"),
    ),
)
