"""Tell a JSON document of the other systems by its shape, bare or inside a wiremock bundle, and read it."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from qa_service.intake import arns, oasys, workload_answers
from qa_service.intake.entries import Order, Reading
from qa_service.intake.fields import RefusedFieldError
from qa_service.intake.risk_flags import read_risk_flags
from qa_service.intake.sources import ACCEPTED

_CRN_IN_ADDRESS = re.compile(r"(?<![A-Za-z0-9])([A-Z]{1,2}\d{6})(?![A-Za-z0-9])")
_ADDRESSES = ("urlPattern", "urlPath", "urlPathPattern", "url", "urlPathTemplate")


class DamagedDocumentError(ValueError):
    """The file is not JSON that can be read without losing something."""


def parse_json(content: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Parse JSON in UTF-8, UTF-16 or UTF-32; refuse what would be read as something else than it says."""
    try:
        return json.loads(content, object_pairs_hook=_object, parse_constant=_no_constant)
    except RecursionError:
        raise DamagedDocumentError("the JSON is nested too deeply to be an answer of these systems") from None
    except UnicodeDecodeError:
        raise DamagedDocumentError("the JSON is not in UTF-8") from None
    except json.JSONDecodeError as error:
        raise DamagedDocumentError(f"the JSON is damaged ({error})") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        raise DamagedDocumentError(f"an object has {', '.join(twice)[:60]!r} twice, so one would be lost")
    return read


def _no_constant(name: str) -> None:
    raise DamagedDocumentError(f"the JSON holds {name}, which is no number")


def read_document(document: Any, reading: Reading, *, day: date) -> bool:  # noqa: ANN401 - as above
    """Read a document into entries; return whether any format fits it."""
    return _read(document, reading, "$", None, day)


def _read(document: Any, reading: Reading, place: str, crn: str | None, day: date) -> bool:  # noqa: ANN401 - as above
    if isinstance(document, list):
        return _read_list(document, reading, place, crn)
    if not isinstance(document, Mapping):
        return False
    if _is_bundle(document):
        _read_bundle(document, reading, place, day)
        return True
    with reading.refusing(place):
        return _read_object(document, reading, place, crn, day)
    return True  # refused is recognised all the same


def _read_list(rows: list[Any], reading: Reading, place: str, crn: str | None) -> bool:
    if not rows:
        return False
    if any(arns.reads_predictors(row) for row in rows):
        reading.format_name = reading.format_name or "ARNS predictors"
        for number, row in enumerate(rows):
            here = f"{place}[{number}]"
            with reading.refusing(here):
                _predictors(row, reading, here, crn)
        return True
    if all(isinstance(row, Mapping) and "crn" in row for row in rows):
        reading.format_name = reading.format_name or "case list"
        workload_answers.read_case_list(rows, reading, place=place)
        return True
    return False


def _predictors(row: object, reading: Reading, place: str, crn: str | None) -> None:
    if not isinstance(row, Mapping):
        raise RefusedFieldError("", "is not a set of predictors", "Send one object for each.")
    arns.read_predictors(row, reading, place=place, crn=crn)


def _is_bundle(document: Mapping[str, Any]) -> bool:
    return isinstance(document.get("mappings"), list) or {"request", "response"} <= document.keys()


def _read_bundle(document: Mapping[str, Any], reading: Reading, place: str, day: date) -> None:
    """Read every answer of a wiremock bundle; the CRN is in its address."""
    mappings = document.get("mappings", [document])
    reading.order = Order.SECTIONS
    for number, mapping in enumerate(mappings):
        here = f"{place}.mappings[{number}].response"
        body, reason = _answer(mapping)
        if body is None:
            reading.notes.append(f"{here}: {reason}, nothing to load.")
            continue
        request = mapping.get("request")
        request = request if isinstance(request, Mapping) else {}
        address = next((str(request[name]) for name in _ADDRESSES if request.get(name)), "")
        found = _CRN_IN_ADDRESS.search(address)
        if not _read(body, reading, f"{here}.jsonBody", found[1] if found else None, day):
            reading.refuse(
                here, "jsonBody", f"the answer to {address[:80]!r} is of a kind not known", ACCEPTED
            )
    reading.format_name = "wiremock bundle"


def _answer(mapping: object) -> tuple[Any, str]:
    response = mapping.get("response") if isinstance(mapping, Mapping) else None
    if not isinstance(response, Mapping):
        return None, "there is no response"
    status = response.get("status", 200)
    if status != 200:
        return None, f"the mock answers with status {status}"
    if "jsonBody" in response:
        return response["jsonBody"], "the answer is empty"
    try:
        return parse_json(str(response.get("body", "null")).encode()), "the answer is empty"
    except DamagedDocumentError as damage:
        return None, str(damage)


