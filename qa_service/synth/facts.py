"""What the record of each case holds: telling facts, and which of them the assessment mentions."""

from dataclasses import dataclass

import numpy as np

from qa_service.synth.calibration import Calibration
from qa_service.synth.cases import COMMUNITY, HIGH, MEDIUM, Cases
from qa_service.synth.draws import Bools, Ints, choose, happens, stream

FACTS = (
    "violent_history",
    "police_callouts",
    "child_concern",
    "custody_violence",
    "intelligence",
    "earlier_high",
    "order_breached",
    "circumstances_changed",
)
(
    VIOLENT_HISTORY,
    POLICE_CALLOUTS,
    CHILD_CONCERN,
    CUSTODY_VIOLENCE,
    INTELLIGENCE,
    EARLIER_HIGH,
    ORDER_BREACHED,
    CIRCUMSTANCES_CHANGED,
) = range(8)
NOT_ASKED, NO_REPLY, REPLIED, ANALYSED = range(4)


@dataclass(frozen=True)
class Facts:
    """Facts per case: `holds` and `mentions` have shape (n_cases, n_facts), the rest shape (n_cases,).

    `mentions` is true only where `holds` is. Enquiry states are -1 where no enquiry is called for.
    """

    holds: Bools
    mentions: Bools
    police: Ints
    children: Ints
    has_trigger_event: Bools
    misses_review: Bools
    names_people: Bools
    has_victim_safety: Bools
    has_contingency: Bools
    has_supervision: Bools
    misses_trigger: Bools
    has_full_analysis: Bools
    has_residence_requirement: Bools
    has_address_check: Bools
    is_first_late: Bools
    has_sara: Bools
    has_home_visit: Bools
    has_absences: Bools
    is_enforcement_late: Bools

    @property
    def is_ignored(self) -> Bools:
        """Tell facts that are in the record and not in the assessment."""
        return self.holds & ~self.mentions


def draw_facts(cases: Cases, figures: Calibration, seed: int, region: str) -> Facts:
    """Draw what the record holds, given what is true, so that a reader can see why a level is wrong."""
    rng = stream(seed, region, "facts")
    items = figures.items
    n = len(cases)
    police = np.where(cases.has_domestic_abuse, choose(rng, items.police_states, n), -1)
    children = np.where(cases.has_child, choose(rng, items.children_states, n), -1)
    holds = _held(rng, cases, figures, (police, children))
    mentions = _mentioned(rng, cases, holds, figures, (police, children))
    wrong = cases.is_too_low
    residence = happens(rng, items.residence_requirement_rate, n)
    absences = happens(rng, items.absences_rate, n)
    return Facts(
        holds=holds,
        mentions=mentions,
        police=police,
        children=children,
        has_trigger_event=happens(rng, items.trigger_event_rate, n),
        misses_review=happens(rng, items.missed_review_rate, n),
        names_people=~happens(rng, np.where(wrong, items.no_names_rate_when_wrong, items.no_names_rate), n),
        has_victim_safety=~happens(rng, items.no_victim_safety_rate, n),
        has_contingency=~happens(rng, items.no_contingency_rate, n),
        has_supervision=~happens(rng, items.no_supervision_rate, n),
        misses_trigger=happens(rng, items.missed_trigger_rate, n),
        has_full_analysis=(cases.recorded >= MEDIUM) & ~happens(rng, items.no_analysis_rate, n),
        has_residence_requirement=residence,
        has_address_check=residence & ~happens(rng, items.no_address_check_rate, n),
        is_first_late=happens(rng, items.late_first_assessment_rate, n),
        has_sara=cases.has_domestic_abuse & ~happens(rng, items.no_sara_rate, n),
        has_home_visit=~happens(rng, items.no_home_visit_rate, n),
        has_absences=absences,
        is_enforcement_late=absences & happens(rng, items.late_enforcement_rate, n),
    )


def _held(
    rng: np.random.Generator, cases: Cases, figures: Calibration, enquiries: tuple[Ints, Ints]
) -> Bools:
    police, children = enquiries
    n = len(cases)
    chances = np.array([getattr(figures.facts, name) for name in FACTS])
    holds = rng.random((n, len(FACTS))) < chances[:, cases.true].T
    too_low = cases.is_too_low
    hidden = cases.group_too_low
    holds[:, POLICE_CALLOUTS] = (holds[:, POLICE_CALLOUTS] | hidden) & cases.has_domestic_abuse
    holds[:, CHILD_CONCERN] = (holds[:, CHILD_CONCERN] | hidden) & cases.has_child
    holds[:, CUSTODY_VIOLENCE] &= cases.types != COMMUNITY
    holds[:, EARLIER_HIGH] &= cases.recorded < HIGH
    # Only a reply can tell something, and nobody is blamed for what was never known.
    unanswered = (police < REPLIED) & (too_low | hidden) & holds[:, POLICE_CALLOUTS]
    police[unanswered] = REPLIED
    holds[:, POLICE_CALLOUTS] &= police >= REPLIED
    unanswered = (children < REPLIED) & (too_low | hidden) & holds[:, CHILD_CONCERN]
    children[unanswered] = REPLIED
    holds[:, CHILD_CONCERN] &= children >= REPLIED
    thin = too_low & ~holds.any(axis=1)
    holds[thin, CIRCUMSTANCES_CHANGED] = True
    holds[thin, VIOLENT_HISTORY] = True
    return holds


def _mentioned(
    rng: np.random.Generator, cases: Cases, holds: Bools, figures: Calibration, enquiries: tuple[Ints, Ints]
) -> Bools:
    police, children = enquiries
    wrong = cases.is_too_low | cases.group_too_low
    rate = np.where(wrong, figures.facts.mentioned_rate_when_wrong, figures.facts.mentioned_rate)
    rate = np.where(cases.is_copied, rate / 2, rate)
    mentions = holds & (rng.random(holds.shape) < rate[:, None])
    # What was analysed is in the text, and what is in the text was analysed.
    mentions[:, POLICE_CALLOUTS] &= police == ANALYSED
    mentions[:, CHILD_CONCERN] &= children == ANALYSED
    told = wrong & (holds.sum(axis=1) == mentions.sum(axis=1)) & holds.any(axis=1)
    mentions[told, np.argmax(holds[told], axis=1)] = False
    police[(police == ANALYSED) & holds[:, POLICE_CALLOUTS] & ~mentions[:, POLICE_CALLOUTS]] = REPLIED
    children[(children == ANALYSED) & holds[:, CHILD_CONCERN] & ~mentions[:, CHILD_CONCERN]] = REPLIED
    return mentions
