"""The audit: every verdict computed anew over columns, sharing nothing with the watch but the clauses' parameters."""
