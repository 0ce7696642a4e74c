"""Run the demo from an empty database to a served one; run again, it changes nothing."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from qa_service.audit import service as audit
from qa_service.core.clock import FixedClock, day_of
from qa_service.core.db import SYSTEM, transaction
from qa_service.core.ids import ReferenceSource, seeded_bytes
from qa_service.demo import setting, story
from qa_service.demo.flags import learn_flags
from qa_service.demo.round import Progress, Stage, begin_round, read_round
from qa_service.estate import service as estate
from qa_service.intake.service import import_paths
from qa_service.reporting.round_outcome import outcome_of_round
from qa_service.rounds import drawing
from qa_service.rounds import service as rounds
from qa_service.rounds.tables import Round
from sampling.verify_draw import faults_in

REAL_FORMATS = Path(__file__).parent / "real_formats"


def run_demo(engine: Engine, *, progress: Progress) -> dict[str, Any]:
    """Load the demo area, run one round to its end, and return its figures."""
    with transaction(engine, SYSTEM) as session:
        is_done = story.is_told(session)
        clock = FixedClock(max(setting.START, story.last_moment(session)))
        # A demo that was stopped half-way goes on; its references must not begin again.
        references = ReferenceSource(seeded_bytes(f"{setting.RANDOM_SEED}:{audit.anchor_of(session)}"))
    if not is_done:
        stage = Stage(engine, clock, references, progress)
        with TemporaryDirectory() as folder:
            truth = _load_area(stage, Path(folder))
            drawn = begin_round(stage)
            read_round(stage, drawn, truth)
        _load_examples(stage)
        with transaction(engine, SYSTEM) as session:
            story.add_people_of_the_story(session, drawn.reference, at=clock.now())
        learn_flags(stage)
    with transaction(engine, SYSTEM) as session:
        return _figures(session, _demo_round(session))


def _load_area(stage: Stage, folder: Path) -> Path:
    """Make the synthetic area and load it; return the truth."""
    from qa_service.synth.service import generate  # noqa: PLC0415 - heavy, only when there is an area to make

    extract = folder / "london"
    made = generate(
        setting.PRESET,
        extract,
        seed=setting.SYNTH_SEED,
        today=setting.FIRST_DAY,
        progress=lambda done, total, what: stage.progress(f"Making the area: {what}", done, total),
    )
    _load(stage, [extract])
    return made.truth


def _load_examples(stage: Stage) -> None:
    """Load the files in the real systems' formats, after the estate, officer and cases they speak of.

    They come when the round is read: nobody simulated knows the truth about their cases. Their estate is
    closed then: nothing is ever drawn in it, and it would stand among the areas of every page.
    """
    files = sorted(path for path in REAL_FORMATS.iterdir() if path.suffix in {".json", ".xlsx"})
    _load(stage, [REAL_FORMATS / "area", *files])
    with transaction(stage.engine, SYSTEM) as session:
        for pdu in estate.pdus(session):
            if pdu.region_code != setting.REGION_CODE:
                pdu.closed_on = day_of(stage.clock.now())


def _load(stage: Stage, paths: Sequence[Path]) -> None:
    import_paths(
        stage.engine,
        paths,
        by="cli",
        clock=stage.clock,
        progress=lambda done, total, what: stage.progress(f"Loading {what}", done, total),
    )


def _demo_round(session: Session) -> Round:
    return next(found for found in rounds.rounds(session) if found.area_code == setting.REGION_CODE)


def _figures(session: Session, drawn: Round) -> dict[str, Any]:
    figures = outcome_of_round(session, drawn.reference)
    figures["audit_ok"] = audit.verify(session).is_ok
    figures["draw_ok"] = (
        faults_in(drawing.transcript(session, drawn.reference), drawn.frame_digest or "") == []
    )
    return figures
