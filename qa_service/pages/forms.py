"""What a person typed, kept with what is wrong with it, so that a page can show both again."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import Depends
from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.requests import Request

from qa_service.core.errors import Invalid
from qa_service.pages.fault_words import fault_in_words


@dataclass(frozen=True)
class Form:
    """A form's values as typed and its errors by field, in the order of the page.

    A field's error links to `id=field`; radios and checkboxes therefore take the field as their `idPrefix`,
    so that the link reaches the first choice.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Return what was typed in a field, or nothing."""
        return (self.values.get(name) or ("",))[-1]

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return every choice ticked under a name."""
        return self.values.get(name, ())

    def error(self, name: str) -> dict[str, str] | None:
        """Return a field's error as the govuk macros take it (`errorMessage`)."""
        return {"text": self.errors[name]} if name in self.errors else None

    def summary(self) -> list[dict[str, str]]:
        """Return every error as a link to its field, for the error summary."""
        return [{"text": text, "href": f"#{name}"} for name, text in self.errors.items()]

    def fields(self) -> dict[str, str]:
        """Return the last value of each field, for a schema to validate."""
        return {name: values[-1] for name, values in self.values.items()}

    def with_errors(self, errors: Mapping[str, str] | Iterable[tuple[str, str]]) -> "Form":
        """Return the same answers with what is wrong with them."""
        return replace(self, errors=dict(errors))

    def refused(self, error: Invalid) -> "Form":
        """Return the same answers with the faults a use case found (or its one sentence)."""
        whole = ((next(iter(self.values), "main-content"), f"{error.message} {error.next_step}"),)
        return self.with_errors(error.faults or whole)

    def failed(self, error: ValidationError, messages: Mapping[str, str]) -> "Form":
        """Return the same answers with a schema's errors, in the page's words where it has them."""
        faults = {".".join(map(str, fault["loc"])): fault_in_words(fault) for fault in error.errors()}
        return self.with_errors({name: messages.get(name, text) for name, text in faults.items()})


def form_of(values: Mapping[str, object]) -> Form:
    """Return a form filled from what is stored; None is an empty field, a list several choices."""
    return Form(
        {
            name: tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)
            for name, value in values.items()
            if value is not None
        }
    )


async def posted_form(request: Request) -> AsyncIterator[Form]:
    """Read a posted form whole, before anything judges it (files are read by the route itself)."""
    values: dict[str, tuple[str, ...]] = {}
    async with request.form() as posted:
        for name, value in posted.multi_items():
            if not isinstance(value, UploadFile):
                # PostgreSQL keeps no NUL; nobody types one.
                values[name] = (*values.get(name, ()), value.replace("\0", ""))
        yield Form(values)


FormDep = Annotated[Form, Depends(posted_form)]
