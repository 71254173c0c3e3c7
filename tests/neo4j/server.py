"""Neo4j Community on loopback, for tests and development.

    python tests/neo4j/server.py start      `make neo4j`: starts it, waits until it answers, leaves it running
    python tests/neo4j/server.py stop       `make neo4j-stop`: ends it and deletes what it held

With a Docker engine it is the image of `compose.yaml`, else the artifacts of `pom.xml`, copied once to a cache
(`~/.cache/emergency-kg`) by Maven and run with Java 17 or newer. It is empty at each start and has a new password.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RUN = ROOT / ".neo4j"
"""Where the server of `make neo4j` lives, beside the checkout's other things that git does not keep."""

USER = "neo4j"
SECONDS_TO_START = 180
MAIN = "org.neo4j.server.CommunityEntryPoint"
ADMIN = "org.neo4j.cli.AdminTool"
# What Neo4j's own start script opens to the server.
_JAVA = (
    "-Xmx1g",
    "-XX:+UseG1GC",
    "-Dfile.encoding=UTF-8",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dlog4j2.disable.jmx=true",
)
_BRIEF = ("-XX:TieredStopAtLevel=1",)
"""For what ends within minutes: Java compiles it simply. A start, and the first queries, take half the processor time."""


class Missing(Exception):
    """What is needed to run a server is not on this machine."""


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    uri: str
    browser: str
    user: str
    password: str
    pid: int
    """0 where Docker runs it."""


def why_not() -> str | None:
    """Why no server can be run from the artifacts; None where one can."""
    if shutil.which("java") is None:
        return "Java 17 is not installed (on Debian: apt-get install openjdk-17-jre-headless)"
    if not (_libraries() / ".complete").exists() and shutil.which("mvn") is None:
        return "Maven is not installed (on Debian: apt-get install maven)"
    return None


def _libraries() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    digest = hashlib.sha256((HERE / "pom.xml").read_bytes()).hexdigest()[:12]
    return cache / "emergency-kg" / f"neo4j-{digest}"


