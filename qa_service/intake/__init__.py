"""Loading what other systems send: good rows go in, bad rows are named."""
