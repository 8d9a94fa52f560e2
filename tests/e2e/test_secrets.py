"""Files that sops has encrypted, for environments, releases and ref+sops://: made by the real sops with
the real age and gpg where these are installed, otherwise those of examples/secrets. And that what is secret
is in no output but the manifests.

SOPS names that program; `make servers` builds it.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from conftest import ROOT, clean_environment

EXAMPLE = ROOT / "examples" / "secrets"
SECRETS = ("correct-horse-battery", "LIC-2026-4711-0815", "Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5")

VALUES = """\
# for all
zulu: first
db:
    password: hunter2-secret
    port: 5432
    ratio: 1.5
    large: 12345678901
    tiny: 0.00000012
    "on": true
    nothing: null
    empty: ""
    since: 2024-01-02T03:04:05Z
    list: [a, 2, {x: y}]
    # a note in the middle
    text: |
        one line
        another "line"
    seen_unencrypted: visible
    none: []
    nobody: {}
alpha: last
"""


def program(name):
    found = os.environ.get(name.upper()) or shutil.which(name)
    built = ROOT / "build" / "tools" / "servers" / name
    if not found and built.exists():
        found = str(built)
    return found


def need(name):
    return program(name) or pytest.skip(f"{name} is not installed")


class Folder:
    """A folder with a chart that prints its values, a key, and what sops makes in it."""

    def __init__(self, path, run):
        self.path, self.run = path, run
        self.env = {}
        (path / "chart" / "templates").mkdir(parents=True)
        (path / "chart" / "Chart.yaml").write_text("apiVersion: v2\nname: all\nversion: 0.1.0\n")
        (path / "chart" / "templates" / "all.yaml").write_text(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: all}\ndata:\n  all: {{ .Values | toJson | quote }}\n")

    def age_key(self, name="key.txt"):
        """A new key: its file, and its recipient."""
        done = subprocess.run([need("age-keygen"), "-o", self.path / name], check=True, capture_output=True, text=True)
        return re.search(r"age1\w+", done.stderr + (self.path / name).read_text())[0]

    def use(self, name="key.txt"):
        self.env["SOPS_AGE_KEY_FILE"] = str(self.path / name)

    def sops(self, *arguments, env=None):
        done = subprocess.run([need("sops"), "--disable-version-check", *map(str, arguments)], cwd=self.path,
                              env=clean_environment(self.path, **{**self.env, **(env or {})}),
                              capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def encrypt(self, name, text, *how, env=None):
        (self.path / name).write_text(text)
        self.sops("--encrypt", "--in-place", *how, name, env=env)

    def spec(self, release, before=""):
        (self.path / "helmfile.yaml.gotmpl").write_text(
            f"{before}releases:\n- name: all\n  chart: ./chart\n" + "".join(f"  {line}\n" for line in release.splitlines()))

    def relfile(self, *arguments, expect=0, **env):
        return self.run(*arguments, cwd=self.path, env={**self.env, **env}, expect=expect)

    def values(self, **env):
        """What the chart got."""
        return json.loads(yaml.safe_load(self.relfile("template", **env).stdout)["data"]["all"])


@pytest.fixture
def folder(tmp_path, run):
    path = tmp_path / "work"
    path.mkdir()
    return Folder(path, run)


@pytest.fixture
def aged(folder):
    """A folder with an age key that relfile and sops use."""
    recipient = folder.age_key()
    folder.use()
    folder.recipient = recipient
    folder.how = ("--age", recipient)
    return folder


def test_values_in_hcl_may_be_encrypted_and_count_together_with_the_others(aged):
    aged.encrypt("secret.hcl", 'values {\n  token = upper("${hv.word}-hush")\n}\n', *aged.how)
    aged.encrypt("last.yaml", "over: yaml\n", *aged.how)
    (aged.path / "plain.hcl").write_text('values {\n  word = "very"\n  both = "${hv.token}!"\n  over = "hcl"\n}\n')
    aged.spec("values: [{both: '{{ .Values.both }}', over: '{{ .Values.over }}'}]", """environments:
  default:
    values: [plain.hcl]
    secrets: [secret.hcl, last.yaml]
