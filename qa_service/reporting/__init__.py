"""Read-only views: every rate with its n and its interval."""
