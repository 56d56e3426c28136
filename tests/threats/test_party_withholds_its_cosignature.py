"""Threat: a party withholds its cosignature. It shows, since when; and it holds nothing up beyond the time agreed."""

from pathlib import Path

import pytest
from tests.app.test_quorum import ENROL, OFFICER, RU_A, START_US, UA, World, terms

from safeconduct.agreement.entries import StepCosigned
from safeconduct.app.quorum import lacking
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.times import MINUTE_US


def test_it_is_told_since_when_and_two_keys_go_on_after_the_time_agreed(tmp_path: Path) -> None:
    """Recording never waits; a step on paper does, for thirty minutes; then it says without whom it was taken."""
    world = World(tmp_path, terms(("RU", RU_A), ("UA", UA)))
    world.office.perform(ENROL)
    world.cosign(RU_A)
    assert str(lacking(world.office.state, world.office.cosigned())) == "not cosigned by UA since 2025-07-04T09:00:00Z"
    with pytest.raises(Refused, match="waits for the witnesses"):
        world.office.perform(world.close)
    world.clock.at_us = START_US + 30 * MINUTE_US
    for key in (world.office.recorder.founder(), bytes(OFFICER.verify_key)):
        world.agree(key)
    world.cosign(RU_A)
    step, *_ = world.office.perform(world.close)
    assert isinstance(step, StepCosigned)
    assert (step.cosigned_by, step.lacking, step.lacking_since_us) == (("RU",), ("UA",), START_US)
