"""Going back, plans, deletes and what is done to running releases, on a real cluster."""

import gzip
import json
import re
import shutil
import time
from base64 import b64decode

from tests.kubernetes.conftest import CHART


def two(place, message="one"):
    release = {"namespace": place.namespace, "chart": str(CHART), "wait": True,
               "values": [{"message": message}]}
    place.write_spec({"releases": [{**release, "name": "db"},
                                   {**release, "name": "web", "needs": [f"{place.namespace}/db"]}]})


def message(place, name):
    return place.get("configmap", f"{name}-settings")["data"]["message"]


def test_one_release_goes_back(place):
    place.write()
    place.relfile("sync")
    place.write({"message": "two", "extra": True})
    place.relfile("sync")
    place.relfile("rollback", "web")
    assert message(place, "web") == "one"
    assert "web-extra" not in place.names("configmap")
    assert place.statuses()[-1] == (3, "deployed")
    assert "+  message: two" in place.relfile("diff").stdout


def test_all_go_back_to_a_time_after_showing_a_plan_the_needed_last(place):
    two(place)
    place.relfile("sync")
    time.sleep(1.1)
    then = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    time.sleep(1.1)
    two(place, "two")
    place.relfile("sync")
    said = place.relfile("rollback", "--to", then).stderr
    assert "These releases will change:" in said
    assert said.split("\n\n")[1].count("back to revision 1") == 2
    assert said.index("/web  back to") < said.index("/db   back to")
    assert message(place, "web") == message(place, "db") == "one"


def test_a_plan_is_applied_once_and_refused_when_an_object_moved(place):
    place.write()
    place.relfile("sync")
    place.write({"message": "two"})
    place.relfile("plan", "-o", "the.plan")
    place.program("kubectl", "-n", place.namespace, "annotate", "configmap/web-settings", "a=b")
    failed = place.relfile("apply", "the.plan", expect=1).stderr
    assert "ConfigMap/web-settings: was changed" in failed
    assert message(place, "web") == "one"
    place.relfile("plan", "-o", "the.plan")
    place.relfile("apply", "the.plan")
    assert message(place, "web") == "two"


def test_a_plan_is_whole_where_there_is_no_spec_and_helm_reads_what_comes_of_it(place, tmp_path):
    two(place, "planned")
    place.relfile("plan", "-o", "the.plan", "--set", "extra=true")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (place.folder / "the.plan").rename(elsewhere / "the.plan")
    place.relfile("apply", "the.plan", cwd=elsewhere)
    assert message(place, "web") == message(place, "db") == "planned"
    assert place.statuses() == [(1, "deployed")]
    assert json.loads(place.helm("get", "values", "web", "-o", "json").stdout) == {
        "message": "planned", "extra": True}
    place.helm("upgrade", "web", str(CHART), "--reuse-values", "--set", "message=helm", "--wait")
    failed = place.relfile("apply", "the.plan", cwd=elsewhere, expect=1).stderr
    assert "was revision 0 (none), is 2 (deployed)" in failed


def test_large_numbers_come_through_a_plan_as_they_come_without_one(place):
    """As floats, as helm reads them: what a plan adds is no rounding of its own."""
    chart = place.folder / "numbers"
    shutil.copytree(CHART, chart)
    with (chart / "values.yaml").open("a") as values:
        values.write("account: 9007199254740995\nlist: [1e21, 0.1, 1.0]\n")
    recorded = []
    for commands in (["sync"],), (["plan", "-o", "the.plan"], ["apply", "the.plan"]):
        place.write_spec({"releases": [{"name": "web", "namespace": place.namespace, "chart": "./numbers", "values": [
            {"user": 9007199254740993, "message": commands[0][0]}]}]})
        for command in commands:
            place.relfile(*command)
        record = place.get("secret", f"sh.helm.release.v1.web.v{len(place.statuses())}")["data"]["release"]
        text = gzip.decompress(b64decode(b64decode(record))).decode()
        recorded.append(re.search(r'"values":(\{.*?\}),?["}]', text)[1] + re.search(r'"user":(\d+)', text)[1])
    assert '"account":9007199254740996,' in recorded[0] and recorded[0].endswith("9007199254740992")
    assert recorded[1] == recorded[0]


def test_a_plan_for_one_cluster_is_stale_on_another(place, second_cluster):
    place.write()
    place.relfile("plan", "-o", "the.plan")
    other = {"KUBECONFIG": str(second_cluster / "admin.kubeconfig")}
    failed = place.relfile("apply", "the.plan", env=other, expect=1).stderr
    assert "its context leads to another cluster" in failed and "nothing was changed" in failed
    place.relfile("apply", "the.plan")


def test_what_is_installed_becomes_a_spec_that_finds_no_difference(place, tmp_path):
    place.helm("install", "web", str(CHART), "--create-namespace", "--set", "message=theirs", "--wait")
    place.relfile("import", "--namespace", place.namespace, "--output-dir", str(tmp_path / "made"))
    said = place.relfile("diff", "--detailed-exitcode", cwd=tmp_path / "made").stderr
    assert "no changes in 1 release" in said


def test_a_release_that_left_the_spec_goes_with_prune_and_no_other(place):
    two(place)
    place.relfile("sync")
    place.helm("install", "theirs", str(CHART), "--set", "account=x", "--skip-crds", "--no-hooks")
    place.write_spec({"releases": [{"namespace": place.namespace, "name": "db",
                                    "chart": str(CHART)}]})
    assert f"{place.namespace}/web" in place.relfile("diff").stderr
    place.relfile("sync", "--prune")
    assert "web-settings" not in place.names("configmap")
    # what data goes with is left even then
    assert "web-db" in place.names("statefulset")
    assert {"db-settings", "theirs-settings"} <= set(place.names("configmap"))


def test_what_is_stopped_stays_so(place):
    place.write()
    place.relfile("sync")
    place.relfile("stop", "web")
    place.write({"message": "two"})
    place.relfile("sync")
    assert place.get("deployment", "web-web")["spec"]["replicas"] == 0
    assert "is stopped (override)" in place.relfile("diff").stdout
    place.relfile("start", "web")
    assert place.get("deployment", "web-web")["spec"]["replicas"] == 2
    place.relfile("restart", "web")
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr
    assert "starting" in place.relfile("logs", "web").stdout
    assert "Running" in place.relfile("ps", "web").stdout
