"""Whole charts: templates, partials, hooks, values, dependencies, schemas, .helmignore, options."""

import json
import random

KINDS = ["ConfigMap", "Secret", "Service", "Deployment", "Job", "Namespace", "Role", "RoleBinding", "ClusterRole", "CustomResourceDefinition",
         "ServiceAccount", "StatefulSet", "Pod", "Ingress", "Widget", "APIService", "Zed", "PodDisruptionBudget", "ReplicaSet", "CronJob", "HorizontalPodAutoscaler",
         "StorageClass", "PersistentVolume", "PersistentVolumeClaim", "NetworkPolicy", "ResourceQuota", "LimitRange", "IngressClass", "PriorityClass", "DaemonSet",
         "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "List", "ConfigMapList", "SecretList", "RoleList", "\"\"", "configmap", "1", "null"]
EVENTS = ["pre-install", "post-install", "pre-upgrade", "post-upgrade", "pre-delete", "post-delete", "pre-rollback", "post-rollback", "test", "test-success",
          "test-failure", "crd-install", "nope", " Pre-Install ", "pre-install,post-upgrade", "pre-install, test", "", ",", "pre-install,,", "1", "PRE-INSTALL"]
NAMES = ["a.yaml", "b.yaml", "c.yaml", "z.yaml", "_h.tpl", "_a.tpl", "NOTES.txt", "dir/a.yaml", "dir/_p.tpl", "dir/NOTES.txt", "a.yml", "a.json", "a.txt", "a.tpl", "x",
         ".hidden.yaml", "_d/e.yaml", "a-b.yaml", "a_b.yaml", "A.yaml", "tests/t.yaml", "10.yaml", "9.yaml", "a b.yaml", "é.yaml", "sub/deep/x.yaml", "_x.yaml"]
VALUES = ["1", "0", "x", "true", "null", "{}", "[]", "{a: 1}", "{a: null}", "{a: {b: 2}, c: 3}", "[1, 2]", "\"\"", "1.5", "[{n: 1}]", "{enabled: true}",
          "{enabled: false}", "{enabled: \"false\"}", "{x: 2, m: {a: 5}}", "{m: null}", "{m: {a: null}}", "{m: 3}", "{global: {g: 2}}", "{global: null}", "{global: 1}", "\"{{ .Chart.Name }}\"", "1e6", "0777", "on"]
