"""--compat and `compat:`: charts rendered as older helms render them. Each profile is held against all
programs on the PATH that are called helm, or helm with a version behind it (helm3, helm-4.1)."""

import os
import re
import subprocess

import pytest

from conftest import clean_environment, write_files

PROFILES = ("3.21", "4.1", "4.2", "4.3")

# What the versions differ in: nulls of defaults, white space around "---", the order of webhooks.
FILES = {
    "Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n"
                  "- {name: db, version: 0.1.0, import-values: [{child: out, parent: taken}, data]}\n"
                  "- {name: db, version: 0.1.0, alias: other, condition: other.enabled}\n",
    "values.yaml": "gone: null\nlist: null\ndeep: {gone: null, deeper: {gone: null, kept: 1}, empty: null}\n"
                   "global: {gone: null, zone: {gone: null, a: b}}\n"
                   "db: {size: null, map: {a: null, b: 2}, extra: null}\n"
                   "other: {enabled: true, size: null, global: {own: null}}\ntaken: {a: null}\n",
    "templates/a.yaml": "kind: ConfigMap\nvalues: {{ .Values | toJson }}\n\n\n",
    "templates/b.yaml": "---   \n---\n  a: 1\n\n\n---\n# nothing\n---a: 3\n---\t\nkind: Job\n   \n--- # words\nc: 4\n",
    "templates/c.yaml": "\n\n\nkind: ValidatingWebhookConfiguration\n---\nkind: Zebra\n---\nkind: MutatingWebhookConfiguration\n"
                        "---\nkind: APIService\n---\nkind: Aardvark\n",
    "templates/d.yaml": "text: |\n  a\n\n  ---\n  b\n\n\n---\n---\n---\n",
    "templates/e.yaml": "kind: Hook\nmetadata:\n  annotations: {helm.sh/hook: test}\n\n\n",
    "charts/db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 0.1.0\n",
    "charts/db/values.yaml": "size: 1\nmap: {a: 1, b: null, c: {d: null}}\nnothing: null\n"
                             "out: {a: 1, b: null}\nexports: {data: {x: null, y: 1}}\nglobal: {zone: {c: null}, sub: null}\n",
    "charts/db/templates/a.yaml": "kind: ConfigMap\nvalues: {{ .Values | toJson }}\n",
}
USERS = {
    "none": "{}\n",
    "nulls": "deep: {deeper: {kept: null}, new: null}\ndb: {map: null, new: null}\nother: {map: {a: null}}\nlist: null\n",
    "maps": "gone: {a: null}\ndb: {map: {c: {d: 1}}}\nglobal: {zone: {a: null, new: null}}\ndeep: null\n",
    "globals": "global: null\nother: {global: {zone: null}}\n",
    "more": "deep: {gone: 1}\ndb: {size: {a: null}, map: {b: {c: null}}}\ntaken: null\n",
}


def helms():
    """(profile, program) of all helms on the PATH."""
    found = {}
    for folder in os.environ["PATH"].split(os.pathsep):
        for name in sorted(os.listdir(folder) if os.path.isdir(folder) else []):
            path = os.path.join(folder, name)
            if re.fullmatch(r"helm-?v?[\d.]*", name) and os.access(path, os.X_OK):
                text = subprocess.run([path, "version", "--short"], capture_output=True, encoding="utf-8", check=False).stdout
                version = re.match(r"v?(\d+\.\d+)", text)
                if version and version[1] in PROFILES:
                    found.setdefault(version[1], path)
    return found


HELMS = helms()


@pytest.fixture
def chart(tmp_path):
    write_files(tmp_path / "web", FILES)
    for name, text in USERS.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    return tmp_path


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("profile", PROFILES)
def test_each_profile_is_what_that_helm_prints(run, chart, home, profile, user):
    if profile not in HELMS:
        pytest.skip(f"there is no helm {profile}")
    line = ["template", "x", "./web", "-f", f"{user}.yaml", "--kube-version", "1.30.0"]
    for options in ([], ["-s", "templates/b.yaml"], ["-s", "templates/[cd].yaml"]):
        theirs = subprocess.run([HELMS[profile], *line, *options], cwd=chart, env=clean_environment(home), capture_output=True,
                                encoding="utf-8", check=False)
        ours = run("chart", *line, *options, "--compat", profile, cwd=chart, expect=None)
        assert (ours.stdout, ours.code == 0) == (theirs.stdout, theirs.returncode == 0), theirs.stderr + ours.stderr


