"""Read models at a clearance: what the intermediary, a party or the public may know, and nothing else."""
