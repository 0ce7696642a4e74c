"""The append-only, hash-linked log of who did what to what, when and why."""
