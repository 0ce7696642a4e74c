"""What the pages and commands of rounds show: progress, cases drawn, who was left out, what was done when.

Numbers of checks are public with the transcript, so they count every check. Everything else is what the
person who asks may see: a check of a limited-access case is in no list of theirs.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause, text
from sqlmodel import Session

from qa_service.core.clock import day_of
from qa_service.core.db import seeing_everything
from qa_service.core.lists import Page, PageRequest
from qa_service.estate import service as estate
from qa_service.policy.numbers import load_policy
from qa_service.reporting.rows import list_rows
from qa_service.rounds import service as rounds
from qa_service.rounds import store
from qa_service.rounds.drawing import transcript
from qa_service.rounds.rules.documents import design_of
from qa_service.rounds.rules.frame import build_frame
from qa_service.rounds.rules.targeting import uses_scores
from qa_service.rounds.service import pdu_codes_of
from qa_service.rounds.tables import Round, RoundStatus


@dataclass(frozen=True)
class RoundProgress:
    """A round, where it is, and how far it has come."""

    round: Round
    area_name: str
    region_code: str | None
    n_checks: int
    n_finished: int
    n_failed: int


@dataclass(frozen=True)
class AreaView:
    """The areas whose rounds somebody may look at; regions None means everywhere."""

    regions: frozenset[str] | None
    pdus: frozenset[str] = frozenset()

    def covers(self, progress: RoundProgress) -> bool:
        """Return whether a round lies in these areas."""
        if self.regions is None or progress.region_code in self.regions:
            return True
        return progress.round.area_kind == "pdu" and progress.round.area_code in self.pdus


@dataclass(frozen=True)
class FramePreview:
    """What would be frozen if the round were opened now."""

    n_officers_due: int
    n_cases: int
    n_left_out: Mapping[tuple[str, bool], int]
    uncovered: Sequence[str]


_COUNTS = text(
    """
    SELECT round_id, count(*) FILTER (WHERE status NOT IN ('substituted', 'void')) AS n_checks,
           count(*) FILTER (WHERE status = 'final') AS n_finished
    FROM check_record WHERE round_id = ANY(:ids) GROUP BY round_id
    """
)
_STANDING = (
    "LEFT JOIN verdict v ON v.check_id = c.id"
    " AND NOT EXISTS (SELECT 1 FROM verdict later WHERE later.supersedes_id = v.id)"
)
_FAILED = text(
    f"SELECT c.round_id, count(*) AS n FROM check_record c {_STANDING}"  # noqa: S608 - constants only
    " WHERE c.round_id = ANY(:ids) AND v.verdict = 'fail' GROUP BY c.round_id"
)
_BY_PDU = text(
    "SELECT p.name, count(*) AS n_checks, count(*) FILTER (WHERE c.status = 'final') AS n_finished,"  # noqa: S608 - as above
    " count(*) FILTER (WHERE v.verdict = 'fail') AS n_failed"
    f" FROM check_record c JOIN pdu p ON p.code = c.drawn_pdu_code {_STANDING}"
    " WHERE c.round_id = :round_id AND c.status NOT IN ('substituted', 'void')"
    " GROUP BY p.name ORDER BY p.name"
)
# Where a check stands tells its reader whether theirs is the first read: to them it is just being read.
_STATUS = (
    "CASE WHEN c.status NOT IN ('final', 'substituted', 'void')"
    " AND c.id::text = ANY (scope_list('app.reading')) THEN 'being_read' ELSE c.status END"
)
_BY_STATUS = text(
    f"SELECT {_STATUS} AS status, count(*) AS n FROM check_record c WHERE c.round_id = :round_id"  # noqa: S608 - as above
    " GROUP BY 1 ORDER BY 1"
)
_CASES_FROM = (
    " FROM check_record c JOIN person o ON o.id = c.person_id JOIN pdu p ON p.code = c.drawn_pdu_code"
    f" JOIN team t ON t.code = c.team_code {_STANDING}"
    f" WHERE c.round_id = :round_id AND (:status = '' OR {_STATUS} = :status)"
    " AND (:pdu = '' OR c.drawn_pdu_code = :pdu) AND (:officer = '' OR o.name ILIKE '%' || :officer || '%')"
)
_CASE_SORTS = {"officer": "o.name", "pdu": "p.name", "status": _STATUS}
_LEFT_OUT_FROM = (
    " FROM round_exclusion x JOIN person o ON o.id = x.person_id"
    " WHERE x.round_id = :round_id AND x.case_id IS NULL AND (:reason = '' OR x.reason = :reason)"
)
# Only the cases that whoever asks may see are counted.
_CASES_LEFT_OUT = """
    (SELECT jsonb_object_agg(y.reason, y.n) FROM (
      SELECT z.reason, count(*) AS n FROM round_exclusion z JOIN case_record k ON k.id = z.case_id
      WHERE z.round_id = x.round_id AND z.person_id = x.person_id GROUP BY z.reason) y) AS cases
