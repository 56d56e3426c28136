"""The kinds that judge the day."""

from safeconduct.clauses.absence import read_absence
from safeconduct.clauses.arrival import read_arrival
from safeconduct.clauses.clause import ReadClause, RunClause
from safeconduct.clauses.complete import read_complete
from safeconduct.clauses.concordance import read_concordance
from safeconduct.clauses.corridor import read_corridor
from safeconduct.clauses.custody import read_custody
from safeconduct.clauses.deadline import read_deadline
from safeconduct.clauses.departure import read_departure
from safeconduct.clauses.embargo import read_embargo
from safeconduct.clauses.freeze import read_freeze
from safeconduct.clauses.headcount import read_headcount
from safeconduct.clauses.listed import read_listed
from safeconduct.clauses.manifest import read_manifest
from safeconduct.clauses.parity import read_parity
from safeconduct.clauses.precedence import read_precedence
from safeconduct.clauses.reciprocity import read_reciprocity
from safeconduct.clauses.reporting import read_reporting
from safeconduct.clauses.response import read_response
from safeconduct.clauses.simultaneity import read_simultaneity
from safeconduct.clauses.stop import read_stop

RUN_KINDS: dict[str, ReadClause[RunClause]] = {
    "response": read_response,
    "precedence": read_precedence,
    "absence": read_absence,
    "embargo": read_embargo,
    "custody": read_custody,
    "manifest": read_manifest,
    "headcount": read_headcount,
    "listed": read_listed,
    "departure": read_departure,
    "arrival": read_arrival,
    "simultaneity": read_simultaneity,
    "parity": read_parity,
    "corridor": read_corridor,
    "reporting": read_reporting,
    "stop": read_stop,
    "complete": read_complete,
    "freeze": read_freeze,
    "deadline": read_deadline,
    "concordance": read_concordance,
    "reciprocity": read_reciprocity,
}