MAPS = [v for v in VALUES if v.startswith("{")]
KEYS = ["a", "m", "x", "s", "i", "global", "tags", "l", "s2", "al", "nope", "exports", "lib", "data"]
CHARTS = ("s", "i", "s2", "al", "lib", "global", "tags", "exports")
DUMP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Chart.Name }}\ndata:\n  v: {{ .Values | toJson | quote }}\n"
FACTS = ["{{ .Template.Name }}", "{{ .Template.BasePath }}", "{{ .Chart.Name }}-{{ .Chart.Version }}", "{{ .Chart.AppVersion | quote }}", "{{ .Chart.IsRoot }}",
         "{{ .Chart | toJson | quote }}", "{{ .Release | toJson | quote }}", "{{ .Chart.Dependencies | toJson | quote }}", "{{ .Subcharts | toJson | quote }}",
         "{{ keys .Subcharts | sortAlpha | join \",\" | quote }}", "{{ .Values | toYaml | nindent 4 }}", "{{ .Values.m | toJson | quote }}", "{{ .Values.global | toJson | quote }}",
         "{{ .Files | len }}", "{{ .Files.Get \"f.txt\" | quote }}", "{{ (.Files.Glob \"*.txt\").AsConfig | quote }}", "{{ (.Files.Glob \"**\").AsSecrets | quote }}",
         "{{ .Files.Lines \"f.txt\" | toJson | quote }}", "{{ range $p, $b := .Files.Glob \"*\" }}{{ $p }};{{ end }}", "{{ range $p, $b := .Files }}{{ $p }};{{ end }}", "{{ .Files.GetBytes \"f.txt\" | toString | quote }}",
         "{{ .Capabilities.KubeVersion }}", "{{ .Capabilities.KubeVersion.Minor }}", "{{ .Capabilities.KubeVersion.GitVersion }}", "{{ .Capabilities.APIVersions.Has \"a.io/v1\" }}",
         "{{ .Capabilities.APIVersions.Has \"v1/Pod\" }}", "{{ .Capabilities.HelmVersion.Version }}", "{{ include \"h\" . }}", "{{ include \"s.h\" . | quote }}", "{{ include \"h\" .Subcharts.s }}", "{{ template \"h\" . }}",
         "{{ tpl (.Values.t | default \"{{ .Chart.Name }}\") . }}", "{{ tpl (.Files.Get \"f.txt\") . | quote }}", "{{ tpl \"{{ include `h` . }}\" . }}", "{{ .Values.s.x }}", "{{ .Values.nope.x }}", "{{ required \"need a\" .Values.a }}", "{{ lookup \"v1\" \"Pod\" \"\" \"\" | toJson }}",
         "{{ (lookup \"v1\" \"Secret\" \"n\" \"x\").data | toJson }}", "{{ .Release.Name }}-{{ .Release.Namespace }}", "{{ .Release.Service }}{{ .Release.Revision }}", "{{ set .Values \"new\" 1 | len }}", "{{ .Values.new }}", "{{ merge .Values (dict \"z\" 1) | toJson | quote }}",
         "{{ mergeOverwrite .Values (dict \"x\" 9) | toJson | quote }}", "{{ unset .Values \"a\" | len }}", "{{ include (print $.Template.BasePath \"/b.yaml\") . | sha256sum }}", "{{ fail \"stop\" }}", "{{ nosuch }}", "{{ .Values.a | b64enc }}", "{{ range .Values.l }}{{ . }},{{ end }}",
         "{{ with .Values.m }}{{ .a }}{{ else }}none{{ end }}", "{{ .Subcharts.s.Values | toJson | quote }}", "{{ .Subcharts.s.Chart.Name }}", "{{ .Subcharts.s.Release.Name }}", "{{ index .Subcharts \"s\" | kindOf }}", "{{ .Chart.Annotations | toJson | quote }}", "{{ .Chart.Keywords | toJson }}",
         "{{ range .Chart.Maintainers }}{{ .Name }}:{{ .Email }};{{ end }}", "{{ .Chart.Type }}|{{ .Chart.KubeVersion }}|{{ .Chart.Icon }}|{{ .Chart.Home }}|{{ .Chart.Deprecated }}", "{{ range .Chart.Dependencies }}{{ .Name }},{{ .Alias }},{{ .Enabled }},{{ .Version }};{{ end }}", "{{ .Values.global.g }}"]
