"""How moments are written in sentences."""

from safeconduct.kernel.times import format_instant


def moment(at_us: int) -> str:
    """`2025-07-04 09:41` or, where there are some, with seconds: UTC."""
    text = format_instant(at_us).replace("T", " ").removesuffix("Z")
    return text.removesuffix(":00") if text.count(":") == 2 else text
