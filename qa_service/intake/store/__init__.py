"""SQL of the intake: staging tables, merges (sql/, one script per table), runs, refusals and findings."""
