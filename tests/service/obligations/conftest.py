"""A London team with one checked case, and who owns what there."""

from types import SimpleNamespace

import pytest
from factories.caseload import make_check, make_read
from factories.cases import make_assessment, make_case
from factories.estate import make_area, make_national_post, make_officer

from qa_service.estate import service as estate


@pytest.fixture
def area(session):
    make_area(session)
    make_national_post(session)
    officer = make_officer(session, "N07A001")
    case = make_case(session, 1)
    check = make_check(session, case, make_assessment(session, case), officer)
    return SimpleNamespace(
        officer=officer,
        case=case,
        check=check,
        review=make_read(session, check),
        spo=estate.spo_post(session, "N07T01"),
        head=estate.head_of_pdu_post(session, "LDNTST"),
        director=estate.regional_director_post(session, "N07"),
        national=estate.national_post(session),
    )
