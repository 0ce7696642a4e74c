"""The database with one fail in it, for the tests that knock at every door."""

from pages.conftest import told_story

__all__ = ["told_story"]
