"""When so many working hours have passed: the clock of a worry (RULES 1)."""

from datetime import UTC, datetime, time, timedelta

from qa_service.core.clock import LONDON, add_working_days, is_working_day


def due_after_working_hours(moment: datetime, n_hours: int, *, starts_hour: int, ends_hour: int) -> datetime:
    """Return the moment `n_hours` working hours later; nights, weekends and holidays stand still."""
    local = moment.astimezone(LONDON)
    left = timedelta(hours=n_hours)
    day = local.date()
    if not is_working_day(day):
        day = add_working_days(day, 1)
    while True:
        opens = datetime.combine(day, time(starts_hour), LONDON)
        closes = datetime.combine(day, time(ends_hour), LONDON)
        begin = max(local, opens)
        if begin < closes and begin + left <= closes:
            return (begin + left).astimezone(UTC)
        left -= max(closes - begin, timedelta())
        day = add_working_days(day, 1)
