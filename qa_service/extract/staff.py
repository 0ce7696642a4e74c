"""Tables of staff: people, their staff codes and postings, WMT reductions, and workload by week."""

from qa_service.extract.columns import Column, Kind, Table, code, count, date, flag, text

STAFF_CODE = r"[A-Z0-9]{7}"
PERSON_KEY = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
GRADES = ("PO", "PSO", "PQIP", "NQO", "SPO")
SEXES = ("F", "M", "OTHER")
ETHNICITIES = ("ASIAN", "BLACK", "MIXED", "WHITE", "OTHER")

STAFF_CODE_REF = "staff_codes.staff_code"
TEAM_REF = "teams.team_code"


def birth_year() -> Column:
    """Define year of birth, kept for equality monitoring only."""
    return Column(
        name="birth_year",
        kind=Kind.INTEGER,
        meaning="year of birth, for equality monitoring only",
        missing="not known",
        minimum=1900,
        maximum=2100,
        is_audit=True,
    )


def sex() -> Column:
    """Define recorded sex, kept for equality monitoring only."""
    return code("sex", "recorded sex, for equality monitoring only", SEXES, "not recorded", is_audit=True)


def ethnicity() -> Column:
    """Define ethnic group (census top level), kept for equality monitoring only."""
    return code(
        "ethnicity", "ethnic group, for equality monitoring only", ETHNICITIES, "not recorded", is_audit=True
    )


def hours(name: str, meaning: str, missing: str = "") -> Column:
    """Define hours a week, to one decimal place in WMT."""
    return Column(
        name=name,
        kind=Kind.NUMBER,
        meaning=meaning,
        missing=missing,
        unit="hours a week",
        minimum=0,
        maximum=48,
    )


def points(name: str, meaning: str) -> Column:
    """Define weekly WMT points."""
    return Column(name=name, kind=Kind.INTEGER, meaning=meaning, unit="WMT points", minimum=0, maximum=20_000)


PEOPLE = Table(
    "people",
    "one member of staff, whatever their staff codes",
    ("person_key",),
    (
        text("person_key", "the feed's own key of the person, stable for life", pattern=PERSON_KEY),
        text("name", "name as colleagues know it"),
        text("email", "work e-mail address", "cannot be written to", pattern=r"[^@\s]+@[^@\s]+"),
        date("started_in_service_on", "first day in the probation service", "not known"),
        flag(
            "is_sex_offence_trained", "has completed the sexual-offence training", "not known: treated as no"
        ),
        date("long_leave_from_on", "first day of a leave of over four weeks", "none recorded"),
        date("long_leave_to_on", "last day of that leave", "no leave, or no end yet"),
        sex(),
        ethnicity(),
        birth_year(),
    ),
)

STAFF_CODES = Table(
    "staff_codes",
    "one staff code of a person; a new region gives the same person a new code",
    ("staff_code",),
    (
        text("staff_code", "Delius staff code, such as N07B795", pattern=STAFF_CODE),
        text("person_key", "whose code it is", references="people.person_key"),
        text("region_code", "region that gave the code", references="regions.region_code"),
        date("from_on", "first day of the code"),
        date("to_on", "last day of the code", "still in use"),
    ),
)

POSTINGS = Table(
    "postings",
    "one staff code in one team (WMT's workload owner) over a span of dates",
    ("staff_code", "team_code", "from_on"),
    (
        text("staff_code", "who is posted", references=STAFF_CODE_REF),
        text("team_code", "to which team", references=TEAM_REF),
        code("grade", "grade in this posting; NQO is a newly qualified PO", GRADES),
        date(
            "grade_from_on", "first day in the grade (months in training, or since qualifying)", "not known"
        ),
        hours("contracted_hours", "hours of this posting"),
        date("from_on", "first day of the posting"),
        date("to_on", "last day of the posting", "still posted"),
    ),
)

REDUCTIONS = Table(
    "reductions",
    "one WMT reduction of hours of one posting",
    ("reduction_id",),
    (
        text("reduction_id", "WMT's key of the reduction"),
        text("staff_code", "whose hours", references=STAFF_CODE_REF),
        text("team_code", "in which team", references=TEAM_REF),
        text("reason", "WMT's reason"),
        hours("hours", "hours taken off the contracted hours"),
        date("from_on", "first day of the reduction"),
        date("to_on", "last day of the reduction; WMT requires one"),
        code("status", "WMT's status", ("ACTIVE", "SCHEDULED", "ARCHIVED", "DELETED")),
    ),
)

WEEKLY_WORKLOAD = Table(
    "weekly_workload",
    "the workload of one posting in one week",
    ("staff_code", "team_code", "week_on"),
    (
        text("staff_code", "whose workload", references=STAFF_CODE_REF),
        text("team_code", "in which team", references=TEAM_REF),
        date("week_on", "the Monday of the week"),
        points("total_points", "points of all work held"),
        points("available_points", "points available after reductions; 0 in a week wholly off work"),
        count("n_cases", "cases held", 1_000),
    ),
)
