"""relfile and helm on the same releases, in turn: each works on with what the other has left."""

import base64
import gzip
import json
import os
import subprocess
import time

import pytest

from tests.kubernetes.conftest import CHART

HELMS = ("helm", "helm3")


def record(place, revision):
    secret = place.get("secret", f"sh.helm.release.v1.web.v{revision}")
    packed = base64.b64decode(base64.b64decode(secret["data"]["release"]))
    return secret, json.loads(gzip.decompress(packed))


@pytest.mark.parametrize("helm", HELMS)
def test_helm_reads_what_relfile_installed(place, helm):
    place.write({"message": "two"})
    place.relfile("sync")

    def ask(*arguments):
        return place.helm(*arguments, program=helm).stdout

    listed = json.loads(ask("list", "-o", "json"))
    assert [(r["name"], r["revision"], r["status"], r["chart"], r["app_version"])
            for r in listed] == [("web", "1", "deployed", "app-1.2.0", "7.1")]
    assert "STATUS: deployed" in ask("status", "web")
    assert json.loads(ask("get", "values", "web", "-o", "json")) == {"message": "two"}
    assert json.loads(ask("get", "values", "web", "--all", "-o", "json"))["replicas"] == 2
    assert "web says two" in ask("get", "notes", "web")
    assert "helm.sh/hook: pre-install" in ask("get", "hooks", "web")
    assert "image: example.com/web:two" in ask("get", "manifest", "web")
    assert "7.1" in ask("get", "metadata", "web")


@pytest.mark.parametrize("helm", HELMS)
def test_helm_upgrades_rolls_back_and_uninstalls_what_relfile_installed(place, helm):
    place.write()
    place.relfile("sync")
    place.helm("upgrade", "web", str(CHART), "--set", "message=two,extra=true", "--wait",
               program=helm)
    assert place.get("configmap", "web-settings")["data"]["message"] == "two"
    place.helm("rollback", "web", "1", "--wait", program=helm)
    assert place.get("configmap", "web-settings")["data"]["message"] == "one"
    assert "web-extra" not in place.names("configmap")
    assert place.statuses() == [(1, "superseded"), (2, "superseded"), (3, "deployed")]
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr
    place.helm("uninstall", "web", program=helm)
    assert place.names("deployment") == []
    assert "1 to install" in place.relfile("diff").stderr


@pytest.mark.parametrize("helm", HELMS)
def test_relfile_works_on_with_what_helm_installed(place, helm):
    place.helm("install", "web", str(CHART), "--create-namespace", "--set", "extra=true", "--wait",
               program=helm)
    place.write({"extra": True})
    status = json.loads(place.relfile("status", "-o", "json").stdout)[0]
    assert (status["revision"], status["status"], status["ready"]) == (1, "deployed", 7)
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr
    history = json.loads(place.relfile("history", "-o", "json").stdout)
    assert [r["description"] for r in history] == ["Install complete"]
    place.write({"message": "two"})
    place.relfile("sync")
    assert place.get("configmap", "web-settings")["data"]["message"] == "two"
    assert "web-extra" not in place.names("configmap")
    assert place.statuses() == [(1, "superseded"), (2, "deployed")]
    place.helm("upgrade", "web", str(CHART), "--set", "message=three", "--wait", program=helm)
    assert place.statuses()[-1] == (3, "deployed")
    place.relfile("destroy", "--yes")
    assert place.names("deployment") == []
    assert place.names("secret") == []


def test_a_field_that_helm_3_set_goes_with_the_chart(place):
    """Updates, which helm 3 makes, own fields otherwise than applies do."""
    place.helm("install", "web", str(CHART), "--create-namespace", "--set", "behaviour=job-hang",
               program="helm3")
    place.write()
    place.relfile("sync")
    template = place.get("deployment", "web-web")["spec"]["template"]
    assert template["metadata"]["annotations"] == {"message": "one"}


