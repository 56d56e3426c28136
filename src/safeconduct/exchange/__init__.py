"""All entry types in one union, the joint state of an exchange and its fold."""
