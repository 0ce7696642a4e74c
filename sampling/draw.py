"""Draw a round and keep it: selected cases, reserves in order, and the next ticket for a spoiled case."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Integral
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sampling.designs import ArmDesign, Combined, Design, PerOfficer, Picks, arms_of
from sampling.errors import DrawError
from sampling.frame import Frame
from sampling.inclusion import multiplicity_weights, union_probability
from sampling.seed import Seed, SeedPlan
from sampling.tickets import ticket_numbers, ticket_prefix


class Pick(NamedTuple):
    """One unit in an arm's order; rank 1 is the group's lowest ticket; the ticket is 16 hex digits."""

    pseudonym: str
    officer: str
    stratum: str
    arm: str
    rank: int
    ticket: str
    inclusion_probability: float


class Substitution(NamedTuple):
    """A spoiled case and the next ticket in its group (empty when no reserve is left), with the reason."""

    arm: str
    spoiled: str
    replacement: str
    reason: str


class Promise(NamedTuple):
    """Everything that must be fixed before the seed exists; no plan only in rehearsals."""

    frame: Frame
    design: Design
    plan: SeedPlan | None


@dataclass(frozen=True, eq=False)
class ArmDraw:
    """One arm's tickets and inclusion probabilities, shape (n_units,), and its picks.

    `extended_from` is the number of cases per officer that the commitment named, where more were drawn since.
    """

    design: ArmDesign
    tickets: NDArray[np.uint64]
    inclusion_probabilities: NDArray[np.float64]
    picks: Picks
    extended_from: int | None = None


@dataclass(frozen=True, eq=False)
class Draw:
    """The outcome of one round's draw; it never changes, and substitution makes a new one.

    `promise` is what was drawn from and how, kept from the moment of the draw, so that a frame, design or
    announcement exchanged afterwards is found out.
    """

    frame: Frame
    seed: Seed
    arms: tuple[ArmDraw, ...]
    promise: Promise
    substitutions: tuple[Substitution, ...] = ()

    @property
    def commitment(self) -> str:
        """Digest of the promise, in hex, as published before the seed existed."""
        return commitment_digest(*self.promise)

    @cached_property
    def selected(self) -> tuple[Pick, ...]:
        """Cases drawn, arm by arm (a case drawn by two arms appears under both), before substitution."""
        return tuple(
            _pick(self.frame, arm, place, rank)
            for arm in self.arms
            for start, _, n_selected in _bounds(arm)
            for rank, place in enumerate(arm.picks.order[start : start + n_selected].tolist(), 1)
        )

    @cached_property
    def current(self) -> frozenset[tuple[str, str]]:
        """Pairs of arm and pseudonym to be checked once spoiled cases are replaced."""
        pairs = {(pick.arm, pick.pseudonym) for pick in self.selected}
        for swap in self.substitutions:
            pairs.discard((swap.arm, swap.spoiled))
            if swap.replacement:
                pairs.add((swap.arm, swap.replacement))
        return frozenset(pairs)

    @cached_property
    def uncovered(self) -> tuple[str, ...]:
        """Officers of the frame (excluded ones too) of whom no arm drew a case."""
        return tuple(sorted(set(self.frame.officers) - {pick.officer for pick in self.selected}))

    @property
    def inclusion_probabilities(self) -> NDArray[np.float64]:
        """Chance of being drawn by at least one arm; shape (n_units,); weight a case once by the inverse."""
        return union_probability(*(arm.inclusion_probabilities for arm in self.arms))

    @property
    def multiplicity_weights(self) -> NDArray[np.float64]:
        """Weight per hit when a case counts once for each arm that drew it; shape (n_units,)."""
        return multiplicity_weights(*(arm.inclusion_probabilities for arm in self.arms))

    def groups(self, arm: str) -> Iterator[tuple[tuple[Pick, ...], tuple[Pick, ...]]]:
        """Walk through one arm's groups: the selected and the reserves of each, in ticket order."""
        return _groups(self.frame, self._arm(arm))

    def reserves(self, officer: str, *, arm: str = "random") -> tuple[Pick, ...]:
        """List an officer's reserves in the order they would replace a spoiled case."""
        return tuple(pick for _, spare in self.groups(arm) for pick in spare if pick.officer == officer)

    def substitute(self, spoiled: str, reason: str, *, arm: str = "random") -> "Draw":
        """Replace a spoiled case by the next ticket of its group; nothing is ever drawn again.

        Parameters
        ----------
        spoiled : str
            Pseudonym now among the arm's current cases.
        reason : str
            Why it cannot be checked; published, so without personal facts.
        arm : str
            The arm that drew it.

        Returns
        -------
        Draw
            The same draw with one substitution more (replacement empty when no reserve is left).

        Raises
        ------
        DrawError
            When the case is not among the current ones or the reason is empty.
        """
        if not isinstance(reason, str) or not reason.strip():
            raise DrawError(f"{spoiled}: a substitution needs its reason")
        if (arm, spoiled) not in self.current:
            raise DrawError(f"{spoiled} is not a current case of arm {arm}; only a drawn case can be spoiled")
        used = {swap.replacement for swap in self.substitutions if swap.arm == arm}
        for chosen, spare in self.groups(arm):
            if spoiled in {pick.pseudonym for pick in chosen + spare}:
                free = [pick.pseudonym for pick in spare if pick.pseudonym not in used]
                swap = Substitution(arm, spoiled, free[0] if free else "", reason.strip())
                return replace(self, substitutions=(*self.substitutions, swap))
        raise DrawError(f"{spoiled} is in no group of arm {arm}")

    def _arm(self, name: str) -> ArmDraw:
        for arm in self.arms:
            if arm.design.arm == name:
                return arm
        raise DrawError(
            f"this draw has no arm {name}; it has {', '.join(arm.design.arm for arm in self.arms)}"
        )


