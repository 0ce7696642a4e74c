"""What the officer is told, when, and that it was read."""
