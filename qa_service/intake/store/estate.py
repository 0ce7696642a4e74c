"""Load regions, PDUs, teams, officers and their weeks from rosters that know less than the extract does.

Such a source adds what is missing and never renames what is known.
"""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sqlmodel import Session, col, func, or_, select

from qa_service.estate.tables import (
    Grade,
    Pdu,
    Person,
    Posting,
    Reduction,
    ReductionStatus,
    Region,
    StaffCode,
    Team,
    WeeklyWorkload,
)
from qa_service.intake.entries import OfficerEntry, PduEntry, Reading, RegionEntry, TeamEntry, WorkloadEntry
from qa_service.intake.fields import RefusedFieldError
from qa_service.intake.reports import Finding
from qa_service.policy.numbers import load_policy

_LOAD_FIRST = "Load the roster or the extract that holds it first, then this file again."
# A person known by a bare staff code; the extract's own key replaces this one (sql/prepare.sql).
_BARE = "staff-code:"


def load_region(session: Session, entry: RegionEntry, _reading: Reading, _at: datetime) -> bool:
    """Add a region that is not known."""
    if session.get(Region, entry.code) is not None:
        return False
    session.add(Region(code=entry.code, name=entry.name))
    session.flush()
    return True


def load_pdu(session: Session, entry: PduEntry, reading: Reading, _at: datetime) -> bool:
    """Add a PDU that is not known; one in another region than we know stays where it is."""
    known = session.get(Pdu, entry.code)
    if known is not None:
        if known.region_code != entry.region_code:
            told = f"PDU {entry.code} is in {known.region_code} here, but in {entry.region_code} there"
            reading.findings.append(Finding("estate_differs", told))
        return False
    session.add(Pdu(code=entry.code, name=entry.name, region_code=entry.region_code))
    session.flush()
    return True


def load_team(session: Session, entry: TeamEntry, reading: Reading, _at: datetime) -> bool:
    """Add a team that is not known, when the source says to which PDU it belongs."""
    known = session.get(Team, entry.code)
    if known is not None:
        if entry.pdu_code is not None and known.pdu_code != entry.pdu_code:
            told = f"Team {entry.code} is in PDU {known.pdu_code} here, but in {entry.pdu_code} there"
            reading.findings.append(Finding("estate_differs", told))
        return False
    if entry.pdu_code is None:
        raise RefusedFieldError(
            "code", f"team {entry.code} is not known, and its PDU is not said", _LOAD_FIRST
        )
    session.add(Team(code=entry.code, name=entry.name, pdu_code=entry.pdu_code))
    session.flush()
    return True


def load_officer(session: Session, entry: OfficerEntry, reading: Reading, _at: datetime) -> bool:
    """Post an officer to a team; a code that nobody has becomes a person known by that code."""
    if session.get(Team, entry.team_code) is None:
        raise RefusedFieldError("team", f"team {entry.team_code} is not known", _LOAD_FIRST)
    is_changed = _know_person(session, entry)
    posting = _open_posting(session, entry.staff_code, entry.team_code)
    if posting is None:
        grade = Grade(entry.grade) if entry.grade else Grade.OTHER
        session.add(_new_posting(entry, grade, reading))
        session.flush()
        return True
    if entry.grade is not None and posting.grade != entry.grade and posting.from_on <= entry.seen_on:
        posting.grade = Grade(entry.grade)
        is_changed = True
    session.flush()
    return is_changed


def _know_person(session: Session, entry: OfficerEntry) -> bool:
    code = session.get(StaffCode, entry.staff_code)
    if code is None:
        person = Person(person_key=_BARE + entry.staff_code, name=entry.name, email=entry.email)
        session.add(person)
        session.flush()
        assert person.id is not None
        session.add(StaffCode(code=entry.staff_code, person_id=person.id))
        session.flush()
        return True
    person_known = session.get_one(Person, code.person_id)
    if entry.email is not None and person_known.email is None:
        person_known.email = entry.email[:200]
        return True
    return False


def _new_posting(entry: OfficerEntry, grade: Grade, reading: Reading) -> Posting:
    hours = entry.contracted_hours
    if hours is None:
        hours = Decimal(0) if grade in {Grade.SPO, Grade.OTHER} else load_policy().workload.default_hours
        told = (
            f"{entry.staff_code} in {entry.team_code}: the roster has no contracted hours, {hours} is assumed"
        )
        reading.findings.append(Finding("hours_assumed", told))
    return Posting(
        staff_code=entry.staff_code,
        team_code=entry.team_code,
        grade=grade,
        contracted_hours=hours,
        from_on=entry.seen_on,
    )


