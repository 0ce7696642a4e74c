"""Synthetic areas in the service's own extract format, with the truth kept in a file of its own."""
