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


def refused(message, hint=None, chart="./web"):
    """What is told of a chart that cannot be loaded."""
    return f"""\
        error: {message}
          --> helmfile.yaml:3:10
           |
         3 |   chart: {chart}
           |          ^
           = from helmfile.yaml:2:3: release "web"
""" + (f"        hint: {hint}\n" if hint else "")


def wrong_kind(path):
    return refused(f"{path}: a chart cannot have a file of this kind, or a broken link",
                   "links must lead to files and folders, and not back to one above them")


def case(name, files, stderr, code=1, args=("template",), **more):
    return Case(name, files, stderr, args, code, **more)


LOADING = (
    case("the chart is not there", {"helmfile.yaml": RELEASE},
         refused('chart "./web" does not exist: there is no web')),
    case("the chart is an empty folder", {"helmfile.yaml": RELEASE, "web": folder},
         refused("web: Chart.yaml file is missing",
                 "is this the folder of a chart?")),
    case("the chart has no Chart.yaml",
         {"helmfile.yaml": RELEASE, "web/templates/a.txt": ""},
         refused("web: Chart.yaml file is missing",
                 "is this the folder of a chart?")),
    case("the chart is a file", {"helmfile.yaml": RELEASE, "web": "hello\n"},
         refused("web does not appear to be a gzipped archive",
                 "a chart is a folder with a Chart.yaml, or a .tgz of one")),
    case("the chart is a pipe", {"helmfile.yaml": RELEASE, "web": fifo},
         refused("web: is a pipe that nobody writes to")),
    case("the chart is in a repository",
         {"helmfile.yaml": "releases:\n- name: web\n  chart: stable/web\n"}, """\
        error: repo stable not found
          --> helmfile.yaml:3:10
           |
         3 |   chart: stable/web
           |          ^
           = from helmfile.yaml:2:3: release "web"
        hint: name it in the spec's "repositories:", or for all specs with: helm repo add stable URL
        """),
    case("Chart.yaml is no YAML", chart(metadata="name: [\n"), """\
        error: did not find expected node content
          --> web/Chart.yaml:2:1
           |
         2 | 
           | ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("Chart.yaml is a list", chart(metadata="- a\n"), """\
        error: the file must be a map, not a list
          --> web/Chart.yaml:1:1
           |
         1 | - a
           | ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("Chart.yaml is empty", chart(metadata=""), """\
        error: a chart needs a name
          --> web/Chart.yaml
           = from helmfile.yaml:2:3: release "web"
        """),
    case("Chart.yaml has no name", chart(metadata="apiVersion: v2\nversion: 1.0.0\n"), """\
        error: a chart needs a name
          --> web/Chart.yaml
           = from helmfile.yaml:2:3: release "web"
        """),
    case("Chart.yaml has no version", chart(metadata="apiVersion: v2\nname: web\n"), """\
        error: a chart needs a version
          --> web/Chart.yaml
           = from helmfile.yaml:2:3: release "web"
        """),
    case("Chart.yaml has a version that is none",
         chart(metadata="apiVersion: v2\nname: web\nversion: one\n"), """\
        error: the chart version "one" is invalid
          --> web/Chart.yaml
           = from helmfile.yaml:2:3: release "web"
        """),
    case("Chart.yaml has a wrong apiVersion",
         chart(metadata="apiVersion: v9\nname: web\nversion: 1.0.0\n"), """\
        error: unsupported chart version: apiVersion must be v1 or v2, not "v9"
          --> web/Chart.yaml
           = from helmfile.yaml:2:3: release "web"
        """),
    case("Chart.yaml has a path for a name",
         chart(metadata="apiVersion: v2\nname: ../web\nversion: 1.0.0\n"), """\
        error: the chart name "../web" is invalid
          --> web/Chart.yaml
           = from helmfile.yaml:2:3: release "web"
        """),
    case("Chart.yaml has a map where a text should be",
         chart(metadata="apiVersion: v2\nname: {a: b}\nversion: 1.0.0\n"), """\
        error: name must be a string, not a map
          --> web/Chart.yaml:2:7
           |
         2 | name: {a: b}
           |       ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("Chart.yaml has a type that is none",
         chart(metadata=METADATA + "type: thing\n"), """\
        error: the chart type must be application or library, not "thing"
          --> web/Chart.yaml
           = from helmfile.yaml:2:3: release "web"
        """),
    case("the chart is a library", chart(metadata=METADATA + "type: library\n"), """\
        error: chart web is a library: it cannot be installed
           = from helmfile.yaml:2:3: release "web"
        """),
    case("a dependency is not in charts/", chart(metadata=METADATA + text("""\
        dependencies:
        - name: database
          version: 1.0.0
        """)), """\
        error: chart web: found in Chart.yaml, but missing in charts/ directory: database
           = from helmfile.yaml:2:3: release "web"
        hint: fetch them with: relfile chart dependency build
        """),
    case("two dependencies have one name", chart(metadata=METADATA + text("""\
        dependencies:
        - name: database
          version: 1.0.0
        - name: database
          version: 1.0.0
        """)), """\
        error: more than one dependency with name or alias "database"
          --> web/Chart.yaml
           = from helmfile.yaml:2:3: release "web"
        """),
    case("the chart wants another Kubernetes",
         chart(metadata=METADATA + "kubeVersion: '>= 99.0.0'\n"), """\
        error: chart requires kubeVersion: >= 99.0.0 which is incompatible with Kubernetes v1.37.0
           = from helmfile.yaml:2:3: release "web"
        """),
    case("the chart wants a Kubernetes that is no version",
         chart(metadata=METADATA + "kubeVersion: 'new'\n"), """\
        error: chart requires kubeVersion: new which is incompatible with Kubernetes v1.37.0
           = from helmfile.yaml:2:3: release "web"
        """),
    case("a chart in charts/ has no Chart.yaml", chart(("charts/sub/values.yaml", "a: 1\n")),
         refused("web/charts/sub: Chart.yaml file is missing",
                 "is this the folder of a chart?")),
    case("values.yaml is no YAML", chart(("values.yaml", "a: 1\nb: [\n")), """\
        error: did not find expected node content
          --> web/values.yaml:3:1
           |
         3 | 
           | ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("values.yaml is a list", chart(("values.yaml", "- a\n")), """\
        error: values must be a map, not a list
          --> web/values.yaml:1:1
           |
         1 | - a
           | ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("values.yaml has bytes that are no UTF-8", chart(("values.yaml", b"a: \xff\n")), """\
        error: invalid leading UTF-8 octet
          --> web/values.yaml:1:4
           |
         1 | a: \\xff
           |    ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("Chart.lock is no YAML", chart(("Chart.lock", "a: [\n")), """\
        error: did not find expected node content
          --> web/Chart.lock:2:1
           |
         2 | 
           | ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("a folder links to itself", chart(("templates/again", link("../templates"))),
         wrong_kind("web/templates" + 41 * "/again")),
    case("a link leads to itself", chart(("templates/a.yaml", link("a.yaml"))),
         wrong_kind("web/templates/a.yaml")),
    case("a link leads nowhere", chart(("templates/a.yaml", link("nowhere"))),
         wrong_kind("web/templates/a.yaml")),
    case("a file is a pipe", chart(("templates/a.yaml", fifo)),
         wrong_kind("web/templates/a.yaml")),
    case("a file is a device", chart(("templates/a.yaml", link("/dev/zero"))),
         wrong_kind("web/templates/a.yaml")),
    case(".helmignore is wrong", chart((".helmignore", "a/**/b\n")), """\
        error: double-star (**) syntax is not supported
          --> web/.helmignore:1:1
           |
         1 | a/**/b
           | ^
           = from helmfile.yaml:2:3: release "web"
        """),
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


def not_unpacked(message, hint=None):
    return refused(f"web.tgz{message}", hint, chart="./web.tgz")


def packed(data):
    return {"helmfile.yaml": "releases:\n- name: web\n  chart: ./web.tgz\n", "web.tgz": data}


def bomb():
    """Little to fetch, much to unpack."""
    return gzip.compress(bytes(200 << 20))


def half(data):
    return data[:len(data) // 2]


LARGE = member("web/templates/a.yaml", bytes(range(256)) * 4096)

ARCHIVES = (
    case("no archive at all", packed(b"hello\n"),
         not_unpacked(" does not appear to be a gzipped archive",
                      "a chart is a folder with a Chart.yaml, or a .tgz of one")),
    case("an empty file", packed(b""),
         not_unpacked(" does not appear to be a gzipped archive",
                      "a chart is a folder with a Chart.yaml, or a .tgz of one")),
    case("gzip of what is no archive", packed(gzip.compress(b"hello\n")),
         not_unpacked(": Unrecognized archive format")),
    case("a truncated archive", packed(half(archive(CHART_MEMBER, LARGE))),
         not_unpacked(": truncated gzip input")),
    case("a name that leads out", packed(archive(
        CHART_MEMBER, member("web/../../evil", b"x"))), not_unpacked(": chart illegally references parent directory")),
    case("a name that leads out at once", packed(archive(
        CHART_MEMBER, member("../evil", b"x"))), "", 0, stdout="""\


        """),
    case("a name from the root on", packed(archive(
        CHART_MEMBER, member("/etc/evil", b"x"))), "", 0, stdout="""\


        """),
    case("a name of another system", packed(archive(
        CHART_MEMBER, member("web/c:\\evil", b"x"))), not_unpacked(": chart contains illegally named files")),
    case("a link that leads out", packed(archive(
        CHART_MEMBER, member("web/templates/a.yaml", type=tarfile.SYMTYPE,
                             linkname="/etc/passwd"))), "", 0, stdout="""\


        """),
    case("a name that is no UTF-8", packed(archive(
        CHART_MEMBER, member("web/templates/\udcff.yaml", b"{{ fail `x` }}"))), """\
        error: fail: x
          --> web/templates/\\xff.yaml:1:4
           |
         1 | {{ fail `x` }}
           |    ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("a name with an escape of the terminal", packed(archive(
        CHART_MEMBER, member("web/templates/\x1b[31m.yaml", b"{{ fail `x` }}"))), """\
        error: fail: x
          --> web/templates/\\x1b[31m.yaml:1:4
           |
         1 | {{ fail `x` }}
           |    ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("a bomb", {"helmfile.yaml": "releases:\n- name: web\n  chart: ./web.tgz\n",
                    "web.tgz": lambda path: path.write_bytes(bomb())},
         not_unpacked(": no files in chart archive")),
    case("a bomb in one file", {
        "helmfile.yaml": "releases:\n- name: web\n  chart: ./web.tgz\n",
        "web.tgz": lambda path: path.write_bytes(
            archive(CHART_MEMBER, member("web/a", bytes(200 << 20))))},
         not_unpacked(": unpacked, the archive is too large")),
    case("Chart.yaml where no folder is",
         packed(archive(member("Chart.yaml", METADATA.encode()))),
         not_unpacked(': chart illegally contains content outside the base directory: "Chart.yaml"')),
    case("a chart in the archive that is broken", packed(archive(
        CHART_MEMBER, member("web/charts/sub-1.0.0.tgz", b"hello"))),
         not_unpacked("/charts/sub-1.0.0.tgz does not appear to be a gzipped archive",
                      "a chart is a folder with a Chart.yaml, or a .tgz of one")),
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
    case("a template that does not parse", template(OBJECT + "data: {{ .Values.a\n"), """\
        error: unclosed action, which starts in line 5
          --> web/templates/map.yaml:6:1
           |
         6 | 
           | ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("a function there is not", template(OBJECT + "data: {{ toYmal .Values }}\n"), """\
        error: function "toYmal" not defined
          --> web/templates/map.yaml:5:10
           |
         5 | data: {{ toYmal .Values }}
           |          ^
           = from helmfile.yaml:2:3: release "web"
        hint: did you mean "toYaml"?
        """),
    case("an if without an end", template(OBJECT + "{{ if .Values.a }}\ndata: {}\n"), """\
        error: unexpected EOF
          --> web/templates/map.yaml:7:1
           |
         7 | 
           | ^
           = from helmfile.yaml:2:3: release "web"
        hint: {{ if }} of line 5 has no {{ end }}
        """),
    case("a nil pointer", template(OBJECT + "data: {{ .Values.a.b }}\n"), """\
        error: nil pointer evaluating interface {}.b
          --> web/templates/map.yaml:5:17
           |
         5 | data: {{ .Values.a.b }}
           |                 ^
           = from helmfile.yaml:2:3: release "web"
        hint: .Values.a is not set; .Values is empty
        """),
    case("a wrong argument", template(OBJECT + "data: {{ nindent \"a\" 3 }}\n"), """\
        error: expected integer; found "a"
          --> web/templates/map.yaml:5:18
           |
         5 | data: {{ nindent "a" 3 }}
           |                  ^
           = from helmfile.yaml:2:3: release "web"
        hint: usage: nindent WIDTH TEXT
        """),
    case("a template that fails where it is included", chart(
        HELPERS, ("templates/map.yaml",
                  OBJECT + "  labels: {{- include \"web.labels\" . | nindent 4 }}\n")), """\
        error: nil pointer evaluating interface {}.name
          --> web/templates/_helpers.tpl:2:16
           |
         2 | app: {{ .Values.app.name }}
           |                ^
           = from web/templates/map.yaml:5:15: include "web.labels"
           = from helmfile.yaml:2:3: release "web"
        hint: .Values.app is not set; .Values is empty
        """),
    case("a template that is not there",
         template(OBJECT + "  labels: {{ include \"web.lables\" . }}\n"), """\
        error: include: no template "web.lables"
          --> web/templates/map.yaml:5:14
           |
         5 |   labels: {{ include "web.lables" . }}
           |              ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("fail", template('{{ fail "set a host" }}\n'), """\
        error: fail: set a host
          --> web/templates/map.yaml:1:4
           |
         1 | {{ fail "set a host" }}
           |    ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("required", template('a: {{ required "set a host" .Values.host }}\n'), """\
        error: required: set a host
          --> web/templates/map.yaml:1:7
           |
         1 | a: {{ required "set a host" .Values.host }}
           |       ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("fail of many lines", template('{{ fail "set a host\\nor none\\n" }}\n'), """\
        error: fail: set a host
               or none
          --> web/templates/map.yaml:1:4
           |
         1 | {{ fail "set a host\\nor none\\n" }}
           |    ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("fail with an escape of the terminal",
         template('{{ fail "\\x1b[31mred\\x1b]0;title\\x07" }}\n'), """\
        error: fail: \\x1b[31mred\\x1b]0;title\\x07
          --> web/templates/map.yaml:1:4
           |
         1 | {{ fail "\\x1b[31mred\\x1b]0;title\\x07" }}
           |    ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("what comes out is no YAML", template(OBJECT + "data: [\n"), """\
        error: the rendered text is no manifest: did not find expected node content
          --> web/templates/map.yaml:6:1
           |
         6 | 
           | ^
           = from helmfile.yaml:2:3: release "web"
        hint: this is about the text that the template renders to
        """),
    case("what comes out has a wrong indentation",
         template(OBJECT + "data:\n{{ print \"  a: 1\\n b: 2\" }}\n"), """\
        error: the rendered text is no manifest: did not find expected key
          --> web/templates/map.yaml:6:4
           |
         6 | {{ print "  a: 1\\n b: 2" }}
           |    ^
           = line 7 of what it renders to: b: 2
           = from helmfile.yaml:2:3: release "web"
        hint: in what it renders to: the map that begins in line 1 goes on here, or ends: the column fits neither
        """),
    case("what comes out is a text", template("hello\n"), """\
        error: the rendered text is no manifest: a manifest must be a map, not a scalar
          --> web/templates/map.yaml:1:1
           |
         1 | hello
           | ^
           = from helmfile.yaml:2:3: release "web"
        hint: this is about the text that the template renders to
        """),
    case("what comes out is a list", template("- a\n"), """\
        error: the rendered text is no manifest: a manifest must be a map, not a list
          --> web/templates/map.yaml:1:1
           |
         1 | - a
           | ^
           = from helmfile.yaml:2:3: release "web"
        hint: this is about the text that the template renders to
        """),
    case("what comes out has no kind", template("apiVersion: v1\nmetadata:\n  name: web\n"), "", 0, stdout="""\
        ---
        # Source: web/templates/map.yaml
        apiVersion: v1
        metadata:
          name: web

        """),
    case("what comes out has no kind, where it is compared",
         template("apiVersion: v1\nmetadata:\n  name: web\n"), """\
          ✗ web  a manifest has no kind
        error: a manifest has no kind
          --> web/templates/map.yaml
           = from helmfile.yaml:2:3: release "web"
        """,
         args=("diff", "--target", "demo", "--target-location", "demo", "--state", "state")),
    case("a Secret that is no YAML does not show what it holds",
         template(SECRET + "stringData:\n  password: \"{{ \"hunter2\" }}\n  b: [\n"), """\
        error: the rendered text is no manifest: found unexpected end of stream
          --> web/templates/map.yaml:8
           |
         8 | (what a Secret holds is not shown)
           = from helmfile.yaml:2:3: release "web"
        hint: what is quoted from line 6 on has no end
        """),
    case("a template that includes itself",
         chart(HELPERS, ("templates/map.yaml", '{{ include "web.loop" . }}\n')), """\
        error: include: "web.loop" includes itself without end
          --> web/templates/_helpers.tpl:4:27
           |
         4 | {{ define "web.loop" }}{{ include "web.loop" . }}{{ end }}
           |                           ^
           = from web/templates/_helpers.tpl:4:27: include "web.loop", 1000 times
           = from web/templates/map.yaml:1:4: include "web.loop"
           = from helmfile.yaml:2:3: release "web"
        """),
    case("a text for tpl that has itself rendered",
         template('{{ tpl .Values.again . }}\n') | {"web/values.yaml":
             "again: '{{ tpl .Values.again . }}'\n"}, """\
        error: tpl runs inside itself without end
          --> web/templates/map.yaml:1:4
           |
         1 | {{ tpl .Values.again . }}
           |    ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("a value that is nil, and one that is near", chart(
        ("values.yaml", "image:\n  repository: nginx\n"),
        ("templates/map.yaml", OBJECT + "data: {{ .Values.image.repositroy.host }}\n")), """\
        error: nil pointer evaluating interface {}.host
          --> web/templates/map.yaml:5:17
           |
         5 | data: {{ .Values.image.repositroy.host }}
           |                 ^
           = from helmfile.yaml:2:3: release "web"
        hint: .Values.image.repositroy is not set; did you mean .Values.image.repository?
        """),
    case("a text where a map should be", chart(
        ("values.yaml", "image: nginx\n"),
        ("templates/map.yaml", OBJECT + "data: {{ .Values.image.repository }}\n")), """\
        error: can't evaluate field repository in type string
          --> web/templates/map.yaml:5:17
           |
         5 | data: {{ .Values.image.repository }}
           |                 ^
           = from helmfile.yaml:2:3: release "web"
        hint: .Values.image is a string, and no map
        """),
    case("the chart's values are asked of an item",
         template(OBJECT + "data: {{ range list 1 }}{{ .Values.image }}{{ end }}\n"), """\
        error: can't evaluate field Values in type int
          --> web/templates/map.yaml:5:35
           |
         5 | data: {{ range list 1 }}{{ .Values.image }}{{ end }}
           |                                   ^
           = from helmfile.yaml:2:3: release "web"
        hint: inside range and with, . is their value: that of the chart is $.Values
        """),
    case("nothing is piped to a function",
         template(OBJECT + "data: {{ .Values.password | b64enc }}\n"), """\
        error: invalid value; expected string
          --> web/templates/map.yaml:5:29
           |
         5 | data: {{ .Values.password | b64enc }}
           |                             ^
           = from helmfile.yaml:2:3: release "web"
        hint: .Values.password is not set; .Values is empty
        """),
    case("a function of nothing",
         template(OBJECT + "data: {{ index .Values.ports 0 }}\n"), """\
        error: index: index of untyped nil
          --> web/templates/map.yaml:5:10
           |
         5 | data: {{ index .Values.ports 0 }}
           |          ^
           = from helmfile.yaml:2:3: release "web"
        hint: .Values.ports is not set; .Values is empty
        """),
    case("what an included template renders to is no YAML", chart(
        ("templates/_helpers.tpl", "{{ define \"web.labels\" -}}\napp: web\n"
                                   "host: {{ .Release.Name }}: x\n{{- end }}\n"),
        ("templates/map.yaml",
         OBJECT + "  labels:\n    {{- include \"web.labels\" . | nindent 4 }}\n")), """\
        error: the rendered text is no manifest: mapping values are not allowed in this context
          --> web/templates/_helpers.tpl:3:26
           |
         3 | host: {{ .Release.Name }}: x
           |                          ^
           = from web/templates/map.yaml:6:9: include "web.labels"
           = line 7 of what it renders to: host: web: x
           = from helmfile.yaml:2:3: release "web"
        hint: in what it renders to: keys of one map begin in the same column; a text with ": " in it needs quotes
        """),
    case("an action without an end", template(OBJECT + "data: {{ .Values.a\nname: x\n"), """\
        error: function "name" not defined
          --> web/templates/map.yaml:6:1
           |
         6 | name: x
           | ^
           = from helmfile.yaml:2:3: release "web"
        hint: the {{ in line 5 has no }}
        """),
    case("an error in a text that is rendered",
         template('a: {{ tpl "one\\n{{ .Values.a.b }}" . }}\n'), """\
        error: tpl: line 2, column 11 of the text: nil pointer evaluating interface {}.b
          --> web/templates/map.yaml:1:7
           |
         1 | a: {{ tpl "one\\n{{ .Values.a.b }}" . }}
           |       ^
           = in the text:
           |
         2 | {{ .Values.a.b }}
           |           ^
           = from helmfile.yaml:2:3: release "web"
        hint: .Values.a is not set; .Values is empty
        """),
    case("a key with a hyphen", template("a: {{ .Values.my-key.x }}\n"), """\
        error: bad character: U+002D '-'
          --> web/templates/map.yaml:1:14
           |
         1 | a: {{ .Values.my-key.x }}
           |              ^
           = from helmfile.yaml:2:3: release "web"
        hint: a key with "-" in it is written (index .Values "my-key")
        """),
    case("loops in loops",
         template("{{ range until 4000000 }}{{ range until 4000000 }}{{ end }}{{ end }}\n"), """\
        error: the templates take more than 100000 steps
          --> web/templates/map.yaml:1:41
           |
         1 | {{ range until 4000000 }}{{ range until 4000000 }}{{ end }}{{ end }}
           |                                         ^
           = from helmfile.yaml:2:3: release "web"
        hint: --limit steps=... allows more
        """, args=("template", "--limit", "steps=100000")),
    case("a limit in the environment", template('{{ repeat 100 "a" }}\n'), """\
        error: repeat: the result is larger than 99 bytes
          --> web/templates/map.yaml:1:4
           |
         1 | {{ repeat 100 "a" }}
           |    ^
           = from helmfile.yaml:2:3: release "web"
        hint: --limit text=... allows more
        """, env={"RELFILE_LIMIT": "text=99,items=5"}),
    case("a limit of time",
         template("{{ range 100000000000 }}{{ end }}\n"), """\
        error: the templates take longer than 100 ms
          --> web/templates/map.yaml:1:10
           |
         1 | {{ range 100000000000 }}{{ end }}
           |          ^
           = from helmfile.yaml:2:3: release "web"
        hint: --limit time=... allows more
        """, args=("template", "--limit", "time=100ms")),
    case("keys without end",
         template('{{ range until 100 }}{{ $x := genPrivateKey "ed25519" }}{{ end }}\n'), """\
        error: genPrivateKey: functions that are slow on purpose are called too often
          --> web/templates/map.yaml:1:31
           |
         1 | {{ range until 100 }}{{ $x := genPrivateKey "ed25519" }}{{ end }}
           |                               ^
           = from helmfile.yaml:2:3: release "web"
        hint: --limit slow=... allows more
        """),
    case("regular expressions that take long",
         template('{{ regexMatch "(a?){500}a{500}" (repeat 100000 "a" | print "b") }}\n'), """\
        error: regexMatch: regular expressions take too long on this text
          --> web/templates/map.yaml:1:4
           |
         1 | {{ regexMatch "(a?){500}a{500}" (repeat 100000 "a" | print "b") }}
           |    ^
           = from helmfile.yaml:2:3: release "web"
        hint: --limit regex=... allows more
        """, args=("template", "--limit", "regex=1M")),
    case("a limit that there is not", template("a: b\n"), """\
        error: --limit: "speed" is not known
        hint: it can be: time, steps, output, memory, text, items, includes, regex, slow
        """, code=3, args=("template", "--limit", "speed=1")),
    case("a limit that is no number", template("a: b\n"), """\
        error: --limit: "1h" is no number for steps
        """, code=3, args=("template", "--limit", "steps=1h")),
    case("a regular expression that others cannot take",
         template('a: {{ regexMatch "^(a+)+$" (repeat 1000 "a" | print "b") }}\n'), "", 0,
         stdout="""\
        ---
        # Source: web/templates/map.yaml
        a: false

        """),
    case("a loop without an end", template("{{ range until 2000000000 }}a{{ end }}\n"), """\
        error: until: the result has more than 4194304 items
          --> web/templates/map.yaml:1:10
           |
         1 | {{ range until 2000000000 }}a{{ end }}
           |          ^
           = from helmfile.yaml:2:3: release "web"
        hint: --limit items=... allows more
        """),
    case("a text that is repeated too often",
         template('a: {{ repeat 2000000000 "long" }}\n'), """\
        error: repeat: the result is larger than 67108864 bytes
          --> web/templates/map.yaml:1:7
           |
         1 | a: {{ repeat 2000000000 "long" }}
           |       ^
           = from helmfile.yaml:2:3: release "web"
        hint: --limit text=... allows more
        """),
    case("bytes that are no UTF-8", template(OBJECT.encode() + b"data: {{ .Values.\xff }}\n"),
         """\
        error: bad character: U+FFFD '�'
          --> web/templates/map.yaml:5:17
           |
         5 | data: {{ .Values.\\xff }}
           |                 ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("a zero byte", template(OBJECT.encode() + b"data: {a: \0}\n"), """\
        error: the rendered text is no manifest: control characters are not allowed
          --> web/templates/map.yaml:5:11
           |
         5 | data: {a: 
           |           ^
           = from helmfile.yaml:2:3: release "web"
        hint: in double quotes it can be written \\xNN
        """),
    case("blocks that nest 100000 deep",
         template("{{ if true }}" * 100000 + "a: b" + "{{ end }}" * 100000), "", 0,
         stdout="""\
        ---
        # Source: web/templates/map.yaml
        a: b

        """),
    case("parentheses that nest 100000 deep",
         template("{{ " + "(" * 100000 + "1" + ")" * 100000 + " }}"), """\
        error: max expression depth exceeded
          --> web/templates/map.yaml:1:10004
           |
         1 | ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((
           |                                                                                 ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("YAML that nests 100000 deep", template(OBJECT + "data: " + "[" * 100000), """\
        error: the rendered text is no manifest: exceeded max depth of 10000
          --> web/templates/map.yaml:5:10007
           |
         5 | [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
           |                                                                                 ^
           = from helmfile.yaml:2:3: release "web"
        hint: this is about the text that the template renders to
        """),
    case("a long line", template("a: " + "b" * 100000 + " {{ fail `x` }}\n"), """\
        error: fail: x
          --> web/templates/map.yaml:1:100008
           |
         1 | bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb {{ fail `x` }}
           |                                                                                                                                                      ^
           = from helmfile.yaml:2:3: release "web"
        """),
    case("mistakes in two releases", {
        **template('{{ fail .Release.Name }}\n'),
        "helmfile.yaml": RELEASE + "- name: web2\n  chart: ./web\n"}, """\
        error: fail: web
          --> web/templates/map.yaml:1:4
           |
         1 | {{ fail .Release.Name }}
           |    ^
           = from helmfile.yaml:2:3: release "web"
        error: fail: web2
          --> web/templates/map.yaml:1:4
           |
         1 | {{ fail .Release.Name }}
           |    ^
           = from helmfile.yaml:4:3: release "web2"
        2 of 2 releases failed, 0 skipped
        """),
)


@cases(*RENDERING)
def test_templates_of_charts(run, tmp_path, case):
    check(run, tmp_path, case)
