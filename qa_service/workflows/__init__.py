"""The stories that cross slices, one file each, read from top to bottom."""
