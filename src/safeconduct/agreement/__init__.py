"""The agreement: its parties, the text that they sign, and what is recorded of it."""
