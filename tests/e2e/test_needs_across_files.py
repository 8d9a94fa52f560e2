"""Releases of sub-helmfiles: in the order of the files, unless they name what they need there."""

import re


def log(name, *, waits=None, marks=None):
    """A presync hook that says when NAME begins; it waits for WAITS, or makes a file MARKS."""
    wait = f"i=0; while [ ! -e {waits} ] && [ $i -lt 200 ]; do sleep 0.05; i=$((i+1)); done; " \
        f"[ -e {waits} ] || exit 1; " if waits else ""
    mark = f"touch {marks}; " if marks else ""
    return ("hooks: [{events: [presync], command: sh, args: [-c, '" + wait + mark +
            f"echo {name} >>$LOG" + "']}]")


def files(spec):
    """infra (slow and base), then apps (api, which says what it needs, and web), then own."""
    spec.write("app/templates/config.yaml",
               "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\n")
    base = log("base")
    api = log("api", marks=spec.folder / "api-began")
    slow = log("slow", waits=spec.folder / "api-began")
    spec.write("infra.yaml", f"""
releases:
  - {{name: slow, namespace: a, chart: ./app, {slow}}}
  - {{name: base, namespace: b, chart: ./app, {base}}}
""")
    spec.write("apps.yaml", f"""
releases:
  - {{name: api, namespace: c, chart: ./app, needs: [b/base], {api}}}
  - {{name: web, namespace: c, chart: ./app, {log("web")}}}
""")
    spec.write("helmfile.yaml", f"""
helmfiles: [infra.yaml, apps.yaml]
releases:
  - {{name: own, namespace: d, chart: ./app, {log("own")}}}
""")


def begun(spec, command="sync", **options):
    path = spec.folder / "log"
    path.write_text("")
    spec(command, env={"LOG": str(path)}, **options)
    return path.read_text().split()


def test_a_release_starts_when_its_needs_of_another_file_are_there(spec):
    """api does not wait for the rest of infra: slow would never be done without it."""
    files(spec)
    order = begun(spec)
    assert order.index("base") < order.index("api") < order.index("slow")
    assert order[3:] == ["web", "own"]


def test_what_names_no_needs_waits_for_the_files_before(spec):
    files(spec)
    assert begun(spec)[-2:] == ["web", "own"]
    assert sorted(begun(spec, "apply")) == []


def test_a_need_of_another_file_that_fails_is_told(spec):
    files(spec)
    spec.write("infra.yaml", "releases: [{name: base, namespace: b, chart: ./nowhere}]")
    said = spec("sync", env={"LOG": "/dev/null"}, expect=1).stderr
    assert re.search(r"c/api\s+skipped: b/base failed", said)


def test_needs_in_a_circle_through_files_are_an_error(spec):
    files(spec)
    spec.write("infra.yaml", "releases: [{name: base, namespace: b, chart: ./app, needs: [c/api]}]")
    assert "cycle detected: " in spec("diff", expect=1).stderr


def test_uninstalling_goes_the_other_way_round(spec):
    files(spec)
    begun(spec)
    said = spec("destroy", "--yes", "--concurrency", "1", env={"LOG": "/dev/null"}).stderr
    gone = re.findall(r"✓ \w/(\w+)", said)
    assert gone.index("api") < gone.index("base") and gone[-1] in ("slow", "base")
