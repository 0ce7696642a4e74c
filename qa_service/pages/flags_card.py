"""The card of a classifier as tables, and two classifiers side by side; every figure is a stored one."""

from collections.abc import Mapping
from typing import Any

from qa_service.flags.rules import interval_of, limits_of, report_states_chance
from qa_service.flags.tables import FlagArtefact
from qa_service.pages import flags_words as words
from qa_service.pages.charts import Learnt, learning_curve
from qa_service.pages.charts.drawing import Caption
from qa_service.pages.display import number, rate
from qa_service.pages.render import Cell, Column

Row = dict[str, object]

YIELD_COLUMNS = (
    Column("budget", "Reading so many of the cases"),
    Column("n", "Cases read", is_numeric=True),
    Column("right", "Of 100 read, need a higher level"),
    Column("missed", "Of 100 wrong ones, not among those read"),
)
BASELINE_COLUMNS = (
    Column("method", "Reading a tenth by"),
    Column("auprc", "Average precision"),
    Column("right", "Of 100 read, need a higher level", is_numeric=True),
    Column("found", "Of 100 wrong ones, among those read", is_numeric=True),
)
GROWTH_COLUMNS = (
    Column("n", "Reviews so far", is_numeric=True),
    Column("high", "Found high", is_numeric=True),
    Column("auc", "AUC of the recorded levels"),
    Column("trust", "Trust in recorded levels: weight"),
    Column("tau", "Size of correction: weight"),
)
CURVE_COLUMNS = (
    Column("n", "Reviews learnt from", is_numeric=True),
    Column("high", "Found high", is_numeric=True),
    Column("recall", "Wrong ones found, reading a tenth"),
    Column("gain", "More than the line above"),
    Column("auprc", "Average precision"),
)
RELIABILITY_COLUMNS = (
    Column("stated", "Chance stated", is_numeric=True),
    Column("observed", "Found high"),
    Column("n", "Checks", is_numeric=True),
)
WEIGHT_COLUMNS = (Column("value", "Value"), Column("weight", "Weight", is_numeric=True))
FAIRNESS_COLUMNS = (
    Column("group", "Group"),
    Column("n", "Checks", is_numeric=True),
    Column("flag_rate", "Flagged"),
    Column("wrong_rate", "Found high"),
    Column("precision", "Flags that were right"),
    Column("recall", "Found high and flagged"),
)
_FAIRNESS_RATES = ("flag_rate", "wrong_rate", "precision", "recall")
COMPARED = (
    ("n_judging", "Random checks that judge it"),
    ("wrong_rate", "Cases below high that should be high"),
    ("auprc", "Average precision, officers held out"),
    ("auprc_on_latest", "Average precision, latest quarter held out"),
    ("label_auc", "AUC of the recorded levels on reviewed cases"),
    ("calibration_error", "Average error of the stated chance"),
)


def figures(report: words.Report) -> list[tuple[str, str, None]]:
    """Return what a level's figures rest on, as question and answer."""
    wrong = interval_of(report["wrong_rate"])
    told = f"{rate(wrong.value)} ({limits_of(wrong, rate)})" if wrong else words.NOT_KNOWN
    rows = (
        (
            "Learnt from",
            f"{number(report['n_cases'])} cases, {number(report['n_assessed_high'])} assessed high",
        ),
        (
            "Reviews of the others",
            f"{number(report['n_reviewed'])}, of which {number(report['n_reviewed_high'])} found high",
        ),
        ("Random checks that judge it", number(report["n_judging"])),
        ("Cases below high that should be high", told),
        ("Average precision, officers held out", _told(report["auprc"])),
        ("Average precision, latest quarter held out", _told(report["auprc_on_latest"])),
        ("Threshold", words.flagged_in_words(report)),
        ("Finding most of the wrong mediums", (report.get("to_find") or {}).get("sentence")),
    )
    return [(question, answer, None) for question, answer in rows if answer]


def _told(figure: Mapping[str, Any]) -> str:
    found = interval_of(figure)
    return f"{found.value:.2f} ({limits_of(found, '{:.2f}'.format)})" if found else words.NOT_KNOWN


def yields(report: words.Report) -> list[Row]:
    """Return what reading each share of the cases below high finds."""
    n_below = report["n_cases"] - report["n_assessed_high"]
    return [
        {
            "budget": f"{part['budget_share']:.0%}",
            "n": number(round(part["budget_share"] * n_below)),
            "right": words.of_hundred(part["precision"]),
            "missed": words.not_of_hundred(part["recall"]),
        }
        for part in report["yields"]
    ]


def baselines(report: words.Report) -> list[Row]:
    """Return simpler ways to choose what to read, on the same checks."""
    return [
        {
            "method": row["method"].capitalize(),
            "auprc": words.as_number({"value": row["auprc"], "n": 0, **row}),
            "right": words.hundreds(row["precision"]),
            "found": words.hundreds(row["recall"]),
        }
        for row in report.get("baselines", ())
    ]


def weights(report: words.Report, name: str) -> list[Row]:
    """Return the weights over the trust in recorded levels, or over the size of the correction."""
    return [{"value": f"{value:g}", "weight": rate(weight)} for value, weight in words.beliefs(report[name])]


