"""The exports there are."""

from enum import StrEnum

from qa_service.reporting.exports.cost import COST
from qa_service.reporting.exports.definition import Definition
from qa_service.reporting.exports.equality import EQUALITY
from qa_service.reporting.exports.rates import RATES


class ExportKind(StrEnum):
    """What an export is about."""

    RATES = "rates"
    EQUALITY = "equality"
    COST = "cost"

    @property
    def definition(self) -> Definition:
        """Return its columns and where its rows come from."""
        return {ExportKind.RATES: RATES, ExportKind.EQUALITY: EQUALITY, ExportKind.COST: COST}[self]
