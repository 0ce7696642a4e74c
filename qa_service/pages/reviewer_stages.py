"""The questions of a read, stage by stage, each read back before it is locked (RULES 1)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from qa_service.auth.dependencies import ClockDep, ReferencesDep, SessionDep
from qa_service.core.errors import Invalid, NotFound
from qa_service.pages.forms import Form, FormDep
from qa_service.pages.render import Link
from qa_service.pages.reviewer_forms import (
    LEVEL_CHOICES,
    answer_words,
    answers_of,
    draft_save,
    faults_of,
    judgement_of,
    level_fields,
)
from qa_service.pages.reviewer_frame import ReaderDep, ReadPage, need_version, open_page, stage_address
from qa_service.pages.reviewer_pace import answer_is_held
from qa_service.reviews import service as reviews
from qa_service.workflows.lock_own_judgement import lock_own_judgement
from rubrics import Question

router = APIRouter(include_in_schema=False)


@router.get("/reviews/{reference}/levels")
def show_levels(
    request: Request, session: SessionDep, user: ReaderDep, clock: ClockDep, reference: str
) -> Response:
    """Stage 1: the reader's own levels."""
    page = open_page(session, reference, user, clock)
    if page.review.stage != 1:
        return RedirectResponse(stage_address(page.review, user), status_code=303)
    return _levels(request, page)


def _levels(request: Request, page: ReadPage, form: Form | None = None) -> Response:
    context = {"cells": level_fields(page.definition), "level_choices": LEVEL_CHOICES}
    return page.show(request, "reviewer/levels.html", context, form=form)


@router.post("/reviews/{reference}/levels")
def check_levels(
    request: Request, session: SessionDep, user: ReaderDep, clock: ClockDep, form: FormDep, reference: str
) -> Response:
    """Save stage 1 and read it back, or say what is missing."""
    reviews.save_draft(session, reference, draft_save(form), reader_id=user.id, at=clock.now())
    page = open_page(session, reference, user, clock)
    if page.review.stage > 1:  # the same as was locked, sent again
        return RedirectResponse(stage_address(page.review, user), status_code=303)
    try:
        judgement_of(page.form, page.definition)
    except Invalid as error:
        return _levels(request, page, page.form.refused(error))
    return RedirectResponse(f"{page.address}/levels/check", status_code=303)


@router.get("/reviews/{reference}/levels/check")
def read_back_levels(
    request: Request, session: SessionDep, user: ReaderDep, clock: ClockDep, reference: str
) -> Response:
    """Read the own judgement back before lock 1."""
    page = open_page(session, reference, user, clock)
    page.need_stage(1)
    words = dict(LEVEL_CHOICES)
    change = f"{page.address}/levels"
    rows = [
        (cell.label, words.get(page.form.value(cell.name), "Not chosen"), f"{change}#{cell.name}")
        for cell in level_fields(page.definition)
    ]
    rows += [
        ("How confident", page.form.value("confidence").capitalize(), f"{change}#confidence"),
        (
            "Is somebody exposed now",
            page.form.value("is_somebody_exposed").capitalize(),
            f"{change}#is_somebody_exposed",
        ),
        ("Why these levels", page.form.value("own_reasons"), f"{change}#own_reasons"),
    ]
    return page.show(request, "reviewer/levels_check.html", {"rows": rows})


@router.post("/reviews/{reference}/levels/lock", dependencies=[answer_is_held])
def lock_levels(
    request: Request,
    session: SessionDep,
    user: ReaderDep,
    clock: ClockDep,
    references: ReferencesDep,
    form: FormDep,
    reference: str,
) -> Response:
    """Lock 1. A second click finds the lock and goes on; one on other levels is told what was locked."""
    page = open_page(session, reference, user, clock)
    if page.review.stage == 1:
        need_version(page, form)
        try:
            judgement = judgement_of(page.form, page.definition)
        except Invalid as error:
            return _levels(request, page, page.form.refused(error))
        lock_own_judgement(
            session, reference, judgement, reader_id=user.id, at=clock.now(), references=references
        )
    else:
        reviews.expect_as_locked(session, reference, draft_save(form).version, reader_id=user.id)
    return RedirectResponse(f"/reviews/{reference}", status_code=303)