BROKEN = [f for f in FACTS if any(w in f for w in ("s.x", "nope.x", "need a", "stop", "nosuch", "b64enc", "Template.BasePath \"/b", "template", "`h`", "Subcharts.s", ".g }", "\"**\""))]
SOUND = [f for f in FACTS if f not in BROKEN]
BODIES = ["k: v\n", "a: 1\n---\nb: 2\n", "---\na: 1\n", "a: 1\n---\n", "\n---\n\n---\nk: 1\n", "# only\n", "", " \n", "a: 1\n--- \nb: 1\n", "a: 1\n---\t\nb: 1\n", "a: 1\n--- # c\nb: 2\n", "a: 1\n---\r\nb: 2\r\n", "a: |\n  ---\n  x\n---\nb: 1\n", "a: 'x\n---\ny'\n",
          "[1]\n", "x\n", "1\n", "null\n", "~\n", "{a: 1}\n", "{a: 1\n", "a: b: c\n", "a: &x 1\nb: *x\n", "b: *x\n", "a: 1\n...\n---\nb: 1\n", "%YAML 1.1\n---\na: 1\n", "a: 1\n----\nb: 1\n", "a: 1\n---b: 2\n", "---\n---\n---\n", "--- a: 1\n", "\ufeffa: 1\n", "a: 1\na: 2\n",
          "\ta: 1\n", "metadata: 1\n", "kind: 1\n", "kind: [a]\n", "kind: {a: 1}\n", "metadata: {name: 5}\n", "metadata: {annotations: 1}\n", "metadata: {annotations: {a: 1}}\n", "metadata: {annotations: {a: true}}\n", "metadata: null\nkind: Pod\n", "{{ nosuch }}\n", "{{- if .Values.a }}\nk: a\n{{- end }}\n",
          "Kind: Service\nkind: Pod\nmetadata: {name: a}\n", "apiVersion: 1\nkind: ConfigMap\n", "k: {{ .Values.a }}\n", "# c\n\n---\n# d\na: 1\n", "a: 1 # ---\n", "\"---\"\n", "a: 1\n---\n# Source: x\nb: 1\n", "a: 1\n\n\n\n", "\n\n\na: 1", "a: 1\n ---\nb: 2\n", "a:\n- 1\n---\nb:\n- 2\n---\n"]
BAD_BODIES = ["a: 'x\n---\ny'\n", "[1]\n", "x\n", "1\n", "{a: 1\n", "a: b: c\n", "b: *x\n", "--- a: 1\n", "\ta: 1\n", "metadata: 1\n", "kind: 1\n", "kind: [a]\n", "kind: {a: 1}\n", "metadata: {name: 5}\n", "metadata: {annotations: 1}\n", "metadata: {annotations: {a: 1}}\n",
              "metadata: {annotations: {a: true}}\n", "{{ nosuch }}\n", "apiVersion: 1\nkind: ConfigMap\n", "\"---\"\n", "a: 1\n---b: 2\n"]
GOOD_BODIES = [b for b in BODIES if b not in BAD_BODIES]
PATTERNS = ["*.txt", "f.txt", "/f.txt", "templates/b.yaml", "templates/", "dir/", "templates/dir", "templates/dir/", "*.yaml", "!f.txt", "!values.yaml", "# c", "", " *.txt ", "\\#x", "**/*.txt", "charts/", "charts/s", "Chart.yaml", "values.yaml", "d/", "d/*", "[ab].yaml", "?.txt", "[", "templates/[a-b].yaml", "*/b.yaml", "crds/",
            "*", "!*", ".?*", ".*", "*.t?t", "f.*", "d", "/d", "/d/", "d/g.txt", "/d/g.txt", "values.schema.json", "_*.tpl", "templates/_h.tpl", "!templates/", "*.TXT", "f\\.txt", "é*"]
SCHEMAS = [{"type": "object"}, {"properties": {"a": {"type": "string"}}}, {"required": ["a"]}, {"properties": {"m": {"type": "object", "additionalProperties": False}}}, {"additionalProperties": {"type": "integer"}},
           {"properties": {"a": {"enum": [1, "x", None]}}}, {"properties": {"x": {"minimum": 2}}}, {"properties": {"s": {"properties": {"x": {"const": 1}}}}}, {"type": "array"}, {"properties": {"global": {"type": "object"}}}, {"anyOf": [{"required": ["a"]}, {"required": ["x"]}]},
           {"oneOf": [{"required": ["a"]}, {"required": ["x"]}]}, {"not": {"required": ["a"]}}, {"if": {"required": ["a"]}, "then": {"required": ["x"]}}, {"properties": {"a": {"$ref": "#/$defs/d"}}, "$defs": {"d": {"type": "integer"}}}, {"properties": {"a": {"$ref": "#/definitions/d"}}, "definitions": {"d": {"type": "string"}}},
           {"patternProperties": {"^a": {"type": "boolean"}}}, {"propertyNames": {"pattern": "^[a-z]+$"}}, {"minProperties": 2}, {"maxProperties": 1}, {"properties": {"l": {"items": {"type": "string"}, "minItems": 1, "uniqueItems": True}}}, {"properties": {"l": {"contains": {"const": 1}}}}, {"dependentRequired": {"a": ["x"]}},
           {"properties": {"a": {"format": "ipv4"}}}, {"properties": {"a": {"pattern": "^x$", "minLength": 2}}}, {"properties": {"a": False}}, True, False, {"properties": {"x": {"multipleOf": 0.5, "exclusiveMaximum": 3}}}, {"unevaluatedProperties": False, "properties": {"a": True}}, {"$ref": "#/nope"}, {"type": "nope"}, {"properties": {"a": {"pattern": "("}}}]
