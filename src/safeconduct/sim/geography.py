"""The example's places. Towns, the checkpoint and the exchange point are public; the camps are invented."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Camp:
    """An invented place of detention."""

    id: str
    name: str
    local_name: str
    """As the side that runs it writes it in its lists."""
    side: str
    position: tuple[float, float]
    """Longitude, latitude in degrees."""
    minutes: tuple[int, int, int]
    """Drive to the junction of the camp's side: low, likely, high."""
    km: int


EXCHANGE_POINT = "novaya-guta"
FACILITIES = {"RU": "reception-rostov", "UA": "hospital-chernihiv"}
"""Home party to the place that receives its persons."""

AIRFIELD = "airfield-gomel"
"""Where the legs of those end who are flown home."""

CAMPS = {
    "RU": (
        Camp("sosnovka", "Sosnovka", "Сосновка", "RU", (33.94, 53.18), (205, 225, 270), 255),
        Camp("zarechye", "Zarechye", "Заречье", "RU", (33.12, 52.94), (160, 175, 215), 195),
        Camp("ozyornoye", "Ozyornoye", "Озёрное", "RU", (32.36, 52.71), (105, 120, 150), 130),
    ),
    "UA": (
        Camp("lypove", "Lypove", "Липове", "UA", (31.22, 50.92), (70, 80, 105), 75),
        Camp("zatyshne", "Zatyshne", "Затишне", "UA", (31.94, 51.12), (70, 80, 100), 80),
        Camp("luhove", "Luhove", "Лугове", "UA", (31.74, 51.63), (35, 45, 60), 42),
    ),
}
"""By the side that runs them, the largest first."""

JUNCTIONS = {"RU": ("gomel", "Gomel, bypass", (31.03, 52.40)), "UA": ("chernihiv", "Chernihiv, bypass", (31.29, 51.53))}
"""Where the roads of each side meet: id, name, position."""

ZONES = {"RU": "Europe/Moscow", "UA": "Europe/Kyiv"}
"""Each side's own time."""
