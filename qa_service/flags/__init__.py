"""The classifier's requests to look, stored with their reasons."""