def growth(report: words.Report) -> list[Row]:
    """Return what the reviews said of the recorded levels as they came in."""
    return [
        {
            "n": number(step["n_reviews"]),
            "high": number(step["n_found_high"]),
            "auc": words.as_number(step["label_auc"]),
            "trust": words.belief_words(step["trust_weights"]),
            "tau": words.belief_words(step["tau_weights"]),
        }
        for step in report.get("growth", ())
    ]


def curve(report: words.Report) -> list[Row]:
    """Return what rankings that learnt from fewer reviews find; none for a classifier that was not asked."""
    return [
        {
            "n": number(point["n_reviews"]),
            "high": number(point["n_found_high"]),
            "recall": words.as_rate(point["recall"]),
            "gain": words.as_gain(point["gain"]),
            "auprc": words.as_number(point["auprc"]),
        }
        for point in _points(report)
    ]


def curve_chart(report: words.Report) -> str | None:
    """Draw them; None where there is nothing to draw."""
    found = [(point["n_reviews"], interval_of(point["recall"])) for point in _points(report)]
    steps = [Learnt(n, recall.value, recall.low, recall.high) for n, recall in found if recall]
    if len(steps) < 2:
        return None
    caption = Caption("learning-curve", "What more reviews have bought", report["curve"]["sentence"])
    return learning_curve(caption, steps, rate_title="Wrong ones found, reading a tenth of the cases")


def _points(report: words.Report) -> list[Mapping[str, Any]]:
    points: list[Mapping[str, Any]] = report.get("curve", {}).get("points", [])
    return points


def reliability(report: words.Report) -> list[Row]:
    """Return stated chances beside what was found."""
    return [
        {
            "stated": rate(row["stated_rate"]),
            "observed": Cell(rate(row["observed_rate"]), hint=f"{rate(row['low'])} to {rate(row['high'])}")
            if row["observed_rate"] is not None
            else words.NOT_KNOWN,
            "n": number(row["n"]),
        }
        for row in report.get("reliability", ())
    ]


def fairness(report: words.Report, regions: Mapping[str, str]) -> list[tuple[str, list[Row]]]:
    """Return the flag by group, small cells withheld, as (what groups are by, rows)."""
    return [
        (
            heading,
            [
                row | {"group": words.group_name(name, group, regions)}
                for group, row in fairness_rows(report, name).items()
            ],
        )
        for name, heading in words.GROUPED_BY.items()
        if report.get("fairness", {}).get(name)
    ]


def fairness_rows(report: words.Report, name: str) -> dict[str, Row]:
    """Return one of these tables' rows by group."""
    return {str(row["group"]): _fairness_row(row) for row in report.get("fairness", {}).get(name, [])}


def _fairness_row(row: Mapping[str, Any]) -> Row:
    if row["n"] is None:
        return {"group": row["group"], "n": "Not shown"} | dict.fromkeys(_FAIRNESS_RATES, "Not shown")
    shown: dict[str, object] = {
        name: row["note"].capitalize() if row["note"] else _share(row, name) for name in _FAIRNESS_RATES
    }
    return {"group": row["group"], "n": number(row["n"]), **shown}


def _share(row: Mapping[str, Any], name: str) -> Cell | str:
    if row[name] is None:
        return "Too few cases"
    return Cell(rate(row[name]), hint=f"{rate(row[f'{name}_low'])} to {rate(row[f'{name}_high'])}")


def limits(card: str) -> list[str]:
    """Return where the card says the classifier must not be trusted, one sentence or two each."""
    _, _, after = card.partition("## Where not to trust it")
    parts = after.strip().split("\n- ")
    return [" ".join(part.removeprefix("- ").split()) for part in parts if part.strip()]


def side_by_side(level: str, artefacts: list[FlagArtefact]) -> list[Row]:
    """Return one level's figures of several classifiers, a column each."""
    reports = [one.evaluation.get("reports", {}).get(level) for one in artefacts]
    rows: list[Row] = [
        {"figure": text}
        | {one.digest: _figure(report, name) for one, report in zip(artefacts, reports, strict=True)}
        for name, text in COMPARED
    ]
    shares = sorted({part["budget_share"] for report in reports if report for part in report["yields"]})
    for share in shares:
        for measure, text in (
            ("precision", "need a higher level"),
            ("recall", "of the wrong ones are found"),
        ):
            rows.append(
                {"figure": f"Reading {share:.0%}: {text}"}
                | {
                    one.digest: words.as_rate(_yield(report, share, measure))
                    for one, report in zip(artefacts, reports, strict=True)
                }
            )
    return rows


def _figure(report: words.Report | None, name: str) -> object:
    if report is None:
        return "Not trained for this level"
    if report.get(name) is None or (name == "calibration_error" and not report_states_chance(report)):
        return words.NOT_KNOWN
    found = report[name]
    if isinstance(found, int | float):
        return number(found) if isinstance(found, int) else f"{found:.3f}"
    return words.as_rate(found) if name == "wrong_rate" else words.as_number(found)


def _yield(report: words.Report | None, share: float, measure: str) -> Mapping[str, Any] | None:
    found = [part for part in (report or {}).get("yields", ()) if part["budget_share"] == share]
    return found[0][measure] if found else None
