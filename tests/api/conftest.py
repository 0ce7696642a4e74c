"""The same application and people as the pages' tests."""

from pages.conftest import app, client_as, committed

__all__ = ["app", "client_as", "committed"]