DRAFTS = [None, None, None, "http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2020-12/schema", "http://json-schema.org/draft-04/schema#", "http://json-schema.org/draft-06/schema#", "https://json-schema.org/draft/2019-09/schema"]
CONSTRAINTS = ["0.2.0", "*", "^0.2.0", "~0.2", ">=0.1.0", "1.x", "", "0.3.0", ">0.1.0 <0.3.0", "0.2.0-beta", "latest"]
CONDITIONS = ["s.enabled", "global.x", "a", "m.a", "s.enabled,a", " s.enabled , a ", "nope.x", "tags.t", "", "al.enabled", "x"]


class Chance(random.Random):
    """Chance that is not wild makes charts that render, mostly."""

    wild = True

    def pick(self, all_there_are, sound):
        return self.choice(all_there_are if self.wild and self.random() < 0.5 else sound)


def scalar(rng, usual):
    return usual if not rng.wild or rng.random() < 0.95 else rng.choice(["1", "1.0", "true", "null", "[a]", "{a: 1}", "\"\"", "2020-01-02", "a b", "é", "../x", "v1", "01.2.3", "1.2.3+b", "x" * 60])


def block(rng):
    lines = {}
    for _ in range(rng.randrange(4)):
        key = rng.choice(KEYS)
        lines[key] = rng.pick(VALUES, MAPS if key in CHARTS else VALUES)
    return "".join(f"{k}: {v}\n" for k, v in lines.items())


def values(rng):
    if rng.wild and rng.random() < 0.05:
        return rng.choice(["", "a", "[1]", "a: 1\na: 2\n", "a: [", "null\n", "# c\n", "a: 1\n---\nb: 2\n", "s: str\n", "s: null\n", "s: [1]\n", "global: x\n", "1: a\n", "true: b\n", "{}", "a: !!binary aGk=\n", "a: &q {b: 1}\nm: *q\n", "m:\n  <<: {a: 1}\n"])
    text = block(rng)
    if rng.random() < 0.25:
        text += "s2:\n  m: {a: 1, b: 2}\n  x: " + rng.choice(VALUES) + "\n" if "s2:" not in text else ""
    if rng.random() < 0.3 and "exports" not in text:
        text += "exports:\n  data: {e: 5, m: {a: 7}}\n  more: {x: 8}\n"
    return text


def dependency(rng, name):
    text = f"- name: {name}\n  version: {json.dumps(rng.pick(CONSTRAINTS, CONSTRAINTS[:5]))}\n"
    if rng.random() < 0.3:
        text += f"  repository: {rng.choice(['https://x.y/z', 'file://../s', chr(34) * 2, 'oci://a/b', '@r'])}\n"
    if rng.random() < 0.4:
        text += f"  condition: {json.dumps(rng.choice(CONDITIONS))}\n"
    if rng.random() < 0.25:
        text += f"  tags: {rng.choice(['[t]', '[t, u]', '[]', 'null', '[v]'])}\n"
    if rng.random() < 0.2:
        text += f"  alias: {rng.pick(['al', 's2', 'Al', 'a.b', 'a_b', 's'], ['al', 'Al', 'al2'])}\n"
    if rng.random() < 0.3:
        text += "  import-values: " + rng.choice(["[data]", "[data, more]", "[nope]", "[{child: exports.data, parent: m}]", "[{child: m, parent: .}]", "[{child: m, parent: new.x}]", "[{child: nope, parent: m}]", "[{child: x, parent: m}]", "[1]", "[{child: m}]", "[{parent: m}]", "data", "[{child: m, parent: m}, data]"]) + "\n"
    if rng.random() < 0.05:
        text += f"  enabled: {rng.choice(['true', 'false'])}\n"
    return text


