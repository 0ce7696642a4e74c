"""What is wrong with a value that was sent, in the words of the service, never a validator's."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from qa_service.pages.display import number

_NUMBER = "Enter a whole number"
_DAY = "Enter a day as year, month and day, like 2026-11-22"
_MOMENT = "Enter a day and a time, like 2026-11-22T14:05:00Z"
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "missing": "It is missing",
        "int_type": _NUMBER,
        "int_parsing": _NUMBER,
        "int_from_float": _NUMBER,
        "int_parsing_size": _NUMBER,
        "float_parsing": "Enter a number",
        "decimal_parsing": "Enter a number",
        "bool_parsing": "Choose yes or no",
        "enum": "Choose one of those offered",
        "literal_error": "Choose one of those offered",
        "date_parsing": _DAY,
        "date_from_datetime_parsing": _DAY,
        "datetime_parsing": _MOMENT,
        "datetime_from_date_parsing": _MOMENT,
    }
)
# A bound, and how it is said.
_BOUNDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "greater_than": ("gt", "Enter more than {}"),
        "greater_than_equal": ("ge", "Enter {} or more"),
        "less_than": ("lt", "Enter less than {}"),
        "less_than_equal": ("le", "Enter {} or less"),
        "string_too_short": ("min_length", "Enter {} characters or more"),
        "string_too_long": ("max_length", "Enter {} characters or fewer"),
    }
)


def fault_in_words(fault: Mapping[str, Any]) -> str:
    """Say what to do about one fault, as pydantic gives it (type, ctx)."""
    if fault["type"] in _BOUNDS:
        name, words = _BOUNDS[fault["type"]]
        bound = fault["ctx"][name]
        return words.format(number(bound) if isinstance(bound, int | float) else bound)
    return _WORDS.get(fault["type"], "The service cannot use this")


def is_of_address(faults: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether all that is wrong stands in the address, which nobody types on a page."""
    return all(fault["loc"][0] in {"query", "path"} for fault in faults)
