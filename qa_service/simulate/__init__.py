"""Simulated readers: they know a synthetic area's truth, see it imperfectly, and use the same services."""
