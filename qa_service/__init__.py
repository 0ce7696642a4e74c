"""The service around the pure cores: spot checks of risk assessments that change the caseload."""
