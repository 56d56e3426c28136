"""`safeconduct witness serve` in a process of its own."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx
from tests.app.duty import DEADLINE_S
from tests.ledger.growing import VERIFIER

from safeconduct.ledger.cosignature import Cosignature, verify_cosignature
from safeconduct.ledger.note import COSIGNATURE, VerifierKey, read_signature_lines, split_note
from safeconduct.ledger.witness import AddCheckpoint

COMMAND = [sys.executable, "-m", "safeconduct.cli.main", "witness"]


class WitnessProcess:
    """A witness at work on a free port."""

    def __init__(self, state: Path, log: str = str(VERIFIER), port: int = 0) -> None:
        command = [*COMMAND, "serve", "--port", str(port), "--json", "--state", str(state), "--log", log]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        told = json.loads(self.process.stdout.readline())
        self.url: str = told["url"]
        self.origins: list[str] = told["origins"]
        self.key = VerifierKey.parse(told["key"], COSIGNATURE)
        self.client = httpx.Client(base_url=self.url, timeout=DEADLINE_S)

    def ask(self, request: AddCheckpoint) -> httpx.Response:
        """Send a request. Raises HTTPError where there is no answer."""
        return self.client.post("/add-checkpoint", content=request.encode())

    def cosigned(self, request: AddCheckpoint) -> Cosignature:
        """Its cosignature on a request, which holds."""
        answer = self.ask(request)
        assert answer.status_code == 200, answer.text
        (line,) = read_signature_lines(answer.text)
        return verify_cosignature(split_note(request.note)[0], line, self.key)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.communicate(timeout=DEADLINE_S)
        self.client.close()

    def stop(self, sent: signal.Signals = signal.SIGTERM) -> str:
        """Tell it to stop; what it said on standard error."""
        self.process.send_signal(sent)
        self.client.close()
        return self.process.communicate(timeout=DEADLINE_S)[1]
