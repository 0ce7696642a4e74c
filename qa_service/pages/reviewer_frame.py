"""What every page of a read has around its questions: the case, the draft, who may be here, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Request, Response
from sqlmodel import Session

from qa_service.auth.dependencies import require
from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.core.clock import Clock
from qa_service.core.errors import Conflict
from qa_service.pages.forms import Form, form_of
from qa_service.pages.render import Link, render
from qa_service.reviews import service as reviews
from qa_service.reviews.case_view import BlindCase
from qa_service.reviews.tables import Review
from rubrics import Definition, load

# The pool is for reviewers; a read one was given is also an SPO's, who reads a level before a case moves.
PoolDep = Annotated[CurrentUser, require(Role.REVIEWER)]
ReaderDep = Annotated[CurrentUser, require(Role.REVIEWER, Role.SPO)]


@dataclass(frozen=True)
class ReadPage:
    """A reader's own read, its case as the stage shows it, and what they typed so far."""

    review: Review
    case: BlindCase
    form: Form
    version: int
    definition: Definition
    home: Link

    @property
    def address(self) -> str:
        """Return where the read lives."""
        return f"/reviews/{self.review.reference}"

    def need_stage(self, stage: int) -> None:
        """Raise when the read is at another stage."""
        if self.review.stage != stage:
            raise Conflict(
                "This part of the read is locked, or not reached yet.",
                next_step="Go on from your own list.",
                code="stage",
            )

    def show(
        self, request: Request, template: str, context: Mapping[str, object], *, form: Form | None = None
    ) -> Response:
        """Render a page of the read; one with errors is answered 422."""
        shown = form or self.form
        frame: dict[str, object] = {
            "read": self,
            "case": self.case,
            "form": shown,
            "version": self.version,
            "definition": self.definition,
            "breadcrumbs": (self.home, Link(f"Case {self.case.check_reference}")),
        }
        return render(request, template, {**frame, **context}, status_code=422 if shown.errors else 200)


def open_page(session: Session, reference: str, user: CurrentUser, clock: Clock) -> ReadPage:
    """Open a reader's own read."""
    review = reviews.open_read(session, reference, reader_id=user.id, at=clock.now())
    content, version = reviews.draft_of(session, reference, reader_id=user.id)
    return ReadPage(
        review=review,
        case=reviews.blind_case(session, reference, reader_id=user.id),
        form=form_of(content),
        version=version,
        definition=load("rosh", reviews.rubric_version_of(session, reference, reader_id=user.id)),
        home=home_of(user),
    )


def home_of(user: CurrentUser) -> Link:
    """Return where somebody's reads are listed: an SPO without the pool comes from the cases to move."""
    return Link("My reviews", "/reviews") if user.has(Role.REVIEWER) else Link("Cases to move", "/moves")


def stage_address(review: Review, user: CurrentUser) -> str:
    """Return where a read goes on."""
    base = f"/reviews/{review.reference}"
    if review.done_at is not None:
        return f"{base}/receipt" if review.submitted_at is not None else home_of(user).href
    return base + {1: "/levels", 2: "/quality/A", 3: "/officer-level", 4: "/flag"}[review.stage]


def need_version(page: ReadPage, form: Form) -> None:
    """Refuse to lock answers that changed in another window after they were read back."""
    if form.value("version") != str(page.version):
        raise Conflict(
            "Your answers were changed in another window after this page was opened.",
            next_step="Look at them again, then lock them.",
            code="draft_version",
        )
