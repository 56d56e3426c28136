"""Persons and their lists: reading what the parties send, names across scripts, who on one list is who on another."""
