"""What rates are called, and how what was found is said, on the pages about areas."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from qa_service.pages.display import counts_in_words, day, number, rate
from qa_service.pages.manager_words import RATE_NAMES
from qa_service.policy.numbers import RatePolicy
from qa_service.reporting.areas import AreaLevel
from qa_service.reporting.comparison import Comparison, Standing
from qa_service.reporting.dashboard import RatesDashboard
from qa_service.reporting.published_offences import MissedInYear
from qa_service.reporting.rates import Rate, RateName
from qa_service.reporting.readers import Agreement
from qa_service.reporting.trend import Trend
from sampling import Estimate

# The rest of the sentence after the percentage.
SENTENCES = MappingProxyType(
    {
        RateName.MEDIUM_SHOULD_BE_HIGH: "of checked medium cases should have been high",
        RateName.UNDERCLASSIFIED: "of checked cases were assessed too low",
        RateName.OVERCLASSIFIED: "of checked cases were assessed too high",
        RateName.INSUFFICIENT: "of checks ended in a recheck or a fail",
    }
)
# What waits is likelier to be a fail than what is final (a level too low); a level too high is never a fail.
_TENDENCIES = MappingProxyType(
    {name: "fall" if name is RateName.OVERCLASSIFIED else "rise" for name in RateName}
)
TOO_FEW = "Too few to compare"
NO_RATE_OF_ERROR = (
    "It is no rate of error: nobody drew these cases at random, and an offence does not show that a level was"
    " wrong."
)
STANDINGS: Mapping[Standing, str] = MappingProxyType(
    {
        Standing.WITHIN: "Within what chance explains",
        Standing.LOOK_ABOVE: "Above the 95% limit: worth a look",
        Standing.LOOK_BELOW: "Below the 95% limit",
        Standing.ABOVE: "Above the 99.8% limit: find out why",
        Standing.BELOW: "Below the 99.8% limit",
        Standing.TOO_FEW: TOO_FEW,
    }
)


def few_in_words(found: Rate, name: RateName) -> str:
    """Say what was found in too few checks for a rate."""
    what = SENTENCES[name].removeprefix("of ")
    return f"{number(found.k or 0)} of {number(found.n)} {what}: too few to say a rate."


def unfinished_in_words(found: RatesDashboard, policy: RatePolicy) -> str | None:
    """Say how much of what was drawn is final, and where the rate will probably go; None when all is."""
    left = found.unfinished
    if left is None:
        return None
    cases = "medium cases" if found.name is RateName.MEDIUM_SHOULD_BE_HIGH else "cases"
    if left.n_waiting is not None:
        total = number(left.n_final + left.n_waiting)
        told = f"{number(left.n_final)} of the {total} {cases} drawn {_are(left.n_final)} final."
    else:
        told = f"Fewer than {policy.suppress_below} {cases} drawn here are not final yet."
    interval = "" if found.own.is_too_few else "; the interval does not allow for that"
    return (
        f"{told} A possible fail takes longer than a pass, so this figure will probably"
        f" {_TENDENCIES[found.name]}{interval}."
    )


def _are(n: int) -> str:
    return "is" if n == 1 else "are"


def comparison_in_words(found: Comparison, names: Mapping[str, str], period: str) -> str:
    """Say how many PDUs were compared, which stand out, and how many would by chance alone.

    `names` are the PDUs that the reader may know by name, `period` the days that all is of; the list is
    Benjamini and Hochberg's.
    """
    beyond = [code for code, where in found.standing.items() if where in {Standing.ABOVE, Standing.BELOW}]
    listed = [code for code, is_listed in found.is_listed.items() if is_listed]
    action, look = _about(found.expected_beyond_998), _about(found.expected_beyond_95)
    by_luck = f"{action} beyond those and {look} beyond" if action != look else f"{action} beyond those or"
    return (
        f"{number(found.n_compared)} {'PDU' if found.n_compared == 1 else 'PDUs'} {_are(found.n_compared)}"
        f" compared with England and Wales, all {period}: {_share(found.nation, 0)}."
        f" Beyond the 99.8% limits: {_named(beyond, names)}. If all PDUs were alike, luck of the draw would"
        f" put {by_luck} the 95% limits. Higher than luck explains: {_named(listed, names)}"
        f"{' (of PDUs named so, about 1 in 20 is named wrongly)' if listed else ''}."
    )


def _about(n_expected: float) -> str:
    """Say how many are expected, as a count that can be seen."""
    return "hardly any" if n_expected < 0.5 else f"about {number(round(n_expected))}"


def _named(codes: Sequence[str], names: Mapping[str, str]) -> str:
    """Name the PDUs that the reader may know, and count the others."""
    known = [names[code] for code in codes if code in names]
    n_others = len(codes) - len(known)
    others = [f"{number(n_others)} not named here"] if n_others else []
    return "; ".join([*known, *others]) or "none"


# Within a quarter everybody is checked once, so that here no check counts for half a year.
_EACH_CHECK = "Every check counts once. "


def trend_in_words(found: RatesDashboard) -> str:
    """Say whether any quarter differs from the area's own two years."""
    trend = found.trend
    name = RATE_NAMES[found.name]
    if trend is None or trend.baseline is None:
        return f"{name}: no quarter to show."
    beyond = [quarter.name for quarter in trend.quarters if quarter.is_beyond]
    told = (
        f"beyond its 99.8% limits in {', '.join(beyond)}" if beyond else "no quarter beyond its 99.8% limits"
    )
    told = f"{name} by quarter of the draw: {told}. {_EACH_CHECK}{_unfinished_quarters(found.name, trend)}"
    if trend.has_one_rubric:
        return f"{told}Baseline {rate(trend.baseline)}: all the final quarters."
    baselines = "; ".join(
        f"{rate(one.rate)} under version {one.rubric}, from {one.since}" for one in trend.baselines
    )
    return (
        f"{told}The rubric changed, so the baseline begins anew: {baselines}."
        " What came before and after a change is not compared."
    )


