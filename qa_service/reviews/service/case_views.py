"""Building what a reader is shown, stage by stage: each view is made only from what its stage may load."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from models import passages as matching
from qa_service.core.clock import day_of
from qa_service.core.db import seeing_everything
from qa_service.core.errors import Conflict
from qa_service.flags import rules as flag_rules
from qa_service.flags.service.artefacts import approved_artefact
from qa_service.flags.tables import FlagArtefact
from qa_service.reviews.case_view import (
    TEXT_LABELS,
    BlindCase,
    EarlierAssessment,
    PackEntry,
    Passage,
    Register,
    RevealedFlag,
    RevealedLevel,
    SharedPassage,
    ShownFlag,
    full_analysis_of,
    masked,
    passages_of,
    plain,
    screening_answer,
    screening_of,
)
from qa_service.reviews.service.claiming import own_read
from qa_service.reviews.service.copied_text import copied_text_of, shared_text_of
from qa_service.reviews.store import case_reading as store
from qa_service.reviews.store import reads
from qa_service.reviews.tables import Review
from qa_service.rounds.tables import Check
from rubrics import Grid, Group, Level, load

_ISO_DAY_LENGTH = len("2026-11-22")
_WORD_START = re.compile(r"(?<=[a-z])[A-Z]")
_SUPERVISION = {"COMMUNITY": "In the community", "LICENCE": "On licence", "CUSTODY": "In custody"}


def blind_case(session: Session, reference: str, *, reader_id: int) -> BlindCase:
    """Return the frozen case pack of one's own read, without the level and all that derives from it."""
    with seeing_everything(session):
        _, check = _own(session, reference, reader_id)
        return blind_view(session, check)


def blind_view(session: Session, check: Check) -> BlindCase:
    """Build the blind view of a check's case."""
    case = store.find_blind_case(session, check.id)
    assessment = store.find_blind_assessment(session, check.assessment_id)
    earlier = store.find_earlier(session, check.assessment_id, check.drawn_at)
    return BlindCase(
        check_reference=check.reference,
        crn=case.crn or "",
        name=case.name,
        officer_name=case.officer_name,
        supervision=_SUPERVISION.get(case.case_type, "Not known"),
        facts=(
            ("Supervision began", case.started_on),
            ("Released from custody", case.released_on),
            ("Release expected", case.release_due_on),
            ("Next hearing", case.next_hearing_on),
            ("Expected to end", case.ends_on),
            ("Contact", case.contact_status),
        ),
        assessed=(
            ("Purpose", masked(assessment.purpose)),
            ("Begun", _day(assessment.initiated_at)),
            ("Completed", _day(assessment.completed_at)),
            ("Signed", _day(assessment.signed_at)),
            ("Full analysis done", _yes_no(assessment.has_full_analysis)),
            ("Reason given for that", masked(assessment.full_analysis_reason)),
        ),
        passages=(*passages_of(assessment.texts), *full_analysis_of(assessment.full_analysis or {})),
        screening=screening_of(assessment.screening or {}),
        needs=_needs(assessment.needs or []),
        pack=_pack(store.list_blind_pack(session, check.case_id, check.pack_through_item_id)),
        registers=_registers(store.list_blind_registers(session, check.case_id, check.drawn_at)),
        earlier=EarlierAssessment(
            _day(earlier.completed_at), masked(earlier.purpose), passages_of(earlier.texts)
        )
        if earlier
        else None,
    )


def revealed_level(session: Session, reference: str, *, reader_id: int) -> RevealedLevel:
    """Return the officer's levels beside the reader's own; a conflict before lock 2."""
    with seeing_everything(session):
        review, check = _own(session, reference, reader_id)
        if review.lock_2_at is None or review.own_grid is None:
            raise Conflict(
                "The officer's level is shown after lock 2.",
                next_step="Lock your own answers first.",
                code="stage",
            )
        return level_view(session, check, Grid.from_record(review.own_grid))


def level_view(session: Session, check: Check, own: Grid) -> RevealedLevel:
    """Build what stage 3 adds to the blind view."""
    facts = store.find_level_facts(session, check.id, day_of(check.drawn_at))
    assessed = Grid.from_record(facts.grid)
    return RevealedLevel(
        levels=_levels(assessed, own),
        overall_assessed=assessed.overall.label,
        overall_own=own.overall.label,
        overall_stated=facts.overall_stated,
        facts=_level_facts(facts),
        predictors=_predictors(facts.predictors),
        registers=_registers(
            store.list_level_registers(session, check.case_id, check.drawn_at), is_masked=False
        ),
        pack=_pack(
            store.list_level_pack(session, check.case_id, check.pack_through_item_id), is_masked=False
        ),
        earlier_levels=tuple(
            (_day(row.completed_at), Grid.from_record(row.grid).overall.label)
            for row in store.list_earlier_levels(session, check.assessment_id, check.drawn_at)
            if any(row.grid.values())
        ),
    )


