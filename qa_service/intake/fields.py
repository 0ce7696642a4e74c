"""Read single values of other systems' files: moments, days, numbers, identifiers, codes."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from qa_service.core.clock import LONDON, day_of

# FORMATS 2. HMPPS Integration also passes on two-letter CRNs; nothing else is one.
CRN = re.compile(r"[A-Z]{1,2}\d{6}")
CRN_NEXT_STEP = (
    "A CRN is a letter (or two) and six digits, such as X777916. Correct it; a mock's number such as "
    "CRN1111 is not loaded."
)


class RefusedFieldError(ValueError):
    """A value cannot be used: which field, why, and what to do."""

    def __init__(self, column: str, reason: str, next_step: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason
        self.next_step = next_step


def text_of(value: object) -> str | None:
    """Return the text of a value, or None when there is none."""
    if value is None or isinstance(value, Mapping | list):
        return None
    return str(value).strip() or None


def read_crn(value: object, column: str) -> str:
    """Read a CRN."""
    crn = (text_of(value) or "").upper()
    if not CRN.fullmatch(crn):
        raise RefusedFieldError(column, f"{crn or 'nothing'!r} is not a CRN", CRN_NEXT_STEP)
    return crn


def read_moment(value: object, column: str) -> datetime | None:
    """Read a date and time; one without a zone is London time, as OASys and Delius write it."""
    text = text_of(value)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        next_step = "Write it as YYYY-MM-DDTHH:MM:SS, with a zone if it is not London time."
        raise RefusedFieldError(column, f"{text[:60]!r} is not a date and time", next_step) from None
    if not 1900 <= moment.year <= 2100:
        raise RefusedFieldError(column, f"{text[:60]!r} is not a plausible date", "Correct the year.")
    return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)


def read_day(value: object, column: str) -> date | None:
    """Read a day; of a date and time, the London day."""
    if isinstance(value, datetime):
        return day_of(value if value.tzinfo else value.replace(tzinfo=LONDON))
    if isinstance(value, date):
        return value
    moment = read_moment(value, column)
    return None if moment is None else day_of(moment)


def read_number(value: object, column: str, *, maximum: int) -> Decimal | None:
    """Read a number from 0 up, written as a number or as text."""
    text = text_of(value)
    if text is None:
        return None
    try:
        number = Decimal(text) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise RefusedFieldError(column, f"{text[:60]!r} is not a number", "Write digits only.")
    if not 0 <= number <= maximum:
        raise RefusedFieldError(column, f"{text[:60]} is out of range", f"It must be from 0 to {maximum:,}.")
    return number


def read_count(value: object, column: str, *, maximum: int) -> int | None:
    """Read a whole number from 0 up."""
    number = read_number(value, column, maximum=maximum)
    if number is not None and number != int(number):
        raise RefusedFieldError(column, f"{number} is not a whole number", "Write digits only.")
    return None if number is None else int(number)


def person_name(value: object) -> str | None:
    """Read a name, written whole or as forename and surname."""
    if not isinstance(value, Mapping):
        return text_of(value)
    parts = (text_of(value.get(key)) for key in ("forename", "middleName", "surname"))
    return text_of(value.get("combinedName")) or " ".join(part for part in parts if part) or None


# Delius grade codes (wmt-worker om-grade-code.js) and WMT's own; a blank grade is WMT's dummy.
_GRADES = {
    "PO": "PO", "NPSM": "PO", "PSM": "PO",
    "PSO": "PSO", "NPSQ": "PSO", "PSQ": "PSO",
    "PQIP": "PQiP", "TPO": "PQiP", "NPSP": "PQiP", "PSP": "PQiP",
    "SPO": "SPO", "NPSC": "SPO", "PSC": "SPO",
    "DMY": "DMY", "": "DMY",
}  # fmt: skip


def read_grade(value: object, column: str) -> str:
    """Read a grade in Delius's, WMT's or our own code."""
    code = (text_of(value) or "").upper()
    if code not in _GRADES:
        known = ", ".join(sorted(filter(None, _GRADES)))
        raise RefusedFieldError(column, f"{code[:60]!r} is not a grade code", f"Use one of: {known}.")
    return _GRADES[code]


def illegible(value: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    """Tell whether anything inside holds characters that are not text (NUL, half characters)."""
    if isinstance(value, str):
        return "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, Mapping):
        return any(illegible(key) or illegible(held) for key, held in value.items())
    return isinstance(value, list) and any(illegible(held) for held in value)
