"""Values of secrets are never in clear in a store; and what `state:` of specs and environments says."""

import base64
import json
import re
import shutil
import subprocess

import pytest

SECRET = "hunter2-and-more"
KEY = base64.b64encode(bytes(range(32))).decode()
OTHER = base64.b64encode(bytes(range(1, 33))).decode()


@pytest.fixture
def secret_spec(spec):
    """A release with a value that comes from elsewhere."""
    spec.write("password.yaml", f"password: {SECRET}\n")
    spec.write("app/templates/secret.yaml",
               "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
               "data: {p: '{{ .Values.text | b64enc }}'}\n")
    spec.release = "name: web, namespace: shop, chart: ./app, values: [{text: ref+file://password.yaml#/password}]"
    spec.releases(spec.release)
    return spec


def everything(folder):
    """All that is in a store, with what is packed unpacked."""
    found = b""
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            zcat = subprocess.run(["zcat"], input=data, capture_output=True, check=False)
            found += data + zcat.stdout
    return found


def in_clear(folder):
    data = everything(folder)
    return SECRET.encode() in data or base64.b64encode(SECRET.encode()) in data


def unchanged(result):
    return "no changes in" in result.stdout + result.stderr


def test_without_a_key_secrets_are_sealed_with_one_of_this_machine(secret_spec, home):
    spec = secret_spec
    said = spec("sync").stderr
    key = home / ".config" / "relfile" / "state.key"
    assert said.count(f"sealed with the key of this machine, {key}") == 1
    assert key.stat().st_mode & 0o777 == 0o600
    assert not in_clear(spec.demo.state)
    assert "of this machine" not in spec("sync").stderr
    assert unchanged(spec("diff"))
    assert SECRET in spec("state", "show", "web", "--show-secrets").stdout
    assert SECRET not in spec("state", "show", "web").stdout
    spec("rollback", "web", "1", "-y")
    spec("state", "fsck")
    assert not in_clear(spec.demo.state)


def test_without_its_key_a_state_tells_what_to_set_and_still_what_is_no_secret(secret_spec, home):
    spec = secret_spec
    spec("sync")
    (home / ".config" / "relfile" / "state.key").unlink()
    for command in ("diff", "sync", "destroy"):
        said = spec(command, expect=1).stderr
        assert "sealed with key" in said and "set RELFILE_STATE_KEY, or state.encrypt" in said
    assert spec.json("history")[0]["status"] == "deployed"
    assert spec.json("state", "list")[0]["name"] == "web"


def test_what_has_no_secrets_is_not_sealed_unasked(spec, home):
    spec("sync")
    assert not (spec.demo.state / "keys").exists()
    assert not (home / ".config").exists()


def test_in_ci_nothing_is_sealed_with_a_key_that_is_gone_after(secret_spec, run, tmp_path):
    run("init", "--bare", "-q", "-b", "main", tmp_path / "repo.git", program="git")
    options = [*secret_spec.demo.options[:4], "--state", f"git+file://{tmp_path}/repo.git"]
    said = run("sync", *options, cwd=secret_spec.folder, env={"CI": "true"}, expect=1).stderr
    assert "there is no key to seal them with" in said and "openssl rand -base64 32" in said
    run("sync", *options, cwd=secret_spec.folder, env={"CI": "true", "RELFILE_STATE_KEY": KEY})


def test_in_clear_is_only_what_was_asked_for_and_that_is_said(secret_spec):
    secret_spec.releases(secret_spec.release, more="state: {encrypt: none}\n")
    assert "secrets are kept in clear" in secret_spec("sync").stderr
    assert in_clear(secret_spec.demo.state)
    secret_spec.releases(secret_spec.release)
    secret_spec("sync")
    secret_spec("state", "migrate")


