"""Specs and values that are wrong, and all that users are told about it."""

from bad_input import CHART, RELEASE, Case, cases, check, fifo, folder, link

TEMPLATE = ("template",)

NOT_FOUND = (
    Case("no spec is here", {}, """\
        error: there is no helmfile.yaml, helmfile.yaml.gotmpl or helmfile.d here
        hint: name a spec with --file
        """),
    Case("the file that was named is not there", {}, """\
        error: other.yaml: there is no such file or folder
        """, ("-f", "other.yaml", "list")),
    Case("the folder that was named is empty", {"empty": folder}, """\
        error: there are no specs in the folder empty
        hint: specs are called *.yaml, *.yml or *.yaml.gotmpl
        """, ("-f", "empty", "list"), 3),
    Case("the folder that was named has no specs", {"docs/README.md": "hello\n"}, """\
        error: there are no specs in the folder docs
        hint: specs are called *.yaml, *.yml or *.yaml.gotmpl
        """,
         ("-f", "docs", "list"), 3),
    Case("both kinds of spec are here", {"helmfile.yaml": RELEASE, "helmfile.yaml.gotmpl": RELEASE},
         """\
        error: helmfile.yaml and helmfile.yaml.gotmpl are both here
        hint: say which with --file, or remove one
        """),
    Case("a spec and a folder of specs are here",
         {"helmfile.yaml": RELEASE, "helmfile.d/a.yaml": RELEASE}, """\
        error: helmfile.yaml and helmfile.d are both here
        hint: say which with --file, or remove one
        """),
    Case("the spec is a folder", {"helmfile.yaml": folder}, """\
        error: helmfile.yaml: is a directory, not a file
        """),
    Case("the spec is a link to nothing", {"helmfile.yaml": link("nowhere")}, """\
        error: helmfile.yaml: is a link to what is not there
        """),
    Case("the spec is a link to itself", {"helmfile.yaml": link("helmfile.yaml")}, """\
        error: helmfile.yaml: Too many levels of symbolic links
        """),
    Case("a folder of specs has a link to itself in it",
         {"helmfile.d/a.yaml": RELEASE, "helmfile.d/b.yaml": link("b.yaml")}, """\
        error: helmfile.d/b.yaml: Too many levels of symbolic links
        """),
    Case("the spec is empty", {"helmfile.yaml": ""}, """\
        error: no top-level config keys are found
          --> helmfile.yaml:1:1
           |
         1 | 
           | ^
        hint: a spec has keys such as "releases:" at the start of a line
        """),
    Case("the spec is only a comment", {"helmfile.yaml": "# nothing\n"}, """\
        error: no top-level config keys are found
          --> helmfile.yaml:1:1
           |
         1 | # nothing
           | ^
        hint: a spec has keys such as "releases:" at the start of a line
        """),
    Case("the spec has no releases", {"helmfile.yaml": "releases: []\n"}, """\
        error: the spec has no releases
        """, code=3),
    Case("the spec is a list", {"helmfile.yaml": "- name: web\n"}, """\
        error: no top-level config keys are found
          --> helmfile.yaml:1:1
           |
         1 | - name: web
           | ^
        hint: a spec has keys such as "releases:" at the start of a line
        """),
    Case("the spec is JSON, and a list", {"helmfile.yaml": "[1]\n"}, """\
        error: no top-level config keys are found
          --> helmfile.yaml:1:1
           |
         1 | [1]
           | ^
        hint: a spec has keys such as "releases:" at the start of a line
        """),
    Case("the spec is a pipe that nobody writes to", {"helmfile.yaml": fifo}, """\
        error: helmfile.yaml: is a pipe that nobody writes to
        """),
    Case("the spec is a device without an end", {}, """\
        error: /dev/zero: the file has more than 268435456 bytes
        """, ("-f", "/dev/zero", "list")),
    Case("the spec is a device that is empty", {}, """\
        error: no top-level config keys are found
          --> /dev/null:1:1
        hint: a spec has keys such as "releases:" at the start of a line
        """, ("-f", "/dev/null", "list")),
    Case("the unknown environment", {"helmfile.yaml": """\
        environments:
          production: {}
          staging: {}
        ---
        releases: []
        """}, """\
        error: environment "prodution" is not defined
        hint: did you mean "production"?
        """, ("-e", "prodution", "list"), 3),
    Case("an environment like nothing there is", {"helmfile.yaml": """\
        environments:
          production: {}
          staging: {}
        ---
        releases: []
        """}, """\
        error: environment "x" is not defined
        hint: defined are: production, staging
        """, ("-e", "x", "list"), 3),
    Case("an environment, where the spec has none", {"helmfile.yaml": RELEASE}, """\
        error: environment "production" is not defined
        hint: the spec has no environments: leave --environment out
        """,
         ("-e", "production", "list"), 3),
)


@cases(*NOT_FOUND)
def test_specs_that_are_not_there(run, tmp_path, case):
    check(run, tmp_path, case)


