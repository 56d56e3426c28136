"""The kinds that judge the day."""

from safeconduct.clauses.arrival import read_arrival
from safeconduct.clauses.clause import ReadClause, RunClause
from safeconduct.clauses.complete import read_complete
from safeconduct.clauses.custody import read_custody
from safeconduct.clauses.embargo import read_embargo
from safeconduct.clauses.manifest import read_manifest
from safeconduct.clauses.precedence import read_precedence
from safeconduct.clauses.reporting import read_reporting
from safeconduct.clauses.response import read_response
from safeconduct.clauses.simultaneity import read_simultaneity

RUN_KINDS: dict[str, ReadClause[RunClause]] = {
    "response": read_response,
    "precedence": read_precedence,
    "embargo": read_embargo,
    "custody": read_custody,
    "manifest": read_manifest,
    "arrival": read_arrival,
    "simultaneity": read_simultaneity,
    "reporting": read_reporting,
    "complete": read_complete,
}
