"""Charts that are wrong, and all that users are told about it."""

import gzip
import io
import tarfile

from bad_input import CHART, RELEASE, Case, cases, check, fifo, folder, link, text

METADATA = CHART["web/Chart.yaml"]


def chart(*files, metadata=METADATA, **more):
    """A spec with the chart web in it: of (name, text) each."""
    made = {"helmfile.yaml": RELEASE, "web/Chart.yaml": metadata}
    made.update({f"web/{name}": content for name, content in files})
    return {**made, **more}


def template(content):
    return chart(("templates/map.yaml", content))


def case(name, files, stderr, code=1, args=("template",), **more):
    return Case(name, files, stderr, args, code, **more)


LOADING = (
    case("the chart is not there", {"helmfile.yaml": RELEASE}, TODO),
    case("the chart is an empty folder", {"helmfile.yaml": RELEASE, "web": folder}, TODO),
    case("the chart has no Chart.yaml",
         {"helmfile.yaml": RELEASE, "web/templates/a.yaml": ""}, TODO),
    case("the chart is a file", {"helmfile.yaml": RELEASE, "web": "hello\n"}, TODO),
    case("the chart is a pipe", {"helmfile.yaml": RELEASE, "web": fifo}, TODO),
    case("the chart is in a repository",
         {"helmfile.yaml": "releases:\n- name: web\n  chart: stable/web\n"}, TODO),
    case("the chart is in a registry",
         {"helmfile.yaml": "releases:\n- name: web\n  chart: oci://example.com/web\n"}, TODO),
    case("Chart.yaml is no YAML", chart(metadata="name: [\n"), TODO),
    case("Chart.yaml is a list", chart(metadata="- a\n"), TODO),
    case("Chart.yaml is empty", chart(metadata=""), TODO),
    case("Chart.yaml has no name", chart(metadata="apiVersion: v2\nversion: 1.0.0\n"), TODO),
    case("Chart.yaml has no version", chart(metadata="apiVersion: v2\nname: web\n"), TODO),
    case("Chart.yaml has a version that is none",
         chart(metadata="apiVersion: v2\nname: web\nversion: one\n"), TODO),
    case("Chart.yaml has no apiVersion", chart(metadata="name: web\nversion: 1.0.0\n"), TODO),
    case("Chart.yaml has a wrong apiVersion",
         chart(metadata="apiVersion: v9\nname: web\nversion: 1.0.0\n"), TODO),
    case("Chart.yaml has a path for a name",
         chart(metadata="apiVersion: v2\nname: ../web\nversion: 1.0.0\n"), TODO),
    case("Chart.yaml has a map where a text should be",
         chart(metadata="apiVersion: v2\nname: {a: b}\nversion: 1.0.0\n"), TODO),
    case("Chart.yaml has an escape of the terminal in its name",
         chart(metadata='apiVersion: v2\nname: "w\\x1b[31mb"\nversion: 1.0.0\n'), TODO),
    case("Chart.yaml has a type that is none",
         chart(metadata=METADATA + "type: thing\n"), TODO),
    case("the chart is a library", chart(metadata=METADATA + "type: library\n"), TODO),
    case("a dependency is not in charts/", chart(metadata=METADATA + text("""\
        dependencies:
        - name: database
          version: 1.0.0
          repository: https://example.com
        """)), TODO),
    case("two dependencies have one name", chart(metadata=METADATA + text("""\
        dependencies:
        - name: database
          version: 1.0.0
        - name: database
          version: 1.0.0
        """)), TODO),
    case("the chart wants another Kubernetes",
         chart(metadata=METADATA + "kubeVersion: '>= 99.0.0'\n"), TODO),
    case("the chart wants a Kubernetes that is no version",
         chart(metadata=METADATA + "kubeVersion: 'new'\n"), TODO),
    case("a chart in charts/ has no Chart.yaml", chart(("charts/sub/values.yaml", "a: 1\n")), TODO),
    case("values.yaml is no YAML", chart(("values.yaml", "a: 1\nb: [\n")), TODO),
    case("values.yaml is a list", chart(("values.yaml", "- a\n")), TODO),
    case("values.yaml has bytes that are no UTF-8", chart(("values.yaml", b"a: \xff\n")), TODO),
    case("values.yaml is a folder", chart(("values.yaml", folder)), TODO),
    case("values do not fit the schema", chart(
        ("values.yaml", "replicas: many\n"),
        ("values.schema.json", '{"properties": {"replicas": {"type": "integer"}}}')), TODO),
    case("the schema is no JSON", chart(("values.schema.json", '{"type": ')), TODO),
    case("Chart.lock is no YAML", chart(("Chart.lock", "a: [\n")), TODO),
    case("a folder links to itself", chart(("templates/again", link("../templates"))), TODO),
    case("a link leads to itself", chart(("templates/a.yaml", link("a.yaml"))), TODO),
    case("a link leads nowhere", chart(("templates/a.yaml", link("nowhere"))), TODO),
    case("a file is a pipe", chart(("templates/a.yaml", fifo)), TODO),
    case("a file is a device", chart(("templates/a.yaml", link("/dev/zero"))), TODO),
    case(".helmignore is wrong", chart((".helmignore", "a/**/b\n")), TODO),
)


