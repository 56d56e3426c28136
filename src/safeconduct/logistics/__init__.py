"""Places, vehicles, legs and batches: the plan, how it is made, and what would be reported if it went as planned."""
