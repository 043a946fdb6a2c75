"""Gathers evidence: the only package that reads the web."""