def _read_object(
    document: Mapping[str, Any], reading: Reading, place: str, crn: str | None, day: date
) -> bool:
    for name, fits, read in _SHAPES:
        if fits(document):
            reading.format_name = reading.format_name or name
            read(document, reading, place, crn, day)
            return True
    return False


def _has(*keys: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda document: all(key in document for key in keys)


def _holds(**kinds: type | tuple[type, ...]) -> Callable[[Mapping[str, Any]], bool]:
    return lambda document: all(isinstance(document.get(key), kind) for key, kind in kinds.items())


def _read_event(
    document: Mapping[str, Any], reading: Reading, place: str, _crn: str | None, _day: date
) -> None:
    link = str(document.get("detailUrl", ""))[:120]
    reading.notes.append(
        f"{place}: an event says that something happened, not what: send the answer of {link}."
    )


def _read_allocations(
    document: Mapping[str, Any], reading: Reading, place: str, crn: str | None, _day: date
) -> None:
    """Read the risk page of allocations: the widget and the predictors of one person."""
    risk = document["risk"]
    number = arns.crn_of(document, crn)
    workload_answers.read_case_list([{**document, "type": None}], reading, place=place)
    here = f"{place}.risk.roshRisk"
    with reading.refusing(here):
        arns.read_risk(risk["roshRisk"], reading, place=here, crn=number)
    if arns.reads_predictors(risk):
        with reading.refusing(f"{place}.risk"):
            dated = {"completedDate": document.get("completedDate"), **risk}
            arns.read_predictors(dated, reading, place=f"{place}.risk", crn=number)


_Read = Callable[[Mapping[str, Any], Reading, str, str | None, date], None]
_SHAPES: tuple[tuple[str, Callable[[Mapping[str, Any]], bool], _Read], ...] = (
    ("OASys ORDS", oasys.reads, lambda d, r, p, c, _: oasys.read(d, r, root=p, crn=c)),
    ("domain event", _has("eventType", "occurredAt"), _read_event),
    (
        "allocations risk",
        lambda d: isinstance(d.get("risk"), Mapping) and isinstance(d["risk"].get("roshRisk"), Mapping),
        _read_allocations,
    ),
    ("ARNS risks", arns.reads_risk, lambda d, r, p, c, _: arns.read_risk(d, r, place=p, crn=c)),
    (
        "ARNS needs",
        lambda d: any(isinstance(d.get(key), list) for key in ("needs", "identifiedNeeds")),
        lambda d, r, p, c, _: arns.read_needs(d, r, place=p, crn=c),
    ),
    ("tier", _has("tierScore"), lambda d, r, p, c, _: arns.read_tier(d, r, place=p, crn=c)),
    ("ARNS predictors", arns.reads_predictors, lambda d, r, p, c, _: _predictors(d, r, p, c)),
    ("risk flags", _has("personSummary"), lambda d, r, p, c, _: read_risk_flags(d, r, place=p, crn=c)),
    (
        "officer overview",
        _has("pointsUsed", "pointsAvailable"),
        lambda d, r, p, _, __: workload_answers.read_overview(d, r, place=p),
    ),
    (
        "officer's cases",
        _has("activeCases"),
        lambda d, r, p, _, __: workload_answers.read_officer_cases(d, r, place=p),
    ),
    (
        "choose practitioner",
        _holds(teams=Mapping),
        lambda d, r, p, _, day: workload_answers.read_choose_practitioner(d, r, place=p, day=day),
    ),
    (
        "PDU",
        _holds(region=Mapping, teams=list),
        lambda d, r, p, _, __: workload_answers.read_pdu(d, r, place=p),
    ),
    (
        "user's providers",
        _holds(providers=list),
        lambda d, r, p, _, __: workload_answers.read_user_providers(d, r, place=p),
    ),
    (
        "probation practitioner",
        _holds(provider=Mapping, team=Mapping),
        lambda d, r, p, c, day: workload_answers.read_practitioner(d, r, place=p, crn=c, day=day),
    ),
    (
        "case list",
        lambda d: isinstance(d.get("crn"), str) and ("limitedAccess" in d or "laoCase" in d),
        lambda d, r, p, _, __: workload_answers.read_case_list([d], r, place=p),
    ),
    (
        "case list",
        lambda d: any(isinstance(d.get(key), list) for key in ("content", "cases")),
        lambda d, r, p, c, _: _read_content(d, r, p, c),
    ),
)


def _read_content(document: Mapping[str, Any], reading: Reading, place: str, crn: str | None) -> None:
    key = next(key for key in ("content", "cases") if isinstance(document.get(key), list))
    if not _read_list(document[key], reading, f"{place}.{key}", crn):
        reading.refuse(place, key, "is a list of a kind not known", ACCEPTED)
