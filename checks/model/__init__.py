"""The words of the project as values; imports nothing of ours."""
