"""The categories of persons that lists and terms name."""

CATEGORIES = (
    "prisoner-of-war",
    "civilian",
    "seriously-wounded-or-sick",
    "medical-personnel",
    "religious-personnel",
    "remains",
)
"""As agreed in the formats; the Third Geneva Convention distinguishes prisoners of war (art. 4), the seriously wounded
and sick (arts. 109-110), medical and religious personnel (art. 33)."""

REMAINS = "remains"
"""The category of those who do not go home alive."""
SEXES = ("F", "M", "X")
CONSENTS = ("willing", "unwilling", "unknown")
