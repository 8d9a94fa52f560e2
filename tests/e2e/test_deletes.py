"""What is deleted, and what is not without being asked for."""

import json

import pytest

CLAIM = """apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
"""
RELEASES = ["name: web, namespace: shop, chart: ./app", "name: db, namespace: shop, chart: ./app",
            "name: other, chart: ./app"]


def kinds(spec):
    return sorted(spec.demo.released())


@pytest.fixture
def three(spec):
    spec.releases(*RELEASES)
    spec("sync")
    return spec


def test_a_release_dropped_from_the_spec_is_told_and_goes_with_prune(three):
    three.releases(*RELEASES[:1])
    for command in (["diff"], ["apply"], ["sync"]):
        said = three(*command).stderr
        assert "not in the spec any more, and left alone" in said
        assert "(--prune uninstalls them): default/other, shop/db\n" in said
    assert set(three.texts()) == {"web", "db", "other"}
    shown = three("diff", "--prune", "--detailed-exitcode", expect=2).stdout
    assert "db, ConfigMap (v1) has been removed:" in shown
    assert "2 releases" in three("apply", "--prune").stderr
    assert set(three.texts()) == {"web"}
    assert "not in the spec" not in three("diff").stderr


def test_a_part_of_the_spec_prunes_nothing(three):
    three.releases(*RELEASES[:2])
    three("apply", "--prune", "-l", "name=web")
    assert set(three.texts()) == {"web", "db", "other"}


def test_what_another_spec_or_environment_installed_is_not_pruned(three):
    (three.folder / "second.yaml").write_text(
        "environments: {default: {}, blue: {}}\n---\n"
        "releases: [{name: third, namespace: shop, chart: ./app}]\n")
    three("-f", "second.yaml", "sync", "--prune")
    assert set(three.texts()) == {"web", "db", "other", "third"}
    three("sync", "--prune")
    assert set(three.texts()) == {"web", "db", "other", "third"}
    (three.folder / "second.yaml").write_text("environments: {default: {}, blue: {}}\n---\n"
                                              "releases: []\n")
    three("-f", "second.yaml", "-e", "blue", "sync", "--prune", expect=3)
    assert "third" in three.texts()
    three("-f", "second.yaml", "sync", "--prune")
    assert set(three.texts()) == {"web", "db", "other"}


def test_a_protected_release_is_not_uninstalled(spec):
    spec.releases(*RELEASES[1:], "name: web, namespace: shop, chart: ./app, protect: true")
    spec("sync")
    failed = spec("destroy", expect=1).stderr
    assert "shop/web is protected" in failed
    assert set(spec.texts()) == {"web", "db", "other"}
    spec("destroy", "-l", "name=db")
    spec.releases(*RELEASES[1:], "name: web, namespace: shop, chart: ./app, protect: true, "
                                 "installed: false")
    assert "is protected" in spec("sync", expect=1).stderr
    assert "is protected" in spec("apply", expect=1).stderr
    spec.releases(*RELEASES[1:])
    assert "is protected" in spec("sync", "--prune", expect=1).stderr
    assert "web" in spec.texts()


def test_what_data_goes_with_is_left_unless_it_is_named(spec):
    spec.releases("name: web, namespace: shop, chart: ./app")
    spec.write("app/templates/claim.yaml", CLAIM)
    spec("sync")
    spec.write("app/templates/claim.yaml", "")
    shown = spec("diff", "--detailed-exitcode", expect=2)
    assert "PersistentVolumeClaim/data is not in the chart any more, and left alone" in shown.stdout
    spec("apply")
    assert "PersistentVolumeClaim/data" in kinds(spec)
    spec.write("app/templates/claim.yaml", CLAIM)
    spec("sync")
    spec.write("app/templates/claim.yaml", "")
    spec("apply", "--allow-delete", "PersistentVolumeClaim/other")
    assert "PersistentVolumeClaim/data" in kinds(spec)
    spec.write("app/templates/claim.yaml", CLAIM)
    spec("sync")
    spec.releases("name: web, namespace: shop, chart: ./app, allowDelete: [PersistentVolumeClaim]")
    spec.write("app/templates/claim.yaml", "")
    assert "data, PersistentVolumeClaim (v1) has been removed" in spec("apply").stdout
    assert "PersistentVolumeClaim/data" not in kinds(spec)


def test_a_chart_that_makes_nothing_deletes_nothing(spec):
    spec.releases("name: web, namespace: shop, chart: ./app")
    spec("sync")
    spec.write("app/templates/config.yaml", "{{ if .Values.on }}on: 1{{ end }}")
    for command in ("diff", "apply", "sync"):
        assert "its chart makes no objects at all" in spec(command, expect=1).stderr
    assert spec.texts() == {"web": "one"}


