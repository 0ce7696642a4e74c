"""Score a check of a risk of serious harm assessment against a published rubric, and decide its verdict."""

from rubrics.answers import Answer, AnswerFault, MissingPart, validate_answers
from rubrics.errors import (
    AnswersError,
    DefinitionChangedError,
    DefinitionFaultsError,
    LevelError,
    ReasonError,
    RubricError,
    UnknownDefinitionError,
)
from rubrics.grids import Grid, GridComparison, compare_grids
from rubrics.levels import Group, Level
from rubrics.loader import load, load_policy
from rubrics.policy import Kind, Severity, Verdict, VerdictPolicy
from rubrics.reasons import Reason, ReasonCode, explain
from rubrics.schema import CountsFor, Criticality, Definition, FindingOwner, Judgement, Question, Stage
from rubrics.scoring import Scorecard, SectionScore, score
from rubrics.verdict import VerdictDecision, decide, decide_provisional_severity

__all__ = [
    "Answer",
    "AnswerFault",
    "AnswersError",
    "CountsFor",
    "Criticality",
    "Definition",
    "DefinitionChangedError",
    "DefinitionFaultsError",
    "FindingOwner",
    "Grid",
    "GridComparison",
    "Group",
    "Judgement",
    "Kind",
    "Level",
    "LevelError",
    "MissingPart",
    "Question",
    "Reason",
    "ReasonCode",
    "ReasonError",
    "RubricError",
    "Scorecard",
    "SectionScore",
    "Severity",
    "Stage",
    "UnknownDefinitionError",
    "Verdict",
    "VerdictDecision",
    "VerdictPolicy",
    "compare_grids",
    "decide",
    "decide_provisional_severity",
    "explain",
    "load",
    "load_policy",
    "score",
    "validate_answers",
]
