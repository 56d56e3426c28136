"""Whoever follows a simulated exchange: told of each step as it begins and ends, and of the day as it passes."""

from safeconduct.views.operations_model import Operations


class Narrator:
    """Tells nobody anything; the demo's narrator writes to the terminal."""

    def begin(self, title: str) -> None:
        """A step begins."""

    def tell(self, sentence: str) -> None:
        """Something came of the step that is under way."""

    def end(self) -> None:
        """The step is done."""

    def time_passes(self, until_us: int) -> None:
        """Nothing happens at the desk until that moment of the day."""

    def moment(self, now_us: int, reports: int, operations: Operations, released: dict[str, int]) -> None:
        """So far into the day: reports that just came, what the duty officer sees, persons handed over by now."""

    def act(self, now_us: int, sentence: str) -> None:
        """Somebody did something about an alarm, or nobody did in time."""
