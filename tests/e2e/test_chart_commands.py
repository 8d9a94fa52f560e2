"""relfile chart create, lint, show, package, verify, test-values. Where helm is on the PATH it does the
same, and reads what relfile writes."""

import io
import shutil
import subprocess
import tarfile

import pytest

import charts
from conftest import clean_environment, write_files
from signing import keys  # noqa: F401

BROKEN = {
    "Chart.yaml": "apiVersion: v3\nname: a/b\nversion: '1'\nappVersion: 2\nicon: nothing\ncolour: red\n"
                  "maintainers: [{name: Ada, email: nowhere}]\nsources: [nothing]\n",
    "templates/a.yaml": "  indented: true\n",
}
POOR = {
    "Chart.yaml": "apiVersion: v2\nname: poor\nversion: v1.0\nappVersion: 1.5\ncolour: red\n"
                  "dependencies:\n- {name: there, version: 0.1.0}\n- {name: gone, version: 1.0.0, condition: no}\n",
    "values.yaml": "replicas: 1\n",
    "values.schema.json": '{"properties": {"replicas": {"type": "integer"}}}',
    "charts/there/Chart.yaml": "apiVersion: v2\nname: there\nversion: 0.1.0\n",
    "charts/other/Chart.yaml": "apiVersion: v2\nname: other\nversion: 0.1.0\n",
    "crds/a.yaml": "apiVersion: v1\nkind: ConfigMap\n",
    "templates/a.yaml": "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: Wrong_Name}\n"
                        "---\n# nothing\n---\nkind: Service\napiVersion: v1\nmetadata: {name: 1st}\n",
    "templates/b.yaml": "{{ required \"a name is needed\" .Values.nowhere }}\n",
    "templates/c.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n",
    "templates/d.yaml": "kind: List\nitems: [{metadata: {annotations: {helm.sh/resource-policy: keep}}}]\n",
    "templates/e.json": "{}",
    "templates/NOTES.txt": "{{ fail \"never\" }}",
}


@pytest.fixture
def chart(run, tmp_path):
    run("chart", "create", "web", cwd=tmp_path)
    return tmp_path / "web"


@pytest.fixture
def helm(home):
    if not shutil.which("helm"):
        pytest.skip("there is no helm")

    def helm(*arguments, cwd):
        return subprocess.run(["helm", *map(str, arguments)], cwd=cwd, env=clean_environment(home),
                              capture_output=True, encoding="utf-8", check=False)

    return helm


# ---- create, test-values

def test_a_new_chart_is_a_good_one(run, chart):
    text = run("chart", "lint", "--strict", "web", cwd=chart.parent).stdout
    assert "[WARNING]" not in text and "1 chart(s) linted, 0 chart(s) failed" in text
    assert run("chart", "test-values", "web", cwd=chart.parent).stdout == \
        "values.yaml: 4 objects, fine\nci/all-values.yaml: 7 objects, fine\n"


def test_the_objects_of_a_new_chart_are_ones_that_a_cluster_takes(run, chart, demo):
    """The demo target holds objects against the fields that Kubernetes has."""
    spec = chart.parent / "helmfile.yaml"
    spec.write_text("releases:\n- {name: web, chart: ./web, values: [web/ci/all-values.yaml]}\n"
                    "- {name: plain, chart: ./web}\n")
    text = run("sync", *demo.options, cwd=chart.parent).stderr
    assert "unknown field" not in text


def test_a_new_chart_is_helms_too(run, helm, chart):
    for values in ([], ["-f", "web/ci/all-values.yaml"]):
        line = ["x", "web", *values]
        assert helm("template", *line, cwd=chart.parent).stdout == run("chart", "template", *line, cwd=chart.parent).stdout
    assert helm("lint", "--strict", "web", cwd=chart.parent).returncode == 0


@pytest.mark.parametrize("name", ["a b", "ä", "..", "a/.."])
def test_charts_are_not_called_just_anything(run, tmp_path, name):
    run("chart", "create", name, cwd=tmp_path, expect=3)


def test_a_starter_is_copied(run, chart):
    (chart / "templates" / "own.yaml").write_text("name: <CHARTNAME>\n")
    run("chart", "create", "new", "--starter", chart, cwd=chart.parent)
    assert (chart.parent / "new" / "templates" / "own.yaml").read_text() == "name: new\n"
    assert "name: new\n" in (chart.parent / "new" / "Chart.yaml").read_text()


