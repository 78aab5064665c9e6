"""The container: no more rights than it needs, and no secret in it. What the files say; no engine of containers is asked."""

from __future__ import annotations

import re

import yaml
from conftest import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
APP = COMPOSE["services"]["app"]


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} ((?:.*\\\n)*.*)", DOCKERFILE, re.M)


def test_it_does_not_run_as_root():
    """Whoever gets out of the service would be root of the machine."""
    (user,) = instructions("USER")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user), "by number: a name cannot be checked by what starts it"
    assert DOCKERFILE.index("\nUSER ") < DOCKERFILE.index("\nENTRYPOINT ")
    assert "user" not in APP and not APP.get("privileged")


def test_it_writes_to_its_volume_and_tmp_only():
    """A file put beside the program would be run at the next start."""
    assert APP["read_only"] is True
    assert [mount.split(":")[0] for mount in APP["tmpfs"]] == ["/tmp"]
    mounts = [mount.split(":") for mount in APP["volumes"]]
    assert [(source, where) for source, where, *rest in mounts if rest != ["ro"]] == [("app-data", "/data")] and "app-data" in COMPOSE["volumes"]
    written = dict(setting.split("=", 1) for setting in " ".join(instructions("ENV")).split())
    assert all(written[name].startswith(("/data/", "/tmp/")) for name in ("POLICYGRAPH_STORE", "POLICYGRAPH_UPLOADS", "POLICYGRAPH_CACHE"))


def test_it_can_gain_no_rights():
    assert APP["cap_drop"] == ["ALL"] and "cap_add" not in APP
    assert all("no-new-privileges:true" in service["security_opt"] for service in COMPOSE["services"].values())
    assert APP["mem_limit"] and APP["pids_limit"], "one hostile file could take the machine's memory"


def test_it_is_asked_whether_it_lives():
    (check,) = instructions("HEALTHCHECK")
    assert "/healthz" in check and "--timeout" in check
    assert "healthcheck" in COMPOSE["services"]["neo4j"]


def test_nothing_listens_beyond_this_machine():
    """A graph that is meant for one desk would be on the network after `docker compose up`."""
    assert all(port.startswith("127.0.0.1:") for service in COMPOSE["services"].values() for port in service.get("ports", []))


def test_no_secret_is_in_the_image():
    """A layer of an image keeps what was once in it."""
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[1] == "*", "what is not named stays out"
    assert not re.search(r"^(?:ENV|ARG)\b.*(?:PASSWORD|TOKEN|KEY|SECRET)", DOCKERFILE, re.M)
    named = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    copied = {source for line in instructions("COPY") for source in line.split()[:-1]}
    assert copied == named
    for service in COMPOSE["services"].values():
        for name, value in service["environment"].items():
            assert not re.search("PASSWORD|TOKEN|KEY|AUTH", name) or "${" in value, f"{name} has a value of its own"
