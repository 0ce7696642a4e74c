"""Everything with an owner and a clock, and the ladder it rises by."""
