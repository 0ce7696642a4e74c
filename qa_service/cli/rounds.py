"""Rounds from the command line, by the same use cases as the pages; and the check of a published draw."""

import io
import json
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

import rubrics
from qa_service.cli.context import BY, system_clock, system_session
from qa_service.cli.output import AsJson, command_group, fields, show, table
from qa_service.core.errors import Invalid
from qa_service.core.ids import ReferenceSource
from qa_service.policy.numbers import CURRENT_VERSION, load_policy
from qa_service.reporting import rounds as reporting
from qa_service.reporting.rounds import AreaView, RoundProgress
from qa_service.rounds import service as rounds
from qa_service.rounds.rules.targeting import design_with_targeted
from qa_service.rounds.service import ONE_PER_OFFICER, RoundPlan
from qa_service.workflows.close_round import close_round
from qa_service.workflows.draw_round import draw_round
from qa_service.workflows.open_round import open_round, plan_round
from sampling.verify_draw import main as check_transcript

round_group = command_group()
Reference = Annotated[str, typer.Argument(help="The round's name, as `round status` shows it.")]


@round_group.command()
def plan(
    area: Annotated[str, typer.Argument(help="Code of the region or PDU; E&W for the nation.")],
    kind: Annotated[str, typer.Option(help="region, pdu or national.")] = "region",
    *,
    dice: Annotated[bool, typer.Option("--dice", help="Dice before two witnesses make the seed.")] = False,
    drand_chain: Annotated[str, typer.Option(help="Chain of the announced drand round.")] = "",
    drand_round: Annotated[int | None, typer.Option(help="Number of the announced drand round.")] = None,
    targeted: Annotated[int, typer.Option(min=0, help="Further checks, by flag.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Plan a round for the window that holds today and show its forecast; nothing is frozen."""
    wanted = RoundPlan(
        area_kind=kind,
        area_code=area,
        rubric_version=rubrics.load().version,
        policy_version=CURRENT_VERSION,
        seed_plan={"drand_chain": drand_chain, "drand_round": drand_round, "dice": dice},
        design=design_with_targeted(targeted, load_policy().flags.least_unflagged_share)
        if targeted
        else ONE_PER_OFFICER,
    )
    with system_session() as session:
        planned = plan_round(session, wanted, by=BY, at=system_clock().now())
        values = {"round": planned.reference, **planned.forecast}
    told = {name: value for name, value in values.items() if name != "targeted"}
    by_flag = {f"targeted {name}": value for name, value in values.get("targeted", {}).items()}
    show(values, as_json=as_json, text=fields(told | by_flag))


@round_group.command(name="open")
def open_one(reference: Reference, *, as_json: AsJson = False) -> None:
    """Freeze the frame and print the digests to publish before the seed can be known."""
    with system_session() as session:
        frozen = open_round(session, reference, by=BY, at=system_clock().now(), references=ReferenceSource())
        found = rounds.find_round(session, reference)
        values = {
            "round": reference,
            "frame_digest": found.frame_digest,
            "commitment_digest": found.commitment_digest,
            "n_cases": len(frozen.units),
            "n_officers_due": frozen.n_officers_due,
            "n_left_out": len(frozen.left_out),
            "n_uncovered": sum(out.reason == "nothing_to_draw" for out in frozen.left_out),
        }
    show(values, as_json=as_json, text=fields(values))


@round_group.command()
def seed(
    reference: Reference,
    drand: Annotated[
        Path | None,
        typer.Option(exists=True, help="JSON file with chain, round, signature and randomness."),
    ] = None,
    dice: Annotated[
        list[str] | None, typer.Option(help="NAME:DIGITS as one witness read the dice; give it twice.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Record the public seed that was announced."""
    parts: dict[str, object] = {}
    if drand is not None:
        try:
            record = json.loads(drand.read_text("utf-8"))
            parts["drand"] = {name: record[name] for name in ("chain", "round", "signature", "randomness")}
        except (ValueError, KeyError, TypeError) as error:
            raise Invalid(
                f"{drand} is not a drand record.",
                next_step='Save it as JSON with "chain", "round", "signature" and "randomness".',
            ) from error
    if dice:
        readings = [reading.rpartition(":") for reading in dice]
        parts["dice"] = [{"witness": witness, "rolls": rolls} for witness, _, rolls in readings]
    with system_session() as session:
        found = rounds.seed_round(session, reference, parts, by=BY, at=system_clock().now())
        values = {"round": reference, "seed": (found.seed or {}).get("value")}
    show(values, as_json=as_json, text=fields(values))


@round_group.command()
def draw(
    reference: Reference,
    transcript: Annotated[Path | None, typer.Option(help="Write the transcript to this file.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Draw a seeded round; every check gets its first read."""
    with system_session() as session:
        checks = draw_round(session, reference, by=BY, at=system_clock().now(), references=ReferenceSource())
        digest = rounds.find_round(session, reference).transcript_digest
        written = json.dumps(reporting.public_transcript(session, reference), ensure_ascii=False) + "\n"
    if transcript is not None:
        transcript.write_text(written, "utf-8")
    values = {"round": reference, "n_checks": len(checks), "transcript_digest": digest}
    show(values, as_json=as_json, text=fields(values))


@round_group.command()
def close(reference: Reference, *, as_json: AsJson = False) -> None:
    """Close a round in which every check is finished."""
    with system_session() as session:
        close_round(session, reference, by=BY, at=system_clock().now())
    show({"round": reference, "status": "closed"}, as_json=as_json, text=f"{reference} is closed.")


@round_group.command()
def status(
    reference: Annotated[str, typer.Argument(help="One round; all of them if not given.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Show where rounds are and how far they have come."""
    with system_session() as session:
        found = (
            [reporting.find_progress(session, reference)]
            if reference
            else reporting.list_progress(session, AreaView(regions=None))
        )
        values = [_progress(one) for one in found]
    text = table(
        ("Round", "Area", "Status", "Finished", "Checks", "Failed", "Due"),
        [tuple(row.values()) for row in values],
    )
    show(values, as_json=as_json, text=text)


def _progress(one: RoundProgress) -> dict[str, object]:
    return {
        "round": one.round.reference,
        "area": one.area_name,
        "status": one.round.status.value,
        "n_finished": one.n_finished,
        "n_checks": one.n_checks,
        "n_failed": one.n_failed,
        "due_on": one.round.window_to_on,
    }


def verify_draw(
    transcript: Annotated[Path, typer.Argument(help="The published transcript.")],
    digest: Annotated[str, typer.Option(help="Digest published before the seed existed.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Check a published draw with the script that a union would run; needs no database."""
    said = io.StringIO()
    with redirect_stdout(said):
        code = check_transcript([str(transcript), "--digest", digest])
    lines = said.getvalue().splitlines()
    values = {"verified": code == 0, "faults": lines if code else []}
    show(values, as_json=as_json, text="\n".join(lines))
    raise typer.Exit(code)