---
""")
    assert aged.values() == {"both": "VERY-HUSH!", "over": "yaml"}
    assert "VERY-HUSH" not in aged.relfile("print-env").stdout


def test_what_is_wrong_in_encrypted_hcl_is_told_without_its_text(aged):
    aged.encrypt("secret.hcl", 'values {\n  token = hush-hush("x\n}\n', *aged.how)
    aged.spec("", "environments: {default: {secrets: [secret.hcl]}}\n---\n")
    told = aged.relfile("list", expect=1).stderr
    assert "secret.hcl" in told and "hush" not in told


# ---- the example, which needs no other program

def example(run, *arguments, expect=0, **env):
    return run(*arguments, cwd=EXAMPLE, env={"SOPS_AGE_KEY_FILE": "key.txt", **env}, expect=expect)


def test_the_example_is_decrypted_for_environment_release_and_reference(run):
    objects = list(yaml.safe_load_all(example(run, "template").stdout))
    secrets = {o["metadata"]["name"]: o["data"] for o in objects if o["kind"] == "Secret"}
    assert secrets["api"] == {"password": "Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5", "licence": "TElDLTIwMjYtNDcxMS0wODE1"}
    assert secrets["report"]["password"] == "Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5"


@pytest.mark.parametrize("command", [["diff"], ["diff", "-o", "json"], ["apply", "--yes"], ["sync", "--debug"], ["build"],
                                     ["list", "-o", "json"], ["lint"], ["show-dag"]])
def test_no_command_but_template_shows_what_is_secret(run, demo, command):
    needs = demo.options if command[0] in ("diff", "apply", "sync") else []
    result = example(run, *command, *needs, expect=None)
    assert result.code in (0, 2), result.stderr
    for secret in SECRETS:
        assert secret not in result.stdout + result.stderr


def test_a_difference_shows_secrets_where_that_is_asked_for(run, demo):
    assert "correct-horse-battery" in example(run, "diff", "--show-secrets", *demo.options).stdout


def test_without_a_key_the_error_names_file_key_and_what_to_do(run, home):
    result = example(run, "template", expect=1, SOPS_AGE_KEY_FILE=str(home / "none"))
    assert "secrets/default.yaml: cannot be decrypted: age age1uvmaa3acp9zje82fymvz7mlpxt2f2x3hkk8jra7wfgcrl4eaegzqxda4qx" \
        in result.stderr
    assert "hint: set SOPS_AGE_KEY_FILE to a file with the secret key of age1uvmaa" in result.stderr
    assert "helmfile.yaml.gotmpl:4:9" in result.stderr
    assert "ENC[" not in result.stderr


KEY_SOURCES = ("SOPS_AGE_KEY", "SOPS_AGE_KEY_FILE", "SOPS_AGE_KEY_CMD", "XDG_CONFIG_HOME", "HOME")


@pytest.mark.parametrize("source", KEY_SOURCES)
def test_age_keys_are_found_where_sops_finds_them(run, home, source):
    key = EXAMPLE / "key.txt"
    env = {}
    if source == "SOPS_AGE_KEY":
        env[source] = " ".join(line for line in key.read_text().splitlines() if not line.startswith("#"))
    elif source == "SOPS_AGE_KEY_CMD":
        env[source] = f"sh -c 'test -n \"$SOPS_AGE_RECIPIENT\" && cat {key}'"
    elif source == "SOPS_AGE_KEY_FILE":
        env[source] = str(key)
    else:
        config = home / (".config" if source == "HOME" else "settings")
        (config / "sops" / "age").mkdir(parents=True)
        shutil.copy(key, config / "sops" / "age" / "keys.txt")
        if source != "HOME":
            env[source] = str(config)
    assert "kind: Secret" in run("template", cwd=EXAMPLE, env=env).stdout


@pytest.fixture
def damaged(run, tmp_path):
    """damaged(pattern, replacement) -> what relfile says of a changed example."""

    def damaged(pattern, replacement, file="secrets/api.yaml"):
        place = tmp_path / "damaged"
        shutil.copytree(EXAMPLE, place)
        text, count = re.subn(pattern, replacement, (place / file).read_text(), count=1)
        assert count, "nothing was changed"
        (place / file).write_text(text)
        result = run("template", cwd=place, env={"SOPS_AGE_KEY_FILE": "key.txt"}, expect=1)
        assert "correct-horse" not in result.stdout + result.stderr
        assert "ENC[" not in result.stderr
        return result.stderr

    return damaged


DAMAGE = {
    "a value": (r"password: ENC\[AES256_GCM,data:..", "password: ENC[AES256_GCM,data:AA",
                "the value at database:password: it was changed, or the key is another one"),
    "a value in plain": (r"password: ENC.*", "password: plain", "the value at database:password: it is not encrypted"),
    "a key": ("password:", "passphrase:", "the value at database:passphrase: it was changed"),
    "a MAC": (r"mac: ENC\[AES256_GCM,data:..", "mac: ENC[AES256_GCM,data:AA", "its MAC: it was changed"),
    "no MAC": (r"    mac: .*\n", "", "its MAC: it is not encrypted"),
    "the time": ("lastmodified: .2026", 'lastmodified: "2025', "its MAC: it was changed"),
    "no time": (r"    lastmodified: .*\n", "", "lastmodified: "),
    "a value more": ("database:", "added_unencrypted: x\ndatabase:", "was changed after sops has encrypted it"),
    "the rule": ("unencrypted_suffix: _unencrypted", "encrypted_suffix: _x", "was changed after sops has encrypted it"),
    "two rules": ("unencrypted_suffix: _unencrypted", "encrypted_suffix: _x\n    encrypted_regex: x", "more than one rule"),
    "a rule that is none": ("unencrypted_suffix: _unencrypted", "encrypted_regex: '('", "missing closing )"),
    "the wrapped key": ("YWdlLWVuY3J5cHRpb24u", "YWdlLWVuY3J5cHRpb25u", "not an age file"),
    "the wrapped key's end": ("-----END AGE", "-----END AGF", "armor"),
    "no keys": (r"    age:\n(        .*\n)+", "", "has no keys"),
    "no metadata": (r"sops:\n(    .*\n)+", "", "is not encrypted"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_file_that_was_changed_is_refused(damaged, what):
    pattern, replacement, message = DAMAGE[what]
    assert message in damaged(pattern, replacement)


def test_the_records_of_a_run_without_key_hold_nothing(run, demo):
    example(run, "sync", *demo.options, expect=1, SOPS_AGE_KEY_FILE="/nowhere")
    assert demo.objects() == []


# ---- formats, rules

def plain_values():
    return yaml.safe_load(VALUES.replace("2024-01-02T03:04:05Z", "'2024-01-02T03:04:05Z'"))


@pytest.mark.parametrize("name", ["s.yaml", "s.yml", "s.json"])
def test_values_come_out_as_they_went_in(aged, name):
    plain = plain_values()
    text = json.dumps(plain) if name.endswith("json") else VALUES
    aged.encrypt(name, text, *aged.how)
    aged.spec(f"secrets: [{name}]")
    got = aged.values()
    assert got["db"].pop("nothing", None) is None
    plain["db"].pop("nothing")
    assert got == plain


def test_the_order_of_a_whole_file_stays(aged):
    aged.encrypt("s.yaml", VALUES, *aged.how)
    aged.encrypt("s.json", json.dumps(plain_values()), *aged.how)
    aged.spec("values:\n- yaml: ref+sops://s.yaml\n  json: ref+sops://s.json")
    got = aged.values()
    assert list(yaml.safe_load(got["yaml"])) == ["zulu", "db", "alpha"]
    assert got["json"].encode() == aged.sops("--decrypt", "s.json")


@pytest.mark.parametrize("name, text", [
    ("s.env", "A=1\n# note\nB=two words\nC=x\\ny\n"),
    ("s.ini", "[first]\nuser = bob\npassword = abc\n\n[second]\nx = 1\n"),
    ("s.bin", "any\x01thing\n# at all\n"),
    ("s.txt", ""),
])
def test_other_formats_are_as_sops_decrypts_them(aged, name, text):
    aged.encrypt(name, text, *aged.how)
    aged.spec(f"values: [{{it: 'ref+sops://{name}'}}]")
    assert aged.values()["it"].encode() == aged.sops("--decrypt", name)


@pytest.mark.parametrize("rule", [
    ["--encrypted-regex", "^(password|list)$"], ["--unencrypted-regex", "^db$"], ["--encrypted-suffix", "word"],
    ["--unencrypted-suffix", "port"], ["--encrypted-regex", "^password$", "--mac-only-encrypted"],
    ["--encrypted-comment-regex", "note"], ["--unencrypted-comment-regex", "note"]])
def test_rules_say_what_is_encrypted(aged, rule):
    aged.encrypt("s.yaml", VALUES, *aged.how, *rule)
    aged.spec("secrets: [s.yaml]")
    assert aged.values()["db"]["password"] == "hunter2-secret"
    assert aged.values()["alpha"] == "last"


def test_several_documents_have_one_mac(aged):
    aged.encrypt("s.yaml", "a: one\n---\nb: two\n", *aged.how)
    aged.spec("values: [{it: 'ref+sops://s.yaml'}]")
    assert aged.values()["it"] == "a: one\n---\nb: two\n"


def test_a_template_is_rendered_after_it_is_decrypted(aged):
    for name, how in (("s.yaml.gotmpl", ["--input-type", "yaml", "--output-type", "yaml"]), ("t.gotmpl", [])):
        aged.encrypt(name, "greeting: '{{ .Release.Name }} and hunter2-secret'\n", *aged.how, *how)
    aged.spec("secrets: [s.yaml.gotmpl]")
    assert aged.values() == {"greeting": "all and hunter2-secret"}
    aged.spec("secrets: [t.gotmpl]")
    assert aged.values() == {"greeting": "all and hunter2-secret"}


def test_secrets_lie_over_values_and_under_sets(aged):
    aged.encrypt("s.yaml", "a: secret\nb: secret\nl: [1]\n", *aged.how)
    aged.spec("values: [{a: plain, c: plain, l: [2, 3]}]\nsecrets: [s.yaml]\nset: [{name: b, value: set}]")
    assert aged.values() == {"a": "secret", "b": "set", "c": "plain", "l": [1]}


def test_secrets_of_an_environment_lie_over_its_values_in_their_order(aged):
    aged.encrypt("one.yaml", "a: {x: 1, y: 1}\nb: one\n", *aged.how)
    aged.encrypt("two.yaml", "a: {y: 2}\nl: [new]\n", *aged.how)
    aged.spec("values: [{got: {{ .Values | toJson }} }]",
              "environments:\n  default:\n    values: [{a: {z: 0}, b: zero, l: [old, old]}]\n"
              "    secrets: [one.yaml, two.yaml]\n---\n")
    assert aged.values()["got"] == {"a": {"x": 1, "y": 2, "z": 0}, "b": "one", "l": ["new"]}


def test_many_files_of_an_environment_are_read_by_pattern(aged):
    for i in range(20):
        aged.encrypt(f"s{i:02}.yaml", f"k{i}: value-{i}\nlast: {i}\n", *aged.how)
    aged.spec("values: [{got: {{ .Values | toJson }} }]",
              "environments:\n  default:\n    secrets: ['s*.yaml']\n---\n")
    got = aged.values()["got"]
    assert len(got) == 21 and got["last"] == 19


@pytest.mark.parametrize("handler, expect", [("Error", 1), ("Warn", 0), ("Info", 0)])
def test_a_missing_file_is_what_the_handler_says(aged, handler, expect):
    aged.spec(f"secrets: [none.yaml]\nmissingFileHandler: {handler}")
    assert ("none.yaml" in aged.relfile("template", expect=expect).stderr) == (handler != "Info")


# ---- keys

def test_one_of_several_recipients_is_enough(aged):
    other = aged.age_key("other.txt")
    aged.encrypt("s.yaml", "a: b\n", "--age", f"{other},{aged.recipient}")
    aged.spec("secrets: [s.yaml]")
    assert aged.values() == {"a": "b"}
    aged.use("other.txt")
    assert aged.values() == {"a": "b"}


def test_somebody_elses_key_is_none(aged):
    other = aged.age_key("other.txt")
    aged.encrypt("s.yaml", "a: b\n", "--age", other)
    aged.spec("secrets: [s.yaml]")
    error = aged.relfile("template", expect=1).stderr
    assert f"s.yaml: cannot be decrypted: age {other}: " in error


@pytest.mark.parametrize("kind", ["ed25519", "rsa", "rsa-pem"])
def test_keys_of_ssh_are_keys_of_age(aged, home, kind):
    (home / ".ssh").mkdir()
    key = home / ".ssh" / ("id_ed25519" if kind == "ed25519" else "id_rsa")
    subprocess.run([need("ssh-keygen"), "-q", "-t", kind.split("-")[0], "-N", "", "-f", key,
                    *(["-m", "PEM"] if kind.endswith("pem") else [])], check=True)
    aged.encrypt("s.yaml", "a: b\n", "--age", Path(f"{key}.pub").read_text().strip())
    del aged.env["SOPS_AGE_KEY_FILE"]
    aged.spec("secrets: [s.yaml]")
    assert aged.values() == {"a": "b"}
    moved = key.rename(home / "elsewhere")
    assert aged.values(SOPS_AGE_SSH_PRIVATE_KEY_FILE=str(moved)) == {"a": "b"}
    assert aged.values(SOPS_AGE_SSH_PRIVATE_KEY_CMD=f"cat {moved}") == {"a": "b"}


def test_a_key_with_a_passphrase_is_named(aged, home):
    (home / ".ssh").mkdir()
    key = home / ".ssh" / "id_ed25519"
    subprocess.run([need("ssh-keygen"), "-q", "-t", "ed25519", "-N", "secret", "-f", key], check=True)
    aged.encrypt("s.yaml", "a: b\n", "--age", Path(f"{key}.pub").read_text().strip())
    aged.spec("secrets: [s.yaml]")
    assert "id_ed25519: it is protected by a passphrase" in aged.relfile("template", expect=1).stderr


@pytest.mark.parametrize("have, fine", [((0, 1), True), ((1, 2), True), ((0, 1, 2), True), ((1,), False)])
def test_of_key_groups_as_many_are_needed_as_the_threshold_says(aged, have, fine):
    keys = [aged.age_key(f"k{i}.txt") for i in range(3)]
    groups = "".join(f"      - age: [{key}]\n" for key in keys)
    (aged.path / ".sops.yaml").write_text(f"creation_rules:\n  - shamir_threshold: 2\n    key_groups:\n{groups}")
    aged.encrypt("s.yaml", "a: b\n")
    aged.encrypt("s.env", "A=b\n")
    aged.spec("secrets: [s.yaml]\nvalues: [{env: 'ref+sops://s.env'}]")
    (aged.path / "have.txt").write_text("".join((aged.path / f"k{i}.txt").read_text() for i in have))
    aged.use("have.txt")
    if fine:
        assert aged.values() == {"a": "b", "env": "A=b\n"}
    else:
        assert "1 of 3 key groups are there, 2 are needed" in aged.relfile("template", expect=1).stderr


@pytest.fixture
def gnupg(tmp_path):
    """A key ring with a key: its folder, and the key's fingerprint."""
    ring = tmp_path / "gnupg"
    ring.mkdir(mode=0o700)
    gpg = [need("gpg"), "--homedir", str(ring), "--batch"]
    subprocess.run([*gpg, "--passphrase", "", "--quick-gen-key", "relfile test <test@example.com>", "default", "default"],
                   check=True, capture_output=True)
    listed = subprocess.run([*gpg, "--list-keys", "--with-colons"], check=True, capture_output=True, text=True).stdout
    yield ring, re.search(r"^fpr:+(\w+):", listed, re.M)[1]
    if shutil.which("gpgconf"):
        subprocess.run(["gpgconf", "--homedir", str(ring), "--kill", "all"], check=False)