@pytest.mark.parametrize("limit", ["deletes=1", "percent=40"])
@pytest.mark.parametrize("command", ["apply", "sync"])
def test_limits_stop_a_run_before_anything_is_changed(three, command, limit):
    three.releases(RELEASES[0], *(r + ", installed: false" for r in RELEASES[1:]))
    failed = three(command, "--limit", limit, expect=1).stderr
    assert "objects would be deleted, and the limit is" in failed
    assert set(three.texts()) == {"web", "db", "other"}
    three(command, "--limit", "deletes=2,percent=67")
    assert set(three.texts()) == {"web"}


def test_limits_may_be_in_the_spec(three):
    three.releases(*RELEASES, more="limits: {deletes: 2}\n")
    assert "the limit is 2" in three("destroy", expect=1).stderr
    assert set(three.texts()) == {"web", "db", "other"}
    three("destroy", "--limit", "deletes=3")
    assert three.texts() == {}


def test_limits_stop_going_back_before_anything_is_changed(spec):
    """By what a revision did not have yet, and by releases that were not there then."""
    spec.releases(*RELEASES[:2])
    spec("sync")
    spec.write("app/templates/more.yaml", "apiVersion: v1\nkind: ConfigMap\n"
                                          "metadata: {name: '{{ .Release.Name }}-more'}\n")
    spec.releases(*RELEASES, more="limits: {deletes: 0}\n")
    spec("sync")
    texts = spec.texts()
    assert "1 objects would be deleted, and the limit is 0" in spec("rollback", "web", expect=1).stderr
    assert spec.texts() == texts
    spec("rollback", "web", "--limit", "percent=50")
    assert "web-more" not in str(kinds(spec))
    failed = spec("rollback", "--to", "1 hour ago", "--limit", "percent=50", expect=1).stderr
    assert "objects would be deleted, and the limit is 50%: nothing has been changed" in failed
    spec("rollback", "--to", "1 hour ago", "--limit", "deletes=5")
    assert spec.texts() == {}


def test_what_data_goes_with_counts_where_it_goes(spec):
    spec.write("app/templates/claim.yaml", CLAIM)
    spec.releases(RELEASES[0])
    spec("sync")
    assert "2 objects would be deleted" in spec("destroy", "--limit", "deletes=1", expect=1).stderr
    spec("destroy", "--limit", "deletes=2")
    assert kinds(spec) == []


def test_a_prune_counts_for_limits_and_json_tells_of_it(three):
    three.releases(RELEASES[0])
    assert "the limit is 1" in three("apply", "--prune", "--limit", "deletes=1", expect=1).stderr
    result = json.loads(three("diff", "--prune", "-o", "json").stdout)
    assert {r["name"]: r["action"] for r in result} == \
        {"web": "none", "db": "uninstall", "other": "uninstall"}


PRECIOUS = {
    "PersistentVolume": "{apiVersion: v1, kind: PersistentVolume, metadata: {name: it}, spec: {capacity: {storage: 1Gi}, "
                        "accessModes: [ReadWriteOnce], hostPath: {path: /x}}}",
    "PersistentVolumeClaim": "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: it}, spec: {accessModes: "
                             "[ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
    "CustomResourceDefinition": "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: "
                                "its.example.com}, spec: {group: example.com, scope: Namespaced, names: {kind: It, plural: "
                                "its, singular: it, listKind: ItList}, versions: [{name: v1, served: true, storage: true, "
                                "schema: {openAPIV3Schema: {type: object}}}]}}",
    "Namespace": "{apiVersion: v1, kind: Namespace, metadata: {name: it}}",
    "StatefulSet": "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: it}, spec: {serviceName: it, selector: "
                   "{matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}}",
}


@pytest.mark.parametrize("kind", PRECIOUS)
def test_each_precious_kind_is_left_by_upgrades_prunes_and_rollbacks(spec, kind):
    name = "its.example.com" if kind == "CustomResourceDefinition" else "it"
    ours, keeper = "name: web, namespace: shop, chart: ./app", "name: db, namespace: shop, chart: ./app"
    spec.releases(ours)
    spec("sync")
    spec.write("app/templates/it.yaml", PRECIOUS[kind])
    spec("sync")
    assert f"{kind}/{name} is not in the chart any more, and left alone" in spec("rollback", "web").stderr
    assert f"{kind}/{name}" in kinds(spec)
    spec("sync")  # has it again
    spec.write("app/templates/it.yaml", "")
    assert f"(--allow-delete {kind}/{name})" in spec("sync").stderr
    assert f"{kind}/{name}" in kinds(spec)
    spec.write("app/templates/it.yaml", PRECIOUS[kind])
    spec("sync")
    spec.write("app/templates/it.yaml", "")
    spec.releases(keeper)
    spec("sync", "--prune")
    assert f"{kind}/{name}" in kinds(spec) and "web" not in spec.texts()
    spec.releases(ours, keeper)
    spec.write("app/templates/it.yaml", PRECIOUS[kind])
    spec("sync", "-l", "name=web")
    spec.write("app/templates/it.yaml", "")
    spec("sync", "-l", "name=web", "--allow-delete", f"{kind}/{name}")
    assert f"{kind}/{name}" not in kinds(spec)
