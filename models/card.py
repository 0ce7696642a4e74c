"""The model card: what a classifier is for, how good it is, and where it must not be trusted."""

from collections.abc import Callable
from typing import Any

from models.artefact import Artefact
from models.columns import Purpose, inputs
from models.intervals import Estimate
from models.natural_frequencies import NO_INTERVAL
from models.yields import BudgetYield

Report = dict[str, Any]

_PURPOSE = """# Classifier card

It ranks cases assessed below high risk of serious harm by how likely a reviewer is to find them high. It is
used to choose extra checks, to order worklists, and as a second thought after a reviewer has locked their own
judgement. It never decides a level, a verdict or a workload reduction, and never says what anybody will do.
"""
_PURPOSE_NOW = """# Classifier card: needs a review now

It ranks cases assessed below high risk of serious harm by how likely a reviewer of today's record is to find
them high. Unlike the flag it may use what was recorded since the assessment. Its only use is the order in
which an SPO goes through an officer's other cases after a fail. It chooses no check and no reader sees it; it
never decides a level, a verdict or a workload reduction, and never says what anybody will do.
"""
_LIMITS_NOW = """- What came since counts until each case was drawn for its check. Few cases have much between
  the two, so it knows little of how such events change what a reviewer finds.
"""
_LIMITS = """
## Where not to trust it

- It learns from recorded levels and from reviewers. What both overlook, it overlooks.
- If recorded levels carry no or reversed information and fewer than about 30 reviews found high, it trusts
  them for too long. Read the AUC of the recorded levels: an interval wholly below 0.5 is the sign.
- Few reviews that found high can point anywhere, so the order leans on recorded levels until there are more:
  by half where two were found, by a tenth where 18 were.
- At a fixed number of checks, groups with different rates of wrong levels get different recall, as the tables
  show.
- Protected characteristics, the officer and the PDU are never inputs. Inputs can still stand in for them.
- Figures rest on checks drawn at random, and on reviewers who can be wrong too.
"""


def write_card(artefact: Artefact) -> str:
    """Write the card of an artefact.

    Parameters
    ----------
    artefact : Artefact
        As saved or loaded.

    Returns
    -------
    str
        Markdown; every figure comes from the artefact.
    """
    is_flag = artefact.purpose is Purpose.FLAG
    parts = [_PURPOSE if is_flag else _PURPOSE_NOW, _provenance(artefact)]
    parts += [_about(target, report) for target, report in artefact.reports.items()]
    parts += [
        f"## Level: {target.replace('_', ' ')}\n\nNo scorer, so no flag rests on this level. {reason}\n"
        for target, reason in artefact.not_trained.items()
    ]
    parts.append(_LIMITS if is_flag else _LIMITS + _LIMITS_NOW)
    return "\n".join(parts)


def _provenance(artefact: Artefact) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in artefact.versions.items())
    return (
        f"Trained {artefact.trained_at}; {len(inputs(artefact.purpose))} inputs "
        f"(contract {artefact.columns_digest[:12]}); data {artefact.data_fingerprint[:12]}; "
        f"seed of the intervals {artefact.seed}; {versions}.\n"
        "Method: logistic regression of recorded levels, corrected by reviews; each score is a sum of one "
        "weight a feature.\n"
    )


def _about(target: str, report: Report) -> str:
    n_below = report["n_cases"] - report["n_assessed_high"]
    auprc, latest = _figure(report["auprc"]), _figure(report["auprc_on_latest"])
    lines = [
        f"## Level: {target.replace('_', ' ')}\n",
        f"{report['n_cases']} cases, {report['n_assessed_high']} of them assessed high or above.",
        f"{report['n_reviewed']} of the others were reviewed; {report['n_reviewed_high']} were found high.",
        f"The figures rest on {report['n_judging']} reviews of the random arm.\n",
        f"- Share of cases assessed below high that should be high: {_pct(report['wrong_rate'])}",
        f"- Average precision, officers held out: {auprc}; latest quarter held out: {latest}",
        f"- AUC of the recorded levels alone on reviewed cases: {_figure(report['label_auc'])}",
        f"- Belief in each trust in recorded levels (1 full, 0 none): {_beliefs(report['trust_weights'])}",
        f"- Belief in each size of correction (0 none, 8 strongest): {_beliefs(report['tau_weights'])}",
        f"- Calibration error: {_number(report['calibration_error'])}",
        f"- Flagged: {report['threshold']['basis']}",
        *_to_find(report.get("to_find")),
        "",
        *_baselines(report["baselines"]),
        *_growth(report["growth"]),
        *_curve(report["curve"]),
        *(
            f"- Reading {part['budget_share']:.0%}: {_yield(part).sentence(n_below)}"
            for part in report["yields"]
        ),
        "",
    ]
    for name, rows in report["fairness"].items():
        lines += [f"### By {name.removesuffix('_code').replace('_', ' ')}", "", *_fairness(rows), ""]
    return "\n".join(lines)


