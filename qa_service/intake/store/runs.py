"""What is kept of every import: the run, its refusals and its findings."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, and_, col, func, insert, or_, select

from qa_service.cases.tables import Case
from qa_service.intake.reports import Finding, IntakeReport, Refusal
from qa_service.intake.tables import DataQualityFinding, IntakeRefusal, IntakeRun, RunStatus

# Imports take turns (the number is arbitrary and only ours): two copies of one file must not both load it.
_INTAKE_LOCK = 7_231_015


def take_turn(session: Session) -> None:
    """Wait until no other import is under way."""
    session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _INTAKE_LOCK})


def wait_for_imports(session: Session) -> None:
    """Wait until no import is under way, and hold up the next until the transaction ends."""
    session.connection().execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _INTAKE_LOCK})


def find_whole_run(session: Session, digest: str) -> IntakeRun | None:
    """Find the import that loaded this very content without a refusal."""
    return session.exec(
        select(IntakeRun).where(
            IntakeRun.content_digest == digest,
            IntakeRun.status == RunStatus.LOADED,
            IntakeRun.n_refused == 0,
        )
    ).first()


def insert_run(session: Session, report: IntakeReport, *, by: str, at: datetime) -> int:
    """Keep what became of one file, with its refusals."""
    run = IntakeRun(
        source_name=report.source_name[:200],
        content_digest=report.content_digest,
        format_name=report.format_name,
        status=report.status,
        n_accepted=report.n_accepted,
        n_changed=report.n_changed,
        n_refused=report.n_refused,
        loaded_by=by,
        loaded_at=at,
    )
    session.add(run)
    session.flush()
    assert run.id is not None
    if report.refusals:
        session.connection().execute(
            insert(IntakeRefusal), [_refusal_row(run.id, refusal) for refusal in report.refusals]
        )
    return run.id


def _refusal_row(run_id: int, refusal: Refusal) -> dict[str, object]:
    return {
        "run_id": run_id,
        "file_name": refusal.file[:200],
        "place": refusal.place[:300],
        "row_number": refusal.row,
        "column_name": refusal.column[:120] or None,
        "reason": refusal.reason[:500],
        "next_step": refusal.next_step[:500],
    }


_FINDINGS = text(
    "INSERT INTO data_quality_finding (run_id, case_id, assessment_id, kind, detail)"
    " SELECT :run_id, coalesce(f.case_id, c.case_id), coalesce(f.assessment_id, (SELECT max(a.id)"
    "   FROM assessment a WHERE a.outside_id = f.outside_id AND a.case_id = c.case_id)), f.kind, f.detail"
    " FROM unnest(CAST(:crns AS text[]), CAST(:outside_ids AS text[]), CAST(:case_ids AS bigint[]),"
    "   CAST(:assessment_ids AS bigint[]), CAST(:kinds AS text[]), CAST(:details AS text[]))"
    "   WITH ORDINALITY AS f (crn, outside_id, case_id, assessment_id, kind, detail, place)"
    " LEFT JOIN case_crn c ON f.case_id IS NULL AND c.crn = f.crn ORDER BY f.place"
)


def insert_findings(session: Session, run_id: int, findings: list[Finding]) -> None:
    """Keep what does not fit together, with the case and the assessment where they are known."""
    if findings:
        session.connection().execute(
            _FINDINGS,
            {
                "run_id": run_id,
                "crns": [finding.crn for finding in findings],
                "outside_ids": [finding.outside_id for finding in findings],
                "case_ids": [finding.case_id for finding in findings],
                "assessment_ids": [finding.assessment_id for finding in findings],
                "kinds": [finding.kind for finding in findings],
                "details": [finding.detail[:500] for finding in findings],
            },
        )


def list_runs(session: Session, by: str, limit: int) -> list[IntakeRun]:
    """List the last imports of one actor, newest first."""
    return list(
        session.exec(
            select(IntakeRun).where(IntakeRun.loaded_by == by).order_by(col(IntakeRun.id).desc()).limit(limit)
        )
    )


def find_run(session: Session, run_id: int) -> IntakeRun | None:
    """Find one import."""
    return session.get(IntakeRun, run_id)


def list_refusals(session: Session, run_id: int, limit: int) -> list[IntakeRefusal]:
    """List the refused rows of one import."""
    return list(
        session.exec(
            select(IntakeRefusal)
            .where(IntakeRefusal.run_id == run_id)
            .order_by(col(IntakeRefusal.id))
            .limit(limit)
        )
    )


def list_findings(session: Session, run_id: int, limit: int) -> list[DataQualityFinding]:
    """List what one import found not to fit together, about no case, or one in scope and not being read."""
    return list(
        session.exec(
            select(DataQualityFinding)
            .where(DataQualityFinding.run_id == run_id)
            .where(
                or_(
                    col(DataQualityFinding.case_id).is_(None),
                    and_(
                        col(DataQualityFinding.case_id).in_(select(Case.id)),
                        ~func.scope_reads_case(DataQualityFinding.case_id),
                    ),
                )
            )
            .order_by(col(DataQualityFinding.id))
            .limit(limit)
        )
    )
