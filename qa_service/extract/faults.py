"""How a refused cell's text is shown to people."""

LONGEST_SHOWN = 60


def shown(value: str | None) -> str:
    """Cut a value to a length that fits a table of faults, with unreadable bytes made visible."""
    text = (value or "").encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