def test_a_rollback_of_helm_3_after_relfile_is_clean(place):
    place.write()
    place.relfile("sync")
    place.write({"behaviour": "pull-fail"}, timeout=2)
    place.relfile("sync", expect=1)
    place.helm("rollback", "web", "1", program="helm3")
    place.relfile("sync", expect=None)
    place.write()
    place.relfile("sync")
    template = place.get("deployment", "web-web")["spec"]["template"]
    assert template["metadata"]["annotations"] == {"message": "one"}


def shape(value):
    """VALUE with the types of what differs from run to run."""
    if isinstance(value, dict):
        return {k: shape(v) for k, v in value.items()
                if k not in ("modtime", "schemamodtime", "relfile")}
    return value


def test_records_are_those_that_helm_writes(place, namespace):
    place.write({"message": "two"})
    place.relfile("sync")
    secret, ours = record(place, 1)
    place.relfile("destroy", "--yes")
    place.helm("install", "web", str(CHART), "--set", "message=two", "--wait")
    other, theirs = record(place, 1)
    assert secret["type"] == other["type"]
    assert {**secret["metadata"]["labels"], "createdAt": "", "modifiedAt": ""} == \
        {**other["metadata"]["labels"], "createdAt": "", "modifiedAt": ""}
    for name in ("name", "namespace", "version", "config", "apply_method"):
        assert ours[name] == theirs[name], name
    assert ours["chart"]["metadata"] == theirs["chart"]["metadata"]
    assert ours["chart"]["values"] == theirs["chart"]["values"]
    files = {part: {f["name"]: f["data"] for f in theirs["chart"][part] or []}
             for part in ("templates", "files")}
    assert {part: {f["name"]: f["data"] for f in ours["chart"][part]} for part in files} == files
    assert ours["manifest"].split() == theirs["manifest"].split()
    assert sorted(ours["info"]) == sorted(theirs["info"])
    assert (ours["info"]["status"], ours["info"]["notes"], ours["info"]["description"]) == \
        (theirs["info"]["status"], theirs["info"]["notes"], theirs["info"]["description"])
    for one, two in zip(sorted(ours["hooks"], key=lambda h: h["name"]),
                        sorted(theirs["hooks"], key=lambda h: h["name"])):
        assert {**one, "last_run": 0, "manifest": one["manifest"].split()} == \
            {**two, "last_run": 0, "manifest": two["manifest"].split()}
        assert one["last_run"]["phase"] == two["last_run"]["phase"]


def test_history_is_limited(place):
    place.write(historyMax=3)
    for number in range(5):
        place.write({"message": f"m{number}"}, historyMax=3, wait=False)
        place.relfile("sync")
    assert [revision for revision, _ in place.statuses()] == [3, 4, 5]


def test_a_record_that_another_run_wrote_is_not_overwritten(place):
    place.write()
    place.relfile("sync")
    place.program("kubectl", "-n", place.namespace, "create", "secret", "generic",
                  "sh.helm.release.v1.web.v2", "--from-literal=release=x")
    failure = place.relfile("sync", expect=1).stderr
    assert "revision 2" in failure


def test_the_diff_of_helms_release_is_empty_without_the_right_to_change_it(place):
    place.helm("install", "web", str(CHART), "--create-namespace", "--wait")
    place.write()
    reader = {"KUBECONFIG": str(place.cluster / "reader.kubeconfig")}
    assert "no changes" in place.relfile("diff", "--detailed-exitcode", env=reader).stderr
    place.write({"message": "two"})
    shown = place.relfile("diff", "--detailed-exitcode", env=reader, expect=2).stdout
    assert "-  message: one" in shown and "+  message: two" in shown


