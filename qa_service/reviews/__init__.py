"""Reading a check blind, in stages with locks, and the verdict that follows."""
