"""The dashboard of one rate of a PDU or the nation, as its manager opens it."""

from factories.rates import AT, LONDON
from sqlmodel import Session

from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import NATION_CODE, area_tree
from qa_service.reporting.dashboard import RatesDashboard, rates_dashboard
from qa_service.reporting.published_dashboard import published_dashboard
from qa_service.reporting.rates import RateName


def dashboard_of(
    session: Session,
    name: RateName = RateName.MEDIUM_SHOULD_BE_HIGH,
    *,
    code: str = LONDON.pdu,
    is_suppressed: bool = False,
) -> RatesDashboard:
    tree = area_tree(session)
    dashboard = published_dashboard if is_suppressed else rates_dashboard
    area = tree.nation if code == NATION_CODE else tree.pdus[code]
    return dashboard(session, tree, area, name, at=AT, policy=load_policy())
