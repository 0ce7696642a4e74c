"""Sign-in, sessions, roles and the areas they are held in."""
