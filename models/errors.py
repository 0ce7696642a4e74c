"""What can go wrong in the classifier; every error is a ``ValueError``."""


class ModelError(ValueError):
    """Any refusal of this package."""


class UnusableReviewsError(ModelError):
    """Reviews or their weights cannot be learnt from."""


class ColumnsRefusedError(ModelError):
    """A table breaks the input contract, or holds something a feature must never see."""


class ArtefactRefusedError(ModelError):
    """A file is not an artefact of this package, or was changed after it was written."""


class NotEnoughCasesError(ModelError):
    """Too few labelled cases for what was asked."""
