"""Screening answers of R1.2 to R4.4: what the record supports, less the triggers that were missed."""

import numpy as np
import pyarrow as pa

from qa_service.synth.caseload import Caseload
from qa_service.synth.cases import ARSON, ROBBERY, SEXUAL
from qa_service.synth.draws import Bools, happens
from qa_service.synth.facts import (
    CHILD_CONCERN,
    CUSTODY_VIOLENCE,
    EARLIER_HIGH,
    INTELLIGENCE,
    ORDER_BREACHED,
    VIOLENT_HISTORY,
)
from qa_service.synth.history import Assessments
from qa_service.synth.json_text import json_object, quoted
from qa_service.synth.recipe import Recipe
from qa_service.synth.words import coded


def write_screening(caseload: Caseload, assessments: Assessments, recipe: Recipe) -> pa.Array:
    """Write screening answers: what the record supports is YES, unless the officer missed a trigger."""
    rng = recipe.stream(caseload.plan.code, "screening")
    places = assessments.cases
    n = len(places)
    cases, facts = caseload.cases, caseload.facts
    seen = facts.holds & ~(facts.is_ignored & facts.misses_trigger[:, None])
    triggers = {
        "R1.2.2": seen[:, VIOLENT_HISTORY],
        "R1.2.5": cases.families == SEXUAL,
        "R1.2.7": cases.families == ARSON,
        "R1.2.12": cases.families == ROBBERY,
        "R1.3.2": cases.has_domestic_abuse,
        "R1.3.7": seen[:, EARLIER_HIGH],
        "R1.3.15": seen[:, CUSTODY_VIOLENCE],
        "R1.3.17": seen[:, INTELLIGENCE],
        "R1.4.1": seen[:, ORDER_BREACHED],
        "R2.1": seen[:, CHILD_CONCERN],
        "R2.2": cases.has_child,
    }
    answers = {question: yes[places] for question, yes in triggers.items()}
    rates = recipe.figures.screening.rates
    answers |= {question: happens(rng, rate, n) for question, rate in rates.items()}
    answers["R4.4"] = (seen[:, CUSTODY_VIOLENCE])[places]
    return json_object({question: quoted(_yes_no(yes)) for question, yes in answers.items()})


def _yes_no(yes: Bools) -> pa.Array:
    return coded(("NO", "YES"), yes.astype(np.int64))
