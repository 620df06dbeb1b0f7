"""The Kubernetes manifests: valid by Kubernetes' own schemas, of one piece, and what they start runs.

Kustomize itself is not run: the folders name resources, a namespace and images, and patch nothing.
"""

import hashlib
import importlib.resources
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.server import Server, filled_env
from tests.deploy.test_compose import compose
from tests.deploy.test_copied import copied
from tests.deploy.test_server_guide import config_of
from tests.stack.running import ROOT, eventually, open_folder, opener
from wiq.serving.server import KILL_SECONDS

__all__ = ["compose", "copied"]  # fixtures

pytestmark = pytest.mark.thorough
FOLDER = ROOT / "platform" / "deploy" / "kubernetes"
VARIANTS = ("database-outside", "database-cloudnativepg")
PACKAGE = "kubernetes-validate==1.37.0"
SHA256 = "85136d018a27b50ec7fc049d902bfa5193f5976807e6c0f408e3ab6fe078cad9"
VERSION = "1.33"
OURS = ("web", "worker", "beat", "migrate")


def resources(folder: Path) -> list[dict[str, Any]]:
    """Return what a folder's kustomization names, in order."""
    found: list[dict[str, Any]] = []
    known = yaml.safe_load((folder / "kustomization.yaml").read_text())
    assert known.keys() <= {"apiVersion", "kind", "namespace", "resources", "images"}
    for name in known["resources"]:
        place = folder / name
        if place.is_dir():
            found += resources(place.resolve())
        else:
            found += [each for each in yaml.safe_load_all(place.read_text()) if each]
    return found