def test_values_that_make_no_objects_fail(run, chart):
    (chart / "ci" / "bad-values.yaml").write_text("replicas: many\n")
    (chart / "templates" / "x.yaml").write_text("{{ if eq .Values.replicas 3.0 }}kind: Pod{{ end }}\n")
    result = run("chart", "test-values", "web", cwd=chart.parent, expect=1)
    assert "ci/all-values.yaml: web/templates/x.yaml" in result.stdout
    assert "at '/replicas': got string, want integer" in result.stdout


# ---- lint

@pytest.mark.parametrize("options", [[], ["--quiet"], ["--strict"], ["--kube-version", "1.20"],
                                     ["--set", "replicas=x"], ["--with-subcharts"]], ids=" ".join)
def test_lint_says_what_helm_says(run, helm, tmp_path, options):
    write_files(tmp_path / "poor", POOR)
    theirs = helm("lint", "poor", *options, cwd=tmp_path)
    ours = run("chart", "lint", "poor", *options, cwd=tmp_path, expect=None)
    assert ours.stdout == theirs.stdout
    assert (ours.code == 0) == (theirs.returncode == 0)


TWICE = {
    "of the file": "name: twice\n",
    "in a map, in flow style, and of other kinds": "annotations:\n  a: x\n  a: y\nkeywords: []\n1: 2\n1: 3\ntrue: 1\ntrue: 2\n",
    "beside unknown ones": "colour: red\ncolour: blue\n",
}


@pytest.mark.parametrize("what", TWICE)
def test_lint_finds_keys_that_are_there_twice(run, helm, tmp_path, what):
    write_files(tmp_path / "twice", {"Chart.yaml": f"apiVersion: v2\nname: twice\nversion: 1.0.0\n{TWICE[what]}"})
    ours = run("chart", "lint", "twice", cwd=tmp_path)
    assert "already set in map" in ours.stdout
    assert ours.stdout == helm("lint", "twice", cwd=tmp_path).stdout


def test_lint_finds_what_is_wrong_with_a_chart(run, tmp_path):
    write_files(tmp_path / "broken", BROKEN)
    text = run("chart", "lint", "broken", "nowhere", cwd=tmp_path, expect=1).stdout
    for message in ("apiVersion 'v3' is not valid", 'chart name "a/b" is invalid', "appVersion should be of type string",
                    "invalid email 'nowhere'", "invalid source URL 'nothing'", "invalid icon URL", 'unknown field "colour"',
                    "version '1' is not a valid SemVerV2", "unable to check Chart.yaml file"):
        assert message in text
    assert "linted" not in text


# ---- show

@pytest.mark.parametrize("what", ["all", "chart", "values", "readme", "crds"])
def test_show_prints_what_helm_prints(run, helm, tmp_path, what):
    write_files(tmp_path / "c", {**POOR, "README.md": "# Poor\n", "charts/there/crds/b.yml": "---\nkind: X\n"})
    assert helm("show", what, "c", cwd=tmp_path).stdout == run("chart", "show", what, "c", cwd=tmp_path).stdout


JSONPATHS = [
    "{.image}", "{.image.tag}", ".image", "{.big} {.f}", "{.none}", "{.nowhere}", "{.list[0]}{.list[-1]}", "{.list[1:3]}",
    "{.list[::2]}", "{.list[9]}", "{.list[*]}", "{.list[0,2]}", "{.items[*].name}", '{.items[?(@.name=="b")].port}',
    "{.items[?(@.port>100.0)].name}", "{.items[?(@.port==80)].name}", "{.items[?(@.on)].name}", "{..port}",
    '{range .items[*]}{.name}={.port}{"\\n"}{end}x', "{range .empty[*]}x{end}y", "{range .list[*]}{@}", "{.items[1].a\\.b}",
    "{['image']['tag']}", "{.s.*}", "{.empty}{.items[0]}", "{}", "{true}{1.50}{'it\\'s'}", "{end}", "{.items[?(1==1)].name}",
    "{", "{.b", "{#}", "{€}", "{.list[a]}", "{.list[-]}", "{.list[1", '{"a', "{.items[?(@.a", "{.items[?(@.a)x", "{1.2.3}"]


