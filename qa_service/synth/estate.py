"""The organisation of a synthetic area: real regions and PDUs, invented teams, and who works where."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from qa_service.synth.calibration import Calibration
from qa_service.synth.draws import Floats, Ints, apportion, stream
from qa_service.synth.presets import Preset

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NATIONAL = "NA"
LONDON = "N07"
LONDON_PRACTITIONERS_RATE = 1100 / 10700  # presets.toml: London's share of the practitioners


@dataclass(frozen=True)
class Pdu:
    """A PDU of the reference list."""

    code: str
    name: str
    region_code: str


@dataclass(frozen=True)
class RegionPlan:
    """One region's part of an area: its PDUs, teams, practitioners, cases and its error rates.

    `pdu_of_team` has shape (n_teams,), `pdu_of_practitioner` and `team_of_practitioner` shape
    (n_practitioners,), `too_low_rates` shape (n_pdus,): share of mediums recorded too low before factors.
    """

    number: int
    code: str
    pdus: tuple[Pdu, ...]
    team_codes: tuple[str, ...]
    pdu_of_team: Ints
    pdu_of_practitioner: Ints
    team_of_practitioner: Ints
    n_cases: int
    first_case: int
    too_low_rates: Floats

    @property
    def team_names(self) -> list[str]:
        """Name each team after its PDU and its number there."""
        within = [
            int((self.pdu_of_team[:place] == pdu).sum()) + 1 for place, pdu in enumerate(self.pdu_of_team)
        ]
        return [f"{self.pdus[p].name} team {k}" for p, k in zip(self.pdu_of_team, within, strict=True)]


@cache
def load_regions() -> tuple[tuple[str, str], ...]:
    """List the twelve regions as (code, name)."""
    return tuple((row[0], row[1]) for row in _reference("regions.csv") if row[0] != NATIONAL)


@cache
def load_pdus() -> tuple[Pdu, ...]:
    """List the 109 geographic PDUs."""
    return tuple(Pdu(row[0], row[1], row[2]) for row in _reference("pdus.csv") if row[2] != NATIONAL)


def plan_regions(preset: Preset, figures: Calibration, seed: int) -> Iterator[RegionPlan]:
    """Share an area's practitioners and cases out to its regions, PDUs and teams."""
    codes = [code for code, _ in load_regions() if not preset.region_codes or code in preset.region_codes]
    pdus = {
        code: tuple(
            pdu
            for pdu in load_pdus()
            if pdu.region_code == code and (not preset.pdu_codes or pdu.code in preset.pdu_codes)
        )
        for code in codes
    }
    weights = np.array([float(len(pdus[code])) for code in codes])
    if len(codes) > 1:
        london = np.array([code == LONDON for code in codes])
        others = weights[~london].sum()
        weights[london] = others * LONDON_PRACTITIONERS_RATE / (1 - LONDON_PRACTITIONERS_RATE)
    people = apportion(preset.n_practitioners, weights)
    cases = apportion(preset.n_cases, people.astype(float))
    first = 0
    for number, code in enumerate(codes):
        yield _plan(number, code, pdus[code], (int(people[number]), int(cases[number]), first), figures, seed)
        first += int(cases[number])


def _plan(
    number: int,
    code: str,
    pdus: tuple[Pdu, ...],
    sizes: tuple[int, int, int],
    figures: Calibration,
    seed: int,
) -> RegionPlan:
    n_people, n_cases, first_case = sizes
    rng = stream(seed, code, "estate")
    per_pdu = apportion(n_people, rng.lognormal(0.0, 0.2, len(pdus)))
    n_teams = np.maximum(1, np.round(per_pdu / figures.practitioners.spo_team_size)).astype(np.int64)
    pdu_of_team = np.repeat(np.arange(len(pdus)), n_teams)
    team_of = np.concatenate(
        [
            first + np.arange(n) % teams
            for first, n, teams in zip(np.cumsum(n_teams) - n_teams, per_pdu, n_teams, strict=True)
        ]
    )
    return RegionPlan(
        number=number,
        code=code,
        pdus=pdus,
        team_codes=tuple(f"{code}T{LETTERS[k // 26 % 26]}{LETTERS[k % 26]}" for k in range(len(pdu_of_team))),
        pdu_of_team=pdu_of_team,
        pdu_of_practitioner=np.repeat(np.arange(len(pdus)), per_pdu),
        team_of_practitioner=team_of,
        n_cases=n_cases,
        first_case=first_case,
        too_low_rates=_too_low_rates(pdus, figures, seed),
    )


def _too_low_rates(pdus: tuple[Pdu, ...], figures: Calibration, seed: int) -> Floats:
    """Draw each PDU's rate from a Beta with the calibrated mean and spread, whatever area it is part of."""
    mean, sd = figures.errors.medium_too_low_rate, figures.errors.pdu_sd
    strength = mean * (1 - mean) / sd**2 - 1
    return np.array(
        [stream(seed, pdu.code, "rate").beta(mean * strength, (1 - mean) * strength) for pdu in pdus]
    )


def _reference(name: str) -> list[list[str]]:
    text = files("qa_service.synth").joinpath("reference").joinpath(name).read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines()))[1:]
