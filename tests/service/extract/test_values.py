"""A cell of the extract is read, or refused with a reason and what to do."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from qa_service.extract.columns import Column, code, count, flag, json_of, moment, text
from qa_service.extract.columns import date as date_column
from qa_service.extract.records import LEVELS
from qa_service.extract.staff import hours
from qa_service.extract.values import RefusedValueError, parse

LEVEL = code("overall_stated", "level", LEVELS, "not stated")
CRN = text("crn", "case", pattern=r"[A-Z]\d{6}")


@pytest.mark.parametrize(
    ("column", "written", "expected"),
    [
        pytest.param(LEVEL, "Very High", "VERY_HIGH", id="a level as OASys writes it"),
        pytest.param(LEVEL, " medium ", "MEDIUM", id="a level with spaces around it"),
        pytest.param(LEVEL, "", None, id="no level is missing, not low"),
        pytest.param(CRN, "X777916", "X777916", id="a CRN"),
        pytest.param(hours("h", "hours"), "7.4", Decimal("7.4"), id="hours keep their decimals exactly"),
        pytest.param(hours("h", "hours"), "1e+01", Decimal(10), id="a number as pandas writes it"),
        pytest.param(count("n", "cases", 500), "38.0", 38, id="a whole number as pandas writes it"),
        pytest.param(flag("f", "flag"), "FALSE", False, id="a flag as a spreadsheet writes it"),
        pytest.param(date_column("d", "day"), "2024-02-29", date(2024, 2, 29), id="a leap day"),
        pytest.param(
            moment("m", "moment"),
            "2026-06-01T09:00:00+01:00",
            datetime(2026, 6, 1, 8, 0, tzinfo=UTC),
            id="British summer time becomes UTC",
        ),
        pytest.param(
            moment("m", "moment"),
            "2026-06-01 08:00:00Z",
            datetime(2026, 6, 1, 8, 0, tzinfo=UTC),
            id="a moment with a space",
        ),
        pytest.param(json_of("j", "json"), '{"R1.2.2":"YES"}', {"R1.2.2": "YES"}, id="an object"),
    ],
)
def test_a_good_cell_is_read(column: Column, written, expected):
    assert parse(column, written) == expected


@pytest.mark.parametrize(
    ("column", "written", "reason"),
    [
        pytest.param(LEVEL, "Unknown", "not a known code", id="an unknown level is never taken as low"),
        pytest.param(LEVEL, "N/A", "not a known code", id="not applicable is not a level"),
        pytest.param(CRN, "", "is empty", id="a required cell is empty"),
        pytest.param(CRN, "CRN1111", "wrong form", id="a CRN of a mock-up"),
        pytest.param(CRN, "=SUM(A1)", "wrong form", id="a spreadsheet formula"),
        pytest.param(hours("h", "hours"), "370", "out of range", id="more hours than a week's"),
        pytest.param(hours("h", "hours"), "nan", "not a number", id="not a number"),
        pytest.param(count("n", "cases", 500), "-1", "out of range", id="a count below nought"),
        pytest.param(count("n", "cases", 500), "3.5", "not a whole number", id="half a case"),
        pytest.param(flag("f", "flag"), "maybe", "neither true nor false", id="an undecided flag"),
        pytest.param(date_column("d", "day"), "01/02/2026", "not a date", id="a date of either order"),
        pytest.param(date_column("d", "day"), "2026-02-30", "not a date", id="a day that is not"),
        pytest.param(moment("m", "moment"), "2026-06-01T09:00:00", "time zone", id="a moment of no zone"),
        pytest.param(json_of("j", "json"), "{", "not JSON", id="broken JSON"),
        pytest.param(json_of("j", "json"), "3", "another shape", id="a bare number"),
        pytest.param(text("t", "text"), "Andr\udce9", "not text", id="Latin-1 bytes"),
        pytest.param(text("t", "text"), "a\x00b", "not text", id="a NUL"),
    ],
)
def test_a_bad_cell_is_refused_with_a_reason_and_a_remedy(column: Column, written, reason):
    with pytest.raises(RefusedValueError, match=reason) as refusal:
        parse(column, written)

    assert refusal.value.remedy
