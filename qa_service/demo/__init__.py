"""The demo: a made-up London and one full round with simulated reviewers on a fixed clock."""
