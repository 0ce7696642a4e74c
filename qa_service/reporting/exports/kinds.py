"""The exports there are."""

from datetime import date
from enum import StrEnum

from qa_service.policy.numbers import RatePolicy
from qa_service.reporting.exports.cost import COST
from qa_service.reporting.exports.definition import Definition
from qa_service.reporting.exports.equality import EQUALITY
from qa_service.reporting.exports.rates import RATES
from qa_service.reporting.releases import days_offered


class ExportKind(StrEnum):
    """What an export is about."""

    RATES = "rates"
    EQUALITY = "equality"
    COST = "cost"

    def days_offered(self, today: date, policy: RatePolicy) -> list[date]:
        """List the last days that may be counted, the latest first."""
        return days_offered(today, policy, only_years=self is ExportKind.EQUALITY)

    @property
    def definition(self) -> Definition:
        """Return its columns and where its rows come from."""
        return {ExportKind.RATES: RATES, ExportKind.EQUALITY: EQUALITY, ExportKind.COST: COST}[self]