BAD_METADATA = ("Library", "library", "<1.20", "bad", "x", "[1]", "[null]", "[{name: 1}]", "{a: 1}", "[{}]", "1.37.x", "\"x\"")


def metadata(rng, name, version, dependencies=()):
    old = rng.random() < 0.1
    text = f"apiVersion: {scalar(rng, 'v1' if old else 'v2')}\nname: {scalar(rng, name)}\nversion: {scalar(rng, version)}\n"
    for key, choices, chance in (("appVersion", ["1.0", "\"1.0\"", "1.20.3", "v2", "2020-01-02", "1e3", "null", "0x10", "010"], 0.3), ("type", ["application", "library", "\"\"", "Library", "null"], 0.08 if name == "t" else 0.12), ("description", ["text", "\"a b\"", "|\n  x\n  y", "1"], 0.1),
                                 ("kubeVersion", ["\">=1.20.0\"", "\">=1.20.0-0\"", "<1.20", "1.37.x", "\"\"", "\"^1.30\"", "bad", "\">= 1.19 < 1.99\""], 0.08), ("keywords", ["[a, b]", "[]", "x", "[1]"], 0.08), ("home", ["https://x.y", "1"], 0.05), ("icon", ["https://x/y.png"], 0.05), ("deprecated", ["true", "false", "\"x\""], 0.05),
                                 ("maintainers", ["[{name: a, email: b@c}]", "[{name: a, url: u}]", "[null]", "[]", "[{}]", "[{name: 1}]", "a"], 0.08), ("annotations", ["{a: b}", "{a: 1}", "{}", "{a: \"1\", b: \"x\\ty\"}"], 0.08), ("sources", ["[https://a]", "[]"], 0.04), ("unknown", ["1"], 0.03), ("engine", ["gotpl"], 0.02), ("tags", ["a", "\"x,y\""], 0.02), ("condition", ["a"], 0.02)):
        if rng.random() < chance:
            text += f"{key}: {rng.pick(choices, [c for c in choices if c not in BAD_METADATA])}\n"
    if dependencies and not old:
        text += "dependencies:\n" + "".join(dependencies)
    return text, ("dependencies:\n" + "".join(dependencies) if old and dependencies else None)


def hook(rng):
    lines = [f"    {rng.choice(['helm.sh/hook', chr(34) + 'helm.sh/hook' + chr(34)])}: {rng.choice(EVENTS) if rng.random() < 0.5 else json.dumps(rng.choice(EVENTS))}\n"]
    if rng.random() < 0.4:
        lines.append(f"    helm.sh/hook-weight: {rng.choice([chr(34) + '5' + chr(34), chr(34) + '-5' + chr(34), '3', chr(34) + 'x' + chr(34), chr(34) * 2, chr(34) + '05' + chr(34), chr(34) + '1.5' + chr(34), chr(34) + '+2' + chr(34)])}\n")
    if rng.random() < 0.2:
        lines.append(f"    helm.sh/hook-delete-policy: {rng.choice(['before-hook-creation', 'hook-succeeded,hook-failed', 'nope', chr(34) * 2])}\n")
    return "".join(lines)


