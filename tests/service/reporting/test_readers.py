"""Reader error and agreement: only what chance picked teaches anything about the readers."""

import pytest
from factories.rates import AT, add_read, make_final_check, make_rates_area

from qa_service.policy.numbers import load_policy
from qa_service.reporting.rates import RateName, share_of
from qa_service.reporting.reader_error import TOO_LITTLE, correct, skill_of
from qa_service.reporting.readers import agreement_of, list_read_twice
from qa_service.reviews.chances import is_sampled_for_expert_read, is_sampled_for_second_read
from qa_service.reviews.statuses import ReadKind

POLICY = load_policy()
READS = POLICY.reads
NAME = RateName.MEDIUM_SHOULD_BE_HIGH


def _references(*, expert: bool, second: bool):
    """Give references of checks that chance picks for an expert's read, a second read, both or none."""
    number = 0
    while True:
        number += 1
        name = f"R{number}"
        picked = (
            is_sampled_for_expert_read(name, READS.expert_reads_of_finals_rate),
            is_sampled_for_second_read(name, READS.second_reads_of_other_verdicts_rate),
        )
        if picked == (expert, second):
            yield name


def _read(session):
    return list_read_twice(session, since=AT.replace(year=2025), at=AT, policy=READS)


@pytest.fixture
def add(session):
    """Return a function: a final check of which the first read, perhaps others, and the verdict are told."""
    found, numbers = make_rates_area(session), iter(range(1, 1000))

    def make(reference, *, first, final=None, second=None, expert=None):
        final = final or first
        check = make_final_check(
            session,
            next(numbers),
            found,
            reference=reference,
            verdict="fail" if final == "HIGH" else "pass",
            reviewed=final,
        )
        for kind, level in ((ReadKind.FIRST, first), (ReadKind.SECOND, second), (ReadKind.EXPERT, expert)):
            if level:
                add_read(session, check, kind, level=level, verdict="fail" if level == "HIGH" else "pass")

    return make


def test_an_experts_reading_tells_what_was_missed_and_what_was_wrongly_found(add, session):
    references = _references(expert=True, second=False)
    for final, expert, times in (
        ("HIGH", "HIGH", 4),
        ("MEDIUM", "HIGH", 1),
        ("MEDIUM", "MEDIUM", 9),
        ("HIGH", "MEDIUM", 1),
    ):
        for _ in range(times):
            second = "HIGH" if final == "HIGH" else None
            add(next(references), first=final, final=final, second=second, expert=expert)

    skill = skill_of(RateName.INSUFFICIENT, _read(session), READS)

    # All were picked with the same chance: plain shares, found 4 of 5 and passed 9 of 10.
    assert (skill.n_wrong, skill.n_right) == (5, 10)
    assert skill.sensitivity[0] / skill.sensitivity[1] == pytest.approx(4 / 5)
    assert skill.specificity[0] / skill.specificity[1] == pytest.approx(9 / 10)


def test_a_second_read_that_chance_picked_counts_by_its_chance_beside_the_experts(add, session):
    by_expert, by_second = _references(expert=True, second=False), _references(expert=False, second=True)
    add(next(by_expert), first="HIGH", second="HIGH", expert="HIGH")
    add(next(by_expert), first="HIGH", second="HIGH", expert="HIGH")
    add(next(by_second), first="MEDIUM", second="HIGH", final="HIGH")
    add(next(by_second), first="MEDIUM", second="MEDIUM")
    add(next(by_second), first="MEDIUM", second="MEDIUM")

    skill = skill_of(NAME, _read(session), READS)

    # Fails are picked by 3 in 100 (experts), others by 3 + 5 - 0.15 in 100: found 2 / .03, missed 1 / .0785.
    assert skill.sensitivity[0] / skill.sensitivity[1] == pytest.approx((2 / 0.03) / (2 / 0.03 + 1 / 0.0785))
    assert skill.specificity[0] / skill.specificity[1] == 1


def test_second_reads_that_a_suspicion_called_for_teach_nothing_about_the_readers(add, session):
    references = _references(expert=False, second=False)
    for _ in range(5):
        add(next(references), first="HIGH", second="HIGH")

    reads = _read(session)

    assert reads == []
    assert agreement_of(reads).n == 0


def test_a_rate_is_corrected_only_with_enough_wrong_and_right_cases_read_again(add, session):
    references = _references(expert=True, second=False)
    for _ in range(3):
        add(next(references), first="HIGH", second="HIGH", expert="HIGH")
        add(next(references), first="MEDIUM", expert="MEDIUM")
    skill = skill_of(NAME, _read(session), READS)

    assert correct(share_of(9, 137), skill, 20).method == TOO_LITTLE
    corrected = correct(share_of(9, 137), skill, 3)
    assert corrected.value == pytest.approx(9 / 137)  # nothing was missed, nothing wrongly found
    assert corrected.high > share_of(9, 137).high  # but six readings leave much doubt


def test_a_rate_that_only_experts_can_correct_says_what_its_interval_promises(add, session):
    references = _references(expert=True, second=False)
    for _ in range(3):
        add(next(references), first="HIGH", second="HIGH", expert="HIGH")
        add(next(references), first="MEDIUM", expert="MEDIUM")
    reads = _read(session)

    methods = {name: correct(share_of(9, 137), skill_of(name, reads, READS), 3).method for name in RateName}

    assert "right at least 93 times of 100" in methods[RateName.INSUFFICIENT]
    assert "times of 100" not in methods[RateName.UNDERCLASSIFIED]


def test_agreement_is_measured_on_cases_read_twice_by_chance(add, session):
    references = _references(expert=False, second=True)
    for first, second, times in (("MEDIUM", "MEDIUM", 16), ("HIGH", "HIGH", 2), ("MEDIUM", "HIGH", 2)):
        for _ in range(times):
            add(next(references), first=first, second=second, final=first)

    found = agreement_of(_read(session))

    assert (found.n, found.same_level.value) == (20, 0.9)
    # Cohen (1960): (0.90 - (0.9 * 0.8 + 0.1 * 0.2)) / (1 - 0.74); with two levels in use weights change nothing.
    assert found.kappa.value == pytest.approx((0.9 - 0.74) / 0.26)
    assert found.ac1.low < found.ac1.value < found.ac1.high
    # 2 a / (2 a + b + c): 2 found too low by both, 2 by one of them.
    assert (found.positive.value, found.positive.n) == (pytest.approx(4 / 6), 4)


def test_where_nobody_found_a_level_too_low_no_positive_agreement_is_made_up(add, session):
    references = _references(expert=False, second=True)
    for _ in range(3):
        add(next(references), first="MEDIUM", second="MEDIUM")

    assert agreement_of(_read(session)).positive is None
