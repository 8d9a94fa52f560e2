"""Random helmfiles with helmfile.schema.json as the grammar: any field, in any form that it has.

    python3 tests/differential/grammar.py SEED FOLDER

What generate.py is for trees of many files, this is for fields: each says what the schema lets it
say, at times what it does not (another type, a key that is not known), and often what means
something: a name, a chart, a file that is there. About a third of the specs have one mistake. The
same seed makes the same spec.
"""

import json
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "helmfile.schema.json").read_text())

# What helmfile does not know, by the record it is in.
OWN = {"": {"compat", "ignoreMissingGitBranch", "limits", "state", "target"}, "environment": {"state"},
       "release": {"adopt", "allowDelete", "compat", "conflicts", "cosignKey", "helmStuckGrace", "protect"},
       "defaults": {"allowDelete", "conflicts", "cosignKey", "helmStuckGrace"}, "repository": {"cosignKey"}}
# What needs a cluster, a network or a program, or is only written by helmfile itself.
APART = {"secrets", "dependencies", "strategicMergePatches", "jsonPatches", "transformers", "forceNamespace",
         "postRenderer", "postRendererArgs", "filepath", "renderedvalues", "helmBinary", "kustomizeBinary",
         "chartPath", "forceGoGetter", "verify", "keyring", "unitTests", "lockFilePath", "kubectlApply",
         "diffArgs", "syncArgs", "templateArgs", "directory", "valuesPathPrefix", "llm", "managed", "registryConfig",
         "username", "password", "verifyTemplate"}
# What has to mean something: anything else is a mistake.
SENSIBLE = {"inherit", "needs", "condition", "conditionTemplate", "inherits", "selectors", "mergeStrategy",
            "missingFileHandler", "installedTemplate", "waitTemplate", "set", "setString", "setTemplate",
            "kubeVersion", "bases", "helmfiles", "repositories", "defaultInherit", "values", "valuesTemplate", "env",
            "events", "command"}

# A false over a true, or a change of what was inherited, is another thing to helmfile: docs/differences.md.
TEMPLATES_LACK = ("name", "needs", "inherit", "chart", *(
    name for name, schema in SCHEMA["definitions"]["release"]["properties"].items()
    if name.endswith("Template") or schema["anyOf"][0].get("type") in ("boolean", "integer")))

TEXTS = ("text", "x y", '""', "''", "7", "1.5", "1e3", "0x1F", "0o17", "017", "true", "no", "null", "~", "'null'",
         "2024-01-02", "'{{ .Release.Name }}'", "'a: b'", "üñí", "1_000", "+1", ".5", "!!str 7",
         "v1.2.3", "'#'", "|-\n@two\n@lines")
NUMBERS = ("0", "1", "300", "-1", "0x10", "0o17", "017", "1_000", "+3")
FLAGS = ("true", "false", "True", "FALSE", "true", "false")
LOOSE = ("yes", "on", "off", "y", "1", "'true'", "1.0", "nope")
KEYS = ("a", "b", "c", "on", "list", "map", "'7'")
NAMES = ("web", "api", "db", "cache", "job")
LABELS = ("tier", "team", "name", "chart")
ENVIRONMENTS = ("default", "staging")


