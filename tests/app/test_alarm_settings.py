"""The section `[alarms]` of a workspace: defaults, and one clear line at its place for what cannot be meant."""

from pathlib import Path

import pytest
from tests.app.recording import Seeded

from safeconduct.app.workspace import Workspace, create_workspace, open_workspace
from safeconduct.kernel.errors import BadInput
from safeconduct.kernel.times import HOUR_US, MINUTE_US
from safeconduct.tracking.escalation import Escalation, QuietHours


def reopened(folder: Path, section: str) -> Workspace:
    """A workspace with this at the end of its file."""
    made = create_workspace(folder / "w", "a", "NI", Seeded(0), {"RU": "Europe/Moscow"})
    path = made.folder / "safeconduct.toml"
    path.write_text(path.read_text() + section)
    return open_workspace(made.folder)


def test_without_the_section_the_defaults_stand(tmp_path: Path) -> None:
    """Ten minutes; and what a new workspace's file says of them in a comment is what they are."""
    found = reopened(tmp_path, "")
    assert found.escalation == Escalation(10 * MINUTE_US, ("everyone on duty",), ())
    path = found.folder / "safeconduct.toml"
    told = path.read_text().partition("# [alarms]")[2].partition("\n\n")[0]
    path.write_text(path.read_text() + "\n[alarms]" + told.replace("\n# ", "\n") + "\n")
    assert open_workspace(found.folder).escalation == found.escalation


def test_what_the_section_says(tmp_path: Path) -> None:
    """A field that is left out is as by default."""
    section = (
        '\n[alarms]\nescalate_after = "1h30m"\nescalate_to = ["chief", "deputy"]\n'
        'quiet_hours = ["22:00-06:00", "12:30-13:00"]\n'
    )
    hours = (QuietHours(22 * HOUR_US, 6 * HOUR_US), QuietHours(12 * HOUR_US + 30 * MINUTE_US, 13 * HOUR_US))
    assert reopened(tmp_path, section).escalation == Escalation(90 * MINUTE_US, ("chief", "deputy"), hours)
    assert reopened(tmp_path / "other", '\n[alarms]\nescalate_after = "1m"\n').escalation == Escalation(MINUTE_US)


@pytest.mark.parametrize(
    ("line", "column", "what"),
    [
        ('escalate_after = "0s"', 18, "no time would be left to take an alarm on"),
        ('escalate_after = "soon"', 18, "'soon' is not a duration"),
        ("escalate_after = 10", 18, "escalate_after"),
        ("escalate_to = []", 15, "escalate_to"),
        ('escalate_to = "chief"', 15, "escalate_to"),
        ('quiet_hours = ["22-06"]', 15, "'22-06' is no stretch of hours"),
        ('quiet_hours = ["24:00-06:00"]', 15, "'24:00-06:00' is no stretch of hours"),
        ('quiet_hours = ["22:00-22:00"]', 15, "'22:00-22:00' ends where it begins"),
        ('escalate_too = ["chief"]', 1, "escalate_too"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_place(tmp_path: Path, line: str, column: int, what: str) -> None:
    """One line: file, line, column, what is wrong, how to mend it."""
    with pytest.raises(BadInput) as refusal:
        reopened(tmp_path, f"\n[alarms]\n{line}\n")
    path = tmp_path / "w" / "safeconduct.toml"
    number = path.read_text().splitlines().index(line) + 1
    (fault,) = refusal.value.faults
    assert (fault.file, fault.line, fault.column) == (str(path), number, column)
    assert what in fault.what
    assert fault.mend
