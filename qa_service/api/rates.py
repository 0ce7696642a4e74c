"""GET /api/rates: the rates of RULES 10, each with its n and its interval, and what stands beside them."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from qa_service.api.problems import problems
from qa_service.auth.dependencies import ClockDep, SessionDep, require
from qa_service.auth.service import CurrentUser
from qa_service.policy.numbers import load_policy
from qa_service.reporting.area_rates import rates_in_reach
from qa_service.reporting.published_offences import missed_in_year
from qa_service.reporting.rates import AreaLevel, RateName
from qa_service.reporting.reach import RATE_READERS
from qa_service.reporting.reader_error import reader_skills, with_corrections

router = APIRouter(prefix="/api/rates", tags=["rates"])


class RateOut(BaseModel):
    """A rate; `k`, `n`, `value` and the interval are empty when suppressed, `value` too when n is 0."""

    model_config = ConfigDict(from_attributes=True)

    k: int | None = Field(description="Cases with the property.")
    n: int | None = Field(description="Checks it is about; of a rate, scorable final ones of the random arm.")
    value: float | None = Field(description="0-1")
    low: float | None = Field(description="Lower end of the 95% interval, 0-1.")
    high: float | None = Field(description="Upper end of the 95% interval, 0-1.")
    method: str

    @model_validator(mode="after")
    def _no_n_of_what_is_suppressed(self) -> Self:
        if self.k is None:
            self.n = None
        return self


class MissedOut(BaseModel):
    """Of the checks read again blind in a year after a serious further offence, those that had missed it.

    Of England and Wales, as everything stood when the year ended. It is no rate of error: nobody drew these
    cases at random.
    """

    model_config = ConfigDict(from_attributes=True)

    since: datetime
    until: datetime = Field(description="The end of the last calendar year that was over.")
    missed: RateOut = Field(description="Of those read again: let a level stand that was too low.")


class NamedRateOut(BaseModel):
    """One of the rates: every officer counting once, every case counting, and corrected for reader error."""

    model_config = ConfigDict(from_attributes=True)

    name: RateName
    is_too_few: bool = Field(description="Too few checks to compare this area's rate with another's.")
    by_officer: RateOut
    by_case: RateOut
    corrected: RateOut | None = Field(
        description="The rate by case if readers never erred; without a value, `method` says why."
    )


class AreaRatesOut(BaseModel):
    """The rates of one area over its window; numbers of officers and checks are empty for analysts."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name: str
    since: datetime
    until: datetime = Field(description="An analyst's window ends with the last finished half-year or year.")
    rates: list[NamedRateOut]
    n_not_scorable: int | None
    n_drawn: int | None = Field(description="Officers drawn in the window.")
    n_checked: int | None = Field(description="Of these, officers with a final check.")


@router.get("", responses=problems())
def list_rates(
    session: SessionDep,
    clock: ClockDep,
    user: Annotated[CurrentUser, require(*RATE_READERS)],
    by: AreaLevel = AreaLevel.PDU,
) -> list[AreaRatesOut]:
    """List the rates of the areas of the person who asks: their PDUs, the regions of these, or the nation."""
    at, policy = clock.now(), load_policy()
    found = rates_in_reach(session, user, by, at=at, policy=policy.rates)
    least = policy.rates.too_few_to_compare_n
    ends = {one.until for one in found}
    skills = {until: reader_skills(session, at=until, policy=policy) for until in ends}
    return [AreaRatesOut.model_validate(with_corrections(area, skills[area.until], least)) for area in found]


@router.get("/further-offences", responses=problems())
def show_missed(
    session: SessionDep, clock: ClockDep, _user: Annotated[CurrentUser, require(*RATE_READERS)]
) -> MissedOut:
    """Return what is published of checks before serious further offences: the same for everybody."""
    return MissedOut.model_validate(missed_in_year(session, at=clock.now(), policy=load_policy().rates))
