"""The JSON door: the same use cases as the pages, under /api."""