@pytest.mark.parametrize("template", JSONPATHS)
def test_what_a_template_finds_in_values_is_what_helm_finds(run, helm, tmp_path, template):
    write_files(tmp_path / "c", {"Chart.yaml": POOR["Chart.yaml"], "values.yaml":
                           'image: {tag: "1.2"}\nbig: 1000000\nf: 1.5\nnone: null\ns: "é\\n"\nlist: [1, 2, 3, <&>]\n'
                           "empty: []\nitems:\n- {name: a, port: 80, \"on\": true}\n- {name: b, port: 443, a.b: x}\n"})
    theirs = helm("show", "values", "c", "--jsonpath", template, cwd=tmp_path)
    ours = run("chart", "show", "values", "c", "--jsonpath", template, cwd=tmp_path, expect=None)
    assert (ours.stdout, ours.code != 0) == (theirs.stdout, theirs.returncode != 0)
    assert theirs.stderr.removeprefix("Error: ").strip() in ours.stderr


def test_a_template_prints_of_values_what_it_finds(run, chart):
    assert run("chart", "show", "values", chart, "--jsonpath", "{.image.pullPolicy}").stdout == "IfNotPresent"
    assert "unclosed action" in run("chart", "show", "values", chart, "--jsonpath", "{.a", expect=3).stderr


@pytest.mark.parametrize("line", [["inspect", "chart"], ["dep", "ls"], ["dependencies", "list"]], ids=" ".join)
def test_helms_other_words_for_commands_are_known(run, helm, tmp_path, line):
    write_files(tmp_path / "c", POOR)
    assert helm(*line, "c", cwd=tmp_path).stdout == run("chart", *line, "c", cwd=tmp_path).stdout != ""


def test_show_prints_what_is_there(run, chart):
    assert run("chart", "show", "values", chart).stdout == (chart / "values.yaml").read_text() + "\n"
    assert "name: web\n" in run("chart", "show", "chart", chart).stdout


# ---- package

def test_packages_are_the_same_each_time(run, chart):
    for folder in ("one", "two"):
        text = run("chart", "package", "web", "-d", folder, cwd=chart.parent).stdout
        assert text == f"Successfully packaged chart and saved it to: {folder}/web-0.1.0.tgz\n"
    one, two = [(chart.parent / folder / "web-0.1.0.tgz").read_bytes() for folder in ("one", "two")]
    assert one == two
    with tarfile.open(fileobj=io.BytesIO(one)) as archive:
        assert {info.mtime for info in archive} == {0}
        assert "web/ci/all-values.yaml" not in archive.getnames()  # .helmignore
    run("chart", "package", "web", "-d", "one", cwd=chart.parent, env={"SOURCE_DATE_EPOCH": "86400"})
    with tarfile.open(chart.parent / "one" / "web-0.1.0.tgz") as archive:
        assert {info.mtime for info in archive} == {86400}


def test_helm_reads_packages_with_names_of_all_kinds(run, helm, chart):
    write_files(chart, {"files/" + "long" * 40 + ".txt": "long", "files/äöü.txt": "wide",
                  "templates/f.yaml": "{{ range $n, $_ := .Files }}# {{ $n }}\n{{ end }}"})
    run("chart", "package", "web", "--version", "2.0.0", "--app-version", "9", cwd=chart.parent)
    line = ["x", "web-2.0.0.tgz"]
    ours = run("chart", "template", *line, cwd=chart.parent).stdout
    assert "äöü.txt" in ours and "web-2.0.0" in ours and "longlong.txt" in ours
    assert helm("template", *line, cwd=chart.parent).stdout == ours
    theirs = helm("package", "web", "-d", "theirs", "--version", "2.0.0", "--app-version", "9", cwd=chart.parent)
    assert theirs.returncode == 0

    def contents(path):
        with tarfile.open(path) as archive:
            return [(info.name, archive.extractfile(info).read()) for info in archive]

    assert contents(chart.parent / "theirs/web-2.0.0.tgz") == contents(chart.parent / "web-2.0.0.tgz")