def _sections(page: ReadPage) -> list[str]:
    asked = {question.section for question in page.definition.at_stage(2)}
    return [section.id for section in page.definition.sections if section.id in asked]


def _questions(page: ReadPage, section: str) -> list[Question]:
    return [question for question in page.definition.at_stage(2) if question.section == section]


@router.get("/reviews/{reference}/quality/check")
def read_back_quality(
    request: Request, session: SessionDep, user: ReaderDep, clock: ClockDep, reference: str
) -> Response:
    """Read the answers on quality back before lock 2."""
    page = open_page(session, reference, user, clock)
    page.need_stage(2)
    answers = answers_of(page.form, page.definition.at_stage(2))
    rows = [
        (
            f"{question.id} {question.title}",
            answer_words(answers.get(question.id), page.definition),
            f"{page.address}/quality/{question.section}#{question.id}_judgement",
        )
        for question in page.definition.at_stage(2)
    ]
    faults = faults_of(page.form, page.definition, 2)
    return page.show(request, "reviewer/quality_check.html", {"rows": rows, "n_missing": len(faults)})


@router.post("/reviews/{reference}/quality/lock")
def lock_quality(
    session: SessionDep, user: ReaderDep, clock: ClockDep, form: FormDep, reference: str
) -> Response:
    """Lock 2, or go to the first section where something is missing; again, as for lock 1."""
    page = open_page(session, reference, user, clock)
    if page.review.stage == 2:
        need_version(page, form)
        for section in _sections(page):
            if faults_of(page.form, page.definition, 2, section):
                where = f"{page.address}/quality/{section}?missing=true"
                return RedirectResponse(where, status_code=303)
        answers = answers_of(page.form, page.definition.at_stage(2))
        reviews.lock_quality(session, reference, answers, reader_id=user.id, at=clock.now())
    elif page.review.stage > 2:
        reviews.expect_as_locked(session, reference, draft_save(form).version, reader_id=user.id)
    return RedirectResponse(f"/reviews/{reference}", status_code=303)


@router.get("/reviews/{reference}/quality/{section}")
def show_section(
    request: Request,
    session: SessionDep,
    user: ReaderDep,
    clock: ClockDep,
    reference: str,
    section: str,
    missing: bool = False,  # noqa: FBT001, FBT002 - a query of the address
) -> Response:
    """Stage 2, one page for each section of the rubric."""
    page = open_page(session, reference, user, clock)
    if page.review.stage != 2:
        return RedirectResponse(stage_address(page.review, user), status_code=303)
    faults = faults_of(page.form, page.definition, 2, section) if missing else {}
    return _section(request, page, section, page.form.with_errors(faults))


def _section(request: Request, page: ReadPage, section: str, form: Form) -> Response:
    sections = _sections(page)
    if section not in sections:
        raise NotFound("There is no such section.", next_step="Go on from your own list.")
    names = {part.id: part.name for part in page.definition.sections}
    asked = page.definition.at_stage(2)
    context = {
        "section": section,
        "section_name": names[section],
        "sections": tuple(
            Link(f"{part} {names[part]}", f"{page.address}/quality/{part}", is_current=part == section)
            for part in sections
        ),
        "questions": _questions(page, section),
        "n_answered": len(answers_of(form, asked)),
        "n_questions": len(asked),
    }
    return page.show(request, "reviewer/quality.html", context, form=form)


@router.post("/reviews/{reference}/quality/{section}")
def save_section(
    request: Request,
    session: SessionDep,
    user: ReaderDep,
    clock: ClockDep,
    form: FormDep,
    reference: str,
    section: str,
) -> Response:
    """Save a section and go to the next, or say what is missing in it."""
    reviews.save_draft(session, reference, draft_save(form), reader_id=user.id, at=clock.now())
    page = open_page(session, reference, user, clock)
    if page.review.stage > 2:  # the same as was locked, sent again
        return RedirectResponse(stage_address(page.review, user), status_code=303)
    page.need_stage(2)
    faults = faults_of(page.form, page.definition, 2, section)
    if faults:
        return _section(request, page, section, page.form.with_errors(faults))
    sections = _sections(page)
    place = sections.index(section) + 1 if section in sections else len(sections)
    following = sections[place] if place < len(sections) else "check"
    return RedirectResponse(f"{page.address}/quality/{following}", status_code=303)
