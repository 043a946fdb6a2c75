"""Judges evidence: pure functions, no network, no database, no clock."""
