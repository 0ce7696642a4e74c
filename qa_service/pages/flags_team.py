"""After a round closes, an SPO sees the team's flagged cases that it did not draw (RULES 8)."""

from fastapi import APIRouter, Request, Response

from qa_service.auth.dependencies import ClockDep, SessionDep
from qa_service.auth.roles import Role
from qa_service.core.errors import NotFound
from qa_service.flags.rules import OVERALL
from qa_service.flags.service.artefacts import approved_artefact
from qa_service.pages import flags_words as words
from qa_service.pages.addresses import Reference
from qa_service.pages.flags_access import TeamDep
from qa_service.pages.render import Link, render
from qa_service.reporting.flag_rounds import rounds_over_teams
from qa_service.reporting.flagged import rank_cases, undrawn_flagged
from qa_service.reporting.reach import reach_of

router = APIRouter(include_in_schema=False)

TEAM = "/flagged-cases"


@router.get(TEAM)
def show_latest(request: Request, session: SessionDep, clock: ClockDep, user: TeamDep) -> Response:
    """Show what the latest closed round over the team left undrawn."""
    return _page(request, session, clock, user, None)


@router.get(f"{TEAM}/{{reference}}")
def show_round(
    request: Request, session: SessionDep, clock: ClockDep, user: TeamDep, reference: Reference
) -> Response:
    """Show what one closed round over the team left undrawn."""
    return _page(request, session, clock, user, reference)


def _page(
    request: Request, session: SessionDep, clock: ClockDep, user: TeamDep, reference: str | None
) -> Response:
    reach = reach_of(session, user, (Role.SPO,))
    rounds = rounds_over_teams(session, reach.teams)
    closed = [one for one in rounds if one.is_closed]
    if reference is not None and reference not in {one.reference for one in closed}:
        raise NotFound("There is no closed round of that name here.", next_step="Start from your own list.")
    shown = next((one for one in closed if reference in {None, one.reference}), None)
    at, artefact = clock.now(), approved_artefact(session)
    # A case that any round has drawn meanwhile is left out without a word: a line manager must not learn it.
    cases = [
        case
        for case in (undrawn_flagged(session, reach, shown.reference, at=at) if shown else ())
        if not case.is_being_checked
    ]
    n_waiting = rank_cases(session, reach, at=at, n=0).n_without_score if artefact and shown else 0
    evaluation = artefact.evaluation if artefact else {}
    context = {
        "shown": shown,
        "others": [Link(one.reference, f"{TEAM}/{one.reference}") for one in closed if one is not shown],
        "running": [one for one in rounds if not one.is_closed],
        "has_flags": artefact is not None,
        "n_waiting": n_waiting,
        # A flagged case has both; the record is also that of cases without a score.
        "cases": [
            (case, words.chance_in_full(evaluation, case.score_rate or 0, case.target or OVERALL))
            for case in cases
        ],
        "decides_nothing": words.DECIDES_NOTHING,
        "data_up_to": at,
    }
    return render(request, "flags/team.html", context)