def test_relfile_does_not_meddle_with_a_helm_that_is_at_work(place):
    place.program("kubectl", "create", "namespace", place.namespace)
    environment = {"KUBECONFIG": str(place.kubeconfig), "PATH": os.environ["PATH"],
                   "HOME": str(place.folder)}
    helm = subprocess.Popen(["helm", "install", "web", str(CHART), "-n", place.namespace, "--wait",
                             "--set", "behaviour=never-ready"], env=environment,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while "sh.helm.release.v1.web.v1" not in place.names("secret"):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        place.write()
        failure = place.relfile("sync", expect=1).stderr
        assert "revision 1 is pending-install: helm has been at work" in failure
    finally:
        helm.kill()
        helm.wait()


def test_a_record_that_does_not_fit_goes_without_the_charts_files(place):
    chart = place.chart("large")
    (chart / "templates/map.yaml").write_text(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: large}}")
    (chart / "noise.bin").write_bytes(os.urandom(1_500_000))
    place.write_spec({"releases": [{"name": "web", "namespace": place.namespace,
                                    "chart": "./large"}]})
    place.relfile("sync")
    assert place.statuses() == [(1, "deployed")]
    assert record(place, 1)[1]["chart"]["files"] == []
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr
    text = base64.b64encode(os.urandom(900_000)).decode()
    (chart / "templates/map.yaml").write_text(
        '{{- range tuple "a" "b" }}\n---\n{apiVersion: v1, kind: ConfigMap, metadata: '
        "{name: {{ . }}}, data: {text: %s}}\n{{- end }}" % text[:900_000])
    failure = place.relfile("sync", expect=1).stderr
    assert "a Secret may have no more than 1048576" in failure and "--state" in failure


def test_locks_are_shown_and_broken(place):
    place.write()
    place.relfile("sync")
    lock = {"apiVersion": "v1", "kind": "Secret",
            "metadata": {"name": "relfile.lock", "labels": {"owner": "relfile"}},
            "type": "relfile/lock",
            "stringData": {"lock": json.dumps({
                "format": 1, "token": "t", "holder": "ada@laptop", "since": "2099-01-01T00:00:00Z",
                "renewed": "2099-01-01T00:00:00Z", "ttl_ms": 30000})}}
    path = place.folder / "lock.json"
    path.write_text(json.dumps(lock))
    place.program("kubectl", "-n", place.namespace, "create", "-f", str(path))
    shown = place.relfile("lock", "show").stdout
    assert f"default/{place.namespace}" in shown
    place.relfile("lock", "break", f"default/{place.namespace}")
    assert "relfile.lock" not in place.names("secret")


@pytest.mark.parametrize("helm", HELMS)
def test_what_helm_installed_becomes_a_spec_that_changes_nothing(place, helm):
    place.helm("install", "web", str(CHART), "--set", "message=two,extra=true", "--wait",
               "--create-namespace", program=helm)
    place.relfile("import", "--output-dir", "made", "--namespace", place.namespace)
    spec = (place.folder / "made" / "helmfile.yaml").read_text()
    assert "name: web" in spec and "chart: ./charts/app-1.2.0" in spec and f"namespace: {place.namespace}" in spec
    place.relfile("-f", "made/helmfile.yaml", "diff", "--detailed-exitcode")


SHOWN = """apiVersion: v1
kind: ConfigMap
metadata: {name: '{{ .Release.Name }}'}
data: {all: '{{ .Values | toJson }}'}
"""


@pytest.mark.parametrize("how, kept", [("--reuse-values", "old"), ("--reset-then-reuse-values", "new")])
def test_values_are_reused_as_helm_reuses_them(place, how, kept):
    chart = place.folder / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 1.0.0\n")
    (chart / "templates" / "a.yaml").write_text(SHOWN)
    place.release["chart"] = str(chart)
    (chart / "values.yaml").write_text("default: old\nonly: here\nmap: {a: 1, b: 1}\n")
    place.write({"given": 1, "map": {"b": 2}})
    place.relfile("sync")
    place.helm("install", "other", chart, "--set", "given=1,map.b=2")
    (chart / "values.yaml").write_text("default: new\nmore: there\nmap: {a: 2, c: 3}\n")
    for setting in ("map.b=3", "given=2"):  # the second keeps what the first has kept
        name, value = setting.split("=")
        place.write({"map": {"b": 3}} if "." in name else {name: int(value)})
        place.relfile("sync", f"--args={how}")
        place.helm("upgrade", "other", chart, how, "--set", setting)
    mine, helms = (json.loads(place.get("configmap", name)["data"]["all"]) for name in ("web", "other"))
    assert mine == helms and mine["default"] == kept
    assert json.loads(place.helm("get", "values", "web", "--all", "-o", "json").stdout) == mine
