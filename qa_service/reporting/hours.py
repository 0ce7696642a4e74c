"""Hours as they are told: the same on a page, in its file and in an export."""

from decimal import ROUND_HALF_UP, Decimal


def told_hours(value: Decimal | float) -> float:
    """Round hours to a tenth, halves up: 2.25 to 2.3."""
    return float(Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP))