def test_keys_of_pgp_are_asked_of_gpg(folder, gnupg):
    ring, fingerprint = gnupg
    folder.env["GNUPGHOME"] = str(ring)
    folder.encrypt("s.yaml", "a: b\n", "--pgp", fingerprint)
    folder.spec("secrets: [s.yaml]")
    assert folder.values() == {"a": "b"}
    error = folder.relfile("template", expect=1, GNUPGHOME=str(folder.path)).stderr
    assert f"s.yaml: cannot be decrypted: pgp {fingerprint}: gpg: " in error
    assert f"hint: the secret key {fingerprint} must be in gpg's key ring" in error
    assert "install gnupg" in folder.relfile("template", expect=1, SOPS_GPG_EXEC="/nowhere/gpg").stderr


# ---- references

def test_a_reference_is_decrypted_in_templates_too(aged):
    aged.encrypt("s.yaml", "a: {b: hunter2-secret}\n", *aged.how)
    aged.spec("values:\n- one: {{ fetchSecretValue \"ref+sops://s.yaml#/a/b\" }}\n"
              "  map: {{ dict \"x\" \"secretref+sops://s.yaml#/a/b\" | expandSecretRefs | toJson }}\n"
              "  inside: user:ref+sops://s.yaml#/a/b+@host")
    assert aged.values() == {"one": "hunter2-secret", "map": {"x": "hunter2-secret"}, "inside": "user:hunter2-secret@host"}