def assemble() -> Path:
    """The folder of the server's libraries, made by Maven where the cache has none."""
    target = _libraries()
    reason = why_not()
    if reason is not None:
        raise Missing(reason)
    if not (target / ".complete").exists():
        print("fetching Neo4j (about 130 MB, once)", file=sys.stderr, flush=True)
        beside = target.with_name(f"{target.name}-{os.getpid()}")
        command = ["mvn", "-B", "-q", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
        made = subprocess.run(
            [*command, f"-DoutputDirectory={beside}"], capture_output=True, text=True, encoding="utf-8", check=False
        )
        if made.returncode:
            shutil.rmtree(beside, ignore_errors=True)
            lines = [line for line in (made.stdout + made.stderr).splitlines() if "ERROR" in line]
            raise Missing(f"Maven could not fetch Neo4j: {(lines or ['no reason given'])[0][:300]}")
        (beside / ".complete").touch()
        if target.exists():  # left by a run that was killed
            shutil.rmtree(target)
        beside.rename(target)
    return target


def _java(home: Path, main: str, *arguments: str, brief: bool = True) -> tuple[list[str], dict[str, str]]:
    command = ["java", *_JAVA, *(_BRIEF if brief else ()), "-cp", str(assemble() / "*"), main, *arguments]
    return command, {**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}


def admin(home: Path, *arguments: str, folder: Path | None = None) -> str:
    """Run `neo4j-admin` on the server in `home`, in a folder; returns what it prints.

    Raises:
        RuntimeError: it failed, with its words.
    """
    command, environment = _java(home, ADMIN, *arguments)
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise RuntimeError(f"neo4j-admin {' '.join(arguments[:3])} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def _free_port(wanted: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server in a folder of its own; `start` after `stop` or `kill` finds what was committed. `lasting` is one that
    somebody works with, not only a test."""

    def __init__(self, home: Path, bolt: int = 0, http: int = 0, lasting: bool = False) -> None:
        self.home = home
        self.lasting = lasting
        self.password = secrets.token_hex(16)  # no dash in front, which neo4j-admin would take for an option
        self.bolt, self.http = _free_port(bolt), _free_port(http)
        self.process: subprocess.Popen[bytes] | None = None
        for name in ("conf", "logs", "import", "data"):
            (home / name).mkdir(parents=True, exist_ok=True)
        self.configure()
        admin(home, "dbms", "set-initial-password", self.password)

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.bolt}"

    def configure(self, *lines: str) -> None:
        """Write `neo4j.conf` with these lines beside the usual ones; the next start reads it."""
        usual = (
            "server.default_listen_address=127.0.0.1",
            f"server.bolt.listen_address=127.0.0.1:{self.bolt}",
            f"server.http.listen_address=127.0.0.1:{self.http}",
            "server.https.enabled=false",
            "dbms.security.auth_enabled=true",
            "dbms.usage_report.enabled=false",
            "client.allow_telemetry=false",
            "server.memory.pagecache.size=128m",
            "db.tx_log.preallocate=false",
        )
        (self.home / "conf" / "neo4j.conf").write_text("\n".join((*usual, *lines, "")), encoding="utf-8")

    def start(self) -> Running:
        """Start and wait until it answers."""
        folders = (f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}")
        command, environment = _java(self.home, MAIN, *folders, brief=not self.lasting)
        with (self.home / "logs" / "console.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        browser = f"http://127.0.0.1:{self.http}/browser/"
        running = Running(self.uri, browser, USER, self.password, self.process.pid)
        try:
            _wait(running, self.process)
        except BaseException:
            self.kill()
            raise
        return running

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """End it in good order."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None


def _answers(running: Running) -> bool:
    from neo4j import GraphDatabase
    from neo4j.exceptions import DriverError, Neo4jError

    try:
        with GraphDatabase.driver(running.uri, auth=(running.user, running.password)) as driver:
            driver.verify_connectivity()
        with urllib.request.urlopen(running.browser, timeout=10) as page:
            return bool(page.status == 200)
    except (DriverError, Neo4jError, OSError):
        return False


def _wait(running: Running, process: subprocess.Popen[bytes] | None) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while not _answers(running):
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"Neo4j ended while starting (exit code {process.returncode}); see its logs")
        if time.monotonic() > until:
            raise RuntimeError(f"Neo4j did not answer within {SECONDS_TO_START} s; see its logs")
        time.sleep(0.5)


# the commands


def _docker() -> bool:
    if shutil.which("docker") is None:
        return False
    found = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    return (
        found.returncode == 0 and subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0
    )


def _compose(*arguments: str, password: str) -> None:
    subprocess.run(
        ["docker", "compose", "-f", str(ROOT / "compose.yaml"), *arguments],
        env={**os.environ, "NEO4J_PASSWORD": password},
        stdout=sys.stderr,
        check=True,
    )


def _state() -> Running | None:
    file = RUN / "server.json"
    return Running(**json.loads(file.read_text(encoding="utf-8"))) if file.exists() else None


def start() -> Running:
    """Start the server of `make neo4j`, or find it running."""
    running = _state()
    if running is not None:
        if _answers(running):
            return running
        stop()
    RUN.mkdir(exist_ok=True)
    if _docker():
        password = secrets.token_hex(16)
        running = Running("bolt://127.0.0.1:7687", "http://127.0.0.1:7474/browser/", USER, password, 0)
        _compose("up", "--detach", password=password)
        _keep(running)
        _wait(running, None)
        return running
    running = Server(RUN / "home", 7687, 7474, lasting=True).start()
    _keep(running)
    return running


def _keep(running: Running) -> None:
    file = RUN / "server.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps(asdict(running)), encoding="utf-8")


def stop() -> bool:
    """End the server of `make neo4j` and delete what it held; False where none runs."""
    running = _state()
    if running is not None and running.pid == 0:
        _compose("down", "--volumes", password=running.password)
    elif running is not None and _ours(running.pid):
        os.kill(running.pid, signal.SIGTERM)
        until = time.monotonic() + 60
        while _ours(running.pid):
            if time.monotonic() > until:
                os.kill(running.pid, signal.SIGKILL)
            time.sleep(0.2)
    shutil.rmtree(RUN, ignore_errors=True)
    return running is not None


def _ours(pid: int) -> bool:
    """Whether this process still is the server that was started in `RUN`: numbers of processes are used again."""
    shown = subprocess.run(
        ["ps", "-ww", "-o", "stat=", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return str(RUN) in shown.stdout and not shown.stdout.startswith("Z")


def main(arguments: list[str]) -> int:
    if arguments not in (["start"], ["stop"]):
        print("usage: server.py start|stop", file=sys.stderr)
        return 2
    if arguments == ["stop"]:
        print("Neo4j has ended" if stop() else "no Neo4j of this checkout runs", file=sys.stderr)
        return 0
    try:
        running = start()
    except (Missing, RuntimeError, subprocess.CalledProcessError) as error:
        print(f"make neo4j: {error}", file=sys.stderr)
        return 1
    print(f"NEO4J_URI={running.uri}\nNEO4J_USER={running.user}\nNEO4J_PASSWORD={running.password}")
    print(f"the Browser: {running.browser}   end it with: make neo4j-stop", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
