"""A plan file is whole in itself: where it is applied there is neither the spec nor its charts."""

import json
import re
import shutil

import pytest

SPEC = """environments:
  default: {values: [{place: harbour, big: 1000000}]}
---
helmDefaults: {timeout: 77, args: [--set, mood=calm]}
hooks: [{events: [prepare, cleanup], command: touch, args: [file-hook]}]
releases:
- name: web
  namespace: shop
  chart: ./app
  needs: [db]
  values: [values.yaml]
  set: [{name: text, value: two}]
  labels: {tier: front}
  hooks:
  - {events: [prepare], command: touch, args: [prepared]}
  - events: [presync]
    command: sh
    args: [-c, 'echo "{{ .Event.Name }} {{ .Release.Name }} {{ .Values.place }} {{ .Values.big }}" >> said']
- {name: db, namespace: shop, chart: ./app, historyMax: 3}
- {name: gone, namespace: shop, chart: ./app, installed: false}
"""
MORE = """apiVersion: v1
kind: ConfigMap
metadata: {name: '{{ .Release.Name }}-more'}
data:
  random: '{{ randAlphaNum 20 }}'
  mood: '{{ .Values.mood }}'
  number: '{{ .Values.number }}'
---
apiVersion: batch/v1
kind: Job
metadata: {name: '{{ .Release.Name }}-first', annotations: {helm.sh/hook: pre-upgrade,pre-install}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: example.com/a}]}}}
"""
CRD = """apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.example.com}
spec:
  group: example.com
  names: {kind: Boat, plural: boats, singular: boat, listKind: BoatList}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true,
              schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
"""


@pytest.fixture
def planned(spec):
    """A folder with nothing but the plan; and the spec, which has been taken away."""
    spec.write("app/templates/more.yaml", MORE)
    spec.write("app/crds/boat.yaml", CRD)
    spec.write("values.yaml", "number: 12345678\n")
    spec.releases("name: gone, namespace: shop, chart: ./app")
    spec("sync")
    spec.write("helmfile.yaml", SPEC)
    spec.plan = spec.folder / "the.plan"
    spec.elsewhere = spec.folder.parent / "elsewhere"
    spec.elsewhere.mkdir()
    spec.aside = spec.folder.parent / "aside"

    def travel():
        shutil.copy(spec.plan, spec.elsewhere)
        spec.folder.rename(spec.aside)

    def back():
        spec.aside.rename(spec.folder)

    spec.travel, spec.back = travel, back
    return spec


def apply(planned, *arguments, **options):
    return planned.run("apply", "the.plan", *arguments, *planned.demo.options,
                       cwd=planned.elsewhere, **options)


def did(said):
    """What the last lines say was done, in that order: ["shop/db installed", …]."""
    return re.findall(r"(shop/\w+) +((?:un)?installed)", said.stderr)


def records(planned):
    """What is recorded of each release; without times, and what only this run is called."""
    found = {}
    for path in sorted(planned.demo.state.rglob("releases/**/*.json")):
        text = re.sub(r'"[^"]*T\d\d:\d\d:[^"]*Z"', '"a time"', path.read_text())
        record = json.loads(text)
        for field in ("run", "checksum"):
            record["relfile"].pop(field, None)
        found[path.name, path.parent.name] = record
    return found


def test_a_plan_is_applied_where_there_is_no_spec(planned):
    planned("plan", "-o", planned.plan)
    planned.travel()
    said = apply(planned)
    assert did(said) == [("shop/gone", "uninstalled"), ("shop/db", "installed"),
                         ("shop/web", "installed")]
    assert planned.texts()["web"] == "two"
    more = next(item["data"] for _, item in planned.demo.objects()
                if item["metadata"]["name"] == "web-more" and item["kind"] == "ConfigMap")
    assert more["mood"] == "calm" and more["number"] == "1.2345678e+07"
    assert any(item["metadata"]["name"] == "boats.example.com" for _, item in planned.demo.objects())
    lines = (planned.elsewhere / "said").read_text().splitlines()
    assert lines == ["presync web harbour 1000000"]
    assert not (planned.elsewhere / "prepared").exists()
    assert not (planned.elsewhere / "file-hook").exists()
    planned.back()
    assert "no changes" in planned("diff", "--detailed-exitcode").stderr


