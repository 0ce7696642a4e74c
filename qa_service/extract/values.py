"""From a cell's text to a value of its column, or to the reason why it is refused."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache

from qa_service.extract.columns import Column, Kind

Value = str | int | Decimal | bool | date | datetime | list[object] | dict[str, object]

FLAGS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False, "y": True, "n": False}
WHOLE = re.compile(r"[+-]?\d{1,18}(\.0+)?")


class RefusedValueError(ValueError):
    """A cell's text is not a value of its column; `reason` and `remedy` say why and what to do."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}. {remedy}")
        self.reason = reason
        self.remedy = remedy


def parse(column: Column, text: str | None) -> Value | None:
    """Read one cell; empty text is a missing value.

    Raises
    ------
    RefusedValueError
        The cell is empty though required, malformed, out of range, or not one of the codes.
    """
    if text is None or not (text := text.strip()):
        if column.is_required:
            raise RefusedValueError("is empty", "Every row needs a value here")
        return None
    if not _is_legible(text):
        raise RefusedValueError("holds characters that are not text", "Save the file as UTF-8")
    return PARSERS[column.kind](column, text)


def _text(column: Column, text: str) -> str:
    if column.pattern and not _pattern(column.pattern).fullmatch(text):
        raise RefusedValueError("has the wrong form", f"It must match {column.pattern}")
    return text


def _code(column: Column, text: str) -> str:
    folded = text.upper().replace(" ", "_").replace("-", "_")
    if folded not in column.codes:
        raise RefusedValueError("is not a known code", f"Use one of: {', '.join(column.codes)}")
    return folded


def _integer(column: Column, text: str) -> int:
    if not WHOLE.fullmatch(text):
        raise RefusedValueError("is not a whole number", "Write digits only")
    number = int(text.split(".", maxsplit=1)[0])
    _in_range(column, number)
    return number


def _number(column: Column, text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise RefusedValueError("is not a number", "Write it as 7.4") from None
    if not number.is_finite():
        raise RefusedValueError("is not a number", "Write it as 7.4")
    _in_range(column, number)
    return number


def _flag(_: Column, text: str) -> bool:
    try:
        return FLAGS[text.lower()]
    except KeyError:
        raise RefusedValueError("is neither true nor false", "Write true or false") from None


def _date(_: Column, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RefusedValueError("is not a date", "Write it as YYYY-MM-DD") from None


def _moment(_: Column, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RefusedValueError("is not a date and time", "Write it as YYYY-MM-DDTHH:MM:SSZ") from None
    if moment.tzinfo is None:
        raise RefusedValueError("does not say its time zone", "Write it in UTC and end it with Z")
    return moment.astimezone(UTC)


def _json(_: Column, text: str) -> list[object] | dict[str, object]:
    try:
        parsed = json.loads(text)
    except ValueError as error:
        raise RefusedValueError(f"is not JSON ({error})", "Write an object or an array") from None
    if not isinstance(parsed, list | dict):
        raise RefusedValueError("is JSON of another shape", "Write an object or an array")
    return parsed


def _in_range(column: Column, number: float | Decimal) -> None:
    low, high = column.minimum, column.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        unit = f" {column.unit}" if column.unit else ""
        raise RefusedValueError("is out of range", f"It must be from {low:g} to {high:g}{unit}")


def _is_legible(text: str) -> bool:
    """Tell text from bytes that were not UTF-8 (read as lone surrogates) and from stray NULs."""
    if "\x00" in text:
        return False
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError:
        return False
    return True


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


PARSERS: dict[Kind, Callable[[Column, str], Value]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.JSON: _json,
}