def _unfinished_quarters(name: RateName, trend: Trend) -> str:
    """Name the quarters that are not charted, and say why one that waits for a single check is not either."""
    waiting = list(dict.fromkeys(quarter.name for quarter in trend.quarters if not quarter.is_final))
    if not waiting:
        return ""
    seems = "high" if _TENDENCIES[name] == "fall" else "low"
    return (
        f"Not charted until every check drawn in it is final: {', '.join(waiting)}. A possible fail takes"
        f" longer than a pass, so until then a rate seems too {seems}. "
    )


def no_chart_in_words(found: RatesDashboard, policy: RatePolicy) -> str:
    """Say why the quarters have a table only."""
    if found.trend is None:
        return ""
    few = ""
    if any(quarter.is_too_few for quarter in found.trend.quarters):
        least = policy.too_few_to_compare_n
        few = f"No chart: most quarters that are final have fewer than {least} checks, too few for a rate. "
    return f"{few}{_unfinished_quarters(found.name, found.trend)}".strip()


def copied_in_words(found: RatesDashboard, policy: RatePolicy) -> str:
    """Say in how many cases the text was mostly carried over, beside the nation; nothing without a case."""
    own, nation = found.copied, found.copied_in_nation
    if own.n == 0 and own.k is not None:
        return "No checked case has an assessment before it to compare its text with."
    least = policy.too_few_to_compare_n
    of, few = _of_few(own, least)
    beside = "" if found.area.level is AreaLevel.NATIONAL else f" England and Wales: {_share(nation, least)}."
    return (
        f"In {_share(own, least)} {of}checked cases with an assessment before, at least"
        f" {policy.copied_from_share:.0%} of the words stand word for word in that one, in passages of eight"
        f" words or more.{few}{beside}"
    )