def test_profiles_differ(run, chart):
    texts = [run("chart", "template", "./web", "--compat", profile, "--kube-version", "1.30", cwd=chart).stdout for profile in PROFILES]
    assert texts[0] != texts[1] != texts[2] == texts[3]
    assert texts[3] == run("chart", "template", "./web", "--kube-version", "1.30", cwd=chart).stdout


@pytest.mark.parametrize("spec, options, profile", [
    ("{}", [], "4.3"), ("{compat: '3.21'}", [], "3.21"), ("{compat: '4.1'}", ["--compat", "3.21"], "3.21"),
    ("{compat: '4.1', releases: [{name: x, namespace: default, chart: ./web, compat: '4.2'}]}", [], "4.2"),
])
def test_a_spec_says_which_helm_its_charts_are_for(run, chart, spec, options, profile):
    (chart / "helmfile.yaml").write_text(
        spec if "releases" in spec else spec[:-1] + (", " if len(spec) > 2 else "") + "releases: [{name: x, namespace: default, chart: ./web}]}")
    ours = run("template", *options, cwd=chart).stdout
    assert ours == run("chart", "template", "x", "./web", "--compat", profile, cwd=chart).stdout + "\n"


def test_a_helm_that_is_not_known_is_an_error(run, chart):
    assert "it can be: 4.3, 4.2, 4.1, 3.21" in run("chart", "template", "./web", "--compat", "2.0", cwd=chart, expect=3).stderr
    (chart / "helmfile.yaml").write_text("compat: '5.0'\nreleases: [{name: x, chart: ./web}]\n")
    assert 'helmfile.yaml:1:9: there is no compatibility with helm "5.0"' in run("template", cwd=chart, expect=1).stderr.replace("\n  --> ", "")  \
        or "5.0" in run("template", cwd=chart, expect=1).stderr


# ---- the migration report

SPEC = "compat: '4.1'\nkubeVersion: 1.30.0\nreleases:\n- {name: x, namespace: default, chart: ./web, values: [maps.yaml]}\n"


def test_the_report_tells_which_objects_differ_and_why(run, chart):
    (chart / "helmfile.yaml").write_text(SPEC)
    text = run("compat", "check", "--detailed-exitcode", cwd=chart, expect=2).stdout
    assert re.search(r"^default/x: 16 objects, 4 differ between helm 4.1 and helm 4.3$", text, flags=re.M)
    assert "ConfigMap  (web/templates/a.yaml)\n" in text
    assert "why: the value .list is null with helm 4.1, and not there with helm 4.3\n" in text
    assert run("compat", "check", "--to", "4.1", "--detailed-exitcode", cwd=chart).stdout == \
        "default/x: 16 objects, 0 differ between helm 4.1 and helm 4.1\n"
    assert "and so does their order" in run("compat", "check", "--compat", "3.21", cwd=chart).stdout


@pytest.mark.parametrize("profile", PROFILES)
def test_the_report_holds_relfile_against_a_real_helm(run, chart, profile):
    if profile not in HELMS:
        pytest.skip(f"there is no helm {profile}")
    (chart / "helmfile.yaml").write_text(SPEC)
    for name in "bd":  # where older helms print what cannot be told apart again
        (chart / "web" / "templates" / f"{name}.yaml").unlink()
    text = run("compat", "check", "--compat", profile, "--against", HELMS[profile], "--detailed-exitcode", cwd=chart, expect=None)
    assert text.code == 0, text.stdout
    assert f"default/x: 9 objects, 0 differ between helm {profile} and {HELMS[profile]}" in text.stdout


def test_a_helm_that_is_not_there_is_an_error(run, chart):
    (chart / "helmfile.yaml").write_text(SPEC)
    assert "nowhere-helm" in run("compat", "check", "--against", "nowhere-helm", cwd=chart, expect=1).stderr
