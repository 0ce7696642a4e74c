"""Every policy number with its date and source, in versioned files."""