YAML = (
    Case("a tab", {"helmfile.yaml": "releases:\n- name: web\n\tchart: ./web\n"}, """\
        error: found a tab character that violates indentation
          --> helmfile.yaml:3:1
           |
         3 | 	chart: ./web
           | ^
        hint: indent with spaces, not with tabs
        """),
    Case("a quote that is not closed",
         {"helmfile.yaml": "releases:\n- name: \"web\n  chart: ./web\n"}, """\
        error: found unexpected end of stream
          --> helmfile.yaml:4:1
           |
         4 | 
           | ^
        hint: what is quoted from line 2 on has no end
        """),
    Case("a single quote that is not closed",
         {"helmfile.yaml": "releases:\n- name: 'web\n  chart: ./web\n"}, """\
        error: found unexpected end of stream
          --> helmfile.yaml:4:1
           |
         4 | 
           | ^
        hint: what is quoted from line 2 on has no end
        """),
    Case("a bracket that is not closed",
         {"helmfile.yaml": "releases:\n- name: web\n  chart: ./web\n  needs: [a, b\n"}, """\
        error: did not find expected ',' or ']'
          --> helmfile.yaml:5:1
           |
         5 | 
           | ^
        hint: the [ of line 4 is not closed, or a comma is missing
        """),
    Case("a brace that is not closed",
         {"helmfile.yaml": "releases:\n- {name: web, chart: ./web\n"}, """\
        error: did not find expected ',' or '}'
          --> helmfile.yaml:3:1
           |
         3 | 
           | ^
        hint: the { of line 2 is not closed, or a comma is missing
        """),
    Case("a line that is too far in",
         {"helmfile.yaml": "releases:\n- name: web\n    chart: ./web\n"}, """\
        error: mapping values are not allowed in this context
          --> helmfile.yaml:3:10
           |
         3 |     chart: ./web
           |          ^
        hint: keys of one map begin in the same column; a text with ": " in it needs quotes
        """),
    Case("a line that is too far out",
         {"helmfile.yaml": "releases:\n  - name: web\n    chart: ./web\n installed: true\n"}, """\
        error: did not find expected key
          --> helmfile.yaml:4:2
           |
         4 |  installed: true
           |  ^
        hint: the map that begins in line 1 goes on here, or ends: the column fits neither
        """),
    Case("a key without a colon",
         {"helmfile.yaml": "releases:\n- name: web\n  chart ./web\n"}, """\
        error: could not find expected ':'
          --> helmfile.yaml:4:1
           |
         4 | 
           | ^
        hint: what begins in line 3 is neither a key nor a value
        """),
    Case("an alias that names nothing",
         {"helmfile.yaml": "releases:\n- name: web\n  values: [*common]\n"}, """\
        error: unknown anchor 'common' referenced
          --> helmfile.yaml:3:12
           |
         3 |   values: [*common]
           |            ^
        """),
    Case("a value with a colon in it",
         {"helmfile.yaml": "releases:\n- name: web: site\n  chart: ./web\n"}, """\
        error: mapping values are not allowed in this context
          --> helmfile.yaml:2:12
           |
         2 | - name: web: site
           |            ^
        hint: keys of one map begin in the same column; a text with ": " in it needs quotes
        """),
    Case("a value that begins with a percent sign",
         {"helmfile.yaml": "releases:\n- name: %web\n"}, """\
        error: found character that cannot start any token
          --> helmfile.yaml:2:9
           |
         2 | - name: %web
           |         ^
        hint: a text that begins with % needs quotes
        """),
    Case("a value that begins with a backtick",
         {"helmfile.yaml": "releases:\n- name: `web`\n"}, """\
        error: found character that cannot start any token
          --> helmfile.yaml:2:9
           |
         2 | - name: `web`
           |         ^
        hint: a text that begins with ` needs quotes
        """),
    Case("an escape that YAML does not have",
         {"helmfile.yaml": "releases:\n- name: \"\\d\"\n"}, """\
        error: found unknown escape character
          --> helmfile.yaml:2:10
           |
         2 | - name: "\\d"
           |          ^
        hint: in double quotes a \\ is written \\\\; in single quotes it is itself
        """),
    Case("conflict markers", {"helmfile.yaml":
         "releases:\n<<<<<<< HEAD\n- name: web\n=======\n- name: site\n>>>>>>> x\n"}, """\
        error: could not find expected ':'
          --> helmfile.yaml:3:1
           |
         3 | - name: web
           | ^
        hint: what begins in line 2 is neither a key nor a value
        """),
    Case("a template in a file that is none",
         {"helmfile.yaml": "releases:\n- name: {{ .Values.name }}\n  chart: ./web\n"}, """\
        warning: helmfile.yaml is rendered as a template, as for helmfile 0.x, and so are files like it; rename them to .gotmpl, or say --render-yaml=always
        error: map has no entry for key "name"
          --> helmfile.yaml:2:19
           |
         2 | - name: {{ .Values.name }}
           |                   ^
        """),
    Case("bytes that are no UTF-8",
         {"helmfile.yaml": b"releases:\n- name: w\xffb\n  chart: ./web\n"}, """\
        error: invalid leading UTF-8 octet
          --> helmfile.yaml:2:10
           |
         2 | - name: w\\xffb
           |          ^
        """),
    Case("a zero byte", {"helmfile.yaml": b"releases:\n- name: w\0b\n  chart: ./web\n"}, """\
        error: control characters are not allowed
          --> helmfile.yaml:2:10
           |
         2 | - name: w
           |          ^
        hint: in double quotes it can be written \\xNN
        """),
    Case("UTF-16", {"helmfile.yaml": "releases:\n- name: web\n".encode("utf-16")}, """\
        error: the file is UTF-16
          --> helmfile.yaml
        hint: save it as UTF-8
        """),
    Case("a control character", {"helmfile.yaml": b"releases:\n- name: w\x1b[31mb\n"}, """\
        error: control characters are not allowed
          --> helmfile.yaml:2:10
           |
         2 | - name: w\\x1b[31mb
           |          ^
        hint: in double quotes it can be written \\xNN
        """),
)


@cases(*YAML)
def test_specs_that_are_no_yaml(run, tmp_path, case):
    check(run, tmp_path, case)


