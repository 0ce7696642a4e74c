"""The words in which pages speak of a round: reasons, steps, seeds and forecasts."""

from collections.abc import Mapping
from typing import Any

from qa_service.pages.display import day, moment, number
from qa_service.pages.render import Column, Event, Link
from qa_service.reporting.rounds import RoundProgress
from qa_service.rounds.tables import Round

CADENCES = {"annual": "Every year", "six_monthly": "Every six months"}
REASONS = {
    "not_due": "Not due now",
    "nothing_to_draw": "Due, but none of their cases can be drawn",
    "no_assessment": "No completed assessment with a level",
    "assessment_out_of_date": "Last assessed too long ago",
    "being_checked": "Being checked already",
    "cool_off": "Checked too recently to be drawn again",
}
FORECAST_COLUMNS = (
    Column("what", "Figure"),
    Column("value", "Expected", is_numeric=True),
    Column("range", "Range", is_numeric=True),
    Column("note", "What it means"),
)
_FORECAST = (
    ("reviewer_hours", "Reviewer hours", "Reading, second reads and moderation"),
    ("fails", "Checks expected to fail", "After a second blind read"),
    ("cuts", "Workload reductions expected", "At most one for each fail"),
    ("points_over", "Workload points over the caps", "To be moved, ended or escalated"),
    ("unplaced_cases", "Cases the PDUs could not absorb", "Each becomes somebody's named problem"),
)
_TARGETED = (
    ("reviewer_hours", "Reviewer hours", "One read each; a few are read again by chance"),
    (
        "found_flagged",
        "Levels found too low, highest scores",
        "As often as this classifier was right at that share of the cases",
    ),
    (
        "found_unflagged",
        "Levels found too low, without a flag",
        "As often as checked mediums below its line were wrong",
    ),
)
_NOT_MEASURED = "No approved classifier was measured on enough checks drawn at random"
_EVENTS = {
    "round:round:planned": "Round planned",
    "round:frame:frozen": "Round opened and frame frozen",
    "round:seed:recorded": "Seed recorded",
    "round:checks:drawn": "Round drawn",
    "round:check:substituted": "Spoiled case replaced",
    "round:round:in_review": "Review began",
    "round:round:paused": "Round paused",
    "round:round:closed": "Round closed",
}
_WHO = {"cli": "the command line", "job:pause": "the pause rule"}


def window(found: Round) -> str:
    """Say a round's window."""
    return f"{day(found.window_from_on)} to {day(found.window_to_on)}"


def seed_plan(plan: Mapping[str, Any] | None) -> str:
    """Say how the seed will be made."""
    parts = []
    if plan and plan.get("drand_round") is not None:
        parts.append(f"drand round {number(plan['drand_round'])} of chain {plan['drand_chain']}")
    if plan and plan.get("dice"):
        parts.append("dice thrown before two named witnesses")
    return " and ".join(parts)


def design(document: Mapping[str, Any]) -> str:
    """Say how cases are chosen."""
    words = {
        "per_officer": "{k} case of each practitioner, by lowest ticket",
        "take_all_top": "the cases the flag ranks highest",
        "poisson": "cases by the chance the flag gives them",
    }
    return "; ".join(words[arm["kind"]].format(k=arm.get("k", 1)) for arm in document["arms"])


