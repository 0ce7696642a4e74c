"""Days counted from today, written as dates, moments and month names; `NEVER` is a missing day."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qa_service.synth.cases import NEVER
from qa_service.synth.draws import Ints

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True)
class Calendar:
    """Turns days counted from `today` into columns of the extract."""

    today: date

    def dates(self, days: Ints) -> pa.Array:
        """Write days as dates."""
        return pa.array(self._days(days), mask=days == NEVER)

    def moments(self, days: Ints, seconds: Ints) -> pa.Array:
        """Write days and seconds of the day as moments in UTC."""
        values = self._days(days).astype("datetime64[s]") + seconds.astype("timedelta64[s]")
        return pa.array(values, mask=days == NEVER, type=pa.timestamp("s")).cast(pa.timestamp("s", tz="UTC"))

    def month_names(self, days: Ints) -> pa.Array:
        """Write days as the month and year they fall in, such as March 2026."""
        months = self._days(days).astype("datetime64[M]").astype(np.int64)
        first, last = int(months.min(initial=0)), int(months.max(initial=0))
        names = [f"{MONTHS[month % 12]} {1970 + month // 12}" for month in range(first, last + 1)]
        return pa.array(names).take(pa.array(months - first))

    def _days(self, days: Ints) -> npt.NDArray[np.datetime64]:
        return np.datetime64(self.today) + days.astype("timedelta64[D]")


def working_seconds(rng: np.random.Generator, n: int) -> Ints:
    """Draw times of day between 08:30 and 17:30, in seconds."""
    return rng.integers(30_600, 63_000, n)