def manifest(rng):
    """One object, mostly; sometimes what is none."""
    if rng.random() < 0.3:
        return rng.pick(BODIES, GOOD_BODIES)
    kind = rng.pick(KINDS, KINDS[:-2])
    text = f"apiVersion: {rng.choice(['v1', 'apps/v1', 'a.io/v1beta1'])}\nkind: {kind}\nmetadata:\n  name: {rng.choice(['a', 'b', 'x1', '{{ .Release.Name }}', '{{ .Chart.Name }}', chr(34) + '1' + chr(34)])}\n"
    if rng.random() < 0.3:
        text += "  annotations:\n" + hook(rng)
    if rng.random() < 0.6:
        text += "data:\n" + "".join(f"  k{i}: {rng.pick(FACTS, SOUND)}\n" for i in range(rng.randrange(1, 4)))
    return text


def template(rng):
    if rng.random() < 0.1:
        return rng.choice([DUMP, "".join(f"k{i}: {rng.pick(FACTS, SOUND)}\n" for i in range(3))])
    joint = rng.choice(["---\n", "---\n", "---\n", "\n---\n", "--- \n", "---\n# c\n", "---\n---\n", "{{ \"---\" }}\n"])
    text = joint.join(manifest(rng) for _ in range(rng.choice((1, 1, 1, 2, 3))))
    if rng.random() < 0.1:
        text = f"{{{{- {rng.choice(['if .Values.a', 'if not .Values.a', 'range (until 2)', 'with .Values.m', 'if .Capabilities.APIVersions.Has `a.io/v1`'])} }}}}\n" + text + "{{- end }}\n"
    return text


def partial(rng):
    names = ["h", "s.h", "n", "lib.x"]
    return "".join(rng.choice(["", "\n", "text\n", "{{/* c */}}"]) + f"{{{{ define \"{rng.choice(names)}\" }}}}{rng.choice(['one', 'two', '{{ .Chart.Name }}', '{{ .Values.a }}', '', ' ', '{{ template `n` . }}', '{{ .Values.nope.x }}', '{{ include `n` . }}', '{{ .Release.Name }}'])}{{{{ end }}}}" for _ in range(rng.choice((0, 1, 1, 1, 2) if rng.wild else (0, 1))))


def folder(rng, files, prefix, name, depth):
    """A chart in FILES below PREFIX."""
    children = []
    for child in rng.sample(["s", "i", "lib", "s2"], rng.choice((0, 0, 1, 1, 2) if depth == 0 else (0, 0, 0, 1))) if depth < 3 else ():
        children.append(child)
        folder(rng, files, f"{prefix}charts/{rng.choice(['', '_', '.']) if rng.wild else ''}{child}/", child, depth + 1)
    listed = [dependency(rng, "nope" if rng.wild and rng.random() < 0.04 else c) for c in children if rng.random() < 0.6]
    if listed and rng.wild and rng.random() < 0.1:
        listed.append(dependency(rng, rng.choice(children)))
    text, requirements = metadata(rng, name, "0.2.0" if depth else "0.1.0", listed)
    if depth == 0 or not rng.wild or rng.random() < 0.97:
        files[prefix + "Chart.yaml"] = text
    if requirements:
        files[prefix + "requirements.yaml"] = requirements
    if rng.random() < 0.8:
        files[prefix + "values.yaml"] = values(rng)
    if rng.random() < 0.4:
        files[prefix + "f.txt"] = rng.choice(["F", "a\nb\n", "{{ .Chart.Name }}", "", "\n", "a\r\nb", "x\n\n"])
    if rng.random() < 0.15:
        files[prefix + rng.choice(["d/g.txt", "g.txt", "d/x.yaml", "README.md", "d/d/h.txt", ".x", "_f.txt", "LICENSE"])] = rng.choice(["g", "a: 1\n", ""])
    if rng.random() < 0.08:
        files[prefix + rng.choice(["crds/a.yaml", "crds/d/b.yaml", "crds/x.txt", "crds/c.yml"])] = rng.choice(["kind: CustomResourceDefinition\nmetadata: {name: a}\n", "kind: X\n---\nkind: Y\n", "", "{{ .x }}\n", "---\na: 1\n---\n"])
    if rng.random() < (0.25 if rng.wild else 0.04):
        schema = rng.choice(SCHEMAS)
        draft = rng.choice(DRAFTS)
        if draft and isinstance(schema, dict):
            schema = {"$schema": draft, **schema}
        files[prefix + "values.schema.json"] = json.dumps(schema) if rng.random() < 0.97 else rng.choice(["{", "", "[]", "1", "null"])
    if depth:
        for name in rng.sample(NAMES, rng.choice((0, 1, 1, 2))):
            files[prefix + "templates/" + name] = partial(rng) if "_" in name[:2] else template(rng) if rng.random() < 0.7 else DUMP


