"""Starter documents: texts of this project's own, to try the toolkit with before any sync."""
