"""One fail, day by day, in words (RULES 9): everything that happened because of a check."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from qa_service.core.clock import day_of
from qa_service.pages.display import day
from qa_service.pages.manager_words import ARMS, DUTY_KINDS, ITEM_DECISIONS, SEVERITIES
from qa_service.pages.officer_words import OUTCOMES, level_in_words
from qa_service.pages.render import Event, Link
from qa_service.reporting.timeline import Happening

Facts = Mapping[str, Any]


def _on(value: object) -> str:
    """Write a day that came as text."""
    moment = str(value)
    return day(datetime.fromisoformat(moment)) if "T" in moment else day(date.fromisoformat(moment))


def _levels(facts: Facts) -> str:
    return f"Officer {level_in_words(facts['assessed'])}, found {level_in_words(facts['reviewed'])}."


def _reasons(facts: Facts) -> str:
    return " ".join(facts["reasons"] or ())


def _cut(facts: Facts) -> str:
    span = f"{_on(facts['starts_on'])} to {_on(facts['ends_on'])}"
    return f"{_reasons(facts)} {facts['cap_points']:,} of {facts['own_points']:,} points, {span}."


# code -> (title, its text from the facts)
WORDS: Mapping[str, tuple[str, Callable[[Facts], str]]] = {
    "drawn": ("Case drawn", lambda facts: f"{ARMS[facts['arm']].capitalize()}."),
    "read": ("Read submitted", lambda facts: f"Read {facts['number']} of this check, blind."),
    "correction_opened": (
        "Level correction opened",
        lambda facts: f"{_levels(facts)} Higher for: {facts['groups']}. Due {_on(facts['due_at'])}.",
    ),
    "hold_placed": ("New allocations held", lambda facts: f"Until {_on(facts['expires_at'])} at the latest."),
    "hold_lifted": ("Hold ended", lambda facts: facts["reason"]),
    "hold_expired": ("Hold expired", lambda facts: facts["reason"]),
    "accuracy_asked": (
        "Officer asked whether the facts are right",
        lambda facts: f"Reply by {_on(facts['due_at'])}.",
    ),
    "accuracy_replied": (
        "Officer replied",
        lambda facts: "A fact is disputed." if facts["disputes"] else "No fact is disputed.",
    ),
    "moderation_opened": (
        "Moderation opened",
        lambda facts: f"{facts['reason'].replace('_', ' ').capitalize()}.",
    ),
    "moderation_decided": ("Moderation decided", lambda _: ""),
    "verdict": ("Verdict: fail", lambda facts: f"{SEVERITIES[facts['severity']]}. {_levels(facts)}"),
    "cut_new": ("Cut decided: new", _cut),
    "cut_merged": ("Cut decided: merged into the live cut", _cut),
    "cut_none": ("Cut decided: none", _reasons),
    "cut_active": ("Cut active", lambda _: "The cap counts for every allocation."),
    "cut_landed": (
        "Cut landed",
        lambda facts: f"The officer carries {facts['cap_points']:,} points or fewer.",
    ),
    "cut_over": ("Cut ended", lambda facts: facts["reason"]),
    "reduction_requested": (
        "Reduction to be keyed in WMT",
        lambda facts: f"{facts['hours']} hours a week for {facts['staff_code']}, by {_on(facts['due_at'])}.",
    ),
    "reduction_keyed": ("Reduction keyed in WMT", lambda facts: facts["staff_code"]),
    "reduction_confirmed": ("Reduction seen in WMT's figures", lambda facts: facts["staff_code"]),
    "moves_proposed": (
        "Cases proposed to others",
        lambda facts: (
            f"{facts['n']}." if facts["points"] is None else f"{facts['n']} with {facts['points']:,} points."
        ),
    ),
    "move_handed_over": (
        "Handover recorded",
        lambda facts: f"{facts['points']} points to {facts['to']}.",
    ),
    "move_declined": ("Move declined", lambda facts: facts["reason"] or ""),
    "move_withdrawn": ("Move withdrawn", lambda facts: facts["reason"] or ""),
    "escalated": ("What does not fit escalated", lambda facts: f"{facts['n']} items."),
    "item_decided": (
        "Items decided",
        lambda facts: f"{facts['n']}: {ITEM_DECISIONS[facts['decision']].lower()}. {facts['reason']}",
    ),
    "risen": ("Risen to the post above", lambda facts: f"To {facts['to']}: {facts['what']}"),
    "conversation": ("Conversation held", lambda _: ""),
    "feedback_shown": ("Feedback shown to the officer", lambda _: ""),
    "acknowledged": ("Feedback read by the officer", lambda _: ""),
    "duty_met": ("Duty met", lambda facts: f"{DUTY_KINDS[facts['kind']]}: {facts['decision']}"),
    "restore_drawn": ("Restore checks drawn", lambda facts: f"{facts['n']} random cases."),
    "restore_checked": ("Restore check finished", lambda facts: f"{OUTCOMES[facts['verdict']]}."),
}


def events_of(happened: Sequence[Happening]) -> list[Event]:
    """Return the happenings as timeline entries; day 0 is the day of the draw."""
    first = day_of(happened[0].at) if happened else None
    return [
        Event(
            WORDS[one.code][0],
            f"{day(one.at)} (day {(day_of(one.at) - first).days})" if first else day(one.at),
            text=WORDS[one.code][1](one.facts) or None,
            link=Link("Open the escalation", f"/escalations/{one.facts['id']}")
            if one.code == "escalated"
            else None,
        )
        for one in happened
    ]
