"""One map from every status (RULES 7) and verdict to the words and the colour people see."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class StatusTag:
    """The words of a status and its tag colour (the words carry the meaning, never the colour alone)."""

    text: str
    colour: str


def _tags(colours: Mapping[str, str]) -> Mapping[str, StatusTag]:
    """Give each status its colour and its own words: `in_review` reads "In review"."""
    return MappingProxyType(
        {
            status: StatusTag(status.replace("_", " ").capitalize(), colour)
            for status, colour in colours.items()
        }
    )


STATUS_TAGS: Mapping[str, Mapping[str, StatusTag]] = MappingProxyType(
    {
        "account": _tags({"active": "green", "shut": "grey"}),
        "round": _tags(
            {
                "planned": "grey",
                "open": "blue",
                "seeded": "blue",
                "drawn": "blue",
                "in_review": "yellow",
                "paused": "orange",
                "closed": "green",
            }
        ),
        "check": _tags(
            {
                "drawn": "grey",
                "assigned": "blue",
                "opened": "blue",
                "draft": "yellow",
                "submitted": "teal",
                "second_read": "purple",
                "in_moderation": "purple",
                "being_read": "blue",
                "final": "green",
                "substituted": "grey",
                "void": "grey",
            }
        ),
        "verdict": _tags(
            {
                "pass": "green",
                "pass_with_actions": "teal",
                "recheck": "yellow",
                "fail": "red",
                "not_scorable": "grey",
            }
        ),
        "cut": _tags({"scheduled": "blue", "active": "orange", "ended": "green", "overturned": "grey"}),
        "cut_decision": _tags({"new": "orange", "merged": "yellow", "none": "grey"}),
        "reduction_request": _tags(
            {
                "requested": "blue",
                "keyed": "yellow",
                "confirmed": "green",
                "ended": "grey",
                "withdrawn": "grey",
            }
        ),
        "hold": _tags({"active": "orange", "lifted": "green", "expired": "grey"}),
        "appeal": _tags({"lodged": "blue", "assigned": "yellow", "decided": "green"}),
        "appeal_outcome": _tags({"verdict_stands": "grey", "verdict_overturned": "purple"}),
        "escalation_item": _tags({"open": "orange", "decided": "green"}),
        "obligation": _tags({"open": "orange", "overdue": "red", "closed": "green"}),
        "artefact": _tags({"candidate": "blue", "waiting": "yellow", "approved": "green", "retired": "grey"}),
        "job": _tags({"queued": "blue", "running": "yellow", "done": "green", "failed": "red"}),
        "level": _tags({"low": "green", "medium": "yellow", "high": "orange", "very_high": "red"}),
    }
)


def status_tag(kind: str, status: str) -> StatusTag:
    """Return the tag of a status; `kind` is a key of STATUS_TAGS, `status` its value in any case.

    Raises
    ------
    LookupError
        The status is not in the map: a page may not invent words for it.
    """
    try:
        return STATUS_TAGS[kind][status.lower()]
    except KeyError:
        raise LookupError(
            f"No tag for the {kind} status {status!r}. Add it to STATUS_TAGS in pages/status_tags.py."
        ) from None
