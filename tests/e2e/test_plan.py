"""plan and apply FILE: exactly that, or nothing."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

SECRET = """apiVersion: v1
kind: Secret
metadata: {name: '{{ .Release.Name }}-login'}
stringData: {password: '{{ .Values.password }}', made: '{{ randAlphaNum 20 }}'}
"""


@pytest.fixture
def planned(spec):
    spec.write("app/templates/secret.yaml", SECRET)
    spec.releases("name: web, namespace: shop, chart: ./app, values: [values.yaml]",
                  "name: db, namespace: shop, chart: ./app, values: [{password: x}]")
    spec.write("values.yaml", "password: swordfish\n")
    spec("sync")
    spec.write("values.yaml", "password: catfish-11\ntext: two\n")
    spec.plan = spec.folder / "the.plan"
    return spec


def random_part(spec):
    return {item["metadata"]["name"]: item["data"]["made"] for _, item in spec.demo.objects()
            if item["kind"] == "Secret" and "made" in item.get("data", {})}


def test_a_plan_is_applied_as_it_was_shown(planned):
    shown = planned("plan", "-o", planned.plan).stdout
    assert "-  text: one" in shown and "+  text: two" in shown
    assert planned.texts() == {"web": "one", "db": "one"}
    said = planned("apply", planned.plan)
    assert said.stdout == shown
    assert planned.texts() == {"web": "two", "db": "one"}
    assert "no changes" in planned("diff", "--detailed-exitcode").stderr
    assert "is stale" in planned("apply", planned.plan, expect=1).stderr


def test_nothing_in_a_plan_file_is_secret(planned):
    planned("plan", "--show-secrets", "-o", planned.plan)
    text = planned.plan.read_text()
    for secret in ("swordfish", "catfish-11", "Y2F0ZmlzaC0xMQ", *random_part(planned).values()):
        assert secret not in text
    assert planned.plan.stat().st_mode & 0o077 == 0
    plan = json.loads(text)["plan"]
    web = next(r for r in plan["releases"] if r["name"] == "web")
    assert (web["action"], web["revision"], web["status"]) == ("upgrade", 1, "deployed")
    assert {o["name"]: o["change"] for o in web["objects"]} == {"web": "update",
                                                                "web-login": "update"}
    assert all(o["resourceVersion"] for o in web["objects"]) and web["chartDigest"]
    shown = planned.run("plan", "show", planned.plan).stdout
    assert "shop/web: upgrade (revision 1, deployed)" in shown and "+  text: two" in shown


def touch_spec(planned):
    planned.write("helmfile.yaml", (planned.folder / "helmfile.yaml").read_text() + "# more\n")


def touch_chart(planned):
    planned.write("app/templates/config.yaml",
                  (planned.folder / "app/templates/config.yaml").read_text() + "# more\n")


def touch_values(planned):
    planned.write("values.yaml", "password: catfish-11\ntext: three\n")


def touch_record(planned):
    planned("sync", "-l", "name=db")


def touch_nothing_but_the_record(planned):
    for path in planned.demo.state.rglob("releases/**/web/1.json"):
        path.write_text(path.read_text().replace("Install complete", "Install is complete"))
    planned("state", "fsck", "--accept", expect=None)


def remove_values(planned):
    (planned.folder / "values.yaml").unlink()


def remove_object(planned):
    for path in (planned.demo.location / "clusters").rglob("*.json"):
        item = json.loads(path.read_text())
        if item["kind"] == "ConfigMap" and item["metadata"]["name"] == "db":
            path.unlink()


def uninstall(planned):
    planned("destroy", "-l", "name=db", "--yes")


def touch_object(planned):
    for path in (planned.demo.location / "clusters").rglob("*.json"):
        item = json.loads(path.read_text())
        if item["kind"] == "ConfigMap" and item["metadata"]["name"] == "db":
            item["data"]["text"] = "by hand"
            path.write_text(json.dumps(item))


@pytest.mark.parametrize("touch, moved", [
    (touch_spec, "the spec: its files have changed"),
    (touch_chart, "shop/web: its chart has changed"),
    (touch_values, "shop/web: its values or manifests have changed"),
    (touch_record, "shop/db: was revision 1 (deployed), is 2 (deployed)"),
    (touch_object, "shop/db: ConfigMap/db: was changed"),
    (touch_nothing_but_the_record, "shop/web: its record of revision 1 (deployed) was written"),
    (remove_values, "shop/web: its values or manifests have gone: values.yaml"),
    (remove_object, "shop/db: ConfigMap/db: is not there any more"),
    (uninstall, "shop/db: was revision 1 (deployed), is 0 (none)"),
])
def test_a_stale_plan_is_refused_and_says_what_moved(planned, touch, moved):
    planned("plan", "-o", planned.plan)
    touch(planned)
    before = planned.texts()
    failed = planned("apply", planned.plan, expect=1).stderr
    assert "is stale, and nothing was changed" in failed
    assert moved in failed
    assert planned.texts() == before


def test_a_plan_that_was_changed_or_has_another_key_is_refused(planned):
    planned("plan", "-o", planned.plan)
    text = planned.plan.read_text()
    planned.plan.write_text(text.replace('"action": "upgrade"', '"action": "none"'))
    assert "was changed, or made with another key" in \
        planned("apply", planned.plan, expect=1).stderr
    planned.plan.write_text(text)
    planned.write("key", "a key of more than 16 bytes")
    assert "another key" in planned("apply", planned.plan, "--plan-key", "key", expect=1).stderr
    planned.write("short", "short")
    planned("plan", "-o", planned.plan, "--plan-key", "short", expect=1)
    planned("plan", "-o", planned.plan, "--plan-key", "key")
    planned("apply", planned.plan, env={"RELFILE_PLAN_KEY": "key"})
    assert planned.texts()["web"] == "two"
    planned.plan.write_text("{}")
    assert "no plan of relfile's" in planned("apply", planned.plan, expect=1).stderr


def test_a_plan_of_a_part_changes_that_part(planned):
    planned("plan", "-o", planned.plan, "-l", "name=web", "--set", "text=given")
    planned("apply", planned.plan)
    assert planned.texts() == {"web": "given", "db": "one"}
    planned("apply", planned.plan, "-l", "name=db", expect=3)


def test_what_is_random_is_what_was_planned(planned):
    planned.write("values.yaml", "password: new\n")
    planned("plan", "-o", planned.plan)
    planned("apply", planned.plan)  # rendered anew, and yet the same


def test_a_first_installation_and_an_uninstallation_are_planned(planned):
    planned.releases("name: web, namespace: shop, chart: ./app, installed: false",
                     "name: third, namespace: shop, chart: ./app, values: [{password: y}]")
    planned("plan", "-o", planned.plan)
    planned("apply", planned.plan)
    assert planned.texts() == {"third": "one", "db": "one"}


def test_a_plan_keeps_what_the_command_line_said(planned):
    planned.releases("name: web, namespace: shop, chart: ./app, needs: [db]",
                     "name: db, namespace: shop, chart: ./app")
    planned("plan", "-o", planned.plan, "-l", "name=web", "--include-needs", "--set", "password=x",
            "--args", "--set-string text=12")
    planned("apply", planned.plan)
    assert planned.texts() == {"web": "12", "db": "12"}


def test_what_the_environment_says_as_well_does_no_harm(planned):
    planned("plan", "-o", planned.plan)
    planned("apply", planned.plan, env={"HELMFILE_ENVIRONMENT": "other"}, expect=3)
    planned("apply", planned.plan, env={"HELMFILE_ENVIRONMENT": "default"})
    assert planned.texts()["web"] == "two"


def test_what_a_spec_says_of_differences_shows_no_secrets_in_a_plan(planned):
    text = (planned.folder / "helmfile.yaml").read_text()
    planned.write("helmfile.yaml", "helmDefaults: {diffArgs: [--show-secrets, --show-secrets-decoded]}\n" + text)
    shown = planned("plan", "-o", planned.plan).stdout
    for said in (shown, planned.plan.read_text(), planned("plan", "show", planned.plan).stdout):
        assert "catfish" not in said and "Y2F0ZmlzaC0xMQ" not in said


def test_a_plan_of_somebody_elses_does_nothing_to_a_terminal(planned):
    planned("plan", "-o", planned.plan)
    planned.plan.write_text(planned.plan.read_text().replace("text: two", "text: \\u001b]0;x\\u0007two\\u202e"))
    shown = planned("plan", "show", planned.plan).stdout
    assert r"text: \x1b]0;x\x07two\u202e" in shown and "\x1b" not in shown


def test_plans_that_are_made_at_once_for_the_first_time_have_one_key(planned, tmp_path):
    home = {"XDG_STATE_HOME": str(tmp_path / "new")}
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: planned("plan", "-o", f"plan-{i}", env=home), range(4)))
    key = tmp_path / "new" / "relfile" / "plan.key"
    assert key.stat().st_mode & 0o777 == 0o600 and [key] == list(key.parent.glob("plan.key*"))
    for i in range(4):
        assert "another key" not in planned("apply", f"plan-{i}", env=home, expect=None).stderr


DAMAGE = {
    "cut": lambda text: text[:len(text) // 2],
    "cut in what is sealed": lambda text: re.sub(r'("sealed": ".{40}).*"', r'\1"', text),
    "with nothing sealed": lambda text: re.sub(r'"sealed": ".*"', '"sealed": "AA=="', text),
    "with a short nonce": lambda text: re.sub(r'"nonce": ".*"', '"nonce": "AAAA"', text),
    "with a nonce that is a number": lambda text: re.sub(r'"nonce": ".*"', '"nonce": 1e308', text),
    "of a version that is none": lambda text: text.replace('"format": 2', '"format": 1e300'),
    "of no releases": lambda text: text.replace('"releases": [', '"releases": [[], 3, '),
    "with a number that none can hold": lambda text: text.replace('"revision": 1', '"revision": 1e999'),
    "that is deep": lambda text: '{"plan": ' + "[" * 200000,
    "that is deep inside": lambda text: text.replace('"created"', '"a": ' + "[" * 9000 + "]" * 9000 + ', "created"'),
    "with a byte more": lambda text: text.replace('"created": "2', '"created": "3'),
    "that is no text": lambda text: "\x00\x01" + text,
    "that is empty": lambda text: "",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_plan_is_refused_and_changes_nothing(planned, damage):
    planned("plan", "-o", planned.plan)
    text = planned.plan.read_text()
    assert damage(text) != text
    planned.plan.write_text(damage(text))
    failed = planned("apply", planned.plan, expect=1).stderr
    assert re.search("no plan of relfile's|another version of relfile|was changed, or made with another key", failed)
    assert planned.run("plan", "show", planned.plan, expect=None).code in (0, 1)
    assert planned.texts() == {"web": "one", "db": "one"}
