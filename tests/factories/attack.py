"""An exact attack on what is published: the least and the most that a hidden count can be."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp


class Attack:
    """Everything that anybody knows: what is shown, and that no count of people is negative.

    Every form is a row of weights over the same unknown whole numbers, from nought to `most`.
    """

    def __init__(
        self,
        shown: list[tuple[NDArray[np.float64], float]],
        never_negative: list[NDArray[np.float64]],
        *,
        most: int,
    ) -> None:
        self.constraints = [LinearConstraint(np.array(never_negative), lb=0)]
        if shown:
            values = np.array([value for _, value in shown], dtype=float)
            self.constraints.append(
                LinearConstraint(np.array([form for form, _ in shown]), lb=values, ub=values)
            )
        self.most = most

    def range_of(self, aim: NDArray[np.float64]) -> tuple[int, int]:
        """Return between which whole numbers a form may lie."""
        options = {
            "constraints": self.constraints,
            "integrality": np.ones(len(aim)),
            "bounds": Bounds(0, self.most),
        }
        least, most = milp(aim, **options), milp(-aim, **options)
        assert least.success, least.message
        assert most.success, most.message
        return round(least.fun), round(-most.fun)
