"""sync, apply, destroy, and what shows it afterwards: status, history, lock."""

import json
import re
import subprocess
import time

import pytest

from conftest import clean_environment

POD = """apiVersion: apps/v1
kind: Deployment
metadata: {name: '{{ .Release.Name }}'}
spec:
  replicas: 1
  selector: {matchLabels: {app: x}}
  template:
    metadata: {labels: {app: x}}
    spec: {containers: [{name: c, image: '{{ .Values.image }}'}]}
"""


def order_of(text, pattern):
    return re.findall(pattern, text, flags=re.M)


# ---- sync


def test_sync_installs_what_others_need_first(spec):
    said = spec("sync", "--concurrency", "1").stderr
    assert order_of(said, r"✓ (\S+) +installed") == ["shop/db", "other", "shop/web"]
    assert spec.texts() == {"web": "one", "db": "one", "other": "one"}


def test_sync_always_makes_a_new_revision(spec):
    for revision in (1, 2, 3):
        assert {r["revision"] for r in spec.json("sync")} == {revision}
    assert [r["action"] for r in spec.json("sync", "-l", "name=web")] == ["upgraded"]


RESULT_KEYS = {"name", "namespace", "kubeContext", "chart", "action", "status", "revision",
               "seconds", "objects", "error"}


@pytest.mark.parametrize("command", ["sync", "apply", "destroy"])
def test_what_changed_is_told_to_machines(spec, command):
    if command == "destroy":
        spec("sync")
    result = spec.json(command)
    assert [r["name"] for r in result] == \
        (["web", "other", "db"] if command == "destroy" else ["db", "other", "web"])
    for release in result:
        assert set(release) == RESULT_KEYS
        assert release["error"] is None
        assert isinstance(release["seconds"], (int, float))
        assert set(release["objects"]) == {"created", "updated", "deleted", "unchanged"}
    what = "deleted" if command == "destroy" else "created"
    assert {r["objects"][what] for r in result} == {1}
    assert {(r["action"], r["status"]) for r in result} == \
        {("uninstalled", "uninstalled") if command == "destroy" else ("installed", "deployed")}


@pytest.mark.parametrize("command", ["sync", "apply"])
def test_what_failed_and_what_was_left_out_is_told_to_machines(spec, command):
    spec.releases("name: good, chart: ./app", "name: bad, chart: ./app, values: [{bad: true}]",
                  "name: after, chart: ./app, needs: [bad]")
    result = {r["name"]: r for r in spec.json(command, expect=3)}
    assert {name: r["status"] for name, r in result.items()} == \
        {"good": "deployed", "bad": "failed", "after": "skipped"}
    assert "Nothing" in result["bad"]["error"]
    assert all(set(r) == RESULT_KEYS for r in result.values())


def test_after_a_failure_what_does_not_wait_for_it_goes_on(spec):
    others = ("name: good, chart: ./app", "name: later, chart: ./app, needs: [good]",
              "name: last, chart: ./app, needs: [later, bad]")
    spec.releases("name: bad, chart: ./app, values: [{bad: true}]", *others)
    for options in (["--concurrency", "1"], ["--concurrency", "8"]):
        result = spec("sync", *options, expect=3)
        assert "1 of 4 releases failed, 1 skipped" in result.stderr
        assert "last  skipped: bad failed" in result.stderr
        statuses = {r["name"]: r["status"] for r in spec.json("status")}
        assert statuses == {"bad": "failed", "good": "deployed", "later": "deployed",
                            "last": "not-installed"}
    spec.releases("name: bad, chart: ./app", *others)
    spec("sync")
    assert {r["status"] for r in spec.json("status")} == {"deployed"}