@pytest.mark.parametrize("key", [KEY, "correct horse battery staple"])
def test_with_a_key_all_is_sealed(spec, key):
    env = {"RELFILE_STATE_KEY": key}
    spec("sync", env=env)
    assert b"kind: ConfigMap" not in everything(spec.demo.state)
    assert unchanged(spec("diff", env=env))
    for wrong in ({"RELFILE_STATE_KEY": OTHER}, {}, {"RELFILE_STATE_KEY": "short"}):
        said = spec("diff", env=wrong, expect=1).stderr
        assert "sealed with key" in said and "RELFILE_STATE_KEY" in said
        assert key not in said


def test_the_key_may_be_a_file_or_another_variable(spec):
    spec.write("state.key", KEY + "\n")
    release = "name: web, namespace: shop, chart: ./app"
    spec.releases(release, more="state: {encrypt: {keyFile: state.key}}\n")
    spec("sync")
    spec.releases(release, more="state: {encrypt: {keyEnv: MY_KEY}}\n")
    assert unchanged(spec("diff", env={"MY_KEY": KEY}))
    assert "MY_KEY is not set" in spec("diff", expect=1).stderr
    spec.releases(release, more="state: {encrypt: {keyFile: nowhere.key}}\n")
    assert "nowhere.key" in spec("diff", expect=1).stderr


def test_a_key_can_be_exchanged(spec):
    spec("sync", env={"RELFILE_STATE_KEY": KEY})
    env = {"RELFILE_STATE_KEY": OTHER, "RELFILE_STATE_OLD_KEY": KEY}
    assert spec("state", "migrate", env=env).stdout.startswith("3 records rewritten")
    assert spec("state", "migrate", env=env).stdout.startswith("0 records rewritten")
    assert unchanged(spec("diff", env={"RELFILE_STATE_KEY": OTHER}))
    spec("diff", env={"RELFILE_STATE_KEY": KEY}, expect=1)
    spec("state", "gc", "--older-than", "0", env=env)
    spec("state", "fsck", env={"RELFILE_STATE_KEY": OTHER})


def test_a_state_in_clear_is_sealed_when_it_is_migrated(spec):
    spec("sync")
    env = {"RELFILE_STATE_KEY": KEY}
    assert spec("state", "migrate", env=env).stdout.startswith("3 records rewritten")
    spec("state", "gc", "--older-than", "0s", env=env)
    assert b"kind: ConfigMap" not in everything(spec.demo.state)
    assert unchanged(spec("diff", env=env))


def test_a_sealed_state_can_move_to_another_store(secret_spec, run, tmp_path):
    secret_spec("sync")
    run("state", "migrate", secret_spec.demo.state, tmp_path / "other", cwd=secret_spec.folder)
    assert not in_clear(tmp_path / "other")
    secret_spec.demo = secret_spec.demo._replace(state=tmp_path / "other")
    assert unchanged(secret_spec("diff"))


def age_key(home):
    if not shutil.which("age-keygen"):
        pytest.skip("age is not installed")
    path = home / "age.txt"
    done = subprocess.run(["age-keygen", "-o", path], check=True, capture_output=True, text=True)
    return path, re.search(r"age1\w+", done.stderr + path.read_text())[0]


def test_recipients_of_age_can_read_it_and_so_can_age(spec, home, tmp_path):
    path, recipient = age_key(home)
    spec.releases("name: web, namespace: shop, chart: ./app",
                  more=f"state: {{encrypt: {{age: [{recipient}]}}}}\n")
    env = {"SOPS_AGE_KEY_FILE": str(path)}
    spec("sync")
    assert b"kind: ConfigMap" not in everything(spec.demo.state)
    assert unchanged(spec("diff", env=env))
    said = spec("diff", expect=1).stderr
    assert f"it was made for age {recipient}" in said
    [entry] = (spec.demo.state / "keys").iterdir()
    [wrapped] = json.loads(entry.read_text())["wrapped"]
    opened = subprocess.run(["age", "-d", "-i", path], input=wrapped["text"].encode(),
                            capture_output=True, check=True).stdout
    assert wrapped["by"] == "age" and len(opened) == 32
    spec.releases("name: web, namespace: shop, chart: ./app",
                  more="state: {encrypt: {age: age1nonsense}}\n")
    assert "age1nonsense" in spec("sync", env=env, expect=1).stderr