def test_a_reference_may_have_the_file_in_itself(aged):
    import base64
    aged.encrypt("s.yaml", "a: hunter2-secret\n", *aged.how)
    text = base64.urlsafe_b64encode((aged.path / "s.yaml").read_bytes()).decode()
    aged.spec(f"values: [{{it: 'ref+sops://{text}?key_type=base64&format=yaml#/a'}}]")
    assert aged.values() == {"it": "hunter2-secret"}


def test_nothing_decrypted_is_left_on_a_disk(aged, tmp_path):
    aged.encrypt("s.yaml", VALUES, *aged.how)
    aged.spec("secrets: [s.yaml]", "environments:\n  default:\n    secrets: [s.yaml]\n---\n")
    aged.relfile("template", TMPDIR=str(tmp_path))
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"hunter2" not in path.read_bytes(), path


# ---- what is shown

def test_an_error_of_a_template_shows_no_secret(aged):
    aged.encrypt("s.yaml", "password: hunter2-secret\nport: '98765432 and more'\n", *aged.how)
    aged.spec("secrets: [s.yaml]")
    template = aged.path / "chart" / "templates" / "all.yaml"
    for text in ('{{ fail (printf "bad: %s" .Values.password) }}', '{{ fail (.Values.password | b64enc) }}',
                 '{{ fail (printf "%q" (printf "user:%s@" .Values.password | b64enc)) }}',
                 "{{ include .Values.password . }}", "{{ .Values.password | mustToDate }}", "a: {{ .Values.port }}: {"):
        template.write_text(text)
        error = aged.relfile("template", expect=1).stderr
        assert "hunter2" not in error and "98765432" not in error and "aHVudGVyMi1zZWNyZX" not in error, error


