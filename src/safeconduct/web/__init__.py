"""HTTP: the live pages at a clearance, server-sent events, and the public page."""
