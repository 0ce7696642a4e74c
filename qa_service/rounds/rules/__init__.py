"""Decisions about a round that need no database."""