def named(found: list[dict[str, Any]], kind: str, name: str) -> dict[str, Any]:
    [one] = [each for each in found if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return one


def pod(found: list[dict[str, Any]], name: str) -> dict[str, Any]:
    kind = "Job" if name == "migrate" else "Deployment"
    template: dict[str, Any] = named(found, kind, name)["spec"]["template"]
    return template


@pytest.fixture(scope="module")
def validate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return the validator out of its wheel, which holds Kubernetes' schemas."""
    folder = tmp_path_factory.mktemp("validate")
    python = Path(sys.base_prefix) / "bin" / "python3"
    command = [python, "-m", "pip", "download", "--quiet", "--no-deps", PACKAGE, "-d", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() == SHA256
    sys.path.insert(0, str(wheel))
    try:
        # It asks for the same module under the name that older Pythons have to install.
        sys.modules.setdefault("importlib_resources", importlib.resources)
        found = import_module("kubernetes_validate")
        yield lambda each: found.validate(each, VERSION, strict=True)
    finally:
        sys.path.remove(str(wheel))


@pytest.mark.parametrize("variant", VARIANTS)
def test_kubernetes_would_take_every_resource(variant: str, validate: Any) -> None:
    found = resources(FOLDER / variant)
    own = [each for each in found if "cnpg.io" not in each["apiVersion"]]
    assert len(own) > 15
    for each in own:
        validate(each)
    with pytest.raises(Exception, match="replicaz"):
        validate(own[0] | {"replicaz": 2})


def test_backups_run_once_as_their_own_login_beside_either_database(validate: Any) -> None:
    found = resources(FOLDER / "backup")
    for each in found:
        validate(each)
    deployment = named(found, "Deployment", "backup")["spec"]
    assert (deployment["replicas"], deployment["strategy"]["type"]) == (1, "Recreate")
    spec = deployment["template"]["spec"]
    [container] = spec["containers"]
    assert container["command"] == ["python", "manage.py", "backup", "run"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    [login] = [e["value"] for e in container["env"] if e["name"] == "DATABASE_URL"]
    assert login.startswith("postgres://wiq_backup:")
    secrets = {
        each["valueFrom"]["secretKeyRef"]["name"]
        for each in container["env"]
        if "secretKeyRef" in each.get("valueFrom", {})
    }
    assert secrets == {"wiq", "wiq-backup"}
    volumes = {each["name"] for each in spec["volumes"]}
    assert {each["name"] for each in container["volumeMounts"]} == volumes
    claimed = {v["persistentVolumeClaim"]["claimName"] for v in spec["volumes"]
               if "persistentVolumeClaim" in v}  # fmt: skip
    there = {each["metadata"]["name"] for variant in ("backup", "base")
             for each in resources(FOLDER / variant) if each["kind"] == "PersistentVolumeClaim"}  # fmt: skip
    assert claimed <= there


def test_backups_in_the_clear_are_for_one_pod_alone(validate: Any) -> None:
    found = resources(FOLDER / "restore")
    for each in found:
        validate(each)
    spec = named(found, "Deployment", "restorer")["spec"]["template"]["spec"]
    [container] = spec["containers"]
    worker = pod(resources(FOLDER / "database-outside"), "worker")["spec"]["containers"][0]
    # A worker like the others, of one queue, with the backups and a place to open them.
    assert container["command"][: len(worker["command"])] == worker["command"]
    assert "restoring" in container["command"]
    own = [each for each in container["env"] if each not in worker["env"]]
    assert {each["name"] for each in own} == {"WIQ_BACKUPS", "WIQ_SCRATCH"}
    mounted = {each["mountPath"] for each in container["volumeMounts"]}
    assert {each["value"] for each in own} <= mounted
    assert {each["name"] for each in container["volumeMounts"]} == {
        v["name"] for v in spec["volumes"]
    }
    assert container["securityContext"] == worker["securityContext"]
    others = [pod(resources(FOLDER / "database-outside"), name) for name in OURS]
    others.append(named(resources(FOLDER / "backup"), "Deployment", "backup")["spec"]["template"])
    assert "wiq-unpacked" not in str(others)


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_is_named_is_there(variant: str) -> None:
    found = resources(FOLDER / variant)
    maps = {each["metadata"]["name"]: each["data"] for each in found if each["kind"] == "ConfigMap"}
    for name in OURS:
        [container] = pod(found, name)["spec"]["containers"]
        for each in container["env"]:
            if key := each.get("valueFrom", {}).get("configMapKeyRef"):
                assert key["key"] in maps[key["name"]]
        volumes = {each["name"] for each in pod(found, name)["spec"]["volumes"]}
        assert {each["name"] for each in container["volumeMounts"]} == volumes
    for each in found:
        if each["kind"] in ("HorizontalPodAutoscaler", "PodDisruptionBudget", "Service"):
            selector = each["spec"].get("selector", {})
            app = selector.get("matchLabels", selector).get("app", each["metadata"]["name"])
            if app not in ("nowhere", "valkey"):
                assert pod(found, app)["metadata"]["labels"]["app"] == app


def test_only_who_migrates_is_the_owner_and_all_are_hardened() -> None:
    found = resources(FOLDER / "database-outside")
    for name in OURS:
        template = pod(found, name)
        [container] = template["spec"]["containers"]
        [secret] = [e["valueFrom"]["secretKeyRef"]["name"] for e in container["env"]
                    if e["name"] == "DATABASE_PASSWORD"]  # fmt: skip
        assert secret == ("wiq-owner" if name == "migrate" else "wiq-app")
        assert template["spec"]["securityContext"]["runAsNonRoot"]
        assert not template["spec"]["automountServiceAccountToken"]
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"]


def test_web_has_time_to_leave_and_is_replaced_without_a_gap() -> None:
    found = resources(FOLDER / "database-outside")
    deployment = named(found, "Deployment", "web")["spec"]
    assert deployment["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    spec = deployment["template"]["spec"]
    [leaves] = [
        e["value"] for e in spec["containers"][0]["env"] if e["name"] == "WIQ_LEAVE_SECONDS"
    ]
    assert spec["terminationGracePeriodSeconds"] > float(leaves) + KILL_SECONDS
    assert named(found, "HorizontalPodAutoscaler", "web")["spec"]["minReplicas"] == 2


def service(template: dict[str, Any], maps: dict[str, Any], secrets: dict[str, Any]) -> Any:
    """Return a pod as the compose file would say it: its environment resolved, and its command."""
    [container] = template["spec"]["containers"]
    environment: dict[str, str] = {}
    for each in container.get("envFrom", ()):
        environment |= maps[each["configMapRef"]["name"]]
    for each in container["env"]:
        source = each.get("valueFrom", {})
        if "secretKeyRef" in source:
            value = secrets[source["secretKeyRef"]["name"]][source["secretKeyRef"]["key"]]
        elif "configMapKeyRef" in source:
            value = maps[source["configMapKeyRef"]["name"]][source["configMapKeyRef"]["key"]]
        else:
            value = re.sub(r"\$\((\w+)\)", lambda found: environment[found[1]], each["value"])
        environment[each["name"]] = value
    return {"environment": environment, "command": container["command"]}


def test_what_the_manifests_start_becomes_a_platform(copied: Path, compose: Path) -> None:
    found = resources(FOLDER / "database-outside")
    maps = {each["metadata"]["name"]: each["data"] for each in found if each["kind"] == "ConfigMap"}
    # As Server gives its servers their addresses.
    maps["wiq-database"]["host"] = "postgres"
    maps["wiq"]["WIQ_DOMAIN"] = "wiq.example"
    with open_folder("wiq-kubernetes-") as folder:
        config = config_of(compose, filled_env(folder))
        given = config["services"]["web"]["environment"]
        secrets = {
            "wiq": given | {"VALKEY_PASSWORD": given["REDIS_URL"].split("@")[0].split(":")[-1]},
            "wiq-owner": {"password": config["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"]},
            "wiq-app": {"password": config["services"]["postgres"]["environment"]["APP_PASSWORD"]},
        }  # fmt: skip
        for ours, theirs in (("web", "web web2"), ("worker", "worker worker2"), ("beat", "beat"),
                             ("migrate", "migrate districts")):  # fmt: skip
            for name in theirs.split():
                config["services"][name] |= service(pod(found, ours), maps, secrets)
        reader = named(resources(FOLDER / "restore"), "Deployment", "restorer")["spec"]["template"]
        config["services"]["restorer"] = service(reader, maps, secrets)
        words = config["services"]["beat"]["command"]
        words[words.index("/var/lib/wiq/schedule")] = str(folder / "schedule")
        server = Server(copied, config, folder)
        try:
            server.start(web=config["services"]["web"]["command"])
            for port in server.web_ports.values():
                eventually(lambda port=port: status(port, "/intern/bereit/") == 200, 30, "ready")
                assert status(port, "/health/live") == 200
            eventually(lambda: status(port, "/health/ready") == 200, 60, "worker and beat")
            (server.place("WIQ_BACKUPS") / "alles").mkdir(parents=True)
            (server.place("WIQ_BACKUPS") / "alles" / "PG_VERSION").write_text("18")
            server.start_more("restorer")
            asked = ["python", "manage.py", "shell", "--no-imports", "-c",
                     "from tenants.restoring import offered; print(offered.names())"]  # fmt: skip
            eventually(lambda: "alles" in server.run("web", asked), 60, "the restorer")
        finally:
            server.stop()


def status(port: int, path: str) -> int:
    """Return the status with which a web server answers on the platform's host."""
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"Host": "wiq.example"}
    )
    try:
        with opener.open(asked, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
