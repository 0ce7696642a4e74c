"""What finalising a moderation will do, in sentences, with the figures of this very officer."""

from qa_service.pages.display import day, number
from qa_service.pages.manager_words import CUT_REASONS
from qa_service.reporting.consequences import Consequences
from qa_service.reviews.statuses import VerdictValue
from qa_service.workflows.rehearse_moderation import Rehearsed

_HOLD_ENDS = "A hold on new cases, if there is one, ends."
_OTHER_VERDICTS = {
    VerdictValue.PASS: ["The check passes.", _HOLD_ENDS],
    VerdictValue.PASS_WITH_ACTIONS: ["The check passes; the officer gets feedback on actions.", _HOLD_ENDS],
    VerdictValue.RECHECK: ["In the random arm two more of the officer's cases are drawn.", _HOLD_ENDS],
    VerdictValue.NOT_SCORABLE: [
        "The record is looked for; if it is not found, another case of the officer is checked instead.",
        _HOLD_ENDS,
    ],
}


def what_will_happen(found: Rehearsed) -> list[str]:
    """Return one sentence for each thing that finalising does."""
    if found.consequences is None:
        return _OTHER_VERDICTS[VerdictValue(found.verdict)]
    return [
        "The check fails.",
        *_cut_sentences(found.consequences),
        "The case's level correction goes on as it is.",
    ]


def _cut_sentences(follows: Consequences) -> list[str]:
    if follows.cap_points is None or follows.own_available_points is None or follows.starts_on is None:
        return [f"The officer's caseload does not change: {CUT_REASONS[follows.reason]}."]
    span = f"from {day(follows.starts_on)} to {day(follows.ends_on or follows.starts_on)}"
    cap = f"{number(follows.own_available_points)} to {number(follows.cap_points)} points"
    if follows.cut_decision == "new":
        carried = number(follows.carried_points or 0)
        first = f"The officer's caseload cap goes from {cap}, {span}. They carry {carried} points."
    else:
        first = f"The cut that already runs, {cap}, now lasts {span}."
    return [
        first,
        _proposed(follows.n_moves),
        *_left_over(follows),
        "Feedback, support, a review of the officer's other cases and findings for those above are opened.",
    ]


def _proposed(n_moves: int) -> str:
    if not n_moves:
        return "No case is proposed to anybody else."
    noun = "1 case is" if n_moves == 1 else f"{n_moves} cases are"
    return f"{noun} proposed to colleagues below 100%."


def _left_over(follows: Consequences) -> list[str]:
    if follows.escalated_to is None:
        return []
    points = f" and {number(follows.points_left)} points" if follows.points_left else ""
    noun = "1 case" if follows.n_unplaced == 1 else f"{follows.n_unplaced} cases"
    what = f"{noun}{points}"
    where = f"on the escalation of {follows.escalated_to}"
    return [f"{what} fit nowhere: they stay with the officer, covered, {where}."]
