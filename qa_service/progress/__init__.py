"""Long work that somebody asked for: what was asked, how far it is, and what came of it."""
