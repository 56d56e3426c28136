"""Who may know what: clearances, and what of an entry a clearance is told."""