@pytest.mark.parametrize("files, options, message", [
    ({"Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\ndependencies: [{name: gone, version: 1.0.0}]\n"}, [], "missing in charts/"),
    ({"values.schema.json": "{"}, [], "invalid JSON in values.schema.json"),
    ({}, ["--version", "one"], '"one" is no version'),
    ({}, ["--sign"], "--key is required"),
    ({"Chart.yaml": "apiVersion: v2\nname: ..\nversion: 0.1.0\n"}, [], '".." is not allowed'),
    ({"Chart.yaml": "apiVersion: v2\nname: a/../../b\nversion: 0.1.0\n"}, [], "invalid"),
])
def test_what_cannot_be_packed_is_not(run, chart, files, options, message):
    write_files(chart, files)
    assert message in run("chart", "package", "web", "-d", "out", *options, cwd=chart.parent, expect=None).stderr
    assert not list(chart.parent.rglob("*.tgz"))


def test_a_link_where_the_archive_goes_is_not_followed(run, chart):
    """CVE-2025-53547"""
    victim = chart.parent / "victim"
    victim.write_text("mine")
    (chart.parent / "web-0.1.0.tgz").symlink_to(victim)
    run("chart", "package", "web", cwd=chart.parent)
    assert victim.read_text() == "mine"


def test_dependencies_are_fetched_before_packing(run, tmp_path):
    charts.write_chart(tmp_path / "db", "db", "0.1.0")
    charts.write_chart(tmp_path / "shop", "shop", "1.0.0",
                       "dependencies:\n- {name: db, version: ^0, repository: 'file://../db'}\n")
    run("chart", "package", "shop", cwd=tmp_path, expect=1)
    run("chart", "package", "shop", "--dependency-update", cwd=tmp_path)
    with tarfile.open(tmp_path / "shop-1.0.0.tgz") as archive:
        assert "shop/charts/db/Chart.yaml" in archive.getnames()


# ---- provenance

@pytest.fixture
def signed(run, chart, keys):
    run("chart", "package", "web", "--sign", "--key", "ada@example.com", "--keyring", keys / "secret.gpg",
        "--passphrase-file", keys / "word", cwd=chart.parent)
    return chart.parent / "web-0.1.0.tgz"


def test_a_signed_archive_is_proved(run, signed, keys):
    for keyring in ("public.gpg", "public.asc"):
        text = run("chart", "verify", signed, "--keyring", keys / keyring).stdout
        assert text.startswith("Signed by: ada <ada@example.com>\nUsing Key With Fingerprint: ")
        assert "\nChart Hash Verified: sha256:" in text


def test_helm_proves_it_too_and_the_other_way_round(run, helm, signed, keys):
    theirs = helm("verify", signed, "--keyring", keys / "public.gpg", cwd=signed.parent)
    assert theirs.stdout == run("chart", "verify", signed, "--keyring", keys / "public.gpg").stdout
    helm("package", "web", "-d", "theirs", "--sign", "--key", "ada@example.com", "--keyring", keys / "secret.gpg",
         "--passphrase-file", keys / "word", cwd=signed.parent)
    run("chart", "verify", "theirs/web-0.1.0.tgz", "--keyring", keys / "public.gpg", cwd=signed.parent)


def tampered(signed, how):
    prov = signed.with_name(signed.name + ".prov")
    if how == "the archive":
        signed.write_bytes(signed.read_bytes() + b"x")
    elif how == "the message":
        prov.write_text(prov.read_text().replace("version: 0.1.0", "version: 0.2.0"))
    elif how == "the digest":
        prov.write_text(prov.read_text().replace("sha256:", "sha256:0"))
    elif how == "no signature":
        prov.write_text("name: web\n\n...\nfiles:\n  web-0.1.0.tgz: sha256:0\n")
    elif how == "text before the signature":
        prov.write_text("files:\n  web-0.1.0.tgz: sha256:0\n\n...\n" + prov.read_text().replace("sha256:", "sha256:1", 1))
    elif how == "empty":
        prov.write_text("")
    elif how == "no file":
        prov.unlink()
    elif how == "another name":
        signed.rename(signed.with_name("api-0.1.0.tgz"))
        prov.rename(signed.with_name("api-0.1.0.tgz.prov"))
        return signed.with_name("api-0.1.0.tgz")
    return signed