def draw_round(frame: Frame, design: Design, seed: Seed | str) -> Draw:
    """Draw every arm of a design from a frozen frame with a public seed.

    Parameters
    ----------
    frame : Frame
        Frozen, its digest published before the seed existed.
    design : Design
        One arm or several combined.
    seed : Seed or str
        From `combine_seed`. Plain text is for rehearsal: it works, but no plan announced it.

    Returns
    -------
    Draw
        A function of the frame's set of units, the design and the seed, and of nothing else.

    Raises
    ------
    DesignError
        When the design does not fit the frame.
    """
    public = Seed(seed) if isinstance(seed, str) else seed
    if not isinstance(public, Seed):
        raise DrawError(f"a seed is made by combine_seed, or is text in rehearsals, not {seed!r}")
    if not isinstance(frame, Frame):
        raise DrawError(f"cases are drawn from a Frame, not from {frame!r}")
    pseudonyms = frame.pseudonyms
    arms = []
    for arm in arms_of(design):
        tickets = ticket_numbers(ticket_prefix(public.value, frame.round_id, arm.arm), pseudonyms)
        arms.append(ArmDraw(arm, tickets, arm.inclusion_probabilities(frame), arm.pick(frame, tickets)))
    return Draw(frame, public, tuple(arms), Promise(frame, design, public.plan))


def extend_draw(draw: Draw, k: int, *, arm: str = "random") -> Draw:
    """Continue an arm's sequence to k cases per officer; earlier selections all stay.

    Parameters
    ----------
    draw : Draw
        Without substitutions (extend first, substitute after).
    k : int
        New number per group, at least the present one.
    arm : str
        An arm that draws per officer.

    Returns
    -------
    Draw
        Same frame, seed, tickets and commitment; inclusion probabilities of the larger draw. The arm says how
        many it was extended from.

    Raises
    ------
    DrawError
        When the arm does not draw per officer, k is smaller, or cases were already substituted.
    """
    if not isinstance(k, Integral):
        raise DrawError(f"{k!r} cases per officer is no whole number; correct it")
    if draw.substitutions:
        raise DrawError("cases were already substituted; open a follow-up arm instead of extending")
    committed = {old.design.arm: old.extended_from for old in draw.arms}
    designs = [old.design for old in draw.arms]
    for place, design in enumerate(designs):
        if design.arm == arm and isinstance(design, PerOfficer) and k >= design.k:
            designs[place] = replace(design, k=k)
            if k > design.k:
                committed[arm] = committed[arm] or design.k
            larger = draw_round(draw.frame, Combined(tuple(designs)), draw.seed)
            arms = tuple(replace(one, extended_from=committed[one.design.arm]) for one in larger.arms)
            return replace(larger, arms=arms, promise=draw.promise)
    raise DrawError(f"no arm {arm} that draws at most {k} per officer; extension only adds cases")


def commitment_digest(frame: Frame, design: Design, plan: SeedPlan | None) -> str:
    """Digest everything that must be fixed before the seed exists.

    Parameters
    ----------
    frame : Frame
        The frozen frame (with round id and exclusions).
    design : Design
        How it will be drawn.
    plan : SeedPlan or None
        The announced source of the seed (None only in rehearsals).

    Returns
    -------
    str
        SHA-256 in hex, to be published before the drand round or the throw.
    """
    promise = {
        "round": frame.round_id,
        "frame_digest": frame.digest,
        "designs": [arm.describe() for arm in arms_of(design)],
        "announced": plan.describe() if plan else None,
    }
    text = json.dumps(promise, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _groups(frame: Frame, arm: ArmDraw) -> Iterator[tuple[tuple[Pick, ...], tuple[Pick, ...]]]:
    for start, end, n_selected in _bounds(arm):
        places = arm.picks.order[start:end].tolist()
        group = tuple(_pick(frame, arm, place, rank) for rank, place in enumerate(places, 1))
        yield group[:n_selected], group[n_selected:]


def _bounds(arm: ArmDraw) -> Iterator[tuple[int, int, int]]:
    """Start, end and number selected of each group in the arm's order."""
    offsets = arm.picks.offsets.tolist()
    return zip(offsets[:-1], offsets[1:], arm.picks.n_selected.tolist(), strict=True)


def _pick(frame: Frame, arm: ArmDraw, place: int, rank: int) -> Pick:
    pseudonym, officer, stratum, _ = frame.units[place]
    ticket = f"{int(arm.tickets[place]):016x}"
    chance = float(arm.inclusion_probabilities[place])
    return Pick(pseudonym, officer, stratum, arm.design.arm, rank, ticket, chance)
