"""How grave a deviation is, as the terms say clause by clause."""

NOTICE = "notice"
SEVERITIES = (NOTICE, "serious", "critical")
"""From the least grave to the gravest."""


def weight(severity: str) -> int:
    """A number that grows with the gravity; below all others for a word that is no severity."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else -1