def revealed_flag(session: Session, reference: str, *, reader_id: int) -> RevealedFlag:
    """Return the flag, the hints and the copied text; a conflict before submitting."""
    with seeing_everything(session):
        review, check = _own(session, reference, reader_id)
        if review.submitted_at is None:
            raise Conflict(
                "The flag is shown after you submit.", next_step="Submit your answers first.", code="stage"
            )
        flag, artefact = _flag_in_force(session, check)
        copied = copied_text_of(session, check)
        shared = shared_text_of(session, check)
    shown, why_unscored = _shown(flag, artefact), _why_unscored(flag)
    if why_unscored is not None:
        flag = None
    target = flag.target if flag else flag_rules.OVERALL
    evaluation = artefact.evaluation if artefact else {}
    precision = flag_rules.precision_of(evaluation, target)
    questions = load("rosh", check.rubric_version).questions
    return RevealedFlag(
        why_unscored=why_unscored,
        shown=shown,
        chance_rate=flag.score_rate if flag and flag_rules.states_chance(evaluation, target) else None,
        level_in_doubt=flag_rules.TARGET_NAMES[target],
        precision=precision.sentence if precision else flag_rules.UNKNOWN_PRECISION,
        reasons=tuple(f"{reason['sentence']} ({reason['item']})" for reason in flag.reasons) if flag else (),
        hints=tuple((f"{q.id} {q.title}", q.hint) for q in questions if q.hint),
        copied=tuple(
            Passage(name, TEXT_LABELS[name], _lines(passages))
            for name, passages in copied.passages.items()
            if passages
        ),
        copied_share_pct=round(100 * (copied.rate or 0)),
        shared=tuple(
            SharedPassage(name, TEXT_LABELS[name], _lines(found.passages), found.n_people)
            for name, found in shared.items()
        ),
    )


def shown_flag(session: Session, check: Check) -> ShownFlag:
    """Return what stage 4 says of a check's case at this moment, to be kept with an answer about it."""
    return _shown(*_flag_in_force(session, check))


def _flag_in_force(session: Session, check: Check) -> tuple[Row[Any] | None, FlagArtefact | None]:
    return store.find_flag(session, check.assessment_id), approved_artefact(session)


def _why_unscored(flag: Row[Any] | None) -> str | None:
    return flag_rules.why_without_score(flag.target if flag else None, flag.reasons if flag else ())


def _shown(flag: Row[Any] | None, artefact: FlagArtefact | None) -> ShownFlag:
    digest = flag.artefact_digest if flag else artefact.digest if artefact else None
    if flag is None or _why_unscored(flag) is not None:
        return ShownFlag(digest, is_flagged=False, score_rate=None)
    return ShownFlag(digest, flag.is_flagged, flag.score_rate)


def _own(session: Session, reference: str, reader_id: int) -> tuple[Review, Check]:
    review = own_read(session, reference, reader_id=reader_id)
    check = reads.find_check(session, review.check_id)
    assert check is not None
    return review, check


def _lines(passages: Sequence[matching.Passage]) -> str:
    return "\n".join(passage.text for passage in passages)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else day_of(moment)


def _yes_no(value: object) -> str:
    return {True: "Yes", False: "No"}.get(bool(value), "") if value is not None else "Not recorded"


def _needs(needs: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            str(need.get("section", "")).replace("_", " ").capitalize(),
            "Linked to harm" if need.get("linkedToHarm") else "Not linked to harm",
        )
        for need in needs
    )


def _pack(rows: store.Rows, *, is_masked: bool = True) -> tuple[PackEntry, ...]:
    show = masked if is_masked else plain
    return tuple(
        PackEntry(
            happened_on=row.happened_on,
            kind=row.kind.replace("_", " ").capitalize(),
            source=show(row.source),
            title=show(row.title),
            body=show(row.body),
            state=row.state.lower().replace("_", " ") if row.state else None,
        )
        for row in rows
    )


def _registers(rows: store.Rows, *, is_masked: bool = True) -> tuple[Register, ...]:
    show = masked if is_masked else plain
    return tuple(Register(row.code, show(row.description), row.from_on, row.to_on) for row in rows)


def _levels(assessed: Grid, own: Grid) -> tuple[tuple[str, str, str | None, str | None], ...]:
    return tuple(
        (setting, group.label, _label(theirs.get(group)), _label(ours.get(group)))
        for setting, theirs, ours in (
            ("community", assessed.community, own.community),
            ("custody", assessed.custody, own.custody),
        )
        for group in Group
        if group in theirs or group in ours
    )


def _label(level: Level | None) -> str | None:
    return None if level is None else level.label


def _level_facts(facts: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401 - a row of the query
    named = (
        ("Tier", facts.tier),
        ("MAPPA category", facts.mappa_category),
        ("MAPPA level", facts.mappa_level),
        ("Kind of assessment", facts.assessment_type),
        ("Grade of the officer", facts.grade),
        ("Officer's points at the assessment", facts.workload_points),
        ("Officer's available points then", facts.available_points),
        ("Countersigned by", facts.countersigner_staff_code),
        ("Countersigned on", str(facts.countersigned_at or "")[:_ISO_DAY_LENGTH]),
        ("Countersigner's comment", facts.countersignature_comment),
        ("Screening R1.3.7, high before", screening_answer(facts.earlier_high)),
    )
    return tuple((label, plain(value) or "Not recorded") for label, value in named)


def _predictors(predictors: Mapping[str, Any] | None) -> tuple[tuple[str, str], ...]:
    """Flatten the predictors as the source returns them: (name, value)."""
    return tuple(_leaves((predictors or {}).get("output", predictors or {})))


def _leaves(node: object, name: str = "") -> list[tuple[str, str]]:
    if isinstance(node, Mapping):
        parts = [_leaves(value, f"{name} {key}".strip()) for key, value in sorted(node.items())]
        return [leaf for part in parts for leaf in part]
    return [] if node is None else [(_in_words(name), str(node))]


def _in_words(name: str) -> str:
    """Write a source's name of a score as words: "riskOfSeriousRecidivismScore" is for machines."""
    return _WORD_START.sub(lambda start: f" {start.group().lower()}", name).strip().capitalize()
