"""SQL of the caseload slice, by noun."""
