"""A real Neo4j without Docker, from Maven's jars, for the tests and for trying things by hand.

    python tests/neo4j_server.py        # prints the address and password, runs until Enter

The jars (150 MB) are kept under the user's cache folder. Listens on loopback only, on ports of its own choosing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "policygraph-tests"
_HERE = Path(__file__).with_name("neo4j")
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "policygraph" / "neo4j-5.26.12"
_OPENS = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in ("java.nio", "java.io", "sun.nio.ch")]
_SHORT = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]


class Unavailable(Exception):
    """Why there is no Neo4j here, and what to install."""


@dataclass
class Server:
    bolt: str
    http: str
    process: subprocess.Popen
    folder: str

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _jars(pom: str = "pom.xml") -> Path:
    cache = _CACHE if pom == "pom.xml" else _CACHE / Path(pom).stem
    lib = cache / "lib"
    complete = (cache / "complete").exists()
    for command, package in (("java", "openjdk-17-jdk-headless"), *(() if complete else (("mvn", "maven"),))):
        if not shutil.which(command):
            raise Unavailable(f"{command} is missing: install {package} (JDK 17) to test against a real Neo4j")
    if complete:
        return lib
    cache.mkdir(parents=True, exist_ok=True)
    got = subprocess.run(
        ["mvn", "-q", "-B", "-f", str(_HERE / pom), "dependency:copy-dependencies", f"-DoutputDirectory={lib}"],
        capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if got.returncode:
        raise Unavailable("Maven could not fetch Neo4j's jars: " + (got.stdout + got.stderr).strip()[-300:])
    (cache / "complete").touch()
    return lib


def neo4j_admin(home: str | Path, folder: str | Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `neo4j-admin` of a Neo4j whose databases are in `home`, in a folder; raises Unavailable."""
    Path(home, "conf").mkdir(parents=True, exist_ok=True)
    return subprocess.run(
        ["java", "-Xmx1g", *_SHORT, *_OPENS, "-cp", f"{_jars()}/*", "org.neo4j.cli.AdminTool", *arguments], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        env=os.environ | {"NEO4J_HOME": str(home), "NEO4J_CONF": str(Path(home, "conf"))})


def start(home: str | Path | None = None, merging: bool = False, short: bool = False) -> Server:
    """Start a server, on a copy of the databases of a Neo4j home where one is given, and set its password; raises Unavailable.
    `merging`: with APOC's merge procedures, which a writer that is compared with ours needs. `short`: for many small graphs, for
    which Java's second compiler takes more time than it gives."""
    lib = f"{_jars()}/*" + (f"{os.pathsep}{_jars('apoc.xml')}/*" if merging else "")
    folder = tempfile.mkdtemp(prefix="policygraph-neo4j-")
    log = open(Path(folder, "server.log"), "w")
    process = subprocess.Popen(
        ["java", "-Xmx1g", *(_SHORT if short else []), *_OPENS, *(["-Dprocedures=apoc.merge.Merge"] if merging else []), "-cp", lib, str(_HERE / "Server.java"), folder, *([str(home)] if home else [])],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        line = process.stdout.readline()
        if line.startswith("READY"):
            break
        if not line and process.poll() is not None:
            raise Unavailable("Neo4j did not start: " + Path(folder, "server.log").read_text()[-300:])
    else:
        process.kill()
        raise Unavailable("Neo4j did not start within two minutes")
    _, bolt, http = line.split()
    import neo4j

    with neo4j.GraphDatabase.driver(bolt, auth=("neo4j", "neo4j")) as driver, driver.session(database="system") as session:
        session.run("ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password", password=PASSWORD).consume()
    return Server(bolt.rstrip("/"), http.rstrip("/"), process, folder)


if __name__ == "__main__":
    server = start()
    print(f"export POLICYGRAPH_STORE={server.bolt} POLICYGRAPH_NEO4J_PASSWORD={PASSWORD}  # Neo4j Browser: {server.http}/browser", flush=True)
    try:
        input()
    except EOFError:
        pass
    server.stop()
