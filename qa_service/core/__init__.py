"""What every slice needs and no slice owns: the database edge, the clock, errors, ids, lists."""
