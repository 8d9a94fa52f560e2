"""What is random in templates: new with each sync, the same again where it should be, and never shown."""

import gzip
import json

import pytest

CHART = """
apiVersion: v1
kind: Secret
metadata: {name: web}
stringData:
  password: {{ randAlphaNum 16 | quote }}
  other: {{ randAlphaNum 16 | quote }}
  uuid: {{ uuidv4 }}
  bytes: {{ randBytes 10 }}
  number: {{ randInt 1 1000000000 | quote }}
  shuffled: {{ shuffle "abcdefghijklmnopqrst" }}
  hash: {{ htpasswd "ada" "secret" }}
  cipher: {{ encryptAES "key" "secret" }}
  since: {{ now | quote }}
  {{- $ca := genCA "ca" 365 }}
  {{- $cert := genSignedCert "web" nil (list "web") 365 $ca }}
  certificate: {{ $cert.Cert | b64enc }}
  key: {{ $cert.Key | b64enc }}
  ec: {{ genPrivateKey "ecdsa" | b64enc }}
  ed: {{ genPrivateKey "ed25519" | b64enc }}
  level: {{ .Values.level | quote }}
"""

PLAIN = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n"


@pytest.fixture
def spec(tmp_path, demo):
    """spec() writes a spec of the chart, and returns the options for it."""
    templates = tmp_path / "web" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "web" / "Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 1.0.0\n")

    def spec(level=1, template=CHART):
        (templates / "all.yaml").write_text(template)
        path = tmp_path / "helmfile.yaml"
        path.write_text(json.dumps({"releases": [
            {"name": "web", "namespace": "shop", "chart": "./web",
             "values": [{"level": level}]}]}))
        return ["-f", str(path), *demo.options]

    return spec


def record_of(demo, revision):
    """The record's file, and what is in it and the texts that it names."""
    path, = demo.state.glob(f"releases/*/shop/web/{revision}.json")
    record = json.loads(path.read_text())
    texts = {name: gzip.decompress((demo.state / "blobs" / digest).read_bytes()).decode()
             for name, digest in record["relfile"]["texts"].items()}
    rest = json.loads(texts.get("rest", "{}"))
    record["manifest"] = texts["manifest"]
    record["relfile"] |= {"random": rest["random"]} if "random" in rest else {}
    return path, record


def manifest_of(demo, revision):
    return record_of(demo, revision)[1]["manifest"]


def test_a_diff_after_sync_is_empty(run, spec):
    options = spec()
    run("sync", *options)
    assert run("diff", "--detailed-exitcode", *options).code == 0
    assert run("apply", "--detailed-exitcode", *options).code == 0


def test_each_sync_renders_anew(run, spec, demo):
    options = spec()
    run("sync", *options)
    run("sync", *options)
    first, second = (manifest_of(demo, n).splitlines() for n in (1, 2))
    same = [line for line, other in zip(first, second) if line == other]
    assert len(first) == len(second)
    changed = {line.split(":")[0].strip() for line in set(first) - set(same)}
    assert changed == {"password", "other", "uuid", "bytes", "number", "shuffled", "hash", "cipher",
                       "since", "certificate", "key", "ec", "ed"}


def test_a_sync_keeps_what_is_recorded_where_it_is_told_to(run, spec, demo):
    run("sync", *spec(1))
    run("sync", "--random", "recorded", *spec(2))
    first, second = (manifest_of(demo, n) for n in (1, 2))
    assert second == first.replace('level: "1"', 'level: "2"')


def test_other_values_make_other_passwords(run, spec):
    run("sync", *spec(1))
    shown = run("diff", "--show-secrets", *spec(2)).stdout
    assert "level: " in shown and "password: " in shown
    shown = run("diff", "--show-secrets", "--random", "recorded", "--context", "0", *spec(2)).stdout
    assert "level: " in shown and "password: " not in shown


def test_apply_installs_what_it_has_shown(run, spec, demo):
    run("sync", *spec(1))
    options = spec(2)
    run("apply", *options)
    assert manifest_of(demo, 1) != manifest_of(demo, 2)
    assert run("diff", "--detailed-exitcode", *options).code == 0


def test_a_diff_as_helm_makes_it_is_not_empty(run, spec):
    options = spec()
    run("sync", *options)
    assert run("diff", "--detailed-exitcode", "--random", "new", *options, expect=None).code == 2


def test_the_seed_is_in_the_record_and_nowhere_else(run, spec, demo):
    options = spec()
    said = run("sync", "--log-level", "debug", *options)
    path, record = record_of(demo, 1)
    seed = record["relfile"]["random"]["seed"]
    assert path.stat().st_mode & 0o777 == 0o600
    said = [said, run("diff", *options), run("status", "-o", "json", *options),
            run("history", "web", "-o", "json", *options),
            run("template", *options[:2])]
    assert not any(seed in result.stdout + result.stderr for result in said)


