"""Kappa, its standard error and its limits agree with R's psych and vcd packages."""

import json
from pathlib import Path

import numpy as np
import pytest

from sampling import cohen_kappa

# tests/golden/sampling/agreement.R wrote it: R psych 2.2.9, vcd 1.4.11, R 4.2.2
GOLDEN = json.loads((Path(__file__).parents[1] / "golden/sampling/agreement.json").read_text("utf-8"))
each_table = pytest.mark.parametrize("name", sorted(GOLDEN["tables"]))


def kappa_of(told, weights):
    table = np.array(told["table"], dtype=int)
    rows, columns = np.indices(table.shape)
    first, second = (np.repeat(place.ravel(), table.ravel()) for place in (rows, columns))
    return cohen_kappa(first, second, weights=weights, categories=range(len(table)))


@each_table
@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
def test_kappa_and_its_standard_error_are_those_of_vcd(name, weights):
    told = GOLDEN["tables"][name]

    kappa = kappa_of(told, weights)

    assert [kappa.value, kappa.se] == pytest.approx(told[f"vcd_{weights}"], rel=1e-10)


@each_table
def test_kappa_is_that_of_psych(name):
    told = GOLDEN["tables"][name]

    plain, quadratic = kappa_of(told, "none"), kappa_of(told, "quadratic")

    assert [plain.value, plain.se] == pytest.approx(told["psych_none"], rel=1e-10)
    assert [quadratic.value] == pytest.approx(told["psych_quadratic"], rel=1e-10)


@each_table
@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
def test_limits_of_kappa_are_the_jackknife_over_vcds_values(name, weights):
    told = GOLDEN["tables"][name]

    kappa = kappa_of(told, weights)

    assert [kappa.low, kappa.high] == pytest.approx(told[f"jackknife_{weights}"], rel=1e-9)


def test_the_double_reads_show_the_paradox_of_nearly_all_passing():
    told = GOLDEN["tables"]["double_reads"]

    kappa = kappa_of(told, "none")

    assert round(kappa.value, 3) == 0.212
    assert kappa.low < 0 < kappa.high
