"""Counts and shows: the only package with the database."""
