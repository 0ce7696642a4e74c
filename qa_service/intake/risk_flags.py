"""Read nDelius registrations and risk flags; without a register code, only flags whose words name one."""

from collections.abc import Mapping
from typing import Any

from qa_service.intake.arns import crn_of
from qa_service.intake.entries import Order, Reading, RegistrationEntry
from qa_service.intake.fields import RefusedFieldError, illegible, read_day, text_of
from rubrics import Group

# nDelius register descriptions (FORMATS 1.4) that flags give instead of the code.
_DESCRIBED = {
    **{f"risk to {group.label}": group.register_code for group in Group},
    "domestic abuse perpetrator": "ADVP",
    "very high rosh": "RVHR",
    "high rosh": "RHRH",
    "medium rosh": "RMRH",
    "low rosh": "RLRH",
}


def read_risk_flags(document: Mapping[str, Any], reading: Reading, *, place: str, crn: str | None) -> None:
    """Read the flags of one person."""
    if illegible(document):
        raise RefusedFieldError("", "holds characters that are not text", "Save the file as UTF-8.")
    number = crn_of(document["personSummary"], crn)
    reading.order = min(reading.order, Order.CASES)
    flags = [
        (f"{place}.{key}[{number_}]", flag)
        for key in ("riskFlags", "removedRiskFlags", "registrations", "roshHistory")
        for number_, flag in enumerate(document.get(key) or [])
    ]
    if "riskFlag" in document:
        flags.append((f"{place}.riskFlag", document["riskFlag"]))
    for here, flag in flags:
        with reading.refusing(here):
            _read_flag(flag, reading, here, number)


def _read_flag(flag: object, reading: Reading, place: str, crn: str) -> None:
    if not isinstance(flag, Mapping):
        raise RefusedFieldError("", "is not a flag", "Send one object for each flag.")
    kind = flag.get("type")
    kind = kind if isinstance(kind, Mapping) else {}
    description = text_of(flag.get("description")) or text_of(kind.get("description"))
    code = text_of(kind.get("code")) or _DESCRIBED.get((description or "").lower())
    if code is None:
        reading.notes.append(f"{place}: {description!r} comes without its register code and is not loaded.")
        return
    began = read_day(flag.get("startDate") or flag.get("createdDate"), "startDate")
    ended = _ended(flag)
    if ended is None and (flag.get("active") is False or flag.get("removed") is True):
        raise RefusedFieldError(
            "removalDate", "the flag was removed, but not when", "Send the day it was removed."
        )
    reading.entries.append(
        RegistrationEntry(
            place=place,
            crn=crn,
            code=code.upper()[:12],
            level=text_of(flag.get("levelCode")),
            description=(description or "")[:200] or None,
            from_on=began,
            to_on=ended if began is None or ended is None else max(began, ended),
        )
    )


def _ended(flag: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a day or None
    history = flag.get("removalHistory")
    removals = [
        read_day(removal.get("removalDate"), "removalDate")
        for removal in (history if isinstance(history, list) else [])
        if isinstance(removal, Mapping)
    ]
    days = [day for day in (*removals, read_day(flag.get("endDate"), "endDate")) if day is not None]
    return max(days, default=None)
