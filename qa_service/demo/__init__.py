"""The demo: a made-up London, one full round with simulated reviewers on a fixed clock, then the service itself."""