@pytest.mark.parametrize("kind, bits", [("ed25519", "256"), ("rsa", "2048"), ("rsa", "3072")])
def test_keys_of_ssh_can_read_it_and_so_can_age(spec, home, kind, bits):
    if not shutil.which("age"):
        pytest.skip("age is not installed")
    key = home / f"key-{kind}"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-b", bits, "-N", "", "-C", "ada at home", "-f", key], check=True)
    recipient = key.with_suffix(".pub").read_text().strip()
    spec.releases("name: web, namespace: shop, chart: ./app",
                  more=f"state: {{encrypt: {{age: ['{recipient}']}}}}\n")
    env = {"SOPS_AGE_SSH_PRIVATE_KEY_FILE": str(key)}
    spec("sync", env=env)
    assert b"kind: ConfigMap" not in everything(spec.demo.state)
    assert unchanged(spec("diff", env=env))
    assert f"it was made for age ssh-{kind}" in spec("diff", expect=1).stderr
    [entry] = (spec.demo.state / "keys").iterdir()
    [wrapped] = json.loads(entry.read_text())["wrapped"]
    opened = subprocess.run(["age", "-d", "-i", key], input=wrapped["text"].encode(), capture_output=True, check=True).stdout
    assert wrapped["by"] == "age" and len(opened) == 32


def test_a_sealed_text_is_bound_to_its_place(spec):
    """Neither changed nor put in the place of another is it taken for what it was."""
    env = {"RELFILE_STATE_KEY": KEY}
    spec("sync", env=env)
    first, second, *_ = sorted((spec.demo.state / "blobs").iterdir())
    whole = first.read_bytes()
    first.write_bytes(second.read_bytes())
    faults = spec.json("state", "fsck", env=env, expect=1)["faults"]
    assert [fault["key"] for fault in faults] == [f"blobs/{first.name}"]
    first.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert "is damaged" in spec("state", "fsck", env=env, expect=1).stdout


# ---- state: as a map


def test_an_environment_says_where_its_state_is(spec, run, tmp_path):
    spec.releases("name: web, namespace: shop, chart: ./app", more="""\
state: {url: ./usual, history: 2}
environments:
  default: {}
  production:
    state: {url: ./production, encrypt: {keyEnv: PRODUCTION_KEY}}
---
state: {url: ./usual, history: 2}
""")
    options = spec.demo.options[:4]
    for _ in range(4):
        run("sync", *options, cwd=spec.folder)
    run("-e", "production", "sync", *options, cwd=spec.folder, env={"PRODUCTION_KEY": KEY})
    assert [r["revision"] for r in json.loads(run("history", "-o", "json", *options,
                                                  cwd=spec.folder).stdout)] == [3, 4]
    assert not (spec.folder / "usual" / "keys").exists()
    assert b"kind: ConfigMap" not in everything(spec.folder / "production")
    run("sync", *options, "--state", tmp_path / "third", cwd=spec.folder)
    assert (tmp_path / "third" / "releases").exists()


@pytest.mark.parametrize("state, said", [
    ("{lockTimeout: soon}", "lockTimeout is"),
    ("{encrypt: sometimes}", "encrypt cannot be"),
    ("{place: ./x}", "place"),
    ("{encrypt: {keyEnv: NOT_SET}}", "NOT_SET is not set"),
])
def test_what_is_said_wrongly_is_named_with_its_place(spec, state, said):
    spec.releases("name: web, chart: ./app", more=f"state: {state}\n")
    result = spec("sync", expect=None)
    assert result.code != 0 and said in result.stderr and "helmfile.yaml:1:" in result.stderr