"""
_EVENTS = text(
    """
    SELECT e.at, e.tag, coalesce(u.display_name, e.actor) AS who, p.payload
    FROM audit_event e LEFT JOIN audit_payload p ON p.seq = e.seq
    LEFT JOIN user_account u ON e.actor = 'user:' || u.id
    WHERE e.tag LIKE 'round:%' AND e.subjects @> jsonb_build_object('round', CAST(:round_id AS bigint))
    ORDER BY e.seq DESC LIMIT 500
    """
)


def list_progress(session: Session, view: AreaView) -> list[RoundProgress]:
    """List the rounds of somebody's areas, newest first, with how far they have come."""
    return [one for one in _progress(session, rounds.rounds(session)) if view.covers(one)]


def find_progress(session: Session, reference: str) -> RoundProgress:
    """Return one round with how far it has come, or say that there is none."""
    [progress] = _progress(session, [rounds.find_round(session, reference)])
    return progress


def _progress(session: Session, found: Sequence[Round]) -> list[RoundProgress]:
    names = {region.code: region.name for region in estate.regions(session)}
    pdus = {pdu.code: pdu for pdu in estate.pdus(session)}
    ids = {"ids": [one.id for one in found]}
    with seeing_everything(session):
        counts = {row.round_id: row for row in session.connection().execute(_COUNTS, ids)}
    failed = {row.round_id: row.n for row in session.connection().execute(_FAILED, ids)}
    progress = []
    for one in found:
        pdu = pdus.get(one.area_code) if one.area_kind == "pdu" else None
        region = pdu.region_code if pdu else one.area_code if one.area_kind == "region" else None
        progress.append(
            RoundProgress(
                round=one,
                area_name=pdu.name if pdu else names.get(one.area_code, "England and Wales"),
                region_code=region,
                n_checks=counts[one.id].n_checks if one.id in counts else 0,
                n_finished=counts[one.id].n_finished if one.id in counts else 0,
                n_failed=failed.get(one.id, 0),
            )
        )
    return progress


def count_by_status(session: Session, found: Round) -> dict[str, int]:
    """Count a round's checks by status, those of limited-access cases too: numbers are public.

    Checks that whoever asks reads at this moment count as `being_read`, so that no list and count subtract.
    """
    with seeing_everything(session):
        rows = session.connection().execute(_BY_STATUS, {"round_id": found.id})
        return {row.status: row.n for row in rows}


def list_progress_by_pdu(session: Session, found: Round) -> list[Mapping[str, Any]]:
    """List each PDU's checks: name, n_checks, n_finished, n_failed."""
    return list_rows(session, _BY_PDU, {"round_id": found.id}, dict)


