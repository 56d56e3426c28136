"""Names: one module a family of names (its scripts, its given names), all read into the letters of one key."""