def test_the_output_of_a_hook_shows_no_secret(aged):
    aged.encrypt("s.yaml", "password: hunter2-secret\n", *aged.how)
    aged.spec("secrets: [s.yaml]\nhooks:\n- events: [prepare]\n  showlogs: true\n  command: echo\n"
              "  args: [\"{{ .Values.password }}\"]",
              "environments:\n  default:\n    secrets: [s.yaml]\n---\n")
    result = aged.relfile("template")
    assert "hunter2" not in result.stderr and "(hidden)" in result.stderr


def test_what_a_chart_puts_into_a_secret_is_in_no_message(folder, demo):
    template = folder.path / "chart" / "templates" / "all.yaml"
    template.write_text("apiVersion: v1\nkind: Secret\nmetadata: {name: all}\nstringData: {a: hunter2-secret}\n---\n"
                        "apiVersion: v1\nkind: Service\nmetadata: {name: all}\n"
                        "spec: {ports: [{port: hunter2-secret}]}\n---\n"
                        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hunter2-secret_}\n")
    folder.spec("namespace: x")
    result = folder.relfile("apply", *demo.options, expect=1)
    assert "hunter2" not in result.stderr and "(hidden)" in result.stderr, result.stderr


def test_keys_that_only_sops_has_are_left_to_it(aged, tmp_path):
    text = (EXAMPLE / "secrets" / "api.yaml").read_text()
    text = re.sub(r"    age:\n(        .*\n)+", "    hckms:\n        - key_id: a:b\n          enc: x\n", text)
    (aged.path / "s.yaml").write_text(text)
    aged.spec("secrets: [s.yaml]")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "sops").write_text("#!/bin/sh\ntest \"$*\" = '--decrypt --input-type yaml --output-type yaml /dev/stdin'"
                                           " && grep -q hckms && echo 'password: hunter2-secret'\n")
    (tmp_path / "bin" / "sops").chmod(0o755)
    assert aged.values(PATH=f"{tmp_path}/bin:/usr/bin:/bin") == {"password": "hunter2-secret"}
    error = aged.relfile("template", expect=1, PATH="/usr/bin:/bin").stderr
    assert "s.yaml: has no keys that could be used" in error and "sops itself, which is not installed" in error