@pytest.mark.parametrize("how", ["the archive", "the message", "the digest", "no signature", "text before the signature",
                                 "empty", "no file", "another name"])
def test_what_was_changed_is_not_proved(run, signed, keys, how):
    archive = tampered(signed, how)
    result = run("chart", "verify", archive, "--keyring", keys / "public.gpg", expect=1)
    assert result.stdout == ""


@pytest.mark.parametrize("keyring", ["other.gpg", "nowhere.gpg", "word"])
def test_keys_that_are_not_trusted_prove_nothing(run, signed, keys, keyring):
    assert run("chart", "verify", signed, "--keyring", keys / keyring, expect=1).stdout == ""


def test_a_key_that_is_not_there_signs_nothing(run, chart, keys):
    run("chart", "package", "web", "--sign", "--key", "nobody", "--keyring", keys / "secret.gpg", cwd=chart.parent, expect=1)
    assert not list(chart.parent.glob("*.prov"))


# ---- attacks

def archive_with(path, entries):
    with tarfile.open(path, "w:gz") as archive:
        for info, data in entries:
            if isinstance(info, str):
                info = tarfile.TarInfo(info)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def link(name, target, kind):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


CHART = ("web/Chart.yaml", b"apiVersion: v2\nname: web\nversion: 0.1.0\n")


@pytest.mark.parametrize("entry", ["web/../../escaped", "/etc/escaped", "web/..\\..\\escaped", "web/C:\\escaped",
                                   "../escaped", "web/" + "d/" * 300 + "../" * 302 + "escaped"])
@pytest.mark.parametrize("command", [["template"], ["lint"], ["show", "all"]], ids=" ".join)
def test_archives_write_nothing_beside_them(run, tmp_path, command, entry):
    """CVE-2019-1000008"""
    archive_with(tmp_path / "web.tgz", [CHART, (entry, b"x")])
    run("chart", *command, "web.tgz", cwd=tmp_path, expect=None)
    assert {path.name for path in tmp_path.rglob("*")} == {"web.tgz", "home"}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_links_in_archives_lead_nowhere(run, tmp_path, kind):
    """CVE-2026-50163, CVE-2026-50162"""
    (tmp_path / "secret").write_text("hidden words")
    archive_with(tmp_path / "web.tgz", [CHART, (link("web/files/a", str(tmp_path / "secret"), kind), b""),
                                        ("web/templates/a.yaml", b"a: {{ .Files.Get \"files/a\" | quote }}\n")])
    for command in (["template"], ["lint"], ["show", "all"]):
        result = run("chart", *command, "web.tgz", cwd=tmp_path, expect=None)
        assert "hidden words" not in result.stdout + result.stderr


def test_bombs_are_an_error(run, tmp_path):
    """CVE-2025-32386"""
    archive_with(tmp_path / "web.tgz", [CHART, ("web/files/zeros", bytes(120 << 20))])
    assert "too large" in run("chart", "template", "web.tgz", cwd=tmp_path, expect=1).stderr


@pytest.mark.parametrize("schema", [
    '{"$ref": "#"}', '{"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}',
    '{"allOf": ' * 5000 + "{}" + "}" * 5000, '{"properties": {"a": {"pattern": "(a+)+$"}}}',
    '{"maxItems": 1e400}', "[" * 100000, '{"$ref": "http://169.254.169.254/latest"}',
])
def test_schemas_end(run, tmp_path, schema):
    """CVE-2025-32387, CVE-2025-55199"""
    write_files(tmp_path / "web", {"Chart.yaml": CHART[1].decode(), "values.schema.json": schema,
                             "values.yaml": f"a: {'a' * 40}!\n", "templates/a.yaml": "a: 1\n"})
    for command in ("template", "lint", "test-values"):
        assert run("chart", command, "web", cwd=tmp_path, expect=None).code in (0, 1)


@pytest.mark.parametrize("expression", ["a[999999999]=1", "a" + ".b" * 1000 + "=1", 'a="', "a[0" * 3000, "a[-1]=1"])
def test_set_expressions_end(run, chart, expression):
    """CVE-2022-36055, CVE-2022-23524"""
    assert run("chart", "template", "web", "--set", expression, cwd=chart.parent, expect=None).code in (0, 1)
