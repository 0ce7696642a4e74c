"""How many highs should be high for one more group of people, from the checks drawn at random."""

import pandas as pd
import pytest

from models.columns import GROUPS
from models.labels import REVIEW_COLUMNS
from qa_service.flags.service.highs import wrong_groups_of_highs

LOW, MEDIUM, HIGH, VERY_HIGH = 0.0, 1.0, 2.0, 3.0


def record(key, overall, **groups):
    levels = {f"assessed_{group}": groups.get(group, LOW) for group in GROUPS}
    return {"assessment_id": key, "officer": f"O{key}", "assessed_overall": overall, **levels}


def check(key, *, arm="random", chance=0.5, **groups):
    levels = {f"reviewed_{group}": groups.get(group, LOW) for group in GROUPS}
    facts = {"arm": arm, "inclusion_probability": chance, "is_final": True, "is_scorable": True}
    return {"assessment_id": key, **facts, "reviewed_overall": max(levels.values()), **levels}


RECORDS = pd.DataFrame(
    [
        record(1, HIGH, public=HIGH),
        record(2, HIGH, public=HIGH),
        record(3, HIGH, public=HIGH, children=MEDIUM),
        record(4, HIGH, public=HIGH),
        record(5, MEDIUM, public=MEDIUM),
        record(6, VERY_HIGH, public=VERY_HIGH),
        record(7, HIGH, public=HIGH),
    ]
)


def estimated(*checks):
    return wrong_groups_of_highs(RECORDS, pd.DataFrame(checks, columns=list(REVIEW_COLUMNS)))


def test_a_high_counts_when_a_lower_group_was_found_high_each_check_by_its_chance():
    found = estimated(
        check(
            1, public=HIGH, children=HIGH, chance=0.1
        ),  # the children were found high: wrong, stands for 10
        check(2, public=HIGH, chance=0.5),  # right: stands for 2
        check(3, public=VERY_HIGH, children=LOW, chance=0.25),  # no lower group too low: right, stands for 4
        check(4, public=HIGH, staff=MEDIUM, chance=0.25),  # too low, though not high: right, stands for 4
    )

    assert found["value"] == pytest.approx(10 / 20)
    assert found["n"] == 4
    assert 0 <= found["low"] <= found["value"] <= found["high"] <= 1


def test_only_random_checks_of_highs_count():
    found = estimated(
        check(1, public=HIGH, children=HIGH, arm="targeted"),
        check(5, public=HIGH),
        check(6, public=VERY_HIGH, children=HIGH),
        check(7, public=HIGH),
    )

    # One check that found nothing: by Wilson up to 79 in 100 could be wrong.
    assert (found["value"], found["low"], found["n"]) == (0, 0, 1)
    assert found["high"] == pytest.approx(0.7935, abs=1e-4)


def test_without_checks_there_is_no_figure_to_count_by():
    assert estimated()["n"] == 0
