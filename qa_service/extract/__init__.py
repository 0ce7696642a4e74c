"""The service's own extract: one CSV or Parquet file per table, described in docs/intake.md."""
