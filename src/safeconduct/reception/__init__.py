"""Homecoming: arrival at a facility, the care that is due there and done, and what others may count of it."""