def _of_few(found: Rate, least: int) -> tuple[str, str]:
    """Return the word that joins a share to what it is of, and what is said of a share of few."""
    is_few = found.k is not None and found.n < least
    return ("", " That is too few to say a rate.") if is_few else ("of ", "")


def _share(found: Rate, least: int) -> str:
    if found.n < least and found.k is not None:
        return f"{number(found.k)} of {number(found.n)}"
    if found.value is None or found.low is None or found.high is None or found.k is None:
        return "a number that is not shown"
    return (
        f"{rate(found.value)} ({counts_in_words(found.k, found.n, found.value)};"
        f" 95% interval {rate(found.low)} to {rate(found.high)})"
    )


def agreement_in_words(found: Agreement, least: int) -> str:
    """Say how far two readers of the same case agree, as a caveat to every rate; nothing from a few cases."""
    same = found.same_level
    if same is None:
        return "No case that chance picked has been read by two people yet: how far they agree is not known."
    cases = f"{number(found.n)} cases that chance picked"
    if found.n < least:
        return f"Two people have read {cases}, nationally: too few to say how far readers agree."
    told = (
        f"Two blind readers gave the same overall level in {rate(same.value)}"
        f" ({rate(same.low)} to {rate(same.high)}) of {cases}, nationally."
    )
    if found.ac1 is not None and found.kappa is not None:
        measures = ", ".join(
            f"{name} {one.value:.2f} ({one.low:.2f} to {one.high:.2f})"
            for name, one in (("Gwet's AC1", found.ac1), ("weighted kappa", found.kappa))
        )
        told = f"{told} Beyond chance: {measures}."
    return f"{told} {_positive_in_words(found.positive, least)} Where readers differ, so may the rate."


def _positive_in_words(found: Estimate | None, least: int) -> str:
    """Say how often a finding that a level is too low is shared: agreeing on the many right ones is easy."""
    if found is None or found.n < least:
        return (
            f"In fewer than {least} of them did either find the level too low: too few to say how often the"
            " other found it too."
        )
    return (
        f"When one found the level too low, so did the other in {rate(found.value)}"
        f" ({rate(found.low)} to {rate(found.high)}; positive agreement, from {number(found.n)} cases in"
        " which one did at least)."
    )


def missed_in_words(found: MissedInYear, policy: RatePolicy) -> str:
    """Say what checks read again after further offences had missed in a year, in England and Wales."""
    missed, least, year = found.missed, policy.too_few_to_compare_n, day(found.until)[-4:]
    if missed.n == 0 and missed.k is not None:
        return f"In {year} no check was read again after a serious further offence in England and Wales."
    of, few = _of_few(missed, least)
    return (
        f"In {year}, {_share(missed, least)} {of}checks in England and Wales that were read again blind after"
        f" a serious further offence had let a level stand that this read finds too low.{few}"
        f" Counted by the day of this read, as everything stood on {day(found.until)}. {NO_RATE_OF_ERROR}"
    )


def published_in_words(found: RatesDashboard) -> str:
    """Say up to when figures without small counts are counted, and what else is not shown."""
    pdus = "" if found.area.level is AreaLevel.PDU else f", PDUs' up to {day(found.pdus_until)}"
    return (
        f"These figures count what was decided up to {day(found.until)}{pdus}, as it stood then: later and"
        " shorter periods would give small counts away. A figure is not shown where it rests on a small count"
        " in any part of its period, or would give away one that does; so the figures of areas that are shown"
        " are higher on average than those that are not. Quarters, what is not final yet, how"
        " far readers agree and further offences of an area are shown to those who manage it."
    )


def methods_of(found: RatesDashboard) -> Sequence[str]:
    """Name the methods behind the figures of a page, each once."""
    rates = [found.own.rate.by_officer, found.own.rate.by_case, found.own.corrected, found.own.shrunk]
    return sorted({one.method for one in rates if one is not None and one.value is not None})