def test_sync_uninstalls_what_is_not_to_be_installed_any_more(spec):
    spec("sync")
    spec.releases("name: web, namespace: shop, chart: ./app, needs: [db], installed: false",
                  "name: db, namespace: shop, chart: ./app, installed: false",
                  "name: other, chart: ./app")
    said = spec("sync", "--concurrency", "1").stderr
    assert order_of(said, r"✓ (\S+) +(\w+)") == \
        [("shop/web", "uninstalled"), ("shop/db", "uninstalled"), ("other", "upgraded")]
    assert spec.texts() == {"other": "one"}
    assert {r["action"] for r in spec.json("sync")} == {"none", "upgraded"}


def test_what_a_condition_leaves_out_stays_as_it_is(spec):
    spec("sync")
    more = "values: [{other: {enabled: false}}]\n"
    spec.releases("name: other, chart: ./app, condition: other.enabled",
                  "name: web, namespace: shop, chart: ./app", more=more)
    assert [r["name"] for r in spec.json("sync")] == ["web"]
    assert [r["name"] for r in spec.json("destroy")] == ["web"]
    assert "other" in spec.texts()


def test_what_a_chart_does_not_have_any_more_is_deleted(spec):
    spec("sync", "--set", "more=true", "-l", "name=web")
    assert "web-more" in spec.texts()
    result = spec.json("sync", "-l", "name=web")
    assert result[0]["objects"] == {"created": 0, "updated": 0, "deleted": 1, "unchanged": 1}
    assert "web-more" not in spec.texts()


@pytest.mark.parametrize("options, names", [
    (["-l", "name=web"], ["web"]),
    (["-l", "name=web", "--include-needs"], ["db", "web"]),
    (["-l", "name=web", "--include-transitive-needs"], ["db", "web"]),
    (["-l", "namespace=shop,name!=db"], ["web"]),
    (["-l", "name=db", "-l", "name=other"], ["db", "other"]),
], ids=str)
def test_sync_changes_what_is_selected(spec, options, names):
    assert [r["name"] for r in spec.json("sync", *options)] == names


def test_needs_that_are_not_selected_can_be_made_an_error(spec):
    assert "--include-needs" in spec("sync", "-l", "name=web", "--skip-needs=false", expect=1).stderr
    assert spec.texts() == {}


def test_detailed_exit_codes(spec):
    spec("diff", "--detailed-exitcode", expect=2)
    spec("diff", expect=0)
    spec("apply", "--detailed-exitcode", expect=2)
    spec("apply", "--detailed-exitcode", expect=0)
    spec("diff", "--detailed-exitcode", expect=0)
    spec("sync", "--detailed-exitcode", expect=2)


# ---- apply


def test_apply_does_nothing_where_nothing_changes(spec):
    spec("apply")
    result = spec("apply")
    assert result.stdout == ""
    assert "no changes in 3 releases" in result.stderr
    assert {r["revision"] for r in spec.json("status")} == {1}
    assert {(r["action"], r["status"], r["revision"]) for r in spec.json("apply")} == \
        {("unchanged", "deployed", 1)}


def test_apply_upgrades_what_differs_only(spec):
    spec("apply")
    spec.releases("name: web, namespace: shop, chart: ./app, needs: [db]",
                  "name: db, namespace: shop, chart: ./app, values: [{text: two}]",
                  "name: other, chart: ./app, installed: false")
    assert {r["name"]: (r["action"], r["revision"]) for r in spec.json("apply")} == \
        {"web": ("unchanged", 1), "db": ("upgraded", 2), "other": ("uninstalled", 1)}
    assert spec.texts() == {"web": "one", "db": "two"}


def test_apply_changes_nothing_when_a_comparison_fails(spec):
    spec.releases("name: good, chart: ./app", "name: bad, chart: ./app, values: [nowhere.yaml]")
    result = spec("apply", expect=1)
    assert "nowhere.yaml" in result.stderr
    assert spec.texts() == {}
    assert [r["name"] for r in spec.json("apply", expect=1) if r["status"] == "failed"] == ["bad"]


def test_suppressed_differences_are_made_all_the_same(spec):
    result = spec("apply", "--suppress-diff")
    assert "has been added" not in result.stdout
    assert len(spec.texts()) == 3


