"""Smallest days and choices that break a clause, and nearest ones that keep it, made from its own parameters."""
