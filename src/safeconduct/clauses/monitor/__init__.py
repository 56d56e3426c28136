"""The incremental monitors: what stands, kept as reports arrive in any order, at the same cost however long the day."""
