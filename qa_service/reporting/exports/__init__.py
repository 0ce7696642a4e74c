"""What leaves the service as a file: aggregates of areas, never a case or a person, without small counts."""
