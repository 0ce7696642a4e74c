"""Everything `qa-service rates` prints, beside a recount of the checks that shares no code with it."""

from collections import defaultdict
from datetime import timedelta
from math import sqrt

import pytest
from factories.rates import AT, LONDON, WALES, make_final_check, make_rates_area
from sqlalchemy import text

from qa_service.core.db import SYSTEM, transaction
from qa_service.rounds.tables import Arm

NAMES = {
    "pdu": {"LDNTST": "PDU LDNTST", "WALTST": "PDU WALTST"},
    "region": {"N07": "Region N07", "W01": "Region W01"},
    "national": {"E&W": "England and Wales"},
}
LEVELS = ["LOW", "MEDIUM", "HIGH", "VERY_HIGH"]
Z = 1.959963984540054


@pytest.fixture
def checked(fresh_engine):
    """Sixty final checks of all levels, verdicts, arms and ages in two regions, some not scorable."""
    with transaction(fresh_engine, SYSTEM) as session:
        found = make_rates_area(session)
        for number in range(60):
            assessed = LEVELS[number % 3]
            reviewed = LEVELS[(number % 3) + (number % 7 == 0) - (number % 11 == 5 and number % 3 > 0)]
            is_under = LEVELS.index(reviewed) > LEVELS.index(assessed)
            verdict = ("fail" if is_under else "recheck") if is_under or number % 9 == 4 else "pass"
            is_scorable = number % 13 != 6
            make_final_check(
                session,
                number,
                found,
                place=WALES if number % 4 == 3 else LONDON,
                verdict=verdict if is_scorable else "not_scorable",
                assessed=assessed,
                reviewed=reviewed if is_scorable else None,
                n_cases=5 + number % 17,
                arm=Arm.TARGETED if number % 10 == 9 else Arm.RANDOM,
                days_ago=30 + 8 * number,
            )


def _counted(engine, level):
    """Read the checks of the random arm in the level's window, each with its area and weight."""
    months = 24 if level == "pdu" else 12
    since = AT - timedelta(days=round(months * 365.25 / 12))
    column = {"pdu": "drawn_pdu_code", "region": "drawn_region_code", "national": "'E&W'"}[level]
    with transaction(engine, SYSTEM) as session:
        rows = session.connection().execute(
            text(
                f"SELECT {column} AS area, v.verdict, v.assessed_overall, v.reviewed_overall,"
                " 1 / k.inclusion_probability AS weight FROM check_record k JOIN verdict v ON v.check_id = k.id"
                " WHERE k.arm = 'random' AND v.decided_at >= :since"
            ),
            {"since": since},
        )
        areas = defaultdict(list)
        for row in rows:
            areas[row.area].append(row)
    return since, areas


def _asked(name, row):
    return name != "medium_should_be_high_rate" or row.assessed_overall == "MEDIUM"


def _is_hit(name, row):
    if name == "insufficient_rate":
        return row.verdict in {"recheck", "fail"}
    assessed, reviewed = LEVELS.index(row.assessed_overall), LEVELS.index(row.reviewed_overall)
    return {
        "medium_should_be_high_rate": reviewed >= 2,
        "underclassified_rate": reviewed > assessed,
        "overclassified_rate": reviewed < assessed,
    }[name]


def _wilson(share, n):
    """Wilson (1927), solved for the limits."""
    centre, half = share + Z**2 / (2 * n), Z * sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return (centre - half) / (1 + Z**2 / n), (centre + half) / (1 + Z**2 / n)


def _weighted(hits, weights):
    """Hajek's mean with its linearised variance, and the n of a simple sample that varies as much."""
    n, total = len(hits), sum(weights)
    mean = sum(w for hit, w in zip(hits, weights, strict=True) if hit) / total
    z = [w * (hit - mean) / total for hit, w in zip(hits, weights, strict=True)]
    variance = n / (n - 1) * sum(one**2 for one in z)
    kish = total**2 / sum(w**2 for w in weights)
    return mean, min(n, mean * (1 - mean) / variance) if variance else kish


RATES = ["medium_should_be_high_rate", "underclassified_rate", "overclassified_rate", "insufficient_rate"]


def _line(area, name, rate, rows):
    """Return what is to be printed of a rate of an area, worked out from its checks."""
    scorable = [row for row in rows if row.verdict != "not_scorable"]
    asked = [row for row in scorable if _asked(rate, row)]
    hits = [_is_hit(rate, row) for row in asked]
    k, n = sum(hits), len(hits)
    low, high = _wilson(k / n, n)
    by_case, n_eff = _weighted(hits, [row.weight for row in asked])
    by_case_low, by_case_high = _wilson(by_case, n_eff)
    return {
        "code": area,
        "name": name,
        "rate": rate,
        "k": k,
        "n": n,
        "value": pytest.approx(k / n),
        "low": pytest.approx(low, abs=1e-12),
        "high": pytest.approx(high),
        "method": "one case an officer, Wilson 95%",
        "by_case_value": pytest.approx(by_case, abs=1e-12),
        "by_case_low": pytest.approx(by_case_low, abs=1e-12),
        "by_case_high": pytest.approx(by_case_high),
        "by_case_method": "Hajek, Taylor, Wilson on effective n 95%",
        "corrected_value": None,
        "corrected_low": None,
        "corrected_high": None,
        "corrected_method": "too few checks were read again to correct it",
        "is_too_few": n < 20,
        "n_not_scorable": len(rows) - len(scorable),
        "n_waiting": 0,
    }


@pytest.mark.parametrize("level", ["pdu", "region", "national"])
def test_every_figure_of_a_level_is_what_a_recount_of_the_checks_gives(
    run_json, checked, fresh_engine, level
):
    code, lines = run_json("rates", "--by", level)

    since, areas = _counted(fresh_engine, level)
    told = [
        _line(area, name, rate, areas[area]) | {"since": str(since.date()), "until": str(AT.date())}
        for area, name in NAMES[level].items()
        for rate in RATES
    ]
    assert code == 0
    assert lines == told
    assert sum(line["k"] for line in lines) > 5
