"""What can go wrong when a rubric is read, answered or scored, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable


class RubricError(ValueError):
    """Base of every error that this package raises."""


class UnknownDefinitionError(RubricError):
    """No packaged definition has this id and version."""


class DefinitionChangedError(RubricError):
    """A published definition's bytes differ from its recorded digest."""


class DefinitionFaultsError(RubricError):
    """A definition does not lint; `faults` lists everything that is wrong with it."""

    def __init__(self, where: str, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{where} has {len(self.faults)} fault(s): " + "; ".join(self.faults))


class LevelError(RubricError):
    """A level, a group or a grid cannot be read."""


class AnswersError(RubricError):
    """Answers cannot be scored; `faults` lists every missing or unexpected one."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("The answers cannot be scored: " + "; ".join(self.faults))


class ReasonError(RubricError):
    """A reason cannot be put into words."""
