"""The store as a whole: relfile state list, show, fsck, pull, push, migrate, gc."""

import gzip
import json
import random
import shutil

import pytest

from conftest import ROOT


@pytest.fixture
def synced(spec):
    spec.releases("name: web, namespace: shop, chart: ./app, values: [{text: hunter2}]",
                  "name: db, namespace: shop, chart: ./app")
    spec("sync")
    spec("sync")
    return spec


def record(spec, name="web", revision=2):
    return spec.demo.state / "releases" / "%" / "shop" / name / f"{revision}.json"


def test_list_has_what_the_state_knows_whatever_the_spec_says(synced):
    synced.releases("name: other, chart: ./app")
    items = synced.json("state", "list")
    assert [(r["name"], r["revision"], r["status"]) for r in items] == \
        [("db", 2, "deployed"), ("web", 2, "deployed")]
    assert items[0]["chart"] == "app" and items[0]["version"] == "1.0.0" and items[0]["run"]
    table = synced("state", "list").stdout.splitlines()
    assert table[0].split()[:3] == ["CLUSTER", "NAMESPACE", "RELEASE"] and len(table) == 3


def test_show_keeps_secrets_to_itself_unless_asked(synced):
    shown = synced("state", "show", "web").stdout
    assert json.loads(shown)["name"] == "web" and "hunter2" not in shown
    assert "hunter2" in synced("state", "show", "web", "--show-secrets").stdout
    key = "releases/%/shop/web/1.json"
    assert json.loads(synced("state", "show", key).stdout)["version"] == 1
    assert "relfile state list" in synced("state", "show", "nothing", expect=3).stderr


def test_a_sound_state_has_no_faults(synced):
    assert synced.json("state", "fsck") == {
        "records": 4, "runs": 2, "overrides": 0, "locks": 0, "texts": 5, "orphans": 0, "brought": 0, "waiting": 0,
        "faults": []}
    assert synced("state", "fsck").stdout == "4 records, 5 texts, 2 runs, 0 locks: 0 faults\n"


@pytest.mark.parametrize("damage, said", [
    (lambda text: text[:len(text) // 2], "web/2.json"),
    (lambda text: text.replace("complete", "finished"), "its checksum is another"),
    (lambda text: text.replace('"name":"web"', '"name":"bew"'), "checksum"),
    (lambda text: "{}", "is not a record of a release"),
])
def test_a_damaged_record_is_named(synced, damage, said):
    path = record(synced)
    path.write_text(damage(path.read_text()))
    found = synced("state", "fsck", expect=1)
    assert said in found.stdout and "1 faults" in found.stdout
    refused = synced("sync", expect=3).stderr
    assert str(path) in refused
    assert "relfile state fsck" in refused or "docs/state.md" in refused


def test_what_was_changed_on_purpose_can_be_accepted(synced):
    path = record(synced)
    path.write_text(path.read_text().replace("complete", "finished"))
    accepted = synced("state", "fsck", "--accept").stdout
    assert "web/2.json: accepted" in accepted and "0 faults" in accepted
    synced("sync")


def test_what_does_not_fit_together_is_found(synced):
    """Two revisions that are both deployed, and a run that was killed."""
    old = record(synced, revision=1)
    old.write_text(old.read_text().replace('"superseded"', '"deployed"'))
    run = sorted((synced.demo.state / "runs").iterdir())[0]
    run.write_text(run.read_text().replace('"succeeded"', '"running"'))
    synced("state", "fsck", "--accept", expect=1)
    faults = {f["key"]: f["fault"] for f in synced.json("state", "fsck", expect=1)["faults"]}
    assert "revisions 1 and 2 are both deployed" in faults["releases/%/shop/web/2.json"]
    assert "it was killed" in faults[f"runs/{run.name}"]


def test_a_backup_puts_everything_back(synced, tmp_path):
    backup = tmp_path / "backup.jsonl"
    backup.write_text(synced("state", "pull").stdout)
    history = synced.json("history")
    other = f"file://{tmp_path}/other"
    run = synced.run
    said = run("state", "push", backup, "--state", other).stdout
    assert said == "6 entries written, 0 were there already\n"
    assert run("state", "push", backup, "--state", other).stdout == \
        "0 entries written, 6 were there already\n"
    synced.demo = synced.demo._replace(state=tmp_path / "other")
    assert synced.json("history") == history
    record(synced).unlink()
    synced("state", "push", backup)
    changed = record(synced)
    changed.write_text(changed.read_text().replace("complete", "finished"))
    assert "--force" in synced("state", "push", backup, expect=1).stderr
    synced("state", "push", backup, "--force")
    assert synced.json("state", "fsck")["faults"] == []


@pytest.mark.parametrize("text", ["", "{}\n", '{"format": 99}\n', '{"format": 1}\nnonsense\n',
                                  '{"format": 1}\n{"key": "../x", "text": "y"}\n'])
def test_what_is_no_backup_is_refused(synced, tmp_path, text):
    path = tmp_path / "backup"
    path.write_text(text)
    assert "error: " in synced("state", "push", path, expect=1).stderr
    assert synced.json("state", "fsck")["faults"] == []


def test_a_state_can_move_to_another_store(synced, tmp_path):
    run = synced.run
    run("state", "migrate", synced.demo.state, f"git+file://{tmp_path}/repo.git", expect=1)
    run("init", "--bare", "-q", "-b", "main", tmp_path / "repo.git", program="git")
    url = f"git+file://{tmp_path}/repo.git"
    assert run("state", "migrate", synced.demo.state, url).stdout == \
        "6 entries copied, 0 were there already\n"
    assert [r["name"] for r in json.loads(run("state", "list", "--state", url, "-o",
                                              "json").stdout)] == ["db", "web"]


def test_old_runs_are_forgotten_when_asked(synced):
    assert synced("state", "gc").stdout == "0 runs forgotten, 0 texts taken away\n"
    assert synced("state", "gc", "--keep-runs", "1").stdout == "1 runs forgotten, 0 texts taken away\n"
    assert len(synced.json("log")) == 1


def texts(spec):
    return sorted((spec.demo.state / "blobs").iterdir())


def test_texts_are_kept_once_and_packed(synced):
    """Two releases of one chart and two revisions of each: none of it is there twice."""
    assert any(b"hunter2" in gzip.decompress(path.read_bytes()) for path in texts(synced))
    before = texts(synced)
    synced("sync")
    assert texts(synced) == before
    synced("rollback", "web", "1", "-y")
    assert texts(synced) == before


def test_texts_that_no_record_names_go_when_they_are_old(synced):
    synced("destroy")
    assert "5 of the texts are no record's" in synced("state", "fsck").stdout
    assert "5 more are too young" in synced("state", "gc").stdout
    assert "5 texts taken away" in synced("state", "gc", "--older-than", "0s").stdout
    assert synced.json("state", "fsck")["texts"] == 0


def test_a_text_that_is_missing_or_damaged_is_named_with_its_release(synced):
    path, = (p for p in texts(synced) if b"hunter2" in gzip.decompress(p.read_bytes())
             and b"kind" in gzip.decompress(p.read_bytes()))
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    fault, = synced.json("state", "fsck", expect=1)["faults"]
    assert fault["key"] == f"blobs/{path.name}" and "release shop/web, revision" in fault["fault"]
    assert path.name in synced("sync", expect=3).stderr
    path.unlink()
    fault, = synced.json("state", "fsck", expect=1)["faults"]
    assert "is missing" in fault["fault"]
    path.write_bytes(whole)
    synced("sync")


def test_a_record_far_above_a_mebibyte_fits(spec):
    letters = random.Random(1)
    for i in range(4):
        noise = "".join(letters.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=1_000_000))
        (spec.folder / "app" / "templates" / f"large{i}.yaml").write_text(
            f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: large{i}}}\n"
            f"data: {{x: {noise}}}\n")
    spec.releases("name: web, namespace: shop, chart: ./app")
    spec("sync")
    assert synced_manifest(spec).count(noise) == 1
    assert "no changes in" in (diff := spec("diff")).stdout + diff.stderr


