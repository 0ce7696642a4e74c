"""When things happened to each case, seen from its latest completed assessment."""

from dataclasses import dataclass

import numpy as np

from qa_service.synth.caseload import Caseload
from qa_service.synth.cases import NEVER
from qa_service.synth.draws import Bools, Ints
from qa_service.synth.history import Assessments
from qa_service.synth.recipe import Recipe

REVIEW_WITHIN_DAYS = 14  # ten working days (rubric item F2)


@dataclass(frozen=True)
class Timeline:
    """Per case: the day of the latest assessment (`NEVER`: none) and of the event that called for a review.

    `is_review_missed`: the event came after the assessment and more than ten working days ago.
    """

    assessed_days: Ints
    event_days: Ints
    is_review_missed: Bools

    @property
    def before_days(self) -> Ints:
        """Say by which day what the assessment could know had happened."""
        return np.where(self.assessed_days == NEVER, -1, self.assessed_days)


def draw_timeline(caseload: Caseload, assessments: Assessments, recipe: Recipe) -> Timeline:
    """Place the events that called for a review before the assessment they led to, or after it."""
    rng = recipe.stream(caseload.plan.code, "timeline")
    n = len(caseload.cases)
    assessed = np.full(n, NEVER)
    latest = assessments.is_latest
    assessed[assessments.cases[latest]] = assessments.completed_days[latest]
    wants_event = caseload.facts.has_trigger_event & (assessed != NEVER)
    room = np.maximum(-REVIEW_WITHIN_DAYS - 2 - (assessed + 3), 0)
    after = assessed + 3 + np.floor(rng.random(n) * (room + 1)).astype(np.int64)
    missed = wants_event & caseload.facts.misses_review & (room > 0)
    before = assessed - rng.integers(1, 12, n)
    led_to_review = wants_event & ~caseload.facts.misses_review
    event = np.select([missed, led_to_review], [after, before], NEVER)
    return Timeline(assessed, event, missed)