KEYS = (
    Case("an unknown key at the top", {"helmfile.yaml": "release:\n- name: web\n"}, """\
        error: unknown key "release" at the top of a spec
          --> helmfile.yaml:1:1
           |
         1 | release:
           | ^
        hint: did you mean "releases"?
        """),
    Case("an unknown key like none at all", {"helmfile.yaml": "zzzzzzzz: 1\n"}, """\
        error: unknown key "zzzzzzzz" at the top of a spec
          --> helmfile.yaml:1:1
           |
         1 | zzzzzzzz: 1
           | ^
        hint: relfile help spec says which there are
        """),
    Case("an unknown key in a release",
         {"helmfile.yaml": "releases:\n- name: web\n  chrat: ./web\n"}, """\
        error: unknown key "chrat" in a release
          --> helmfile.yaml:3:3
           |
         3 |   chrat: ./web
           |   ^
        hint: did you mean "chart"?
        """),
    Case("an unknown key in helmDefaults",
         {"helmfile.yaml": "helmDefaults:\n  wiat: true\n"}, """\
        error: unknown key "wiat" in helmDefaults
          --> helmfile.yaml:2:3
           |
         2 |   wiat: true
           |   ^
        hint: did you mean "wait"?
        """),
    Case("an unknown key in an environment",
         {"helmfile.yaml": "environments:\n  default:\n    valeus: []\n"}, """\
        error: unknown key "valeus" in an environment
          --> helmfile.yaml:3:5
           |
         3 |     valeus: []
           |     ^
        hint: did you mean "values"?
        """),
    Case("an unknown key in a hook", {"helmfile.yaml":
         "releases:\n- name: web\n  chart: ./web\n  hooks:\n  - event: [presync]\n    comand: true\n"},
         """\
        error: unknown key "event" in a hook
          --> helmfile.yaml:5:5
           |
         5 |   - event: [presync]
           |     ^
        hint: did you mean "events"?
        """),
    Case("an unknown event of a hook", {**CHART, "helmfile.yaml":
         RELEASE + "  hooks:\n  - events: [presynk]\n    command: echo\n"}, """\
        warning: helmfile.yaml:5: nothing in "events" is called "presynk": did you mean "presync"?
        """, TEMPLATE, 0,
         stdout="""\
        ---
        # Source: web/templates/map.yaml
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: web

        """),
    Case("an unknown key in set",
         {"helmfile.yaml": "releases:\n- name: web\n  set:\n  - nmae: a\n    value: b\n"}, """\
        error: unknown key "nmae" in set
          --> helmfile.yaml:4:5
           |
         4 |   - nmae: a
           |     ^
        hint: did you mean "name"?
        """),
    Case("an unknown key in a sub-helmfile",
         {"helmfile.yaml": "helmfiles:\n- path: a.yaml\n  selector: [a=b]\n"}, """\
        error: unknown key "selector" in a sub-helmfile
          --> helmfile.yaml:3:3
           |
         3 |   selector: [a=b]
           |   ^
        hint: did you mean "selectors"?
        """),
    Case("an unknown key in a repository",
         {"helmfile.yaml": "repositories:\n- name: a\n  uri: b\n"}, """\
        error: unknown key "uri" in a repository
          --> helmfile.yaml:3:3
           |
         3 |   uri: b
           |   ^
        hint: did you mean "url"?
        """),
    Case("a key that is a list", {"helmfile.yaml": "releases: []\n? [a, b]\n: c\n"}, """\
        error: a key must be a text, not a list
          --> helmfile.yaml:2:3
           |
         2 | ? [a, b]
           |   ^
        """),
    Case("a map where a list should be",
         {"helmfile.yaml": "releases:\n  web:\n    chart: ./web\n"}, """\
        error: "releases" must be a list, not a map
          --> helmfile.yaml:2:3
           |
         2 |   web:
           |   ^
        """),
    Case("a text where a list should be", {"helmfile.yaml": "releases: web\n"}, """\
        error: "releases" must be a list, not a single value
          --> helmfile.yaml:1:11
           |
         1 | releases: web
           |           ^
        """),
    Case("a text where a release should be", {"helmfile.yaml": "releases:\n- web\n"}, """\
        error: what is in "releases" must be maps, not a single value
          --> helmfile.yaml:2:3
           |
         2 | - web
           |   ^
        """),
    Case("a list where a map should be", {"helmfile.yaml": "helmDefaults:\n- wait\n"}, """\
        error: "helmDefaults" must be a map, not a list
          --> helmfile.yaml:2:1
           |
         2 | - wait
           | ^
        """),
    Case("a list where a map of environments should be",
         {"helmfile.yaml": "environments:\n- default\n"}, """\
        error: "environments" must be a map, not a list
          --> helmfile.yaml:2:1
           |
         2 | - default
           | ^
        """),
    Case("a text where true or false should be",
         {"helmfile.yaml": "releases:\n- name: web\n  chart: ./web\n  installed: maybe\n"}, """\
        error: "installed" must be true or false, not maybe
          --> helmfile.yaml:4:14
           |
         4 |   installed: maybe
           |              ^
        """),
    Case("a quoted true",
         {"helmfile.yaml": "releases:\n- name: web\n  chart: ./web\n  installed: \"true\"\n"}, """\
        error: "installed" must be true or false, not the text "true"
          --> helmfile.yaml:4:14
           |
         4 |   installed: "true"
           |              ^
        """),
    Case("a list where a text should be",
         {"helmfile.yaml": "releases:\n- name: [web]\n  chart: ./web\n"}, """\
        error: "name" must be a text, not a list
          --> helmfile.yaml:2:9
           |
         2 | - name: [web]
           |         ^
        """),
    Case("a map where a number should be",
         {"helmfile.yaml": "helmDefaults:\n  timeout: {seconds: 3}\n"}, """\
        error: "timeout" must be a whole number, not a map
          --> helmfile.yaml:2:12
           |
         2 |   timeout: {seconds: 3}
           |            ^
        """),
    Case("a text where a number should be",
         {"helmfile.yaml": "helmDefaults:\n  timeout: soon\n"}, """\
        error: "timeout" must be a whole number, not "soon"
          --> helmfile.yaml:2:12
           |
         2 |   timeout: soon
           |            ^
        """),
    Case("a number that is too large",
         {"helmfile.yaml": "helmDefaults:\n  timeout: 99999999999999999999\n"}, """\
        error: "timeout" must be a whole number, not "99999999999999999999"
          --> helmfile.yaml:2:12
           |
         2 |   timeout: 99999999999999999999
           |            ^
        """),
    Case("a list in a map of labels",
         {"helmfile.yaml": "releases:\n- name: web\n  chart: ./web\n  labels:\n    tier: [a]\n"},
         """\
        error: "tier" in "labels" must be a text, not a list
          --> helmfile.yaml:5:11
           |
         5 |     tier: [a]
           |           ^
        """),
    Case("a text where values should be",
         {"helmfile.yaml": "releases:\n- name: web\n  chart: ./web\n  values: web.yaml\n"}, """\
        error: "values" must be a list of paths and maps, not a single value
          --> helmfile.yaml:4:11
           |
         4 |   values: web.yaml
           |           ^
        """),
    Case("a list among values",
         {"helmfile.yaml": "releases:\n- name: web\n  chart: ./web\n  values:\n  - [a]\n"}, """\
        error: what is in "values" must be a path or a map, not a list
          --> helmfile.yaml:5:5
           |
         5 |   - [a]
           |     ^
        """),
    Case("a missingFileHandler there is not", {"helmfile.yaml":
         "releases:\n- name: web\n  chart: ./web\n  missingFileHandler: Ignore\n"}, """\
        error: "missingFileHandler" cannot be "Ignore"
          --> helmfile.yaml:4:23
           |
         4 |   missingFileHandler: Ignore
           |                       ^
        hint: it can be "Error", "Warn", "Info", "Debug"
        """),
    Case("a key twice at the top", {"helmfile.yaml": "releases: []\nreleases: []\n"}, """\
        error: key "releases" comes twice
          --> helmfile.yaml:2:1
           |
         2 | releases: []
           | ^
        """),
    Case("a key twice in a release",
         {"helmfile.yaml": "releases:\n- name: web\n  chart: ./web\n  name: site\n"}, """\
        error: key "name" comes twice
          --> helmfile.yaml:4:3
           |
         4 |   name: site
           |   ^
        """),
    Case("a key twice in values", {"helmfile.yaml":
         "releases:\n- name: web\n  chart: ./web\n  values:\n  - a: 1\n    b: 2\n    a: 3\n"}, """\
        error: mapping key "a" already defined at line 5
          --> helmfile.yaml:7:5
           |
         7 |     a: 3
           |     ^
        """,
         TEMPLATE),
    Case("an environment twice",
         {"helmfile.yaml": "environments:\n  default: {}\n  default: {}\n"}, """\
        error: key "default" comes twice
          --> helmfile.yaml:3:3
           |
         3 |   default: {}
           |   ^
        """),
    Case("environments and releases in one part",
         {"helmfile.yaml": "environments:\n  default: {}\nreleases: []\n"}, """\
        error: "environments" and "releases" cannot be in the same part of a file
          --> helmfile.yaml:3:1
           |
         3 | releases: []
           | ^
        hint: put a line of --- between them
        """),
    Case("environments behind releases",
         {"helmfile.yaml": "releases: []\n---\nenvironments:\n  default: {}\n"}, """\
        error: "environments" must stand before "releases"
          --> helmfile.yaml:3:1
           |
         3 | environments:
           | ^
        """),
)


@cases(*KEYS)
def test_keys_and_types(run, tmp_path, case):
    check(run, tmp_path, case)


