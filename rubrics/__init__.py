"""Score a check of a risk of serious harm assessment against a published rubric, and decide its verdict."""

from rubrics.answers import Answer, AnswerFault, MissingPart, validate_answers
from rubrics.changes import DefinitionChanges, QuestionChange, compare_definitions
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
from rubrics.lint import lint_definition, lint_policy, lint_policy_for
from rubrics.loader import load, load_policy
from rubrics.masking import TOKEN, mask_levels
from rubrics.policy import Kind, Severity, Verdict, VerdictPolicy
from rubrics.reasons import Reason, ReasonCode, explain
from rubrics.schema import CountsFor, Criticality, Definition, FindingOwner, Judgement, Question, Stage
from rubrics.scoring import Scorecard, SectionScore, score
from rubrics.verdict import VerdictDecision, decide, decide_provisional_severity

__all__ = [
    "TOKEN",
    "Answer",
    "AnswerFault",
    "AnswersError",
    "CountsFor",
    "Criticality",
    "Definition",
    "DefinitionChangedError",
    "DefinitionChanges",
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
    "QuestionChange",
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
    "compare_definitions",
    "compare_grids",
    "decide",
    "decide_provisional_severity",
    "explain",
    "lint_definition",
    "lint_policy",
    "lint_policy_for",
    "load",
    "load_policy",
    "mask_levels",
    "score",
    "validate_answers",
]
