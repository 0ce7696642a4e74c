"""The published rubric and policy, and reads that state only what a test is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

import rubrics


@dataclass(frozen=True)
class Read:
    """One simulated read: what was recorded, what was found, what was answered."""

    definition: rubrics.Definition
    policy: rubrics.VerdictPolicy

    def score(
        self,
        *,
        assessed: dict[str, str] | None = None,
        reviewed: dict[str, str] | None = None,
        **answers: str,
    ) -> rubrics.Scorecard:
        """Score a read in which every question not named is answered yes; grids default to public medium."""
        given = {question.id: "yes" for question in self.definition.asked} | answers
        recorded = rubrics.Grid.from_groups(assessed or {"public": "medium"})
        found = rubrics.Grid.from_groups(reviewed or assessed or {"public": "medium"})
        return rubrics.score(self.definition, given, recorded, found)

    def decide(self, *, exposed=False, extra_case=False, **read) -> rubrics.VerdictDecision:
        """Decide the same read; nobody is exposed and no case is an extra one unless the test says so."""
        return rubrics.decide(
            self.score(**read), somebody_exposed=exposed, policy=self.policy, is_extra_case=extra_case
        )


@pytest.fixture(scope="session")
def definition() -> rubrics.Definition:
    return rubrics.load("rosh", "1")


@pytest.fixture(scope="session")
def policy() -> rubrics.VerdictPolicy:
    return rubrics.load_policy("1")


@pytest.fixture(scope="session")
def read(definition: rubrics.Definition, policy: rubrics.VerdictPolicy) -> Read:
    return Read(definition, policy)


@pytest.fixture(scope="session")
def decide(read: Read) -> Callable[..., rubrics.VerdictDecision]:
    return read.decide