INCLUDES = (
    Case("an include loop", {
        "helmfile.yaml": "helmfiles:\n- path: a.yaml\n",
        "a.yaml": "helmfiles:\n- path: b.yaml\n",
        "b.yaml": "helmfiles:\n- path: a.yaml\n"}, """\
        error: a.yaml includes itself: sub-helmfiles go round in a circle
          --> b.yaml:2:9
           |
         2 | - path: a.yaml
           |         ^
           = from a.yaml:2:9: helmfiles: "b.yaml"
           = from helmfile.yaml:2:9: helmfiles: "a.yaml"
        """),
    Case("an include loop by another way to the same file", {
        "helmfile.yaml": "helmfiles:\n- path: ./sub/../helmfile.yaml\n", "sub/x": ""}, """\
        error: helmfile.yaml includes itself: sub-helmfiles go round in a circle
          --> helmfile.yaml:2:9
           |
         2 | - path: ./sub/../helmfile.yaml
           |         ^
        """),
    Case("an include loop through a link", {
        "helmfile.yaml": "helmfiles:\n- path: again.yaml\n",
        "again.yaml": link("helmfile.yaml")}, """\
        error: again.yaml includes itself: sub-helmfiles go round in a circle
          --> again.yaml:2:9
           |
         2 | - path: again.yaml
           |         ^
           = from helmfile.yaml:2:9: helmfiles: "again.yaml"
        """),
    Case("a base that is its own base", {
        "helmfile.yaml": "bases:\n- base.yaml\n",
        "base.yaml": "bases:\n- base.yaml\n"}, """\
        error: a base cannot have bases of its own
          --> base.yaml:2:3
           |
         2 | - base.yaml
           |   ^
           = from helmfile.yaml:2:3: base "base.yaml"
        """),
    Case("a base that is not there", {"helmfile.yaml": "bases:\n- base.yaml\n"}, """\
        error: base.yaml: No such file or directory
          --> helmfile.yaml:2:3
           |
         2 | - base.yaml
           |   ^
        """),
    Case("a base that is a folder", {"helmfile.yaml": "bases:\n- base\n", "base": folder}, """\
        error: base: is a directory, not a file
          --> helmfile.yaml:2:3
           |
         2 | - base
           |   ^
        """),
    Case("a mistake in a base", {
        "helmfile.yaml": "bases:\n- base.yaml\n---\nreleases: []\n",
        "base.yaml": "helmDefaults:\n  wiat: true\n"}, """\
        error: unknown key "wiat" in helmDefaults
          --> base.yaml:2:3
           |
         2 |   wiat: true
           |   ^
           = from helmfile.yaml:2:3: base "base.yaml"
        hint: did you mean "wait"?
        """),
    Case("a template that fails in a base", {
        "helmfile.yaml": "bases:\n- base.yaml.gotmpl\n---\nreleases: []\n",
        "base.yaml.gotmpl": "helmDefaults:\n  wait: {{ .Values.wait }}\n"}, """\
        error: map has no entry for key "wait"
          --> base.yaml.gotmpl:2:19
           |
         2 |   wait: {{ .Values.wait }}
           |                   ^
           = from helmfile.yaml:2:3: base "base.yaml.gotmpl"
        """),
    Case("a file that is not there", {"helmfile.yaml": "helmfiles:\n- path: sub.yaml\n"}, """\
        error: no file matches the sub-helmfile "sub.yaml"
          --> helmfile.yaml:2:9
           |
         2 | - path: sub.yaml
           |         ^
        """),
    Case("a pattern that nothing matches",
         {"helmfile.yaml": "helmfiles:\n- path: sub/*.yaml\n"}, """\
        error: no file matches the sub-helmfile "sub/*.yaml"
          --> helmfile.yaml:2:9
           |
         2 | - path: sub/*.yaml
           |         ^
        """),
    Case("a pattern that is malformed",
         {"helmfile.yaml": "helmfiles:\n- path: 'sub/[.yaml'\n"}, """\
        error: "sub/[.yaml" is no valid pattern
          --> helmfile.yaml:2:9
           |
         2 | - path: 'sub/[.yaml'
           |         ^
        """),
    Case("a sub-helmfile without a path",
         {"helmfile.yaml": "helmfiles:\n- selectors: [a=b]\n"}, """\
        error: a sub-helmfile needs a path
          --> helmfile.yaml:2:3
           |
         2 | - selectors: [a=b]
           |   ^
        """),
    Case("a remote file", {"helmfile.yaml":
         "helmfiles:\n- path: git::file:///none/a.git@b.yaml?ref=v1\n"}, """\
        error: /none/a.git: is no git repository
          --> helmfile.yaml:2:9
           |
         2 | - path: git::file:///none/a.git@b.yaml?ref=v1
           |         ^
        """),
    Case("a mistake two files down", {
        "helmfile.yaml": "helmfiles:\n- path: a.yaml\n",
        "a.yaml": "helmfiles:\n- path: sub/*.yaml\n",
        "sub/b.yaml": "releases:\n- name: web\n  chrat: ./web\n"}, """\
        error: unknown key "chrat" in a release
          --> sub/b.yaml:3:3
           |
         3 |   chrat: ./web
           |   ^
           = from a.yaml:2:9: helmfiles: "sub/*.yaml"
           = from helmfile.yaml:2:9: helmfiles: "a.yaml"
        hint: did you mean "chart"?
        """),
    Case("a template that fails two files down", {
        "helmfile.yaml": "helmfiles:\n- path: a.yaml\n",
        "a.yaml": "helmfiles:\n- path: b.yaml.gotmpl\n",
        "b.yaml.gotmpl": "releases:\n- name: {{ .Values.nmae }}\n  chart: ./web\n"}, """\
        error: map has no entry for key "nmae"
          --> b.yaml.gotmpl:2:19
           |
         2 | - name: {{ .Values.nmae }}
           |                   ^
           = from a.yaml:2:9: helmfiles: "b.yaml.gotmpl"
           = from helmfile.yaml:2:9: helmfiles: "a.yaml"
        """),
    Case("a release that is wrong in an included file", {
        "helmfile.yaml": "helmfiles:\n- path: a.yaml\n",
        "a.yaml": "releases:\n- name: web\n"}, """\
        error: release "web" needs a chart
          --> a.yaml:2:3
           |
         2 | - name: web
           |   ^
           = from helmfile.yaml:2:9: helmfiles: "a.yaml"
        hint: chart: ./path, repository/name or oci://…
        """),
    Case("a template in a field that fails in an included file", {
        "helmfile.yaml": "helmfiles:\n- path: a.yaml.gotmpl\n",
        "a.yaml.gotmpl":
            "releases:\n- name: web\n  chart: ./web\n  namespace: '{{`{{ .Values.x }}`}}'\n"}, """\
        error: release "web": namespace: map has no entry for key "x"
          --> a.yaml.gotmpl:4:14
           |
         4 |   namespace: '{{`{{ .Values.x }}`}}'
           |              ^
           = from helmfile.yaml:2:9: helmfiles: "a.yaml.gotmpl"
        """),
    Case("an environment that no included file has", {
        "helmfile.yaml": "helmfiles:\n- path: a.yaml\n",
        "a.yaml": "environments:\n  production: {}\n---\nreleases: []\n"}, """\
        error: environment "staging" is not defined
        hint: the spec has no environments: leave --environment out
        """,
        ("-e", "staging", "list"), 3),
)


