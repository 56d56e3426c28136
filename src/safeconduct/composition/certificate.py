"""What a composition rests on: its inputs, what computed it, what is proven, and how equals were chosen."""

import importlib
from importlib.metadata import version

import msgspec

from safeconduct.composition.report import Certificate, Composition
from safeconduct.composition.seed import Seed


def certified(composition: Composition, terms_sha256: str, candidates_sha256: str, seed: Seed | None) -> Composition:
    """The composition with its certificate."""
    proven: list[str] = []
    for one in composition.objectives:
        if one.value != one.bound or one.levels < one.asked:
            break
        proven.append(one.clause)
    certificate = Certificate(
        terms_sha256=terms_sha256,
        candidates_sha256=candidates_sha256,
        versions={"safeconduct": version("safeconduct"), "scipy": version("scipy"), "highs": _highs_version()},
        proven=tuple(proven),
        rule=("longest-captivity", "seed" if seed else "ref"),
        seed=seed,
    )
    return msgspec.structs.replace(composition, certificate=certificate)


def rule_in_words(certificate: Certificate) -> str:
    """How those were chosen among whom the terms do not tell apart."""
    if certificate.seed is None:
        return "who has been held longest, then the smaller ref: the parties gave no seed"
    return f"who has been held longest, then as the seed of {' and '.join(certificate.seed.subject.parties)} draws them"


def _highs_version() -> str:
    """As scipy has it inside; it tells it nowhere else."""
    try:
        core = importlib.import_module("scipy.optimize._highspy._core")
        return ".".join(str(getattr(core, f"HIGHS_VERSION_{part}")) for part in ("MAJOR", "MINOR", "PATCH"))
    except (ImportError, AttributeError):
        return "as in scipy"
