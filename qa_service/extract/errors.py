"""What can be wrong with an extract as a whole; a single bad row is refused, not an error."""


class ExtractError(ValueError):
    """An extract, or one of its files, cannot be read or written at all."""


class UnknownTableError(ExtractError):
    """A file is not named after a table of the extract."""


class ManifestError(ExtractError):
    """The manifest is missing, malformed, or disagrees with the files beside it."""