def forecast_rows(document: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the forecast as table rows, each figure with its range."""
    rows = [
        {
            "what": "Checks",
            "value": number(document["n_checks"]),
            "range": "",
            "note": "One for each practitioner due who holds a case that can be drawn",
        }
    ]
    for name, what, note in _FORECAST:
        value, low, high = (number(round(figure)) for figure in document[name])
        rows.append({"what": what, "value": value, "range": f"{low} to {high}", "note": note})
    room = number(document["room_points"])
    rows.append(
        {
            "what": "Room below 100%",
            "value": room,
            "range": "",
            "note": "Points that practitioners could take",
        }
    )
    return rows


def targeted_rows(document: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the forecast of the checks that the classifier asks for, apart from the random ones."""
    targeted = document.get("targeted")
    if targeted is None:
        return []
    n_flagged, n_unflagged, n_scored = (targeted[name] for name in ("n_flagged", "n_unflagged", "n_scored"))
    whence = f"of {number(n_scored)}" if n_scored >= n_flagged else f"but only {number(n_scored)} have one"
    rows = [
        {
            "what": "Further checks",
            "value": number(n_flagged + n_unflagged),
            "range": "",
            "note": f"{number(n_flagged)} with the highest scores, {whence};"
            f" {number(n_unflagged)} without a flag",
        }
    ]
    for name, what, note in _TARGETED:
        if targeted[name] is None:
            rows.append({"what": what, "value": "Not known", "range": "", "note": _NOT_MEASURED})
        else:
            value, low, high = (number(round(figure)) for figure in targeted[name])
            rows.append({"what": what, "value": value, "range": f"{low} to {high}", "note": note})
    note = "A check that a flag chose corrects the case and reduces nobody's workload"
    return [*rows, {"what": "Workload reductions", "value": "0", "range": "", "note": note}]


def progress_sentence(progress: RoundProgress) -> str:
    """Say how far a round has come."""
    if not progress.n_checks:
        return "Nothing is drawn yet."
    return f"{number(progress.n_finished)} of {number(progress.n_checks)} checks are finished."


def why_left_out(row: Mapping[str, Any]) -> str:
    """Say in full why a practitioner is left out; for one without a case to draw, what became of theirs."""
    full = str(row["detail"])
    if row["reason"] == "nothing_to_draw":
        cases = row["cases"] or {}
        counts = (f"{number(n)} {REASONS[name].lower()}" for name, n in sorted(cases.items()))
        full = "; ".join(counts) or "holds no case here"
    return full[0].upper() + full[1:]


def events(rows: list[Mapping[str, Any]]) -> list[Event]:
    """Return the log of a round as a timeline."""
    return [
        Event(
            title=_EVENTS.get(row["tag"], row["tag"]),
            at=moment(row["at"]),
            by=_WHO.get(row["who"], row["who"]),
            text=_detail(row["payload"] or {}),
        )
        for row in rows
    ]


def _detail(payload: Mapping[str, Any]) -> str | None:
    counts = {
        "n_officers_due": "practitioners due",
        "n_due": "practitioners due",
        "n_units": "cases in the frame",
        "n_left_out": "practitioners and cases left out",
        "n_checks": "checks drawn",
        "n_uncovered": "practitioners not covered, each listed with the reason",
    }
    parts = [f"{number(payload[name])} {words}" for name, words in counts.items() if name in payload]
    parts += [f"reason: {payload['reason']}"] if payload.get("reason") else []
    parts += [f"{name.replace('_', ' ')} {payload[name]}" for name in _DIGESTS if payload.get(name)]
    return ". ".join(part[0].upper() + part[1:] for part in parts) or None


_DIGESTS = ("frame_digest", "commitment_digest", "transcript_digest")


def parts_of(found: Round, current: str) -> tuple[Link, ...]:
    """Return the parts of a round's pages."""
    here = f"/rounds/{found.reference}"
    parts = (
        ("Overview", here),
        ("Cases", f"{here}/cases"),
        ("Left out", f"{here}/left-out"),
        ("Log", f"{here}/log"),
    )
    return tuple(Link(text, href, is_current=text == current) for text, href in parts)


def crumbs(progress: RoundProgress, *, inside: bool = True) -> tuple[Link, ...]:
    """Return the way back from a round's page, or from one of its steps."""
    own = Link(title_of(progress), f"/rounds/{progress.round.reference}" if inside else "")
    return (Link("Rounds", "/rounds"), own)


def title_of(progress: RoundProgress) -> str:
    """Name a round as people do."""
    found = progress.round
    return f"{progress.area_name}, {found.window_from_on:%B %Y} to {found.window_to_on:%B %Y}"
