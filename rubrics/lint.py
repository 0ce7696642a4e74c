"""What is wrong with a definition: every fault at once, so that an author corrects it in one go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from rubrics.levels import Group, Level
from rubrics.policy import Condition, VerdictPolicy
from rubrics.schema import Criticality, Definition

Raw = Mapping[str, Any]

# Worked out from the two grids by rubrics.scoring; a rubric without them cannot be decided (RULES 1 and 2).
COMPUTED = ("D1", "D2")


def lint_definition(raw: Raw) -> tuple[str, ...]:
    """List every fault of a rubric file.

    Parameters
    ----------
    raw : mapping
        The file as read by `tomllib`, without its digest.

    Returns
    -------
    tuple of str
        Empty when the file is sound; each entry says where and what.
    """
    questions, sections = _rows(raw, "questions"), _rows(raw, "sections")
    return (
        *_shape_faults(Definition, raw),
        *_repeated("question", (q.get("id") for q in questions)),
        *_repeated("section", (s.get("id") for s in sections)),
        *_repeated("cause", (c.get("code") for c in _rows(raw, "causes"))),
        *_orphans(questions, sections),
        *_stage_faults(questions),
        *_owner_faults(questions),
        *_level_faults(raw),
    )


def lint_policy(raw: Raw) -> tuple[str, ...]:
    """List every fault of an outcome policy file.

    Parameters
    ----------
    raw : mapping
        The file as read by `tomllib`, without its digest.

    Returns
    -------
    tuple of str
        Empty when the file is sound; each entry says where and what.
    """
    return (*_shape_faults(VerdictPolicy, raw), *_row_faults(_rows(raw, "rows")), *_unreachable(raw))


def lint_policy_for(definition: Definition, policy: VerdictPolicy) -> tuple[str, ...]:
    """List the thresholds of a policy that no scorecard of this rubric could ever reach.

    Parameters
    ----------
    definition : Definition
    policy : VerdictPolicy

    Returns
    -------
    tuple of str
    """
    n_critical = sum(question.criticality is Criticality.CRITICAL for question in definition.questions)
    ceilings = {
        "max_cannot_tell": (
            policy.thresholds.max_cannot_tell.value,
            len(definition.asked) - 1,
            "questions asked",
        ),
        "critical_no_for_recheck": (
            policy.thresholds.critical_no_for_recheck.value,
            n_critical,
            "critical questions",
        ),
    }
    return tuple(
        f"thresholds.{name} = {value} can never be reached: the rubric has too few {what}"
        for name, (value, most, what) in ceilings.items()
        if value > most
    )


def _rows(raw: Raw, key: str) -> list[Raw]:
    rows = raw.get(key, [])
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _shape_faults(model: type[BaseModel], raw: Raw) -> Iterator[str]:
    """Name missing, unknown, empty and mistyped entries, each by its place in the file."""
    try:
        model.model_validate({**raw, "digest": ""})
    except ValidationError as invalid:
        for error in invalid.errors():
            yield f"{_place(raw, error['loc'])}: {error['msg']}"


def _place(raw: Raw, path: tuple[int | str, ...]) -> str:
    """Write a path with the entry's own id instead of its position: questions.B2.source."""
    here: Any = raw
    names = []
    for step in path:
        here = (
            here[step]
            if isinstance(here, list) and isinstance(step, int) and step < len(here)
            else (here.get(step) if isinstance(here, Mapping) else None)
        )
        own = (
            here.get("id") or here.get("code") or here.get("severity") if isinstance(here, Mapping) else None
        )
        names.append(str(own if isinstance(step, int) and own else step))
    return ".".join(names)


def _repeated(what: str, ids: Iterable[object]) -> Iterator[str]:
    yield from (f"{what} {name} is defined {n} times" for name, n in Counter(map(str, ids)).items() if n > 1)


def _orphans(questions: list[Raw], sections: list[Raw]) -> Iterator[str]:
    known, used = {s.get("id") for s in sections}, {q.get("section") for q in questions}
    for question in questions:
        if question.get("section") not in known:
            yield f"question {question.get('id')} is in the unknown section {question.get('section')}"
        elif not str(question.get("id")).startswith(str(question.get("section"))):
            yield f"question {question.get('id')} does not start with its section {question.get('section')}"
    yield from (f"section {section} has no question" for section in sorted(map(str, known - used)))


