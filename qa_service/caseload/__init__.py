"""Holds, cuts, the gate, overflow and moves: what happens to the work."""