def test_records_are_those_of_a_sync(planned):
    planned.write("app/templates/more.yaml", MORE.replace("randAlphaNum 20", ".Release.Service"))
    planned("plan", "-o", planned.plan)
    planned.travel()
    apply(planned)
    planned.back()
    applied = records(planned)
    for folder in (planned.demo.state, planned.demo.location):
        shutil.rmtree(folder)
    planned.releases("name: gone, namespace: shop, chart: ./app")
    planned("sync")
    planned.write("helmfile.yaml", SPEC)
    planned("sync")
    synced = records(planned)
    assert applied.keys() == synced.keys()
    assert applied == synced


def test_what_was_set_is_nowhere_to_be_read(planned):
    planned("plan", "-o", planned.plan, "--set", "password=swordfish", "--state-values-set",
            "password=catfish", "--args", "--set token=dogfish")
    text = planned.plan.read_text()
    assert not any(word in text for word in ("swordfish", "catfish", "dogfish"))


def test_a_hook_whose_program_is_not_there_stops_all(planned):
    planned.write("hook.sh", "#!/bin/sh\n")
    (planned.folder / "hook.sh").chmod(0o755)
    planned.write("helmfile.yaml", SPEC.replace("command: sh\n", "command: ./hook.sh\n"))
    planned("plan", "-o", planned.plan)
    planned.travel()
    failed = apply(planned, expect=1).stderr
    assert 'release "shop/web": its hook needs ./hook.sh, which is not here' in failed
    assert "nothing was changed" in failed
    assert planned.texts().keys() == {"gone", "gone-more"}
    planned.back()
    planned("apply", planned.plan)


def test_a_file_that_a_hook_applies_and_that_is_not_there_stops_all(planned):
    planned.write("more.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: of-a-hook, namespace: shop}}")
    planned.write("helmfile.yaml", SPEC.replace("  - events: [presync]\n", "  - {events: [presync], kubectlApply: "
                                                "{filename: more.yaml}}\n  - events: [presync]\n"))
    planned("plan", "-o", planned.plan)
    assert "hooks that will be run: more.yaml, sh\n" in planned("plan", "show", planned.plan).stdout
    planned.travel()
    failed = apply(planned, expect=1).stderr
    assert "its hook needs more.yaml, which is not here: nothing was changed" in failed
    assert planned.texts().keys() == {"gone", "gone-more"}
    planned.back()
    planned("apply", planned.plan)
    assert "of-a-hook" in {item["metadata"]["name"] for _, item in planned.demo.objects()}


def test_settings_of_the_spec_travel(planned):
    """The state's place, a limit on what is deleted, and what protects."""
    planned.write("helmfile.yaml", SPEC.replace("---\n", "---\nlimits: {deletes: 1}\n"))
    planned("plan", "-o", planned.plan)
    planned.travel()
    assert "2 objects would be deleted, and the limit is 1" in apply(planned, expect=1).stderr
    assert ("shop/gone", "uninstalled") in did(apply(planned, "--limit", "deletes=9"))


def test_state_and_target_travel(planned):
    planned.write("helmfile.yaml", SPEC.replace(
        "---\n", f"---\nstate: file://{planned.demo.state}\ntarget: demo\n"))
    location = ["--target-location", planned.demo.location]
    planned.run("plan", "-o", planned.plan, *location, cwd=planned.folder)
    planned.travel()
    planned.run("apply", "the.plan", cwd=planned.elsewhere)
    assert planned.texts()["web"] == "two"
    assert (planned.demo.state / "releases").exists()


def test_a_run_that_is_pruned_is_planned(planned):
    planned("sync")
    planned.write("helmfile.yaml", SPEC.replace("- {name: db, namespace: shop, chart: ./app, "
                                                "historyMax: 3}", "").replace("  needs: [db]\n", ""))
    planned("plan", "--prune", "-o", planned.plan)
    planned.travel()
    assert did(apply(planned)) == [("shop/db", "uninstalled")]


def test_a_plan_without_its_spec_is_stale_by_the_cluster(planned):
    planned("plan", "-o", planned.plan)
    planned("sync", "-l", "name=db")
    planned.travel()
    failed = apply(planned, expect=1).stderr
    assert "shop/db: was revision 0 (none), is 1 (deployed)" in failed
    assert "shop/db: ConfigMap/db: is there now" in failed
    assert "web" not in planned.texts()
