"""Regions, PDUs, teams, people, posts, postings and their workload."""