def test_what_is_not_random_has_no_seed(run, spec, demo):
    run("sync", *spec(template=PLAIN))
    assert "random" not in record_of(demo, 1)[1]["relfile"]


def test_a_seed_gives_the_same_each_time(run, spec):
    options = spec()[:2]
    first = run("template", "--seed", "7", *options).stdout
    assert first == run("template", *options, env={"RELFILE_SEED": "7"}).stdout
    assert first != run("template", "--seed", "8", *options).stdout
    assert 'since: "2000-01-01 00:00:00' in first
    assert 'since: "2021-01-01 00:00:00' in run(
        "template", "--seed", "7", *options,
        env={"SOURCE_DATE_EPOCH": "1609459200", "TZ": "UTC"}).stdout


def test_a_seed_gives_what_it_gave_where_other_calls_are_added(run, spec):
    line = "  {} {{{{ randAlphaNum 16 }}}}\n"
    head = PLAIN + "data:\n"
    one = run("template", "--seed", "7", *spec(template=head + line.format("a:"))[:2]).stdout
    two = run("template", "--seed", "7", *spec(
        template=head + "  b: {{ randAlphaNum 9 }}{{ uuidv4 }}\n" + line.format("a:"))[:2]).stdout
    assert one.splitlines()[-2] in two


RANDOM = {
    "randAlphaNum": "randAlphaNum 12", "randAlpha": "randAlpha 12", "randNumeric": "randNumeric 12",
    "randAscii": "randAscii 12", "randBytes": "randBytes 12", "randInt": "randInt 0 1000000000 | toString",
    "uuidv4": "uuidv4", "shuffle": 'shuffle "abcdefghijklmnopqrstuvwxyz"',
    "bcrypt": 'bcrypt "secret"', "htpasswd": 'htpasswd "ada" "secret"',
    "encryptAES": 'encryptAES "key" "secret"', "now": "now | toString",
    "genPrivateKey rsa": 'genPrivateKey "rsa"', "genPrivateKey dsa": 'genPrivateKey "dsa"',
    "genPrivateKey ecdsa": 'genPrivateKey "ecdsa"', "genPrivateKey ed25519": 'genPrivateKey "ed25519"',
    "genCA": '(genCA "ca" 365).Cert',
    "genCAWithKey": '(genCAWithKey "ca" 365 (genPrivateKey "ecdsa")).Cert',
    "genSelfSignedCert": '(genSelfSignedCert "a" nil nil 365).Key',
    "genSelfSignedCertWithKey":
        '(genSelfSignedCertWithKey "a" nil nil 365 (genPrivateKey "ecdsa")).Cert',
    "genSignedCert": '(genSignedCert "a" nil nil 365 (genCA "ca" 365)).Cert',
    "genSignedCertWithKey":
        '(genSignedCertWithKey "a" nil nil 365 (genCA "ca" 365) (genPrivateKey "ecdsa")).Cert',
}


@pytest.mark.parametrize("name", RANDOM)
def test_each_random_function_follows_the_seed(run, spec, name):
    options = spec(template=PLAIN + "data: {it: {{ %s | b64enc }}}\n" % RANDOM[name])[:2]
    first, again, other, new = (run("template", *seed, *options).stdout for seed in (
        ["--seed", "7"], ["--seed", "7"], ["--seed", "8"], []))
    assert first == again
    assert first != new
    assert (first == other) == (name == "now")  # which a seed stops, whatever it is


def test_a_profile_tells_where_time_goes(run, spec, tmp_path):
    template = ('{{ define "x" }}{{ tpl "{{ 1 }}" . }}{{ end }}' + PLAIN +
                'data: {a: "{{ include "x" . }}"}\n')
    options = spec(template=template)
    run("template", "--profile", tmp_path / "out.json", *options[:2])
    events = json.loads((tmp_path / "out.json").read_text())["traceEvents"]
    assert [e["name"] for e in events] == ["web/templates/all.yaml", "include x",
                                           "tpl web/templates/all.yaml:1"]
    assert all(e["ph"] == "X" and e["dur"] >= 0 and e["args"]["release"] == "shop/web"
               for e in events)
    assert events[0]["ts"] <= events[1]["ts"] <= events[2]["ts"]
    run("sync", "--profile", tmp_path / "out.folded", *options)
    for name in ("out.folded", "out.bytes.folded"):
        stacks = dict(line.rsplit(" ", 1) for line in (tmp_path / name).read_text().splitlines())
        assert set(stacks) == {
            "shop/web;web/templates/all.yaml", "shop/web;web/templates/all.yaml;include x",
            "shop/web;web/templates/all.yaml;include x;tpl web/templates/all.yaml:1"}
        assert all(int(weight) >= 0 for weight in stacks.values())
