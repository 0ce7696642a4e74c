"""Every SQL statement of the slice, by noun."""
