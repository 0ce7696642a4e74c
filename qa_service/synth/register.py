"""nDelius register entries: the RoSH entry, which sometimes disagrees with OASys, and the others."""

import numpy as np

from qa_service.synth import facts as f
from qa_service.synth.caseload import Caseload
from qa_service.synth.cases import LOW, ROBBERY, VERY_HIGH, VIOLENCE
from qa_service.synth.draws import Bools, Ints, happens
from qa_service.synth.grids import CHILDREN, KNOWN_ADULT
from qa_service.synth.recipe import Recipe
from qa_service.synth.timeline import Timeline
from qa_service.synth.words import coded

ROSH_CODES = ("RLRH", "RMRH", "RHRH", "RVHR")
LEVEL_CODES = ("RSKL", "RSKM", "RSKH", "RSKV")
MISSING = -1


def draw_register_levels(caseload: Caseload, recipe: Recipe) -> Ints:
    """Say which RoSH level the register holds for each case; -1 where it holds none."""
    rng = recipe.stream(caseload.plan.code, "register-levels")
    cases, rates = caseload.cases, recipe.figures.assessments
    n = len(cases)
    disagrees = happens(
        rng,
        np.where(cases.is_too_low, rates.register_disagrees_when_too_low_rate, rates.register_disagrees_rate),
        n,
    )
    other = np.where(cases.is_too_low, cases.true, cases.recorded + rng.choice(np.array([-1, 1, 1]), n))
    level = np.where(disagrees, np.clip(other, LOW, VERY_HIGH), cases.recorded)
    return np.where(happens(rng, rates.register_missing_rate, n), MISSING, level)


def draw_registrations(
    caseload: Caseload, timeline: Timeline, register_levels: Ints, recipe: Recipe
) -> tuple[Ints, dict[str, object]]:
    """Draw every register entry of a region: the case of each, and its columns."""
    rng = recipe.stream(caseload.plan.code, "registrations")
    cases, holds = caseload.cases, caseload.facts.holds
    n = len(cases)
    grid = caseload.recorded_grid
    rates = recipe.figures.registrations.rates
    entries: list[tuple[str, Bools, Ints | None]] = [
        *((code, register_levels == level, None) for level, code in enumerate(ROSH_CODES)),
        ("ADVP", cases.has_domestic_abuse & happens(rng, rates["ADVP"], n), None),
        ("REG15", cases.has_domestic_abuse & happens(rng, rates["REG15"], n), grid[:, KNOWN_ADULT]),
        ("RCHD", cases.has_child & happens(rng, rates["RCHD"], n), grid[:, CHILDREN]),
        ("RCCO", cases.has_child & happens(rng, rates["RCCO"], n), None),
        ("RCPR", holds[:, f.CHILD_CONCERN] & happens(rng, rates["RCPR"], n), None),
        ("WEAP", np.isin(cases.families, (VIOLENCE, ROBBERY)) & happens(rng, rates["WEAP"], n), None),
        ("IIOM", happens(rng, rates["IIOM"], n), None),
        ("STRG", happens(rng, rates["STRG"], n), None),
        ("SPO", holds[:, f.ORDER_BREACHED] & happens(rng, rates["SPO"], n), None),
        ("AVIS", cases.mappa_categories == 1, None),
    ]
    places, codes, levels, starts = [], [], [], []
    for code, mask, level in entries:
        where = np.flatnonzero(mask)
        places.append(where)
        codes += [code] * len(where)
        levels.append(np.full(len(where), MISSING) if level is None else level[where])
        starts.append(_starts(rng, timeline, where))
    mappa = np.flatnonzero(cases.mappa_categories > 0)
    all_places = np.concatenate([*places, mappa])
    level_texts = coded(LEVEL_CODES, np.concatenate(levels)).to_pylist()
    level_texts += [f"M{level}" for level in cases.mappa_levels[mappa].tolist()]
    categories = [None] * len(codes) + [f"M{category}" for category in cases.mappa_categories[mappa].tolist()]
    days = np.concatenate([*starts, _starts(rng, timeline, mappa)])
    return all_places, {
        "code": codes + ["MAPP"] * len(mappa),  # codespell:ignore mapp
        "level": level_texts,
        "category": categories,
        "start_on": recipe.calendar.dates(days),
        "is_active": np.ones(len(all_places), dtype=bool),
    }


def _starts(rng: np.random.Generator, timeline: Timeline, where: Ints) -> Ints:
    days: Ints = timeline.before_days[where] - rng.integers(0, 300, len(where))
    return days