def _to_find(price: Report | None) -> list[str]:
    return [] if price is None else [f"- {price['sentence']}"]


def _baselines(rows: list[Report]) -> list[str]:
    lines = ["| reading a tenth by | AUPRC | precision | recall |", "|---|---|---|---|"]
    lines += [
        f"| {row['method']} | {_figure({'value': row['auprc'], **row})} "
        f"| {_number(row['precision'])} | {_number(row['recall'])} |"
        for row in rows
    ]
    return [*lines, ""]


def _growth(steps: list[Report]) -> list[str]:
    if not steps:
        return []
    lines = [
        "How far reviews contradict the recorded levels, as they came in by date of assessment:\n",
        "| reviews | found high | AUC of recorded levels | belief in each trust | in each correction |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {step['n_reviews']} | {step['n_found_high']} | {_figure(step['label_auc'])} "
        f"| {_beliefs(step['trust_weights'])} | {_beliefs(step['tau_weights'])} |"
        for step in steps
    ]
    return [*lines, ""]


def _curve(curve: Report) -> list[str]:
    lines = [f"How many more reviews buy what: {curve['sentence']}", ""]
    if curve["points"]:
        lines += ["| reviews | found high | AUPRC | recall reading a tenth |", "|---|---|---|---|"]
    lines += [
        f"| {point['n_reviews']} | {point['n_found_high']} | {_figure(point['auprc'])} "
        f"| {_pct(point['recall'])} |"
        for point in curve["points"]
    ]
    return [*lines, ""]


def _fairness(rows: list[Report]) -> list[str]:
    header = ["| group | reviewed | flagged | wrong | precision | recall |", "|---|---|---|---|---|---|"]
    return header + [
        f"| {row['group']} | {row['n'] if row['n'] is not None else 'not shown'} | "
        + (
            f"{row['note']} | | | |"
            if row["note"]
            else " | ".join(_cell(row, name) for name in ("flag_rate", "wrong_rate", "precision", "recall"))
            + " |"
        )
        for row in rows
    ]


def _cell(row: Report, name: str) -> str:
    if row[name] is None:
        return "withheld"
    return f"{row[name]:.0%} ({row[name + '_low']:.0%} to {row[name + '_high']:.0%})"


def _yield(part: Report) -> BudgetYield:
    return BudgetYield(part["budget_share"], _estimate(part["precision"]), _estimate(part["recall"]))


def _estimate(part: Report) -> Estimate:
    value, low, high = (
        float("nan") if part[name] is None else part[name] for name in ("value", "low", "high")
    )
    return Estimate(value, low, high, part["n"])


def _beliefs(weights: dict[str, float]) -> str:
    return ", ".join(f"{float(value):g}: {weight:.0%}" for value, weight in weights.items())


def _number(value: float | None) -> str:
    return "not known" if value is None else f"{value:.3f}"


def _figure(part: Report) -> str:
    return f"{_number(part['value'])} ({_limits(part, _number)})"


def _pct(part: Report) -> str:
    if part["value"] is None:
        return "not known: nothing was reviewed"
    return f"{part['value']:.1%} ({_limits(part, '{:.1%}'.format)})"


def _limits(part: Report, write: Callable[[float], str]) -> str:
    # Resamples that all agree, or that give no figure, say that there was too little to resample.
    if part["low"] in {None, part["high"]}:
        return NO_INTERVAL
    return f"{write(part['low'])} to {write(part['high'])}"
