"""London with a checked officer, and the settings in which limits and cuts are decided."""

from types import SimpleNamespace

import pytest
from factories.caseload import make_check, make_verdict
from factories.cases import make_assessment, make_case
from factories.estate import make_area, make_national_post, make_officer


@pytest.fixture
def area(session):
    make_national_post(session)
    make_area(session)
    officer = make_officer(session, "N07A001", total_points=2502)
    case = make_case(session, 1)
    check = make_check(session, case, make_assessment(session, case), officer)
    return SimpleNamespace(officer=officer, case=case, check=check)


@pytest.fixture
def verdict(session, area):
    # the level was corrected already: nothing more is gained by the case
    return make_verdict(session, area.check, reviewed_overall="MEDIUM")
