"""What rates are called, and how what was found is said, on the pages about areas."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from qa_service.pages.display import number, rate
from qa_service.pages.manager_words import RATE_NAMES
from qa_service.policy.numbers import RatePolicy
from qa_service.reporting.areas import AreaLevel
from qa_service.reporting.comparison import Comparison, Standing
from qa_service.reporting.dashboard import RatesDashboard
from qa_service.reporting.rates import Rate, RateName
from qa_service.reporting.readers import Agreement

# The rest of the sentence after the percentage.
SENTENCES = MappingProxyType(
    {
        RateName.MEDIUM_SHOULD_BE_HIGH: "of checked medium cases should have been high",
        RateName.UNDERCLASSIFIED: "of checked cases were assessed too low",
        RateName.OVERCLASSIFIED: "of checked cases were assessed too high",
        RateName.INSUFFICIENT: "of checks ended in a recheck or a fail",
    }
)
STANDINGS: Mapping[Standing, str] = MappingProxyType(
    {
        Standing.WITHIN: "Within what chance explains",
        Standing.LOOK_ABOVE: "Above the 95% limit: worth a look",
        Standing.LOOK_BELOW: "Below the 95% limit",
        Standing.ABOVE: "Above the 99.8% limit: find out why",
        Standing.BELOW: "Below the 99.8% limit",
        Standing.TOO_FEW: "Too few to compare",
    }
)


def comparison_in_words(found: Comparison, names: Mapping[str, str]) -> str:
    """Say how many PDUs were compared, which stand out, and how many would by chance alone.

    `names` are the PDUs that the reader may know by name; the list is Benjamini and Hochberg's.
    """
    beyond = [code for code, where in found.standing.items() if where in {Standing.ABOVE, Standing.BELOW}]
    listed = [code for code, is_listed in found.is_listed.items() if is_listed]
    return (
        f"{found.n_compared} PDUs are compared with England and Wales ({rate(found.centre)}, same months)."
        f" Beyond the 99.8% limits: {_named(beyond, names)}; by chance alone {found.expected_beyond_998:.1f}"
        f" would be, and {found.expected_beyond_95:.1f} beyond the 95% limits."
        f" On the list that is kept to 1 false entry in 20: {_named(listed, names)}."
    )


def _named(codes: Sequence[str], names: Mapping[str, str]) -> str:
    """Name the PDUs that the reader may know, and count the others."""
    known = [names[code] for code in codes if code in names]
    n_others = len(codes) - len(known)
    others = [f"{number(n_others)} not named here"] if n_others else []
    return "; ".join([*known, *others]) or "none"


def trend_in_words(found: RatesDashboard) -> str:
    """Say whether any quarter differs from the area's own two years."""
    trend = found.trend
    name = RATE_NAMES[found.name]
    if trend is None or trend.baseline is None:
        return f"{name}: no quarter to show."
    beyond = [quarter.name for quarter in trend.quarters if quarter.is_beyond]
    told = f"beyond its limits in {', '.join(beyond)}" if beyond else "no quarter beyond its limits"
    if trend.has_one_rubric:
        return (
            f"{name} by quarter of the verdict: {told}. Baseline {rate(trend.baseline)}: all these quarters."
        )
    baselines = "; ".join(
        f"{rate(one.rate)} under version {one.rubric}, from {one.since}" for one in trend.baselines
    )
    return (
        f"{name} by quarter of the verdict: {told}. The rubric changed, so the baseline begins anew:"
        f" {baselines}. What came before and after a change is not compared."
    )


def copied_in_words(found: RatesDashboard, policy: RatePolicy) -> str:
    """Say in how many cases the text was mostly carried over, beside the nation; nothing without a case."""
    own, nation = found.copied, found.copied_in_nation
    if own.n == 0:
        return "No checked case has an assessment before it to compare its text with."
    few = " Too few to compare." if own.n < policy.too_few_to_compare_n else ""
    beside = "" if found.area.level is AreaLevel.NATIONAL else f" England and Wales: {_share(nation)}."
    return (
        f"In {_share(own)} of checked cases with an assessment before, at least"
        f" {policy.copied_from_share:.0%} of the words stand word for word in that one, in passages of eight"
        f" words or more.{few}{beside}"
    )


def _share(found: Rate) -> str:
    if found.value is None or found.low is None or found.high is None or found.k is None:
        return "a number that is small and not shown"
    return (
        f"{rate(found.value)} ({number(found.k)} of {number(found.n)};"
        f" 95% interval {rate(found.low)} to {rate(found.high)})"
    )


def agreement_in_words(found: Agreement) -> str:
    """Say how far two readers of the same case agree, as a caveat to every rate."""
    if found.same_level is None:
        return "No case that chance picked has been read by two people yet: how far they agree is not known."
    same = found.same_level
    told = (
        f"Two blind readers gave the same overall level in {rate(same.value)}"
        f" ({rate(same.low)} to {rate(same.high)}) of {number(found.n)} cases that chance picked, nationally."
    )
    if found.ac1 is None or found.kappa is None:
        return told
    measures = ", ".join(
        f"{name} {one.value:.2f} ({one.low:.2f} to {one.high:.2f})"
        for name, one in (("Gwet's AC1", found.ac1), ("weighted kappa", found.kappa))
    )
    return f"{told} Beyond chance: {measures}. Where readers differ, so may the rate."


def methods_of(found: RatesDashboard) -> Sequence[str]:
    """Name the methods behind the figures of a page, each once."""
    rates = [found.own.rate.by_officer, found.own.rate.by_case, found.own.corrected, found.own.shrunk]
    return sorted({one.method for one in rates if one is not None and one.value is not None})