@cases(*LOADING)
def test_charts_that_cannot_be_loaded(run, tmp_path, case):
    check(run, tmp_path, case)


def member(name, content=b"", **more):
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in more.items():
        setattr(info, key, value)
    return info, content


CHART_MEMBER = member("web/Chart.yaml", METADATA.encode())


def archive(*members):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", format=tarfile.GNU_FORMAT) as tar:
        for info, content in members:
            tar.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def packed(data):
    return {"helmfile.yaml": "releases:\n- name: web\n  chart: ./web.tgz\n", "web.tgz": data}


def bomb():
    """Little to fetch, much to unpack."""
    return gzip.compress(bytes(200 << 20))


def half(data):
    return data[:len(data) // 2]


LARGE = member("web/templates/a.yaml", bytes(range(256)) * 4096)

ARCHIVES = (
    case("no archive at all", packed(b"hello\n"), TODO),
    case("an empty file", packed(b""), TODO),
    case("gzip of what is no archive", packed(gzip.compress(b"hello\n")), TODO),
    case("a truncated archive", packed(half(archive(CHART_MEMBER, LARGE))), TODO),
    case("an archive with a wrong check sum",
         packed(archive(CHART_MEMBER)[:-8] + b"\0\0\0\0\0\0\0\0"), TODO),
    case("a name that leads out", packed(archive(
        CHART_MEMBER, member("web/../../evil", b"x"))), TODO),
    case("a name that leads out at once", packed(archive(
        CHART_MEMBER, member("../evil", b"x"))), TODO),
    case("a name from the root on", packed(archive(
        CHART_MEMBER, member("/etc/evil", b"x"))), TODO),
    case("a name of another system", packed(archive(
        CHART_MEMBER, member("web/c:\\evil", b"x"))), TODO),
    case("a link that leads out", packed(archive(
        CHART_MEMBER, member("web/templates/a.yaml", type=tarfile.SYMTYPE,
                             linkname="/etc/passwd"))), TODO),
    case("a name that is no UTF-8", packed(archive(
        CHART_MEMBER, member("web/templates/\udcff.yaml", b"{{ fail `x` }}"))), TODO),
    case("a name with an escape of the terminal", packed(archive(
        CHART_MEMBER, member("web/templates/\x1b[31m.yaml", b"{{ fail `x` }}"))), TODO),
    case("a bomb", {"helmfile.yaml": "releases:\n- name: web\n  chart: ./web.tgz\n",
                    "web.tgz": lambda path: path.write_bytes(bomb())}, TODO),
    case("a bomb in one file", {
        "helmfile.yaml": "releases:\n- name: web\n  chart: ./web.tgz\n",
        "web.tgz": lambda path: path.write_bytes(
            archive(CHART_MEMBER, member("web/a", bytes(200 << 20))))}, TODO),
    case("Chart.yaml where no folder is",
         packed(archive(member("Chart.yaml", METADATA.encode()))), TODO),
    case("a chart in the archive that is broken", packed(archive(
        CHART_MEMBER, member("web/charts/sub-1.0.0.tgz", b"hello"))), TODO),
)


@cases(*ARCHIVES)
def test_archives(run, tmp_path, case):
    check(run, tmp_path, case)
    assert not list(tmp_path.rglob("evil"))


HELPERS = ("templates/_helpers.tpl", """\
    {{ define "web.labels" -}}
    app: {{ .Values.app.name }}
    {{- end }}
    {{ define "web.loop" }}{{ include "web.loop" . }}{{ end }}
    """)
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n"
SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: web\n"

RENDERING = (
    case("a template that does not parse", template(OBJECT + "data: {{ .Values.a\n"), TODO),
    case("a function there is not", template(OBJECT + "data: {{ toYmal .Values }}\n"), TODO),
    case("an if without an end", template(OBJECT + "{{ if .Values.a }}\ndata: {}\n"), TODO),
    case("a nil pointer", template(OBJECT + "data: {{ .Values.a.b }}\n"), TODO),
    case("a wrong argument", template(OBJECT + "data: {{ nindent \"a\" 3 }}\n"), TODO),
    case("a template that fails where it is included", chart(
        HELPERS, ("templates/map.yaml",
                  OBJECT + "  labels: {{- include \"web.labels\" . | nindent 4 }}\n")), TODO),
    case("a template that is not there",
         template(OBJECT + "  labels: {{ include \"web.lables\" . }}\n"), TODO),
    case("fail", template('{{ fail "set a host" }}\n'), TODO),
    case("required", template('a: {{ required "set a host" .Values.host }}\n'), TODO),
    case("fail of many lines", template('{{ fail "set a host\\nor none\\n" }}\n'), TODO),
    case("fail with an escape of the terminal",
         template('{{ fail "\\x1b[31mred\\x1b]0;title\\x07" }}\n'), TODO),
    case("what comes out is no YAML", template(OBJECT + "data: [\n"), TODO),
    case("what comes out has a wrong indentation",
         template(OBJECT + "data:\n{{ print \"  a: 1\\n b: 2\" }}\n"), TODO),
    case("what comes out is a text", template("hello\n"), TODO),
    case("what comes out is a list", template("- a\n"), TODO),
    case("what comes out has no kind", template("apiVersion: v1\nmetadata:\n  name: web\n"), TODO),
    case("what comes out has no name", template("apiVersion: v1\nkind: ConfigMap\n"), TODO),
    case("what comes out has no kind, where it is compared",
         template("apiVersion: v1\nmetadata:\n  name: web\n"), TODO,
         args=("diff", "--target", "demo", "--target-location", "demo", "--state", "state")),
    case("a Secret that is no YAML does not show what it holds",
         template(SECRET + "stringData:\n  password: \"{{ \"hunter2\" }}\n  b: [\n"), TODO),
    case("a template that includes itself",
         chart(HELPERS, ("templates/map.yaml", '{{ include "web.loop" . }}\n')), TODO),
    case("a text for tpl that has itself rendered",
         template('{{ tpl .Values.again . }}\n') | {"web/values.yaml":
             "again: '{{ tpl .Values.again . }}'\n"}, TODO),
    case("a loop without an end", template("{{ range until 2000000000 }}a{{ end }}\n"), TODO),
    case("a text that is repeated too often",
         template('a: {{ repeat 2000000000 "long" }}\n'), TODO),
    case("loops in loops", template("{{ range until 100000 }}{{ range until 100000 }}"
                                    "{{ range until 100000 }}{{ end }}{{ end }}{{ end }}\n"), TODO),
    case("bytes that are no UTF-8", template(OBJECT.encode() + b"data: {{ .Values.\xff }}\n"),
         TODO),
    case("a zero byte", template(OBJECT.encode() + b"data: {a: \0}\n"), TODO),
    case("blocks that nest 100000 deep",
         template("{{ if true }}" * 100000 + "a: b" + "{{ end }}" * 100000), TODO),
    case("parentheses that nest 100000 deep",
         template("{{ " + "(" * 100000 + "1" + ")" * 100000 + " }}"), TODO),
    case("YAML that nests 100000 deep", template(OBJECT + "data: " + "[" * 100000), TODO),
    case("a long line", template("a: " + "b" * 100000 + " {{ fail `x` }}\n"), TODO),
    case("mistakes in two releases", {
        **template('{{ fail .Release.Name }}\n'),
        "helmfile.yaml": RELEASE + "- name: web2\n  chart: ./web\n"}, TODO),
)


@cases(*RENDERING)
def test_templates_of_charts(run, tmp_path, case):
    check(run, tmp_path, case)
