"""Planning, opening, seeding and drawing rounds, and the checks that come of it."""
