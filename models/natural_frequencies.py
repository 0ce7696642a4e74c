"""Shares said as numbers of a hundred, which more readers understand than percentages or decimals.

References
----------
Gigerenzer and Hoffrage 1995, doi 10.1037/0033-295X.102.4.684.
"""

import math

NO_INTERVAL = "too few to give an interval"


def of_hundred(value: float, low: float, high: float, sign: str = "") -> str:
    """Say a share and its interval as numbers of a hundred.

    Parameters
    ----------
    value, low, high : float
        Share in [0, 1] and its limits; limits that are equal or nan are no interval.
    sign : str
        What follows each number, such as "%".

    Returns
    -------
    str
        "26 (23 to 28)". Limits that would round to the same number are rounded outwards, so that a small
        share with a real interval never reads "0 (0 to 0)".
    """
    return f"{round(100 * value)}{sign} ({limits_of_hundred(low, high, sign)})"


def limits_of_hundred(low: float, high: float, sign: str = "") -> str:
    """Say the interval alone: as :func:`of_hundred`."""
    if not low < high:
        return NO_INTERVAL
    least, most = round(100 * low), round(100 * high)
    if least == most:
        least, most = math.floor(round(100 * low, 9)), math.ceil(round(100 * high, 9))
    return f"{least}{sign} to {most}{sign}"