def options(rng, case):
    if rng.random() < 0.5:
        case["values_yaml"] = values(rng)
    if rng.random() < 0.1:
        case["values_files"] = [values(rng) for _ in range(2)]
    if rng.random() < 0.15:
        case["set"] = [rng.choice(["a=1", "s.x=3", "s=null", "m.a=null", "global.g=5", "tags.t=true", "tags.t=false", "s.enabled=false", "s.enabled=true", "l[1]=x", "a={b,c}", "al.enabled=false", "i.x.y=1", "s2=null", "m=null", "a=", "global=null", "tags.u=false", "s.global.g=2"]) for _ in range(rng.choice((1, 2)))]
    if rng.random() < 0.1:
        case["release"] = {k: v for k, v in (("name", rng.pick(["r", "bad_name", "x.y", "a" * 53, "a" * 54, "1", "Up"], ["r", "x.y", "a" * 53, "1"])), ("namespace", rng.choice(["n", "default", "x-y"])), ("is_upgrade", rng.random() < 0.5)) if rng.random() < 0.6}
    if rng.random() < 0.1:
        case["kube_version"] = rng.pick(["v1", "x", "1.20"], ["1.20.0", "v1.25.3", "1.30", "1.37.0-rc.1", "v1.28.3-gke.100", "1.29.1+k3s1"])
    if rng.random() < 0.1:
        case["api_versions"] = [rng.choice(["a.io/v1", "a.io/v1,b/v1", "v1/Pod", "x"])]
    if rng.random() < 0.15:
        case["flags"] = rng.pick([["--show-only", "nope.yaml"]], [["--include-crds"], ["--skip-tests"], ["--no-hooks"], ["--skip-crds"], ["--show-only", "templates/a.yaml"], ["--show-only", "templates/*.yaml"], ["--include-crds", "--no-hooks"], ["--show-only", "templates/b.yaml", "--show-only", "templates/a.yaml"],
                                    ["--show-only", "charts/s/templates/a.yaml"], ["--show-only", "templates/dir/a.yaml", "--skip-tests"], ["--show-only", "crds/a.yaml", "--include-crds"]])


def case(rng):
    rng = Chance(rng.random())
    rng.wild = rng.random() < 0.4
    files = {}
    folder(rng, files, "", "t", 0)
    if rng.random() < 0.1:
        files[".helmignore"] = "".join(rng.choice(PATTERNS) + rng.choice(["\n", "\n", "\n", "\r\n", "\n\n"]) for _ in range(rng.choice((1, 1, 2, 3))))
    templates = {}
    for name in rng.sample(NAMES, rng.choice((1, 1, 2, 2, 3))) + ["a.yaml"]:
        templates[name] = partial(rng) if "_" in name[:2] else template(rng)
    if not rng.wild or rng.random() < 0.6:
        templates["_h.tpl"] = "{{ define \"h\" }}h-{{ .Chart.Name }}{{ end }}{{ define \"s.h\" }}{{ .Values | toJson }}{{ end }}{{ define \"n\" }}n{{ end }}"
    new = {"group": "charts", "fn": "random", "templates": templates, "files": files}
    options(rng, new)
    return new if files.get("Chart.yaml") else None
