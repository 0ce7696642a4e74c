"""The same application and people as the pages' tests."""

from pages.conftest import app, client_as, committed, fail, fresh_url, told_story

__all__ = ["app", "client_as", "committed", "fail", "fresh_url", "told_story"]
