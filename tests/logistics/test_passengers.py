"""From composition.json and the candidates to persons at holding places."""

import json
from typing import Any

import pytest
from tests.logistics.grounds import Ground

from safeconduct.kernel.errors import BadInput
from safeconduct.logistics.passengers import Chosen, describe, read_chosen, seat
from safeconduct.logistics.sites import Sites


def composition(*chosen: dict[str, Any], status: str = "optimal", **fields: Any) -> bytes:
    """A composition file, with the fields that planning does not need."""
    return json.dumps({"status": status, "objectives": [], "released": {}, **fields, "chosen": list(chosen)}).encode()


def person(ref: str, **fields: Any) -> dict[str, Any]:
    """One of the chosen."""
    return {"ref": ref, "held_by": "RU", "home": "UA", **fields}


def read(source: bytes) -> tuple[Chosen, ...]:
    """The chosen of an agreement of RU and UA."""
    return read_chosen("composition.json", source, ("RU", "UA"))


@pytest.fixture
def sites() -> Sites:
    """RU1 and RU2 hold persons for RU, UA1 for UA; RU2 is called Camp Two, or ИК-2 in lists."""
    ground = Ground({"RU1": ("RU", 60), "RU2": ("RU", 30), "UA1": ("UA", 90)}, [], {})
    ground.hours["RU2"] = 'name = "Camp  Two"\nheld_at = ["ИК-2"]'
    return ground.sites()


def test_chosen_with_and_without_what_a_list_tells() -> None:
    """`held_at` and `category` are optional; null and empty mean that nothing is said of the place."""
    assert read(
        composition(
            person("a"),
            person("b", held_at="RU1", category="civilian;seriously-wounded-or-sick"),
            person("c", held_at="", category=["civilian"]),
            person("d", held_at=None, category=""),
        )
    ) == (
        Chosen("a", "RU", "UA"),
        Chosen("b", "RU", "UA", "RU1", ("civilian", "seriously-wounded-or-sick")),
        Chosen("c", "RU", "UA", None, ("civilian",)),
        Chosen("d", "RU", "UA", None, ()),
    )


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        (b"", "composition.json:1:1: not JSON"),
        (b"[]", "composition.json:1:1: expected an object, found a list"),
        (b'{"status": "optimal"}', "composition.json:1:1: 'chosen' is missing"),
        (b'{"status": "done", "chosen": []}', "composition.json:1:12: 'done' is not a value of 'status'"),
        (composition(), "composition.json:1:67: nobody is chosen; compose a round with somebody in it"),
        (composition(status="infeasible"), "composition.json:1:12: the round is infeasible: nobody was chosen"),
        (composition(person("a", held_by="PL")), "composition.json:1:92: 'PL' is not a value of 'held_by'"),
        (composition(person("a", home="RU")), "composition.json:1:106: held by and returning to 'RU'"),
        (composition(person("a"), person("a")), "composition.json:1:121: the ref 'a' is chosen twice; remove one"),
        (composition(person("a", category=7)), "composition.json:1:124: 'category' must be a text, found the number 7"),
        (composition(person("a", held_at=7)), "composition.json:1:123: 'held_at' must be a text, found the number 7"),
    ],
)
def test_broken_compositions(source: bytes, fault: str) -> None:
    """One line each."""
    with pytest.raises(BadInput) as raised:
        read(source)
    assert str(raised.value).startswith(fault)
    assert "\n" not in str(raised.value)


def test_candidates_tell_place_and_category() -> None:
    """They go before what the composition says; somebody who is not on the list is refused."""
    chosen = [Chosen("a", "RU", "UA", "RU1", ("civilian",)), Chosen("b", "RU", "UA")]
    told = {"a": (" RU2 ", ("remains",)), "b": ("", ()), "z": ("RU1", ())}
    assert describe(chosen, told, "c.csv") == [
        Chosen("a", "RU", "UA", "RU2", ("remains",)),
        Chosen("b", "RU", "UA", None, ()),
    ]
    with pytest.raises(BadInput, match=r"^c\.csv:1:1: 1 of the 2 chosen are not on this list, 'b' for one; "):
        describe(chosen, {"a": ("", ())}, "c.csv")


@pytest.mark.parametrize("held_at", ["RU2", "ru2", "Camp Two", " camp two", "ИК-2", "ик-2"])
def test_place_by_id_name_or_what_lists_call_it(sites: Sites, held_at: str) -> None:
    """Capitals and spaces aside."""
    (one,) = seat([Chosen("a", "RU", "UA", held_at, ())], sites, "c.csv").persons
    assert (one.place, one.lying) == ("RU2", False)


def test_what_is_not_said_is_assumed_and_counted(sites: Sites) -> None:
    """The side's first holding place, sitting; the seriously wounded or sick lie. Sorted by ref."""
    chosen = [
        Chosen("c", "RU", "UA", None, ("seriously-wounded-or-sick",)),
        Chosen("b", "UA", "RU", None, None),
        Chosen("a", "RU", "UA", "RU2", None),
    ]
    passengers = seat(chosen, sites, "c.csv")
    assert [(one.ref, one.place, one.lying) for one in passengers.persons] == [
        ("a", "RU2", False),
        ("b", "UA1", False),
        ("c", "RU1", True),
    ]
    assert passengers.place_assumed == {"RU": "RU1", "UA": "UA1"}
    assert (passengers.places_unsaid, passengers.categories_unsaid) == (2, 2)


def test_unknown_place_is_refused(sites: Sites) -> None:
    """A place of the other side is unknown, too."""
    expected = r"^c\.csv:1:1: persons are held at 'UA1', which is no holding place of RU in sites\.toml; add it there"
    with pytest.raises(BadInput, match=expected):
        seat([Chosen("a", "RU", "UA", "UA1", ())], sites, "c.csv")


def test_sites_without_reception_or_holding_place_are_refused() -> None:
    """They are told in the sites file, where they are to be added."""
    ground = Ground({"RU1": ("RU", 60)}, [], {}, home_minutes={"UA": 10})
    only_one_way = ground.sites()
    with pytest.raises(BadInput, match=r"^sites\.toml:1:1: no \[\[reception\]\] for 'RU', to which 1 of the chosen"):
        seat([Chosen("a", "UA", "RU")], only_one_way, "c.csv")
    ground = Ground({"RU1": ("RU", 60)}, [], {})
    with pytest.raises(BadInput, match=r"^sites\.toml:1:1: no place of kind 'holding' with side = 'UA'"):
        seat([Chosen("a", "UA", "RU")], ground.sites(), "c.csv")