def _open_posting(session: Session, staff_code: str, team_code: str) -> Posting | None:
    return session.exec(
        select(Posting).where(
            Posting.staff_code == staff_code, Posting.team_code == team_code, col(Posting.to_on).is_(None)
        )
    ).one_or_none()


def team_of(session: Session, staff_code: str, team_code: str | None) -> str:
    """Return the team of a staff code's only open posting, when the source does not say which."""
    if session.get(StaffCode, staff_code) is None:
        raise RefusedFieldError("code", f"staff code {staff_code} is not known", _LOAD_FIRST)
    teams = session.exec(
        select(Posting.team_code).where(Posting.staff_code == staff_code, col(Posting.to_on).is_(None))
    ).all()
    if team_code is not None and team_code not in teams:
        raise RefusedFieldError("teamCode", f"{staff_code} is not posted to {team_code}", _LOAD_FIRST)
    if team_code is None and len(teams) != 1:
        what = "no open posting" if not teams else f"postings to {', '.join(sorted(teams))}"
        raise RefusedFieldError(
            "teamCode", f"{staff_code} has {what}", 'Add "teamCode" to say which team is meant.'
        )
    return team_code or teams[0]


def load_workload(session: Session, entry: WorkloadEntry, reading: Reading, _at: datetime) -> bool:
    """Keep a week's points; available points are recomputed where the source leaves them out."""
    team_code = team_of(session, entry.staff_code, entry.team_code)
    posting = _open_posting(session, entry.staff_code, team_code)
    available = entry.available_points
    if available is None:
        assert posting is not None
        available = _available_points(session, posting, entry.seen_on)
    _compare(entry, posting, available, reading)
    monday = entry.seen_on - timedelta(days=entry.seen_on.weekday())
    told = {"total_points": entry.total_points, "available_points": available, "n_cases": entry.n_cases}
    week = session.exec(
        select(WeeklyWorkload).where(
            WeeklyWorkload.staff_code == entry.staff_code,
            WeeklyWorkload.team_code == team_code,
            WeeklyWorkload.week_on == monday,
        )
    ).one_or_none()
    if week is None:
        session.add(WeeklyWorkload(staff_code=entry.staff_code, team_code=team_code, week_on=monday, **told))
        session.flush()
        return True
    is_changed = any(getattr(week, column) != value for column, value in told.items())
    week.sqlmodel_update(told)
    session.flush()
    return is_changed


def _available_points(session: Session, posting: Posting, day: date) -> int:
    """WMT's available points (FORMATS 3.2), of the nominal target and the hours left after reductions."""
    workload = load_policy().workload
    reduced = session.exec(
        select(func.coalesce(func.sum(Reduction.hours), 0)).where(
            Reduction.staff_code == posting.staff_code,
            Reduction.team_code == posting.team_code,
            col(Reduction.from_on) <= day,
            or_(col(Reduction.to_on).is_(None), col(Reduction.to_on) >= day),
            Reduction.status != ReductionStatus.DELETED,
        )
    ).one()
    hours = max(Decimal(0), posting.contracted_hours - Decimal(reduced))
    return int(workload.nominal_target_points * hours / workload.default_hours)


def _compare(entry: WorkloadEntry, posting: Posting | None, available: int, reading: Reading) -> None:
    """Find a stated capacity, or stated hours, that do not fit."""
    who = entry.staff_code
    if entry.stated_workload_pct is not None:
        share = Decimal(entry.total_points) / available if available else Decimal(0)
        workload_pct = (share * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
        if abs(workload_pct - entry.stated_workload_pct) > Decimal("0.5"):
            told = f"{who}: {entry.total_points} of {available} points is {workload_pct}%"
            reading.findings.append(
                Finding("capacity_differs", f"{told}, but {entry.stated_workload_pct}% is stated")
            )
    if posting is not None and entry.weekly_hours not in (None, posting.contracted_hours):
        told = f"{who}: contracted for {posting.contracted_hours} hours here, {entry.weekly_hours} there"
        reading.findings.append(Finding("hours_differ", told))
