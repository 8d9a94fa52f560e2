"""Random helmfile trees, small and seeded: what the differential run gives to both programs.

    python3 tests/differential/generate.py SEED FOLDER

A tree is a dict of file names and texts, and a list of command lines. The same seed gives the
same tree.
"""

import json
import random
import sys
from pathlib import Path

KEYS = ("a", "b", "c", "list", "map")
SCALARS = ("1", "0", "true", "false", "null", "text", '"1"', '""', "1.5", "007", "yes")
LABELS = ("tier", "team", "app")
NAMES = ("web", "api", "db", "cache", "job")
ENVIRONMENTS = ("default", "staging")


class Tree:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.files = {}
        self.count = 0
        # helmfile changes the values of such an environment when it reads files among them
        self.falls_back = self.chance(30)

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def pick(self, items):
        return self.random.choice(items)

    def some(self, items, least=0):
        items = list(items)
        chosen = self.random.sample(items, self.random.randint(least, len(items)))
        return [item for item in items if item in chosen]

    # ---- values

    def scalar(self):
        return self.pick(SCALARS)

    def list(self, depth):
        return "[" + ", ".join(self.pick((self.scalar(), self.map(depth + 1)))
                               for _ in range(self.pick((1, 2, 3)))) + "]"

    def value(self, key, depth):
        """Of one shape for each key: helmfile does not merge lists with what is none."""
        if self.chance(8):
            return "null"
        if key == "list":
            return self.list(depth)
        return self.map(depth + 1) if key == "map" else self.scalar()

    def map(self, depth=0):
        keys = self.some(KEYS if depth < 3 else KEYS[:3], 1)
        return "{" + ", ".join(f"{key}: {self.value(key, depth)}" for key in keys) + "}"

    def file_name(self, ending):
        self.count += 1
        return f"f{self.count}.{ending}"

    def values_file(self, folder=""):
        """A file of values; templates show what they see."""
        if self.chance(60):
            name = self.file_name("yaml")
            self.files[folder + name] = f"{self.map()}\n"
        else:
            name = self.file_name("yaml.gotmpl")
            self.files[folder + name] = (
                f"seen{self.count}: {{{{ .Values | toJson }}}}\n"
                f"env{self.count}: {{{{ .Environment.Name }}}}\n"
                f"{self.pick(KEYS[:3])}: {{{{ .Values | getOrNil \"{self.pick(KEYS[:3])}\" | toJson }}}}\n")
        return name

    def values(self, folder="", most=3):
        return [self.values_file(folder) if self.chance(40) else self.map()
                for _ in range(self.random.randint(1, most))]

    # ---- parts of a file

    def environment(self, folder):
        values = [self.map(), self.map()] if self.falls_back else self.values(folder)
        text = f"    values: [{', '.join(values)}]\n"
        if self.falls_back and self.chance(50):
            text += "    mergeStrategy: fallback\n"
        if self.chance(15):
            text += f"    kubeContext: ctx{self.random.randrange(3)}\n"
        return text

    def environments(self, folder):
        text = "environments:\n"
        for name in self.some(ENVIRONMENTS, 1):
            text += f"  {name}:\n{self.environment(folder)}"
        return text

    def labels(self):
        return "{" + ", ".join(f"{label}: {self.pick('xyz')}" for label in self.some(LABELS, 1)) + "}"

    def condition(self):
        return self.pick(("\"true\"", "\"false\"", "on.enabled", "off.enabled"))

    def release(self, name, folder, templates, others):
        fields = [f"name: {name}", f"chart: {'../' * folder.count('/') or './'}echo"]
        if self.chance(50):
            fields.append("namespace: " + self.pick(("one", "two", "'{{ .Environment.Name }}'")))
        if self.chance(60):
            fields.append(f"labels: {self.labels()}")
        if self.chance(80):
            fields.append(f"values: [{', '.join(self.values(folder))}]")
        if self.chance(30):
            fields.append("valuesTemplate: [{t: '{{ .Values | toJson | b64enc }}', "
                          "r: '{{ .Release.Name }}.{{ .Release.Namespace }}'}]")
        if self.chance(30):
            fields.append(f"set: [{{name: {self.pick(('a', 'm.n', 'list[0]'))!r}, "
                          f"value: {self.pick(('1', 'x', 'true', 'null'))}}}]")
        if templates and self.chance(50):
            fields.append("inherit: [" + ", ".join(
                f"{{template: {t}}}" for t in self.some(templates, 1)) + "]")
        if self.chance(15):
            fields.append(f"installed: {self.pick(('true', 'false'))}")
        if self.chance(20):
            fields.append(f"condition: {self.condition()}")
        if others and self.chance(30):
            fields.append(f"needs: [{self.pick(others)}]")
        return "- " + "\n  ".join(fields) + "\n"

    def releases(self, folder, templates):
        text, others = "releases:\n", []
        for name in self.some(NAMES, 1):
            text += self.release(f"{name}{len(self.files)}", folder, templates, [])
            others.append(name)
        return text

    def templates(self, folder):
        text, names = "templates:\n", self.some(("t1", "t2"), 1)
        for name in names:
            text += f"  {name}:\n    labels: {self.labels()}\n    values: [{self.map()}]\n"
            if self.chance(30):
                text += f"    namespace: {self.pick(('three', 'four'))}\n"
        return text, names

    # ---- files

    def base(self, folder):
        name = self.file_name("base.yaml")
        text = ""
        if self.chance(50):
            text += f"values: [{', '.join(self.values(folder))}]\n"
        if self.chance(60):
            text += self.environments(folder)
        if self.chance(40):
            text += f"commonLabels: {self.labels()}\n"
        self.files[folder + name] = text or "commonLabels: {base: x}\n"
        return name

    def subfiles(self, folder):
        text = "helmfiles:\n"
        for _ in range(self.pick((1, 2))):
            self.count += 1
            inner = f"s{self.count}/"
            name = self.helmfile(folder + inner, nested=True)
            text += f"- path: {inner}{name}\n"
            gets_values = self.chance(40)
            if gets_values:
                text += f"  values: [{', '.join(self.values(folder))}]\n"
            if self.chance(25):
                text += f"  selectors: [{self.selector()}]\n"
            elif self.chance(20):
                text += "  selectorsInherited: true\n"
            # with values, helmfile changes these when it merges those
            inherits = self.some(("commonLabels", "templates") if gets_values
                                 else ("commonLabels", "environments", "templates"))
            if inherits and self.chance(40):
                text += f"  inherits: [{', '.join(inherits)}]\n"
        return text

    def helmfile(self, folder="", nested=False):
        """The file in FOLDER; its name."""
        name = "helmfile.yaml.gotmpl" if self.chance(40) else "helmfile.yaml"
        parts = ["values: [{on: {enabled: true}, off: {enabled: false}}]\n"]
        if self.chance(50):
            parts[0] = f"bases: [{', '.join(self.base(folder) for _ in range(self.pick((1, 2))))}]\n" \
                + parts[0]
        if self.chance(60):
            parts.append(self.environments(folder))
        if self.chance(40):
            parts.append(f"values: [{', '.join(self.values(folder))}]\n"
                         + (self.environments(folder) if self.chance(40) else ""))
        last, templates = "", []
        if self.chance(40):
            more, templates = self.templates(folder)
            last += more
        if self.chance(40):
            last += f"commonLabels: {self.labels()}\n"
        if not nested and self.chance(40):
            last += self.subfiles(folder)
        text = "---\n".join([*parts, last + self.releases(folder, templates)])
        if not name.endswith(".gotmpl"):
            self.files[folder + name] = text
        else:
            # what is for the release, and not for the file
            self.files[folder + name] = text.replace("'{{", "'{{`{{").replace("}}'", "}}`}}'")
        return name

    # ---- command lines

    def selector(self):
        terms = [f"{self.pick(LABELS)}{self.pick(('=', '!='))}{self.pick('xyz')}"
                 for _ in range(self.pick((1, 1, 2)))]
        return ",".join(terms)

    def options(self):
        words = []
        if self.chance(40):
            words += ["-e", "staging"]
        if self.chance(30):
            words += ["-l", self.selector()]
        if self.chance(15):
            words += ["-l", self.selector()]
        if self.chance(25):
            words += ["--state-values-set", f"{self.pick(KEYS[:3])}={self.pick(('1', 'x', 'null', 'true'))}"]
        if self.chance(15):
            words += ["--state-values-set", f"list[{self.random.randrange(3)}]=set"]
        if self.chance(15):
            words += ["-n", "over"]
        return words


def tree(seed):
    """(files, command lines)"""
    made = Tree(seed)
    made.helmfile()
    return made.files, [["list", "-o", "json", *made.options()],
                        ["template", "--sequential-helmfiles", *made.options()]]


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
