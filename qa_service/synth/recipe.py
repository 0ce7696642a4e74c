"""What an area is made from: its size, the figures, the seed, and the day it is told on."""

from dataclasses import dataclass

import numpy as np

from qa_service.synth.calibration import Calibration
from qa_service.synth.dates import Calendar
from qa_service.synth.draws import stream
from qa_service.synth.presets import Preset


@dataclass(frozen=True)
class Recipe:
    """Everything that decides an area; the same recipe gives the same bytes."""

    preset: Preset
    figures: Calibration
    seed: int
    calendar: Calendar

    def stream(self, *labels: str) -> np.random.Generator:
        """Open the stream of random numbers of a region and a noun."""
        return stream(self.seed, *labels)