@cases(*INCLUDES)
def test_files_that_include_files(run, tmp_path, case):
    check(run, tmp_path, case)


def with_values(entry, more=""):
    return f"releases:\n- name: web\n  chart: ./web\n  values:\n  - {entry}\n{more}"


VALUES = (
    Case("a values file that is not there",
         {**CHART, "helmfile.yaml": with_values("web.yaml")}, """\
        error: values file "web.yaml" does not exist
          --> helmfile.yaml:5:5
           |
         5 |   - web.yaml
           |     ^
           = from helmfile.yaml:2:3: release "web"
        hint: missingFileHandler: Warn lets it be missing
        """, TEMPLATE),
    Case("a values file that is not there, with a warning",
         {**CHART, "helmfile.yaml": with_values("web.yaml", "  missingFileHandler: Warn\n")}, """\
        warning: helmfile.yaml:5: values file "web.yaml" does not exist and is skipped
        """,
         TEMPLATE, 0, stdout="""\
        ---
        # Source: web/templates/map.yaml
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: web

        """),
    Case("values files of an environment that are not there",
         {"helmfile.yaml": "environments:\n  default:\n    values:\n    - prod.yaml\n"}, """\
        error: environment values file "prod.yaml" does not exist
          --> helmfile.yaml:4:7
           |
         4 |     - prod.yaml
           |       ^
        hint: missingFileHandler: Warn lets it be missing
        """),
    Case("values files of an environment that are not there, with a warning",
         {"helmfile.yaml": "environments:\n  default:\n    missingFileHandler: Warn\n"
          "    values:\n    - prod.yaml\n---\nreleases: []\n"}, """\
        warning: helmfile.yaml:5: environment values file "prod.yaml" does not exist and is skipped
        error: the spec has no releases
        """, code=3),
    Case("a values file that is a list",
         {**CHART, "helmfile.yaml": with_values("web.yaml"), "web.yaml": "- a\n- b\n"}, """\
        error: values must be a map, not a list
          --> web.yaml:1:1
           |
         1 | - a
           | ^
           = from helmfile.yaml:5:5: values of release "web"
           = from helmfile.yaml:2:3: release "web"
        """,
         TEMPLATE),
    Case("a values file that is a text",
         {**CHART, "helmfile.yaml": with_values("web.yaml"), "web.yaml": "hello\n"}, """\
        error: values must be a map, not a string
          --> web.yaml:1:1
           |
         1 | hello
           | ^
           = from helmfile.yaml:5:5: values of release "web"
           = from helmfile.yaml:2:3: release "web"
        """, TEMPLATE),
    Case("a values file of the environment that is a list",
         {"helmfile.yaml": "environments:\n  default:\n    values:\n    - prod.yaml\n",
          "prod.yaml": "- a\n"}, """\
        error: values must be a map, not a list
          --> prod.yaml:1:1
           |
         1 | - a
           | ^
           = from helmfile.yaml:4:7: environment values file "prod.yaml"
        """),
    Case("a values file that is no YAML",
         {**CHART, "helmfile.yaml": with_values("web.yaml"), "web.yaml": "a: 1\nb: [1, 2\nc: 3\n"},
         """\
        error: did not find expected ',' or ']'
          --> web.yaml:3:2
           |
         3 | c: 3
           |  ^
           = from helmfile.yaml:5:5: values of release "web"
           = from helmfile.yaml:2:3: release "web"
        hint: the [ of line 2 is not closed, or a comma is missing
        """, TEMPLATE),
    Case("a values file with a tab",
         {**CHART, "helmfile.yaml": with_values("web.yaml"), "web.yaml": "a:\n\tb: 3\n"},
         """\
        error: found character that cannot start any token
          --> web.yaml:2:1
           |
         2 | 	b: 3
           | ^
           = from helmfile.yaml:5:5: values of release "web"
           = from helmfile.yaml:2:3: release "web"
        hint: indent with spaces, not with tabs
        """, TEMPLATE),
    Case("a values file of the environment that is no YAML",
         {"helmfile.yaml": "environments:\n  default:\n    values:\n    - prod.yaml\n",
          "prod.yaml": "a: 'b\n"}, """\
        error: found unexpected end of stream
          --> prod.yaml:2:1
           |
         2 | 
           | ^
           = from helmfile.yaml:4:7: environment values file "prod.yaml"
        hint: what is quoted from line 1 on has no end
        """),
    Case("a values template that does not parse",
         {**CHART, "helmfile.yaml": with_values("web.yaml.gotmpl"),
          "web.yaml.gotmpl": "a: 1\nb: {{ if }}\n"}, """\
        error: missing value for if
          --> web.yaml.gotmpl:2:10
           |
         2 | b: {{ if }}
           |          ^
           = from helmfile.yaml:5:5: values of release "web"
           = from helmfile.yaml:2:3: release "web"
        """, TEMPLATE),
    Case("a values template that fails",
         {**CHART, "helmfile.yaml": with_values("web.yaml.gotmpl"),
          "web.yaml.gotmpl": "a: 1\nreplicas: {{ .Values.replica }}\n"}, """\
        error: map has no entry for key "replica"
          --> web.yaml.gotmpl:2:21
           |
         2 | replicas: {{ .Values.replica }}
           |                     ^
           = from helmfile.yaml:5:5: values of release "web"
           = from helmfile.yaml:2:3: release "web"
        """, TEMPLATE),
    Case("a values template that renders to what is no YAML",
         {**CHART, "helmfile.yaml": with_values("web.yaml.gotmpl"),
          "web.yaml.gotmpl": "a: 1\n{{ \"b: [\" }}\n"}, """\
        error: did not find expected node content
          --> web.yaml.gotmpl:3:1
           |
         3 | 
           | ^
           = from helmfile.yaml:5:5: values of release "web"
           = from helmfile.yaml:2:3: release "web"
        hint: this is about the text that the template renders to
        """, TEMPLATE),
    Case("a values template of the environment that fails",
         {"helmfile.yaml": "environments:\n  default:\n    values:\n    - prod.yaml.gotmpl\n",
          "prod.yaml.gotmpl": "a: {{ .Values.b.c }}\n"}, """\
        error: map has no entry for key "b"
          --> prod.yaml.gotmpl:1:14
           |
         1 | a: {{ .Values.b.c }}
           |              ^
           = from helmfile.yaml:4:7: environment values file "prod.yaml.gotmpl"
        """),
    Case("a values file that is a folder",
         {**CHART, "helmfile.yaml": with_values("web.yaml"), "web.yaml": folder}, """\
        error: web.yaml: is a directory, not a file
          --> helmfile.yaml:5:5
           |
         5 |   - web.yaml
           |     ^
           = from helmfile.yaml:2:3: release "web"
        """, TEMPLATE),
    Case("a values file that is a pipe that nobody writes to",
         {**CHART, "helmfile.yaml": with_values("web.yaml"), "web.yaml": fifo}, """\
        error: web.yaml: is a pipe that nobody writes to
          --> helmfile.yaml:5:5
           |
         5 |   - web.yaml
           |     ^
           = from helmfile.yaml:2:3: release "web"
        """, TEMPLATE),
    Case("a values file that is a device",
         {**CHART, "helmfile.yaml": with_values("/dev/zero")}, """\
        error: /dev/zero: the file has more than 268435456 bytes
          --> helmfile.yaml:5:5
           |
         5 |   - /dev/zero
           |     ^
           = from helmfile.yaml:2:3: release "web"
        """, TEMPLATE),
    Case("a values file that is no UTF-8",
         {**CHART, "helmfile.yaml": with_values("web.yaml"), "web.yaml": b"a: 1\nb: \xff\n"}, """\
        error: invalid leading UTF-8 octet
          --> web.yaml:2:4
           |
         2 | b: \\xff
           |    ^
           = from helmfile.yaml:5:5: values of release "web"
           = from helmfile.yaml:2:3: release "web"
        """,
         TEMPLATE),
    Case("a values file with a zero byte",
         {**CHART, "helmfile.yaml": with_values("web.yaml"), "web.yaml": b"a: 1\nb: \0\n"}, """\
        error: control characters are not allowed
          --> web.yaml:2:4
           |
         2 | b: 
           |    ^
           = from helmfile.yaml:5:5: values of release "web"
           = from helmfile.yaml:2:3: release "web"
        hint: in double quotes it can be written \\xNN
        """,
         TEMPLATE),
    Case("a path to values that is a template that fails",
         {**CHART, "helmfile.yaml.gotmpl": with_values("'{{`{{ .Values.x }}`}}.yaml'")}, """\
        error: release "web": values: map has no entry for key "x"
          --> helmfile.yaml.gotmpl:5:5
           |
         5 |   - '{{`{{ .Values.x }}`}}.yaml'
           |     ^
        """,
         TEMPLATE),
    Case("a pattern that several values files match",
         {**CHART, "helmfile.yaml": with_values("'*-values.yaml'"),
          "a-values.yaml": "a: 1\n", "b-values.yaml": "a: 2\n"}, """\
        error: "*-values.yaml" matches 2 files: a release's values must be one
          --> helmfile.yaml:5:5
           |
         5 |   - '*-values.yaml'
           |     ^
           = from helmfile.yaml:2:3: release "web"
        """, TEMPLATE),
    Case("--values of a file that is not there", {**CHART, "helmfile.yaml": RELEASE}, """\
        error: --values: more.yaml: there is no such file
        """,
         ("template", "--values", "more.yaml")),
    Case("--state-values-file of a file that is not there", {**CHART, "helmfile.yaml": RELEASE},
         """\
        error: state values file "more.yaml" does not exist
        """, ("list", "--state-values-file", "more.yaml")),
    Case("--state-values-set without a value", {**CHART, "helmfile.yaml": RELEASE}, """\
        error: --state-values-set: "replicas" has no =
        hint: write it as key=value
        """,
         ("list", "--state-values-set", "replicas")),
    Case("--state-values-set with an index that is no number", {**CHART, "helmfile.yaml": RELEASE},
         """\
        error: --state-values-set: "b" is no index up to 65536
        """, ("list", "--state-values-set", "a[b]=c")),
    Case("--state-values-set with an index that is too large",
         {**CHART, "helmfile.yaml": RELEASE}, """\
        error: --state-values-set: "99999999" is no index up to 65536
        """,
         ("list", "--state-values-set", "a[99999999]=c")),
    Case("--set without a value", {**CHART, "helmfile.yaml": RELEASE}, """\
        error: --set: key "replicas" has no value
        """,
         ("template", "--set", "replicas")),
    Case("--set with an index that is no number", {**CHART, "helmfile.yaml": RELEASE}, """\
        error: --set: error parsing index: "b" is no number
        """,
         ("template", "--set", "a[b]=c")),
    Case("--set with a list that is not closed", {**CHART, "helmfile.yaml": RELEASE}, """\
        error: --set: list must terminate with '}'
        """,
         ("template", "--set", "a={b,c")),
    Case("set of a file that is not there", {**CHART, "helmfile.yaml":
         RELEASE + "  set:\n  - name: a\n    file: missing.txt\n"}, """\
        error: missing.txt: No such file or directory
          --> helmfile.yaml:5:5
           |
         5 |   - name: a
           |     ^
           = from helmfile.yaml:2:3: release "web"
        """, TEMPLATE),
    Case("a reference that cannot be read", {**CHART, "helmfile.yaml":
         with_values("password: ref+file://missing.txt")}, """\
        error: ref+file://missing.txt: missing.txt: No such file or directory
          --> helmfile.yaml:5:5
           |
         5 |   - password: ref+file://missing.txt
           |     ^
           = from helmfile.yaml:2:3: release "web"
        """, TEMPLATE),
    Case("a reference of a kind there is not", {**CHART, "helmfile.yaml":
         with_values("password: ref+nothing://path")}, """\
        error: no lookup is called "nothing"
          --> helmfile.yaml:5:5
           |
         5 |   - password: ref+nothing://path
           |     ^
           = from helmfile.yaml:2:3: release "web"
        """, TEMPLATE),
    Case("secrets that are none", {**CHART, "helmfile.yaml": RELEASE + "  secrets:\n  - secrets.yaml\n",
                     "secrets.yaml": "a: b\n"}, """\
        error: secrets.yaml: is not encrypted: there is nothing of sops in it
          --> helmfile.yaml:5:5
           |
         5 |   - secrets.yaml
           |     ^
           = from helmfile.yaml:2:3: release "web"
        hint: encrypt it with sops --encrypt --in-place, or list it under `values`
        """, TEMPLATE),
)


