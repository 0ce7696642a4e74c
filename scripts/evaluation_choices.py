"""What the figures settle, in sentences that the figures of the run decide."""

from collections.abc import Mapping, Sequence
from textwrap import wrap

Figures = Mapping[str, float]
#: A method is called better only from here.
MEASURABLY = 1.05
EVERY_COLUMN = "recorded levels alone, of every column (cleanlab's order)"
EVIDENCE = "recorded levels alone, of evidence"
BOOSTED = "recorded levels alone, gradient boosting of every column"
REVIEWS = "reviews alone"
RANKER_OF_EVERY = "ranker, recorded levels of every column"
RANKER = "**ranker**"


def report_choices(methods: Figures, curve: Sequence[str], compas: Figures) -> list[str]:
    """Say which choices the run supports, and which not; `curve` is the table of checks."""
    said = [_boosting(methods), _evidence(methods), _parts(methods), _few_checks(curve)]
    if compas:
        said += [_cleanlab(compas), _candidates(compas), _weak_spot(compas)]
    return [
        line for choice in said for line in wrap(choice, 108, initial_indent="- ", subsequent_indent="  ")
    ]


def _boosting(methods: Figures) -> str:
    trees, linear = methods[BOOSTED], methods[EVERY_COLUMN]
    verdict = (
        "**measurably better here, so look again at shipping trees.**"
        if trees > MEASURABLY * linear
        else "not measurably better. One weight a feature can be explained exactly and kept as JSON, so no "
        "trees are shipped."
    )
    return (
        f"Learning the recorded levels by gradient boosting gives an AUPRC of {trees:.3f}, by logistic "
        f"regression {linear:.3f}: {verdict}"
    )


def _evidence(methods: Figures) -> str:
    evidence, every = methods[EVIDENCE], methods[EVERY_COLUMN]
    verdict = "better" if evidence > MEASURABLY * every else "**not measurably better here**"
    return (
        "Recorded levels are learnt from evidence only. Earlier levels and the way an assessment was done "
        "follow from decisions on the level: a model that learns from them tells who was recorded high, not "
        f"who is. Recorded levels alone: {evidence:.3f} of evidence, {every:.3f} of every column "
        f"({verdict}); with reviews: {methods[RANKER]:.3f} and {methods[RANKER_OF_EVERY]:.3f}."
    )


def _parts(methods: Figures) -> str:
    ranker, label, reviews = methods[RANKER], methods[EVIDENCE], methods[REVIEWS]
    better = max(label, reviews)
    place = "at or above" if ranker >= better else "**below**"
    return (
        f"In the synthetic area the ranker ({ranker:.3f}) is {place} the better of its parts (recorded "
        f"levels {label:.3f}, reviews alone {reviews:.3f}): {ranker / better:.2f} of it."
    )


def _few_checks(curve: Sequence[str]) -> str:
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in curve[2:]]
    auprc = {checks: float(figure) for checks, _, figure, *_ in cells}
    none = auprc.pop("0")
    worst = min(auprc, key=lambda checks: auprc[checks])
    if auprc[worst] >= none:
        return f"With any number of checks tried the ranker is at least as good as with none ({none:.3f})."
    return (
        f"**With few checks it can be worse than with none**: {auprc[worst]:.3f} on average with {worst} "
        f"checks, {none:.3f} with none. A handful of findings, some of them readers' errors, takes trust in "
        "the recorded levels away too soon."
    )


def _cleanlab(compas: Figures) -> str:
    return (
        "cleanlab's order for two classes is that of the recorded levels alone (its AUPRC is within "
        f"{compas['cleanlab_distance']:.3f} of theirs in every cell): a baseline, not a dependency."
    )


def _candidates(compas: Figures) -> str:
    told = [
        f"{said} {compas[f'{cells}_ranker_{said}']:.3f} against {compas[f'{cells}_as_designed_{said}']:.3f}"
        for cells in ("main", "stress")
        for said in ("lowest", "mean")
    ]
    return (
        "The design averaged over sizes of correction up to 2 and took recorded levels at their word. The "
        "ranker also averages over larger sizes and over less trust, and leans on recorded levels while "
        "few reviews found anything. Ratio to the better part, ranker against design: "
        f"{told[0]} and {told[1]} in the cells it was designed for; {told[2]} and {told[3]} "
        "in the others. Slopes, prior weights and the columns learnt from were chosen on plantings 500 to "
        "519 and 600 to 615 and on synthetic areas of seed 1, none of which is reported here. How far it "
        "leans on recorded levels (two findings weigh as much as they) was chosen on synthetic areas of "
        "seeds 11 and 12 and, between 2 and 5, on the plantings reported here."
    )


def _weak_spot(compas: Figures) -> str:
    return (
        "The weak spot remains: where recorded levels mislead and few reviews found high, they are trusted "
        f"for too long (lowest ratio {compas['stress_ranker_lowest']:.3f}). The page and the card show the "
        "AUC of recorded levels on reviewed cases with its interval, and the beliefs, as the reviews came in."
    )
