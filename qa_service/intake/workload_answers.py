"""Read hmpps-workload, probation-estate and Manage people on probation answers: officers, cases, teams."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from qa_service.intake.arns import tier_of, version_of
from qa_service.intake.entries import (
    CaseEntry,
    OfficerEntry,
    Order,
    PduEntry,
    Reading,
    RegionEntry,
    TeamEntry,
    WorkloadEntry,
)
from qa_service.intake.fields import (
    RefusedFieldError,
    illegible,
    person_name,
    read_count,
    read_crn,
    read_day,
    read_grade,
    read_number,
    text_of,
)

_MOST_POINTS = 20_000
_MOST_CASES = 1_000
_MOST_HOURS = 48
_MOST_PCT = 10_000
_CASE_TYPES = {
    "COMMUNITY": "COMMUNITY",
    "LICENSE": "LICENCE",
    "LICENCE": "LICENCE",
    "CUSTODY": "CUSTODY",
    "UNKNOWN": "UNKNOWN",
}


def read_overview(document: Mapping[str, Any], reading: Reading, *, place: str) -> None:
    """Read an officer's overview: the week's points; the capacity it states is recomputed on loading."""
    seen_on = read_day(document.get("lastUpdatedOn"), "lastUpdatedOn")
    if seen_on is None:
        raise RefusedFieldError("lastUpdatedOn", "the week is not said", "Send it with lastUpdatedOn.")
    total = read_count(document.get("pointsUsed"), "pointsUsed", maximum=_MOST_POINTS)
    available = read_count(document.get("pointsAvailable"), "pointsAvailable", maximum=_MOST_POINTS)
    n_cases = read_count(document.get("totalCases"), "totalCases", maximum=_MOST_CASES)
    if total is None or available is None or n_cases is None:
        missing = "pointsUsed" if total is None else "pointsAvailable" if available is None else "totalCases"
        raise RefusedFieldError(missing, "is missing", "Send the whole answer.")
    reading.order = min(reading.order, Order.STAFF)
    reading.entries.append(
        WorkloadEntry(
            place=place,
            staff_code=_code(document.get("code"), "code"),
            team_code=_maybe_code(document.get("teamCode"), "teamCode"),
            seen_on=seen_on,
            total_points=total,
            available_points=available,
            n_cases=n_cases,
            stated_workload_pct=read_number(document.get("capacity"), "capacity", maximum=_MOST_PCT),
            weekly_hours=read_number(document.get("weeklyHours"), "weeklyHours", maximum=_MOST_HOURS),
        )
    )


def read_officer_cases(document: Mapping[str, Any], reading: Reading, *, place: str) -> None:
    """Read an officer's list of cases; one bad row never loses the others."""
    staff_code = _maybe_code(document.get("code"), "code")
    team_code = _maybe_code(document.get("teamCode"), "teamCode")
    for number, row in enumerate(document.get("activeCases") or []):
        here = f"{place}.activeCases[{number}]"
        with reading.refusing(here):
            reading.entries.append(_case_row(row, here, staff_code, team_code))
    reading.order = min(reading.order, Order.CASES)


def read_case_list(rows: list[Any], reading: Reading, *, place: str) -> None:
    """Read a bare list of cases, limited-access rows among them."""
    for number, row in enumerate(rows):
        here = f"{place}[{number}]"
        with reading.refusing(here):
            reading.entries.append(_case_row(row, here, None, None))
    reading.order = min(reading.order, Order.CASES)


def _case_row(row: object, place: str, staff_code: str | None, team_code: str | None) -> CaseEntry:
    if not isinstance(row, Mapping) or illegible(row):
        raise RefusedFieldError("", "is not a case", "Send one object for each case, in UTF-8.")
    tier = tier_of(row.get("tier"), "tier")
    stated = (text_of(row.get("type") or row.get("caseType")) or "").upper()
    if stated and stated not in _CASE_TYPES:
        known = ", ".join(sorted(_CASE_TYPES))
        raise RefusedFieldError("type", f"{stated[:60]!r} is not a type of case", f"Use one of: {known}.")
    limited = row.get("limitedAccess", row.get("laoCase"))
    return CaseEntry(
        place=place,
        crn=read_crn(row.get("crn"), "crn"),
        name=person_name(row.get("name")),
        tier=tier,
        tier_version=version_of(tier),
        case_type=_CASE_TYPES.get(stated),
        is_limited_access=True if limited is True else None,
        staff_code=staff_code,
        team_code=team_code,
        held_from_on=read_day(row.get("initialAllocationDate"), "initialAllocationDate"),
    )


