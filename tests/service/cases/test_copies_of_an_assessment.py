"""An assessment received again, with a section more or a correction, is a row more but one assessment."""

from datetime import UTC, datetime

from factories.cases import make_assessment, make_case
from factories.estate import make_area, make_officer

from qa_service.cases import service as cases

FEBRUARY = datetime(2026, 2, 3, 15, 0, tzinfo=UTC)
MAY = datetime(2026, 5, 5, 15, 0, tzinfo=UTC)
JUNE = datetime(2026, 6, 9, 15, 0, tzinfo=UTC)
HIGHER = {"public": "HIGH"}


def a_case(session):
    make_area(session)
    make_officer(session, "N07A001")
    return make_case(session, 1)


def test_only_the_newest_copy_of_each_assessment_is_listed(session):
    case = a_case(session)
    make_assessment(session, case, completed_at=FEBRUARY)
    may = make_assessment(session, case, completed_at=MAY)
    february_again = make_assessment(session, case, completed_at=FEBRUARY, groups=HIGHER)

    found = cases.assessments_of_case(session, case.id)

    assert [row.id for row in found] == [may.id, february_again.id]
    assert cases.latest_assessment(session, case.id).id == may.id
    assert cases.latest_assessment(session, case.id, completed_by=MAY.replace(day=1)).id == february_again.id


def test_a_copy_that_moves_the_day_of_completion_replaces_the_one_before(session):
    case = a_case(session)
    june = make_assessment(session, case, completed_at=JUNE)
    corrected = make_assessment(session, case, completed_at=MAY, outside_id=june.outside_id)

    assert [row.id for row in cases.assessments_of_case(session, case.id)] == [corrected.id]
    assert cases.latest_assessment(session, case.id).id == corrected.id


def test_the_same_number_from_another_source_or_of_another_case_is_another_assessment(session):
    case = a_case(session)
    other = make_case(session, 2)
    rows = [
        make_assessment(session, case, completed_at=MAY, outside_id="77"),
        make_assessment(session, case, completed_at=FEBRUARY, outside_id="77", source="OASYS_ORDS"),
    ]
    make_assessment(session, other, completed_at=JUNE, outside_id="78")

    assert [row.id for row in cases.assessments_of_case(session, case.id)] == [row.id for row in rows]