@cases(*VALUES)
def test_values(run, tmp_path, case):
    check(run, tmp_path, case)


def template(expression):
    return {"helmfile.yaml.gotmpl": f"releases:\n- name: web\n  chart: {expression}\n"}


TEMPLATES = (
    Case("a variable that must be set is not",
         template('{{ requiredEnv "WEB_CHART" }}'), """\
        error: requiredEnv: required env var `WEB_CHART` is not set
          --> helmfile.yaml.gotmpl:3:13
           |
         3 |   chart: {{ requiredEnv "WEB_CHART" }}
           |             ^
        """),
    Case("a value that must be there is not",
         template('{{ .Values | get "chart.path" }}'), """\
        error: get: no value exist for key "chart"
          --> helmfile.yaml.gotmpl:3:23
           |
         3 |   chart: {{ .Values | get "chart.path" }}
           |                       ^
        """),
    Case("required of nothing",
         template('{{ required "set chart" nil }}'), """\
        error: required: set chart
          --> helmfile.yaml.gotmpl:3:13
           |
         3 |   chart: {{ required "set chart" nil }}
           |             ^
        """),
    Case("fail", template('{{ fail "no chart today" }}'), """\
        error: fail: no chart today
          --> helmfile.yaml.gotmpl:3:13
           |
         3 |   chart: {{ fail "no chart today" }}
           |             ^
        """),
    Case("a program that fails", template('{{ exec "sh" (list "-c" "echo broken >&2; exit 3") }}'),
         """\
        error: exec: "sh" ended with exit status 3: broken
          --> helmfile.yaml.gotmpl:3:13
           |
         3 |   chart: {{ exec "sh" (list "-c" "echo broken >&2; exit 3") }}
           |             ^
        """),
    Case("a program that is not there", template('{{ exec "no-such-program" (list) }}'), """\
        error: exec: cannot run "no-such-program": No such file or directory
          --> helmfile.yaml.gotmpl:3:13
           |
         3 |   chart: {{ exec "no-such-program" (list) }}
           |             ^
        """),
    Case("a program that is killed", template('{{ exec "sh" (list "-c" "kill -9 $$") }}'), """\
        error: exec: "sh" ended with exit status 137
          --> helmfile.yaml.gotmpl:3:13
           |
         3 |   chart: {{ exec "sh" (list "-c" "kill -9 $$") }}
           |             ^
        """),
    Case("a file that is not there", template('{{ readFile "chart.txt" }}'), """\
        error: readFile: chart.txt: No such file or directory
          --> helmfile.yaml.gotmpl:3:13
           |
         3 |   chart: {{ readFile "chart.txt" }}
           |             ^
        """),
    Case("a function there is not", template('{{ requireEnv "A" }}'), """\
        error: function "requireEnv" not defined
          --> helmfile.yaml.gotmpl:3:13
           |
         3 |   chart: {{ requireEnv "A" }}
           |             ^
        hint: did you mean "requiredEnv"?
        """),
    Case("a template that is not closed", template('{{ .Values.a'), """\
        error: unclosed action, which starts in line 3
          --> helmfile.yaml.gotmpl:4:1
           |
         4 | 
           | ^
        """),
    Case("an if that is not closed", template('{{ if true }}a'), """\
        error: unexpected EOF
          --> helmfile.yaml.gotmpl:4:1
           |
         4 | 
           | ^
        hint: {{ if }} of line 3 has no {{ end }}
        """),
    Case("an end without a beginning", template('a{{ end }}'), """\
        error: unexpected {{end}}
          --> helmfile.yaml.gotmpl:3:18
           |
         3 |   chart: a{{ end }}
           |                  ^
        """),
    Case("a wrong argument", template('{{ nindent "a" "b" }}'), """\
        error: expected integer; found "a"
          --> helmfile.yaml.gotmpl:3:21
           |
         3 |   chart: {{ nindent "a" "b" }}
           |                     ^
        hint: usage: nindent WIDTH TEXT
        """),
    Case("a variable there is not", template('{{ $chart }}'), """\
        error: undefined variable "$chart"
          --> helmfile.yaml.gotmpl:3:20
           |
         3 |   chart: {{ $chart }}
           |                    ^
        """),
    Case("a release field that is a template that does not parse",
         template("'{{`{{ .Values.a`}}'"), """\
        error: release "web": chart: unclosed action
          --> helmfile.yaml.gotmpl:3:10
           |
         3 |   chart: '{{`{{ .Values.a`}}'
           |          ^
        """),
    Case("a release field that is a template that fails",
         template("'{{`{{ .Values.a.b }}`}}'"), """\
        error: release "web": chart: map has no entry for key "a"
          --> helmfile.yaml.gotmpl:3:10
           |
         3 |   chart: '{{`{{ .Values.a.b }}`}}'
           |          ^
        """),
    Case("YAML that is wrong behind a loop", {"helmfile.yaml.gotmpl": """\
        releases:
        {{ range list "a" "b" }}
        - name: {{ . }}
           chart: ./web
        {{ end }}
        """}, """\
        error: mapping values are not allowed in this context
          --> helmfile.yaml.gotmpl:4:9
           |
         4 |    chart: ./web
           |         ^
        hint: keys of one map begin in the same column; a text with ": " in it needs quotes
        """),
    Case("a key that is unknown behind a loop", {"helmfile.yaml.gotmpl": """\
        releases:
        {{ range list "a" "b" }}
        - name: {{ . }}
          chrat: ./web
        {{ end }}
        """}, """\
        error: unknown key "chrat" in a release
          --> helmfile.yaml.gotmpl:4:3
           |
         4 |   chrat: ./web
           |   ^
        hint: did you mean "chart"?
        """),
)


