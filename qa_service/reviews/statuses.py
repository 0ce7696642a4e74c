"""The words for where a read is, what kind it is, and what a check comes to (RULES 1, 2 and 7)."""

from enum import StrEnum


class ReviewStatus(StrEnum):
    """Where a read is; the stage says how far its reader has come."""

    WANTED = "wanted"
    ASSIGNED = "assigned"
    OPENED = "opened"
    SUBMITTED = "submitted"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class ReadKind(StrEnum):
    """RULES 7; never shown to the reader."""

    FIRST = "first"
    SECOND = "second"
    REPLACEMENT = "replacement"
    EXPERT = "expert"
    GOLD = "gold"
    CALIBRATION = "calibration"
    SFO = "sfo"
    BEFORE_MOVE = "before_move"


class VerdictValue(StrEnum):
    """RULES 2."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    PASS_WITH_ACTIONS = "pass_with_actions"  # noqa: S105 - as above
    RECHECK = "recheck"
    FAIL = "fail"
    NOT_SCORABLE = "not_scorable"


class Attribution(StrEnum):
    """Whose assessment it was (RULES 2)."""

    AUTHOR = "author"
    HOLDER = "holder"
    NONE = "none"


class ModerationStatus(StrEnum):
    """A moderation waits, is read, and is decided."""

    OPEN = "open"
    DECIDED = "decided"


class ModerationReason(StrEnum):
    """Why a third person decides (RULES 2)."""

    SPLIT = "split"
    DISPUTED_FACT = "disputed_fact"


class ReplyState(StrEnum):
    """Where the officer's factual-accuracy reply is (RULES 2)."""

    NOT_ASKED = "not_asked"
    WAITING = "waiting"
    LAPSED = "lapsed"
    NO_DISPUTE = "no_dispute"
    DISPUTED = "disputed"


# Reads that together decide a check; the others measure the readers or serve another purpose.
DECIDING_KINDS = frozenset({ReadKind.FIRST, ReadKind.SECOND, ReadKind.REPLACEMENT})
# Reads that the person at the screen still works on: nothing about the check may be known to them.
IN_HAND = frozenset({ReviewStatus.ASSIGNED, ReviewStatus.OPENED})
SUBMITTED = frozenset({ReviewStatus.SUBMITTED, ReviewStatus.DONE})