def read_choose_practitioner(document: Mapping[str, Any], reading: Reading, *, place: str, day: date) -> None:
    """Read the practitioners a case could go to, team by team, and who holds it now."""
    manager = document.get("communityPersonManager")
    manager = manager if isinstance(manager, Mapping) else {}
    if text_of(manager.get("code")) and text_of(manager.get("teamCode")):
        _officer(manager, text_of(manager["teamCode"]) or "", reading, f"{place}.communityPersonManager", day)
    teams = document.get("teams")
    for team_code, officers in teams.items() if isinstance(teams, Mapping) else ():
        for number, officer in enumerate(officers or []):
            _officer(officer, team_code, reading, f"{place}.teams.{team_code}[{number}]", day)
    if text_of(document.get("crn")):
        row = {key: document.get(key) for key in ("crn", "name", "tier")}
        staff_code = _maybe_code(manager.get("code"), "communityPersonManager.code")
        with reading.refusing(place):
            reading.entries.append(_case_row(row, place, staff_code, text_of(manager.get("teamCode"))))
    reading.notes.append(f"{place}: workload percentages without their points are not loaded.")
    reading.order = min(reading.order, Order.STAFF)


def _officer(officer: object, team_code: str, reading: Reading, place: str, day: date) -> None:
    with reading.refusing(place):
        if not isinstance(officer, Mapping) or illegible(officer):
            raise RefusedFieldError("", "is not an officer", "Send one object for each officer, in UTF-8.")
        name = person_name(officer.get("name"))
        if name is None:
            raise RefusedFieldError("name", "is missing", "Send the officer with a name.")
        grade = officer.get("grade")
        reading.entries.append(
            OfficerEntry(
                place=place,
                staff_code=_code(officer.get("code"), "code"),
                name=name[:160],
                team_code=_code(team_code, "teamCode"),
                seen_on=day,
                grade=read_grade(grade, "grade") if text_of(grade) else None,
                email=text_of(officer.get("email")),
            )
        )


def read_practitioner(
    document: Mapping[str, Any], reading: Reading, *, place: str, crn: str | None, day: date
) -> None:
    """Read who holds a case now: region, team and officer; the case itself when the address names it."""
    provider, team = document["provider"], document["team"]
    _region(provider, reading, f"{place}.provider")
    team_code = _code(team.get("code"), "team.code")
    reading.order = min(reading.order, Order.STAFF)
    if document.get("unallocated") is True:
        reading.notes.append(f"{place}: the case is unallocated, so there is no officer to load.")
        return
    _officer(document, team_code, reading, place, day)
    if crn is None:
        reading.notes.append(f"{place}: the address names no CRN, so no case is given to this officer.")
    else:
        staff_code = _code(document.get("code"), "code")
        reading.entries.append(CaseEntry(place=place, crn=crn, staff_code=staff_code, team_code=team_code))


def read_pdu(document: Mapping[str, Any], reading: Reading, *, place: str) -> None:
    """Read a PDU with its region and its teams."""
    region = document["region"]
    _region(region, reading, f"{place}.region")
    code = _code(document.get("code"), "code")
    name = text_of(document.get("name")) or code
    region_code = _code(region.get("code"), "region.code")
    reading.entries.append(PduEntry(place=place, code=code, name=name[:160], region_code=region_code))
    _teams(document.get("teams"), reading, place, code)
    reading.order = Order.ESTATE


def read_user_providers(document: Mapping[str, Any], reading: Reading, *, place: str) -> None:
    """Read regions and teams; the users are named without staff codes, so none of them is a person here."""
    for number, provider in enumerate(document.get("providers") or []):
        _region(provider, reading, f"{place}.providers[{number}]")
    _teams(document.get("teams"), reading, place, None)
    users = document.get("users")
    if isinstance(users, list) and users:
        reading.notes.append(
            f"{place}: {len(users)} users have no staff code, so nobody is loaded from them."
        )
    reading.order = Order.ESTATE


def _region(region: object, reading: Reading, place: str) -> None:
    with reading.refusing(place):
        if not isinstance(region, Mapping):
            raise RefusedFieldError("", "is not a region", "Send its code and name.")
        code = _code(region.get("code"), "code")
        name = (text_of(region.get("name")) or code)[:120]
        reading.entries.append(RegionEntry(place=place, code=code, name=name))


def _teams(teams: object, reading: Reading, place: str, pdu_code: str | None) -> None:
    for number, team in enumerate(teams if isinstance(teams, list) else []):
        here = f"{place}.teams[{number}]"
        with reading.refusing(here):
            if not isinstance(team, Mapping):
                raise RefusedFieldError("", "is not a team", "Send its code and name.")
            code = _code(team.get("code"), "code")
            name = text_of(team.get("name")) or text_of(team.get("description")) or code
            reading.entries.append(TeamEntry(place=here, code=code, name=name[:160], pdu_code=pdu_code))


def _code(value: object, column: str) -> str:
    code = (text_of(value) or "").upper()
    if not code or len(code) > 10 or not (code.isascii() and code.isalnum()):
        raise RefusedFieldError(
            column, f"{code[:60]!r} is not a code", "Write the code of up to 10 letters and digits."
        )
    return code


def _maybe_code(value: object, column: str) -> str | None:
    return None if text_of(value) is None else _code(value, column)
