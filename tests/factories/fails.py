"""One fail, confirmed by two readers through the workflows, with everything that follows from it (RULES 9)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from factories.cases import make_assessment, make_case
from factories.estate import add_workload, make_national_post, make_officer
from factories.reviews import make_reader, make_setting, references, want
from sqlmodel import Session, select
from workflows.reading import read

from qa_service.caseload.tables import Cut, Move, ReductionRequest
from qa_service.estate import service as estate
from qa_service.estate.tables import Post
from qa_service.feedback.tables import Feedback
from qa_service.obligations.tables import Escalation, LevelCorrection, Obligation, ObligationKind
from qa_service.workflows.run_due import run_due

FIRST_READ = datetime(2026, 11, 5, 10, tzinfo=UTC)
SECOND_READ = datetime(2026, 11, 11, 10, tzinfo=UTC)
FINAL = datetime(2026, 11, 13, 6, tzinfo=UTC)
CAUSES = {"given": {"G3": "no", "A4": "no"}, "causes": {"G3": "supervisor", "A4": "workload"}}


@dataclass(frozen=True)
class FailStory:
    """Where the things of the story are: keys and references for addresses."""

    officer_id: int
    spo_id: int
    head_id: int
    director_id: int
    check: str
    correction_id: int
    cut_id: int
    move_id: int
    request_id: int
    escalation_id: int
    feedback: str
    duties: dict[str, int]


def make_suspected_fail(session: Session) -> int:
    """Add an officer at 115% whose case a first reader found high; return the officer's key."""
    make_national_post(session)
    setting = make_setting(session)
    add_workload(session, "N07A001", team="N07T01", total_points=2502, week_on=date(2026, 11, 2))
    for number in range(2, 12):
        case = make_case(session, number, tier="C3")
        make_assessment(session, case, groups={"public": "LOW"} if number < 10 else None)
    make_officer(session, "N07A002", total_points=2176 - 160)
    want(session, setting.check)
    read(session, make_reader(session, "first", region="N07"), at=FIRST_READ, **CAUSES)
    return setting.officer.id


def make_fail(session: Session) -> FailStory:
    """Take the story up to the verdict: cut, reduction, two moves, escalation, feedback, duties."""
    officer_id = make_suspected_fail(session)
    read(session, make_reader(session, "second"), at=SECOND_READ, **CAUSES)
    run_due(session, at=FINAL, references=references("due"))
    return FailStory(
        officer_id=officer_id,
        spo_id=_holder(session, estate.spo_post(session, "N07T01")),
        head_id=_holder(session, estate.head_of_pdu_post(session, "LDNTST")),
        director_id=_holder(session, estate.regional_director_post(session, "N07")),
        check="CHECK1",
        correction_id=session.exec(select(LevelCorrection.id)).one(),
        cut_id=session.exec(select(Cut.id)).one(),
        move_id=session.exec(select(Move.id).order_by(Move.id)).first(),
        request_id=session.exec(select(ReductionRequest.id)).one(),
        escalation_id=session.exec(select(Escalation.id).where(Escalation.kind == "cut")).one(),
        feedback=session.exec(select(Feedback.reference)).one(),
        duties={
            duty.kind.value: duty.id
            for duty in session.exec(select(Obligation))
            if duty.kind is not ObligationKind.ESCALATION
        },
    )


def _holder(session: Session, post: Post) -> int:
    person = estate.holder_of_post(session, post.id, FINAL.date())
    assert person is not None
    return person.id