# ---- diff


def test_diff_is_unified_as_helm_diffs(spec):
    spec("sync")
    spec.write("app/values.yaml", "text: two\n")
    lines = spec("diff", "-l", "name=web").stdout.splitlines()
    assert lines[0] == "Comparing release=web, chart=./app, namespace=shop"
    assert lines[1] == "shop, web, ConfigMap (v1) has changed:"
    assert "  -  text: one  ← spec" in lines and "  +  text: two  ← spec" in lines
    assert not [line for line in lines if line.strip() and line[:3] not in ("  -", "  +", "   ", "  @")][2:]


def test_context_says_how_much_is_shown_around_a_change(spec):
    spec("sync")
    spec.write("app/values.yaml", "text: two\n")
    sizes = [len(spec("diff", "-l", "name=web", f"--context={n}").stdout.splitlines())
             for n in (0, 1, -1)]
    assert sizes[0] < sizes[1] < sizes[2]


def test_diff_as_json_has_an_item_for_each_release(spec):
    spec("sync", "-l", "name=db")
    items = {r["name"]: r for r in spec.json("diff")}
    assert {name: r["action"] for name, r in items.items()} == \
        {"db": "none", "web": "install", "other": "install"}
    assert items["web"]["objects"][0]["change"] == "create"
    assert set(items["web"]) == \
        {"name", "namespace", "kubeContext", "chart", "action", "hooksChanged", "objects"}


def test_diff_changes_nothing(spec):
    spec("diff")
    assert spec.texts() == {}
    assert not spec.demo.state.exists() or not list(spec.demo.state.glob("**/releases/**/*.json"))


# ---- destroy


def test_destroy_removes_what_needs_others_first(spec):
    spec("sync")
    said = spec("destroy", "--concurrency", "1").stderr
    assert order_of(said, r"✓ (\S+) +uninstalled") == ["shop/web", "other", "shop/db"]
    assert spec.texts() == {}
    assert {r["status"] for r in spec.json("status")} == {"not-installed"}


def test_destroy_removes_what_is_selected(spec):
    spec("sync")
    spec("destroy", "-l", "name=web")
    assert set(spec.texts()) == {"db", "other"}


def test_destroying_what_is_not_there_is_no_error(spec):
    assert {r["action"] for r in spec.json("destroy")} == {"none"}


# ---- waiting


def waiting_spec(spec, image, more=""):
    spec.write("app/templates/deployment.yaml", POD)
    spec.releases(f"name: web, chart: ./app, values: [{{image: '{image}'}}]{more}")


def test_wait_waits_until_all_is_ready(spec):
    waiting_spec(spec, "nginx:1.25")
    spec("sync", "--wait")
    assert [(r["ready"], r["objects"]) for r in spec.json("status")] == [(2, 2)]


# ---- status and history


def test_status_of_all_and_of_one(spec):
    spec("sync", "-l", "name=web")
    lines = spec("status").stdout.splitlines()
    assert lines[0].split() == \
        ["RELEASE", "REVISION", "STATUS", "READY", "UPDATED", "CHART", "REASON"]
    assert [line.split()[2] for line in lines[1:]] == ["not-installed", "not-installed", "deployed"]
    one = spec("status", "web").stdout
    assert "This is web." in one and "app-1.0.0" in one
    assert "This is web." not in spec("status", "web", "--hide-notes").stdout
    assert 'did you mean "web"?' in spec("status", "wob", expect=3).stderr


def test_status_for_machines(spec):
    spec("sync", "-l", "name=web")
    items = {r["name"]: r for r in spec.json("status")}
    assert set(items["web"]) == {"name", "namespace", "kubeContext", "chart", "revision", "status",
                                 "updated", "appVersion", "description", "user", "ready", "objects",
                                 "health", "reason", "notes"}
    assert items["web"]["status"] == "deployed" and items["web"]["appVersion"] == "7"
    assert items["db"]["status"] == "not-installed" and items["db"]["updated"] is None
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", items["web"]["updated"])


