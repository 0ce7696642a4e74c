"""What can be wrong with a frame, a seed, a design, a draw or an estimate."""


class SamplingError(ValueError):
    """Any refusal of this package; the message says what is wrong, where, and what to do."""


class CadenceError(SamplingError):
    """A window or an officer's record does not say when the officer is due."""


class FrameError(SamplingError):
    """A frame cannot be frozen as given."""


class SeedError(SamplingError):
    """A public seed is missing, was not announced, or does not check."""


class DesignError(SamplingError):
    """A design cannot state an inclusion probability for every unit of this frame."""


class DrawError(SamplingError):
    """A draw cannot be extended or a case cannot be substituted as asked."""


class EstimationError(SamplingError):
    """Data do not allow the estimate, interval or comparison asked for."""
