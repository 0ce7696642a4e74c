"""The draw in public: digests before the seed, the transcript after it, and a script to check both.

Nobody signs in here, and nothing here names a practitioner or a person supervised.
"""

import json
from importlib.resources import files

from fastapi import APIRouter, Request, Response

from qa_service.auth.dependencies import SessionDep, open_to_all
from qa_service.core.errors import Conflict, NotFound
from qa_service.pages import rounds_words as words
from qa_service.pages.display import moment
from qa_service.pages.render import Cell, Column, Link, render
from qa_service.pages.status_tags import status_tag
from qa_service.reporting import rounds as reporting
from qa_service.reporting.rounds import AreaView, RoundProgress

router = APIRouter(include_in_schema=False, dependencies=[open_to_all])

COLUMNS = (
    Column("round", "Round"),
    Column("status", "Status"),
    Column("frozen", "Frame frozen"),
    Column("drawn", "Drawn"),
)


@router.get("/draws")
def list_draws(request: Request, session: SessionDep) -> Response:
    """List every round whose frame is frozen."""
    found = [one for one in reporting.list_progress(session, AreaView(None)) if one.round.frame_frozen_at]
    rows = [
        {
            "round": Cell(
                words.title_of(one), href=f"/draws/{one.round.reference}", hint=one.round.reference
            ),
            "status": Cell(tag=status_tag("round", one.round.status.value)),
            "frozen": moment(one.round.frame_frozen_at) if one.round.frame_frozen_at else None,
            "drawn": moment(one.round.drawn_at) if one.round.drawn_at else None,
        }
        for one in found
    ]
    return render(request, "rounds/public_list.html", {"columns": COLUMNS, "rows": rows})


@router.get("/draws/verify_draw.py")
def download_script() -> Response:
    """Give the script that checks a transcript: one file, standard library only."""
    script = files("sampling").joinpath("verify_draw.py").read_bytes()
    return _file(script, "verify_draw.py", "text/x-python; charset=utf-8")


@router.get("/draws/{reference}")
def show_draw(request: Request, session: SessionDep, reference: str) -> Response:
    """Show what was published about a round's draw, in the order it was published."""
    progress = _frozen(session, reference)
    context = {
        "progress": progress,
        "round": progress.round,
        "is_transcript_public": reporting.is_transcript_public(progress.round),
        "words": words,
        "breadcrumbs": (Link("Draws", "/draws"), Link(words.title_of(progress))),
    }
    return render(request, "rounds/public_draw.html", context)


# The last transcripts asked for, by digest: drawing a national round again for every visitor takes seconds.
_WRITTEN: dict[str, bytes] = {}
_MOST_KEPT = 4


@router.get("/draws/{reference}/transcript.json")
def download_transcript(request: Request, session: SessionDep, reference: str) -> Response:
    """Give the transcript of a drawn round; a browser that has it already is told so."""
    found = _frozen(session, reference).round
    if not reporting.is_transcript_public(found):
        raise Conflict(
            "This round also draws cases by flag, so its transcript is published when the round is closed.",
            next_step="Note the digests now: the transcript will be checked against them.",
        )
    digest = found.transcript_digest or ""
    tag = f'"{digest}"'
    if digest and request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"etag": tag})
    content = _WRITTEN.get(digest)
    if content is None:
        content = (
            json.dumps(reporting.public_transcript(session, reference), ensure_ascii=False) + "\n"
        ).encode()
        while len(_WRITTEN) >= _MOST_KEPT:
            _WRITTEN.pop(next(iter(_WRITTEN)), None)
        _WRITTEN[digest] = content
    response = _file(content, f"transcript-{reference}.json", "application/json")
    response.headers["etag"] = tag
    return response


def _frozen(session: SessionDep, reference: str) -> RoundProgress:
    progress = reporting.find_progress(session, reference)
    if progress.round.frame_frozen_at is None:
        raise NotFound("Nothing is published about this round yet.", next_step="Look at the list of draws.")
    return progress


def _file(content: bytes, name: str, media_type: str) -> Response:
    return Response(
        content,
        media_type=media_type,
        # A digest is checked against it later, so no cache on the way may change or keep it.
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-cache"},
    )