def _stage_faults(questions: list[Raw]) -> Iterator[str]:
    """Only the two comparisons of the grids are computed; stage 1 holds the reviewer's own levels only."""
    stages = {str(q.get("id")): q.get("stage") for q in questions}
    for name in COMPUTED:
        if stages.get(name) != "computed":
            yield f"question {name} must exist with stage 'computed': it is worked out from the two grids"
    for name, stage in stages.items():
        if stage == "computed" and name not in COMPUTED:
            yield f"question {name} is computed, but only {' and '.join(COMPUTED)} can be"
        if stage == 1:
            yield f"question {name} is at stage 1, where only the reviewer's own levels are given"


def _owner_faults(questions: list[Raw]) -> Iterator[str]:
    for question in questions:
        name, owner = question.get("id"), question.get("finding_owner", "none")
        if question.get("counts_for") == "system" and owner == "none":
            yield f"question {name} counts for the system but names no finding_owner"
        if question.get("counts_for") == "system" and question.get("criticality") != "none":
            yield f"question {name} counts for the system and so cannot be critical for the officer"
        if question.get("counts_for") == "officer" and owner != "none":
            yield f"question {name} counts for the officer; its finding follows the cause instead"


def _level_faults(raw: Raw) -> Iterator[str]:
    levels = [(row.get("level"), row.get("register_code")) for row in _rows(raw, "levels")]
    expected = [(level.value, level.register_code) for level in Level]
    if levels != expected:
        yield f"levels must be, lowest first and with these codes: {expected}"
    if sorted(str(row.get("group")) for row in _rows(raw, "groups")) != sorted(Group):
        yield f"groups must be exactly {', '.join(Group)}"


def _row_faults(rows: list[Raw]) -> Iterator[str]:
    """Each condition once, one outcome per severity, "otherwise" last: else a row is dead or unclear."""
    conditions = [str(row.get("when")) for row in rows]
    outcomes = {
        (str(row.get("severity")), row.get("verdict"), row.get("kind"), row.get("is_urgent")) for row in rows
    }
    for severity, n in Counter(severity for severity, *_ in outcomes).items():
        if n > 1:
            yield f"severity {severity} has {n} outcomes; give its rows one verdict, kind and urgency"
    yield from _repeated("condition", conditions)
    yield from (f"no row uses the condition {name}" for name in Condition if name not in conditions)
    if conditions and Condition.OTHERWISE in conditions[:-1]:
        yield "rows below the condition otherwise can never be reached; make it the last row"
    order = [conditions.index(name) for name in _GRAVEST_FIRST if name in conditions]
    if order != sorted(order):
        yield f"rows must keep the order {', '.join(_GRAVEST_FIRST)}: a wider one hides those below"


_GRAVEST_FIRST = (
    Condition.LEVEL_UNDER_AND_GRAVE,
    Condition.LEVEL_UNDER,
    Condition.EXTRA_CASE_UNDER,
    Condition.QUALITY_RECHECK,
    Condition.QUALITY_ACTIONS,
)


def _unreachable(raw: Raw) -> Iterator[str]:
    """Thresholds that contradict each other or the scale."""
    table = raw.get("thresholds", {})
    entries = {name: entry.get("value") for name, entry in table.items() if isinstance(entry, Mapping)}
    value = {name: number for name, number in entries.items() if isinstance(number, int)}
    yield from (
        f"thresholds.{name} = {value[name]} can never be reached: scores end at 100"
        for name in ("pass_score_pct", "recheck_score_pct")
        if value.get(name, 0) > 100
    )
    for lower, higher in (
        ("recheck_score_pct", "pass_score_pct"),
        ("critical_no_for_actions", "critical_no_for_recheck"),
    ):
        if lower in value and higher in value and value[lower] >= value[higher]:
            yield f"thresholds.{lower} = {value[lower]} must be below thresholds.{higher} = {value[higher]}"