@cases(*TEMPLATES)
def test_templates_of_the_spec(run, tmp_path, case):
    check(run, tmp_path, case)


RELEASES = (
    Case("a need of nothing", {"helmfile.yaml": """\
        releases:
        - name: web
          chart: ./web
          needs: [databse]
        - name: database
          chart: ./web
        """}, """\
        error: release "web" needs "databse", which is not there
          --> helmfile.yaml:4:11
           |
         4 |   needs: [databse]
           |           ^
        hint: did you mean "database"?
        """, TEMPLATE),
    Case("a need in another namespace", {"helmfile.yaml": """\
        releases:
        - name: web
          chart: ./web
          needs: [database]
        - name: database
          namespace: storage
          chart: ./web
        """}, """\
        error: release "web" needs "database", which is not there
          --> helmfile.yaml:4:11
           |
         4 |   needs: [database]
           |           ^
        hint: there is storage/database: say [context/][namespace/]name
        """, TEMPLATE),
    Case("needs that go round in a circle", {"helmfile.yaml": """\
        releases:
        - name: a
          chart: ./web
          needs: [b]
        - name: b
          chart: ./web
          needs:
          - c
        - name: c
          chart: ./web
          needs: [a]
        """}, """\
        error: cycle detected: a -> b -> c -> a
           --> helmfile.yaml:11:11
            |
         11 |   needs: [a]
            |           ^
            = from helmfile.yaml:8:5: "b" needs "c"
            = from helmfile.yaml:4:11: "a" needs "b"
        hint: one of these needs must go
        """, TEMPLATE),
    Case("a release that needs itself", {"helmfile.yaml": """\
        releases:
        - name: a
          chart: ./web
          needs: [a]
        """}, """\
        error: cycle detected: a -> a
          --> helmfile.yaml:4:11
           |
         4 |   needs: [a]
           |           ^
        hint: one of these needs must go
        """, TEMPLATE),
    Case("a release twice", {"helmfile.yaml": """\
        releases:
        - name: web
          chart: ./web
        - name: web
          chart: ./other
        """}, """\
        error: release "web" is there twice
          --> helmfile.yaml:4:3
           |
         4 | - name: web
           |   ^
           = from helmfile.yaml:2:3: the other one
        """),
    Case("a release without a chart", {"helmfile.yaml": "releases:\n- name: web\n"}, """\
        error: release "web" needs a chart
          --> helmfile.yaml:2:3
           |
         2 | - name: web
           |   ^
        hint: chart: ./path, repository/name or oci://…
        """),
    Case("a release without a name", {"helmfile.yaml": "releases:\n- chart: ./web\n"}, """\
        error: a release needs a name
          --> helmfile.yaml:2:3
           |
         2 | - chart: ./web
           |   ^
        hint: name: web
        """),
    Case("a release that is null", {"helmfile.yaml": "releases:\n-\n"}, """\
        warning: helmfile.yaml:2: an item of "releases" is empty, and left out
        error: the spec has no releases
        """, code=3),
    Case("a name with capitals", {"helmfile.yaml": "releases:\n- name: Web\n  chart: ./web\n"},
         """\
        error: "Web" is no name for a release
          --> helmfile.yaml:2:9
           |
         2 | - name: Web
           |         ^
        hint: up to 53 small letters, digits, - and ., a letter or digit at both ends
        """, ("lint",)),
    Case("a name with an underscore",
         {"helmfile.yaml": "releases:\n- name: web_site\n  chart: ./web\n"}, """\
        error: "web_site" is no name for a release
          --> helmfile.yaml:2:9
           |
         2 | - name: web_site
           |         ^
        hint: up to 53 small letters, digits, - and ., a letter or digit at both ends
        """, ("lint",)),
    Case("a name that is too long",
         {"helmfile.yaml": f"releases:\n- name: {'w' * 54}\n  chart: ./web\n"}, """\
        error: "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww" is no name for a release
          --> helmfile.yaml:2:9
           |
         2 | - name: wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww
           |         ^
        hint: up to 53 small letters, digits, - and ., a letter or digit at both ends
        """, ("lint",)),
    Case("a namespace with a slash",
         {"helmfile.yaml": "releases:\n- name: web\n  namespace: a/b\n  chart: ./web\n"}, """\
        error: "a/b" is no namespace
          --> helmfile.yaml:3:14
           |
         3 |   namespace: a/b
           |              ^
        hint: up to 63 small letters, digits and -, a letter or digit at both ends
        """, ("lint",)),
    Case("--namespace with capitals", {"helmfile.yaml": RELEASE}, """\
        error: --namespace: "Web" is no namespace
        hint: up to 63 small letters, digits and -, a letter or digit at both ends
        """, ("-n", "Web", "lint"), 3),
    Case("a selector without a value", {"helmfile.yaml": RELEASE}, """\
        error: --selector: malformed label: "foo"
        hint: write selectors as key=value or key!=value, with commas between
        """, ("-l", "foo", "list")),
    Case("a selector in an include that is malformed", {
        "helmfile.yaml": "helmfiles:\n- path: a.yaml\n  selectors: [foo]\n",
        "a.yaml": RELEASE}, """\
        error: malformed label: "foo"
          --> helmfile.yaml:2:9
           |
         2 | - path: a.yaml
           |         ^
        hint: write selectors as key=value or key!=value, with commas between
        """),
    Case("a selector that nothing matches", {"helmfile.yaml": RELEASE}, """\
        error: no releases found that match the selector, in any file
        hint: did you mean "web"?
        """,
         ("-l", "name=wbe", "list"), 3),
    Case("a condition that is none", {"helmfile.yaml": RELEASE + "  condition: web\n"}, """\
        error: the condition "web" must be true, false, or a path that ends in .enabled
          --> helmfile.yaml:4:14
           |
         4 |   condition: web
           |              ^
        """),
    Case("a condition that looks for nothing",
         {"helmfile.yaml": RELEASE + "  condition: web.enabled\n"}, """\
        error: the condition "web.enabled" looks for "web" in the values, which is not there
          --> helmfile.yaml:4:14
           |
         4 |   condition: web.enabled
           |              ^
        hint: give it a default in `values:`
        """),
    Case("a release template there is not", {"helmfile.yaml":
         "templates:\n  common: {}\n---\n" + RELEASE + "  inherit:\n  - template: comon\n"}, """\
        error: inexistent release template "comon"
          --> helmfile.yaml:8:15
           |
         8 |   - template: comon
           |               ^
        hint: did you mean "common"?
        """),
    Case("a release template that inherits itself", {"helmfile.yaml":
         "templates:\n  a:\n    inherit:\n    - template: a\n---\n" + RELEASE
         + "  inherit:\n  - template: a\n"}, """\
        error: release template "a" inherits itself
          --> helmfile.yaml:4:17
           |
         4 |     - template: a
           |                 ^
        """),
    Case("a post renderer", {**CHART, "helmfile.yaml": RELEASE + "  postRenderer: ./patch.sh\n"},
         """\
        error: post-renderer "./patch.sh": there is no program "./patch.sh"
          --> helmfile.yaml:4:17
           |
         4 |   postRenderer: ./patch.sh
           |                 ^
           = from helmfile.yaml:2:3: release "web"
        hint: a path from the spec's folder, a program on the PATH, or a plugin of helm's
        """, TEMPLATE),
    Case("a post renderer for all", {**CHART, "helmfile.yaml":
         "helmDefaults:\n  postRenderer: ./patch.sh\n---\n" + RELEASE}, """\
        error: post-renderer "./patch.sh": there is no program "./patch.sh"
          --> helmfile.yaml:2:17
           |
         2 |   postRenderer: ./patch.sh
           |                 ^
           = from helmfile.yaml:5:3: release "web"
        hint: a path from the spec's folder, a program on the PATH, or a plugin of helm's
        """, TEMPLATE),
    Case("JSON patches", {**CHART, "helmfile.yaml": RELEASE + "  jsonPatches:\n  - a: b\n"}, """\
        error: jsonPatches: a JSON patch needs a patch, or the path of one
          --> helmfile.yaml:5:5
           |
         5 |   - a: b
           |     ^
           = from helmfile.yaml:2:3: release "web"
        """,
         TEMPLATE),
    Case("strategic merge patches",
         {**CHART, "helmfile.yaml": RELEASE + "  strategicMergePatches:\n  - a: b\n"}, """\
        error: strategicMergePatches: patch: an object has no kind
          --> helmfile.yaml:5:5
           |
         5 |   - a: b
           |     ^
           = from helmfile.yaml:2:3: release "web"
        """,
         TEMPLATE),
    Case("transformers", {**CHART, "helmfile.yaml": RELEASE + "  transformers:\n  - a: b\n"}, """\
        error: transformers: a transformer is a map with apiVersion, kind and metadata
          --> helmfile.yaml:5:5
           |
         5 |   - a: b
           |     ^
           = from helmfile.yaml:2:3: release "web"
        """,
         TEMPLATE),
    Case("dependencies", {**CHART, "helmfile.yaml":
         RELEASE + "  dependencies:\n  - chart: ./sub\n    version: 1.0.0\n"}, """\
        error: chart "./sub" does not exist: there is no sub
          --> helmfile.yaml:5:12
           |
         5 |   - chart: ./sub
           |            ^
           = from helmfile.yaml:2:3: release "web"
        """, TEMPLATE),
)


@cases(*RELEASES)
def test_releases(run, tmp_path, case):
    check(run, tmp_path, case)
