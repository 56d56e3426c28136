"""One clearance's page drawn from the ledger's views: its sections, and how to draw it whole."""

from functools import partial
from urllib.parse import quote

from safeconduct.disclosure.clearance import INTERMEDIARY, Clearance
from safeconduct.views.operations_model import Operations
from safeconduct.web.alarms_section import alarms
from safeconduct.web.channel import Rendered
from safeconduct.web.clocks import Clocks
from safeconduct.web.ledger_views import LedgerViews
from safeconduct.web.pace import Pace
from safeconduct.web.page import SECTIONS, pace_section, whole_page


def page_path(clearance: Clearance) -> str:
    """Where the page at a clearance is."""
    return "/view/" + quote(str(clearance), safe=":")


def stream_path(clearance: Clearance) -> str:
    """Where it hears of news."""
    return page_path(clearance) + "/stream"


def draw(views: LedgerViews, clearance: Clearance, pace: Pace, *, acts: bool = False) -> Rendered:
    """The page at a clearance, as of now; where this server takes acts on alarms, with the buttons for them."""
    tempo = pace.tempo()
    clocks = Clocks(tempo.now_us, pace.zones, tempo.speed, tempo.paused)
    operations = views.operations(clearance, tempo.now_us)
    acts = acts and clearance == INTERMEDIARY
    sections = {name: section(operations, clocks) for name, section in SECTIONS.items()}
    if acts:
        sections["alarms"] = alarms(operations, clocks, acts=True)
    if pace.can_be_changed:
        sections["pace"] = pace_section(clocks)
    whole = partial(_whole, operations, clocks, clearance, pace.can_be_changed, acts)
    return Rendered(tempo.now_us, tempo.speed, tempo.paused, sections, whole)


def _whole(
    operations: Operations, clocks: Clocks, clearance: Clearance, controls: bool, acts: bool, position: str
) -> str:
    stream_url = stream_path(clearance)
    return whole_page(operations, clocks, stream_url=stream_url, controls=controls, acts=acts, position=position)