def synced_manifest(spec):
    return json.loads(spec("state", "show", "web", "--show-secrets").stdout)["manifest"]


def test_an_earlier_format_is_read_and_migrated(synced, tmp_path):
    """What relfile 0.1 wrote: all in one, as vN.json."""
    state = synced.demo.state
    for path in list((state / "releases").rglob("*.json")):
        key = path.relative_to(state).as_posix()
        whole = json.loads(synced("state", "show", key, "--show-secrets").stdout)
        whole["relfile"]["format"] = 1
        del whole["relfile"]["checksum"]
        path.unlink()
        (path.parent / f"v{path.name}").write_text(json.dumps(whole))
    shutil.rmtree(state / "blobs")
    history = synced.json("history")
    assert [r["revision"] for r in history] == [1, 2, 1, 2]
    assert "no changes in" in (diff := synced("diff")).stdout + diff.stderr
    assert synced("state", "migrate").stdout == "4 records rewritten, 0 were as they should be\n"
    assert sorted(p.name for p in (state / "releases").rglob("*.json")) == \
        ["1.json", "1.json", "2.json", "2.json"]
    assert synced.json("history") == history
    assert synced.json("state", "fsck")["faults"] == []
    assert "hunter2" in synced("state", "show", "web", "--show-secrets").stdout


def strict(schema):
    """The schema, with fields that it has not forbidden."""
    for definition in schema["$defs"].values():
        definition["additionalProperties"] = False
    return schema


def test_real_records_and_runs_are_as_the_published_schema_says(synced):
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((ROOT / "docs" / "state.schema.json").read_text())
    validator = jsonschema.Draft202012Validator
    validator.check_schema(schema)
    synced.write("app/templates/hook.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: h\n"
                 "  annotations: {helm.sh/hook: 'pre-upgrade', helm.sh/hook-weight: '2'}\n"
                 "data: {x: '{{ randAlphaNum 9 }}'}\n")
    synced("sync", env={"RELFILE_STATE_KEY": "correct horse battery staple"})
    files = list(synced.demo.state.glob("r*/**/*.json"))
    entries = [json.loads(path.read_text()) for path in files]
    env = {"RELFILE_STATE_KEY": "correct horse battery staple"}
    entries += [json.loads(synced("state", "show", path.relative_to(synced.demo.state), "--show-secrets",
                                  env=env).stdout) for path in files]
    assert len(entries) == 2 * (6 + 3)
    for entry in entries:
        kind = "run" if "id" in entry else "record"
        validator({**strict(schema), "anyOf": [{"$ref": f"#/$defs/{kind}"}]}).validate(entry)


@pytest.mark.parametrize("arguments", [("nothing",), ("show",), ("push",), ("migrate", "x")])
def test_what_is_asked_wrongly_is_explained(synced, arguments):
    assert "relfile state" in synced("state", *arguments, expect=3).stderr