class Spec:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.files = {}
        self.count = 0
        self.names = []
        self.mistakes = 1 if self.chance(30) else 0
        self.has_templates = self.chance(30)

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def pick(self, items):
        return self.random.choice(tuple(items))

    def some(self, items, percent):
        return [item for item in items if self.chance(percent)]

    def file(self, ending, text):
        self.count += 1
        name = f"f{self.count}.{ending}"
        self.files[name] = text
        return name

    # ---- values, as flow YAML

    def scalar(self):
        return self.pick([text for text in TEXTS if "|" not in text] + list(FLAGS + NUMBERS + LOOSE))

    def value(self, depth=0):
        kind = self.random.randrange(6 if depth < 3 else 4)
        if kind == 4:
            return "[" + ", ".join(self.value(depth + 1) for _ in range(self.random.randrange(4))) + "]"
        return self.map(depth + 1) if kind == 5 else self.scalar()

    def map(self, depth=0):
        return "{" + ", ".join(f"{key}: {self.of_shape(key, depth)}" for key in self.some(KEYS, 35)) + "}"

    def of_shape(self, key, depth):
        """Lists are not merged with what is none; conditions ask for a map."""
        if key == "list":
            return "[" + ", ".join(self.scalar() for _ in range(self.random.randrange(3))) + "]"
        if key == "map":
            return self.map(depth + 1) if depth < 3 else "{}"
        return "{enabled: " + self.pick(FLAGS) + "}" if key == "on" else self.scalar()

    def values_file(self):
        if self.chance(70):
            return self.file("yaml", self.map() + "\n")
        return self.file("yaml.gotmpl", "seen: {{ .Values | toJson }}\nenv: {{ .Environment.Name }}\n")

    # ---- what means something, by record and name; None: whatever the schema lets it be

    def meant(self, record, name):
        if name in ("values", "valuesTemplate") and record in ("", "release", "environment", "subfile"):
            return [self.values_file() if self.chance(40) else self.map() for _ in range(self.pick((1, 1, 2)))]
        return getattr(self, f"meant_{record or 'top'}", lambda name: None)(name)

    def meant_top(self, name):
        if name == "bases":
            return [self.file("yaml", self.record("", ("commonLabels", "helmDefaults", "values", "missingFileHandler",
                                                       "apiVersions", "kubeVersion", "repositories"), 40) or "commonLabels: {}\n")]
        if name == "helmfiles":
            inner = self.file("yaml", self.record("", ("releases", "commonLabels", "values"), 70) or "commonLabels: {}\n")
            return [inner if self.chance(40) else {"path": inner, **self.fields("subfile", ("path",), 30)}]
        if name == "releases":
            return [self.release() for _ in range(self.pick((1, 1, 2, 3)))]
        if name == "environments":
            return {env: self.environment() for env in ENVIRONMENTS}
        if name == "templates":
            return {template: self.fields("release", TEMPLATES_LACK, 15) for template in ("one", "two")}
        return {"chart": self.pick(("echo", "./echo")), "kubeVersion": self.pick(("1.30.0", "v1.31.2")),
                "apiVersions": ["apps/v1", "a.b/v1"], "commonLabels": self.labels(), "defaultInherit": self.pick(("one", ["two"])),
                "namespace": self.pick(("one", "two", "7"))}.get(name)

    def meant_release(self, name):
        if name == "needs":
            return self.some(self.names, 50)
        if name == "inherit":
            return [{"template": self.pick(("one", "two"))}]
        if name == "env":
            return [{"name": "a", "value": "HOME"}]
        if name in ("set", "setString", "setTemplate"):
            return [self.set(name) for _ in range(self.pick((1, 2)))]
        if name == "condition":
            return self.pick(("on.enabled", "'true'", "'false'", "a.enabled", "map.on.enabled"))
        return {"labels": self.labels(), "namespace": self.pick(("one", "two", "'{{ .Environment.Name }}'")),
                "conditionTemplate": self.pick(("'{{ .Values.on.enabled }}'", "'true'", "'false'")),
                "version": self.pick(("0.1.0", "1", "'*'", "'>=0'", "text")),
                "kubeVersion": self.pick(("1.30.0", "v1.31.2")), "apiVersions": ["apps/v1"],
                "installedTemplate": self.pick(("'true'", "'false'", "'{{ eq .Environment.Name \"default\" }}'")),
                "waitTemplate": self.pick(("'true'", "'false'"))}.get(name)

    def meant_hook(self, name):
        return {"events": self.some(("prepare", "cleanup", "presync", "postsync"), 50),
                "command": self.pick(("echo", "true")),
                "args": ["a", self.pick(("'{{ .Event.Name }}'", "7", "true"))]}.get(name)

    def meant_subfile(self, name):
        return {"selectors": [self.pick(("tier=a", "name=web", "tier!=a", "tier=a,team=b"))],
                "inherits": self.some(("commonLabels", "environments", "templates", "helmDefaults"), 40)}.get(name)

    def meant_repository(self, name):
        self.count += 1
        return {"name": f"repo{self.count}", "url": self.pick(("https://charts.example/x", "oci.example/x"))}.get(name)

    def environment(self):
        """With fallback, what helmfile reads in the second file counts in the first: docs/differences.md."""
        fields = self.fields("environment", (), 40)
        if "fallback" in fields.get("mergeStrategy", "") and isinstance(fields.get("values"), list):
            fields["values"] = fields["values"][:1]
        return fields or "null"

    def labels(self):
        return {label: self.pick(("a", "b", "7", "true", "''")) for label in self.some(LABELS, 40)}

    def set(self, field):
        entry = {"name": self.pick(("a", "map.x", "list[0]", "'x\\.y'", "c"))}
        kind = self.random.randrange(4)
        if kind < 2:
            entry["value"] = self.pick(("1", "text", "true", "'{{ .Release.Name }}'", "1.5", "007", "'a,b'"))
        elif kind == 2:
            entry["values"] = [self.scalar_of_set() for _ in range(self.pick((1, 2)))]
        elif field == "set":  # helmfile leaves out such of the others
            entry["file"] = self.file("txt", "from a file")
        return entry

    def scalar_of_set(self):
        return self.pick(("1", "text", "true", "1.5"))

    def release(self):
        name = self.pick(NAMES) + (str(len(self.names)) if self.chance(90) else "")
        entry = {"name": name, "chart": self.pick(("./echo", "./charts/app"))}
        entry.update(self.fields("release", ("name", "chart"), 7))
        if {"namespace", "kubeContext", "inherit"} & set(entry):  # its needs would have to name them
            entry.pop("needs", None)
        else:
            self.names.append(name)
        return entry

    # ---- by the schema

    def properties(self, record):
        return SCHEMA["properties"] if not record else SCHEMA["definitions"][record]["properties"]

    def fields(self, record, given, percent):
        known = [name for name in self.properties(record)
                 if name not in OWN.get(record, ()) and name not in APART and name not in given
                 and not (record == "defaults" and name == "args")
                 and (name != "inherit" or self.has_templates)]
        return {name: self.field(record, name) for name in self.some(known, percent)}

    def field(self, record, name):
        if self.mistakes and self.chance(4):
            self.mistakes -= 1
            return self.pick((self.scalar(), self.map(), "[" + self.scalar() + "]", "[[a]]", "{a: {b: [c]}}",
                              self.pick(LOOSE)))
        if self.chance(4):
            return self.pick(("null", "~", ""))
        sensible = name in SENSIBLE or self.chance(85)
        meant = self.meant(record, name) if sensible else None
        return self.formed(self.properties(record)[name]) if meant is None else meant

    def formed(self, schema):
        if "$ref" in schema:
            record = schema["$ref"].rpartition("/")[2]
            always = {"command": "echo", "events": "[prepare]"} if record == "hook" else {}
            return {**always, **self.fields(record, (), 25)}
        if "anyOf" in schema:
            return self.formed(self.pick([one for one in schema["anyOf"] if one != {"type": "null"} and "pattern" not in one]))
        if "enum" in schema:
            return json.dumps(self.pick(schema["enum"]))
        kind = schema.get("type")
        if kind == "array":
            return [self.formed(schema.get("items", {})) for _ in range(self.random.randrange(3))]
        if kind == "object":
            inner = schema.get("additionalProperties")
            return {key: self.formed(inner) for key in self.some(KEYS[:3], 50)} if inner else self.map()
        if kind == "integer":
            return self.pick(NUMBERS)
        if kind == "boolean":
            return self.pick(FLAGS)
        return self.pick(TEXTS) if kind else self.value()

    # ---- as YAML

    def record(self, record, names, percent):
        """The fields NAMES of the top, each perhaps, as a text."""
        return self.written({name: self.field(record, name) for name in self.some(names, percent)}, 0)

    def written(self, map, indent):
        return "".join(self.entry(" " * indent + f"{key}:", item, indent + 2) for key, item in map.items())

    def entry(self, head, item, indent):
        if isinstance(item, dict) and item:
            return f"{head}\n{self.written(item, indent)}"
        if isinstance(item, list) and item:
            return head + "\n" + "".join(self.item(one, indent) for one in item)
        text = "{}" if item == {} else "[]" if item == [] else item
        return f"{head} {text}".rstrip().replace("\n@", "\n" + " " * indent) + "\n"

    def item(self, one, indent):
        if isinstance(one, dict) and one:
            text = self.written(one, indent + 2)
            return " " * indent + "- " + text[indent + 2:]
        return self.entry(" " * indent + "-", one, indent + 2)

    def helmfile(self):
        top = self.properties("")
        early = self.some(("bases", "environments"), 40)
        names = [name for name in top if name not in OWN[""] and name not in APART
                 and (name != "defaultInherit" or self.has_templates) and name not in ("bases", "values", "environments", "releases", "templates")]
        parts = [{"values": ["{on: {enabled: true}, a: {enabled: false}, map: {on: {enabled: true}}}"]}]
        if early:
            parts.append({name: self.field("", name) for name in early})
        last = {name: self.field("", name) for name in self.some(names, 12)}
        if self.has_templates:
            last["templates"] = self.meant_top("templates")
        last["releases"] = self.field("", "releases") if self.chance(5) else self.meant_top("releases")
        if self.mistakes and self.chance(20):
            last[self.pick(("unknown", "Releases", "release", "valuesx"))] = "x"
        parts.append(last)
        self.files["helmfile.yaml"] = "---\n".join(self.written(part, 0) for part in parts)


def tree(seed):
    """(files, command lines)"""
    made = Spec(seed)
    made.helmfile()
    environment = ["-e", made.pick(ENVIRONMENTS)]
    return made.files, [["build", *environment], ["list", "--output", "json", "--skip-charts", *environment],
                        ["template", "--skip-deps", *environment], ["show-dag", *environment],
                        ["write-values", "--skip-deps", *environment, "--output-file-template",
                         "written/{{ .Release.Name }}.yaml"]]


def main():
    seed, folder = int(sys.argv[1]), Path(sys.argv[2])
    files, commands = tree(seed)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    print(json.dumps(commands))


if __name__ == "__main__":
    main()