def test_history_goes_back_as_far_as_the_spec_says(spec):
    spec.releases("name: web, chart: ./app, historyMax: 2", "name: db, chart: ./app",
                  "name: all, chart: ./app, historyMax: 0")
    for text in range(12):
        spec("sync", "--set", f"text={text}", "--description", f"number {text}")
    revisions = {"web": [], "db": [], "all": []}
    for record in spec.json("history"):
        revisions[record["name"]].append(record)
    assert [r["revision"] for r in revisions["web"]] == [11, 12]
    assert [r["revision"] for r in revisions["db"]] == list(range(3, 13))
    assert [r["revision"] for r in revisions["all"]] == list(range(1, 13))
    assert [r["status"] for r in revisions["web"]] == ["superseded", "deployed"]
    last = revisions["web"][-1]
    assert last["description"] == "number 11"
    assert (last["chart"], last["version"], last["appVersion"]) == ("app", "1.0.0", "7")
    assert last["actor"] and last["run"] == spec.json("log")[-1]["id"]
    assert spec.json("history", "web") == revisions["web"]
    table = spec("history", "web").stdout.splitlines()
    assert table[0] == "web" and table[1].split()[0] == "REVISION" and len(table) == 4


# ---- locks


def test_who_holds_a_lock_is_shown_and_a_lock_can_be_broken(spec, relfile, home):
    spec.releases("name: web, namespace: shop, chart: ./app, "
                  "hooks: [{events: [presync], command: sleep, args: ['30']}]")
    assert spec.json("lock", "show") == []
    with subprocess.Popen([str(relfile), "sync", *spec.demo.options], cwd=spec.folder,
                          env=clean_environment(home), stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(100):
                if spec.json("lock", "show"):
                    break
                time.sleep(0.1)
            lock, = spec.json("lock", "show")
            assert set(lock) == {"name", "holder", "since", "renewed", "ttlSeconds"}
            assert lock["name"] == "default/shop" and f"pid {process.pid}" in lock["holder"]
            assert "default/shop" in spec("lock", "show").stdout
            refused = spec("sync", expect=1).stderr
            assert "default/shop" in refused and "relfile lock break default/shop" in refused
            spec("lock", "break", "default/shop")
            assert spec.json("lock", "show") == []
        finally:
            process.kill()


def test_breaking_a_lock_that_nobody_holds_is_an_error(spec):
    assert "nobody holds" in spec("lock", "break", "default/shop", expect=1).stderr


def test_locks_are_looked_for_where_the_spec_keeps_its_state(spec, run):
    spec.write("helmfile.yaml", "state: ./kept\nreleases: [{name: a, chart: ./app}]\n")
    (spec.folder / "kept" / "locks").mkdir(parents=True)
    (spec.folder / "kept" / "locks" / "default%2Fx.json").write_text(json.dumps({
        "format": 1, "holder": "ada@laptop", "token": "t", "ttl_ms": 30000, "beats": 1,
        "since": "2026-01-01T00:00:00Z", "renewed": "2026-01-01T00:00:00Z"}))
    lock, = json.loads(run("lock", "show", "-o", "json", cwd=spec.folder).stdout)
    assert (lock["name"], lock["holder"]) == ("default/x", "ada@laptop")


# ---- hooks of the spec


EVENTS = ("prepare", "preapply", "presync", "preuninstall", "postuninstall", "postsync", "cleanup")


def hooked(name, more=""):
    line = "{{ .Event.Name }} {{ .Release.Name }} {{ .HelmfileCommand }}" \
           "{{ if .Event.Error }} failed{{ end }}"
    return f"name: {name}, chart: ./app{more}, hooks: [{{events: [{', '.join(EVENTS)}], " \
           f"command: sh, args: [-c, 'echo \"$0\" >> log', '{line}']}}]"


def hook_log(spec):
    path = spec.folder / "log"
    lines = path.read_text().splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return lines


FILE_HOOKS = """hooks:
- events: [prepare, cleanup, presync]
  command: sh
  args: [-c, 'echo "$0" >> log', '{{ .Event.Name }} file {{ .HelmfileCommand }}']
"""


@pytest.mark.parametrize("command, first, second", [
    ("sync",
     ["prepare file sync", "prepare a sync", "presync a sync", "postsync a sync",
      "cleanup a sync", "cleanup file sync"],
     ["prepare file sync", "prepare a sync", "presync a sync", "postsync a sync",
      "cleanup a sync", "cleanup file sync"]),
    ("template",
     ["prepare file template", "prepare a template", "cleanup a template",
      "cleanup file template"], None),
    ("lint",
     ["prepare file lint", "prepare a lint", "cleanup a lint", "cleanup file lint"], None),
    ("diff",
     ["prepare file diff", "prepare a diff", "cleanup a diff", "cleanup file diff"], None),
    ("list", ["prepare file list", "cleanup file list"], None),
], ids=lambda x: x if isinstance(x, str) else "")
def test_hooks_run_in_helmfiles_order(spec, command, first, second):
    spec.releases(hooked("a"), more=FILE_HOOKS)
    clusters = command in ("sync", "diff")
    for expected in (first, second):
        if expected is None:
            continue
        if clusters:
            spec(command)
        else:
            spec.run(command, cwd=spec.folder)
        assert hook_log(spec) == expected


def test_hooks_of_apply(spec):
    spec.releases(hooked("a"), hooked("b", ", needs: [a]"), more=FILE_HOOKS)
    spec("apply", "-l", "name=a")
    assert hook_log(spec) == ["prepare file apply", "prepare a apply", "preapply a apply",
                              "presync a sync", "postsync a sync", "cleanup a sync",
                              "cleanup file apply"]
    spec("apply", "--concurrency", "1")
    log = hook_log(spec)
    assert [line for line in log if line.startswith("preapply")] == \
        ["preapply b apply", "preapply a apply"]
    assert [line for line in log if "sync" in line.split()[0]] == \
        ["presync b sync", "postsync b sync"]
    assert log[-1] == "cleanup file apply" and "cleanup a apply" in log
    spec("apply")
    assert [line for line in hook_log(spec) if not line.startswith("prepare")] == \
        ["cleanup file apply"]


def test_hooks_of_uninstalling(spec):
    spec.releases(hooked("a"))
    spec("sync")
    spec.releases(hooked("a", ", installed: false"))
    hook_log(spec)
    spec("sync")
    assert hook_log(spec) == ["presync a sync", "preuninstall a sync", "postuninstall a sync",
                              "postsync a sync", "cleanup a sync"]
    spec.releases(hooked("a"))
    spec("sync")
    hook_log(spec)
    spec("destroy")
    assert [line for line in hook_log(spec) if "uninstall" in line] == \
        ["preuninstall a delete", "postuninstall a delete"]


def test_a_hook_that_fails_fails_its_release_and_the_others_go_on(spec):
    spec.releases("name: a, chart: ./app, hooks: [{events: [presync], command: sh, "
                  "args: [-c, 'echo oh no >&2; exit 3']}]", "name: b, chart: ./app")
    result = spec("sync", expect=3)
    assert "oh no" in result.stderr and "exit status 3" in result.stderr
    assert set(spec.texts()) == {"b"}


def test_hooks_after_a_failure_are_told_of_it(spec):
    spec.releases(hooked("a", ", values: [{bad: true}]"))
    spec("sync", expect=1)
    assert hook_log(spec) == ["prepare a sync", "presync a sync", "postsync a sync failed",
                              "cleanup a sync failed"]


def test_hooks_can_be_forbidden(spec):
    spec.releases(hooked("a"))
    assert "forbidden" in spec("sync", env={"HELMFILE_DISABLE_HOOKS": "true"}, expect=1).stderr
    assert hook_log(spec) == []