def list_cases(
    session: Session, found: Round, request: PageRequest, *, filters: Mapping[str, str], sort: str
) -> Page[Mapping[str, Any]]:
    """List the cases drawn: reference, officer, staff_code, team, pdu, status, ticket_rank, verdict."""
    values = {
        "round_id": found.id,
        **{name: filters.get(name, "") for name in ("status", "pdu", "officer")},
    }
    order = _CASE_SORTS.get(sort.removeprefix("-"), "c.id") + (" DESC" if sort.startswith("-") else "")
    statement = text(
        "SELECT c.reference, o.name AS officer, c.staff_code, t.name AS team, p.name AS pdu,"
        f" {_STATUS} AS status, c.ticket_rank, c.status_reason,"
        " CASE WHEN c.status = 'final' THEN v.verdict END AS verdict"
        f"{_CASES_FROM} ORDER BY {order}, c.id LIMIT :limit OFFSET :offset"
    )
    total = session.connection().execute(text(f"SELECT count(*){_CASES_FROM}"), values).scalar_one()
    return _page(session, statement, values, int(total), request)


def count_left_out(session: Session, found: Round) -> dict[tuple[str, bool], int]:
    """Count who and what was left out by (reason, whether it is an officer)."""
    return dict(Counter((out.reason, out.case_id is None) for out in rounds.exclusions(session, found)))


def list_left_out(
    session: Session, found: Round, request: PageRequest, *, reason: str
) -> Page[Mapping[str, Any]]:
    """List the officers left out: officer, reason, detail, cases (reason -> how many of theirs)."""
    values = {"round_id": found.id, "reason": reason}
    total = session.connection().execute(text(f"SELECT count(*){_LEFT_OUT_FROM}"), values).scalar_one()
    statement = text(
        f"SELECT o.name AS officer, x.reason, x.detail, {_CASES_LEFT_OUT}{_LEFT_OUT_FROM}"
        " ORDER BY x.reason <> 'nothing_to_draw', o.name, x.id LIMIT :limit OFFSET :offset"
    )
    return _page(session, statement, values, int(total), request)


def _page(
    session: Session, statement: TextClause, values: Mapping[str, object], total: int, asked: PageRequest
) -> Page[Mapping[str, Any]]:
    request = asked.within(total)
    limits = {"limit": request.size, "offset": request.offset}
    return Page(tuple(list_rows(session, statement, {**values, **limits}, dict)), total, request)


def list_events(session: Session, found: Round) -> list[Mapping[str, Any]]:
    """List what was done with a round, newest first: at, tag, who, payload."""
    return list_rows(session, _EVENTS, {"round_id": found.id}, dict)


def is_transcript_public(found: Round) -> bool:
    """Tell whether everybody may have a drawn round's transcript.

    With cases drawn by flag it holds the scores. Whoever knows how many cases an officer holds could find
    theirs in it, so it waits until nobody reads for this round any more; its digest does not.
    """
    return found.status is RoundStatus.CLOSED or not uses_scores(design_of(found.design))


def public_transcript(session: Session, reference: str) -> dict[str, object]:
    """Return the record of a draw, which names nobody; may everybody have it? see `is_transcript_public`."""
    with seeing_everything(session):
        return transcript(session, reference)


def preview_frame(session: Session, found: Round, *, at: datetime) -> FramePreview:
    """Say what would be frozen if the round were opened now; nothing is written."""
    today = day_of(at)
    with seeing_everything(session):
        officers = store.list_officers(
            session, pdu_codes_of(session, found.area_kind, found.area_code), today
        )
        cases = store.list_cases(session, [facts.person_id for facts in officers], today, at)
    names = iter(range(len(officers) + len(cases)))
    frozen = build_frame(
        found.reference,
        officers,
        cases,
        on=today,
        policy=load_policy(found.policy_version),
        new_pseudonym=lambda: f"preview-{next(names)}",
    )
    uncovered = [out.person_id for out in frozen.left_out if out.reason == "nothing_to_draw"]
    return FramePreview(
        n_officers_due=frozen.n_officers_due,
        n_cases=len(frozen.units),
        n_left_out=dict(Counter((out.reason, out.case_id is None) for out in frozen.left_out)),
        uncovered=sorted(estate.find_person(session, person_id).name for person_id in uncovered),
    )
