"""The pages say what is so: links lead somewhere, commands exist, and what blocks marked `console`
show is what comes out.

In a page, a `yaml` block whose first line is a comment with a file name is that file. Console blocks
are run in a folder with these files and the chart of examples/smallest; `…` stands for any lines.
"""

import json
import re
import shlex
import shutil
from collections import Counter
from pathlib import Path

import pytest

from conftest import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*/README.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
each_page = pytest.mark.parametrize("page", PAGES, ids=NAMES)

# Pages whose commands are for one of the examples, once it is installed.
INSTALLED = {"README.md": "shop"}

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.M | re.S)


def blocks(page, language):
    return [text for kind, text in BLOCK.findall(page.read_text()) if kind == language]


def without_blocks(page):
    return BLOCK.sub("", page.read_text())


def anchors(page):
    """The fragments that headings of a page can be linked by."""
    headings = re.findall(r"^#+ (.*)$", without_blocks(page), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# ---- links

@each_page
def test_links_lead_to_something_that_is_there(page):
    dead = []
    for link in re.findall(r"\]\(([^)\s]+)\)", without_blocks(page)):
        path, _, fragment = link.partition("#")
        if re.match(r"\w+:", link):
            continue
        goal = (page.parent / path).resolve() if path else page
        if not goal.exists() or (fragment and fragment not in anchors(goal)):
            dead.append(link)
    assert not dead


@pytest.mark.parametrize("name", ["docs/ARCHITECTURE.md", "docs/performance.md"])
def test_files_and_functions_that_are_named_exist(name):
    sources = [path for folder in ("src", "templating", "environments", "tests")
               for path in (ROOT / folder).rglob("*.[ch]")]
    code = "\n".join(path.read_text() for path in sources)
    missing = []
    for word in re.findall(r"`([\w./]+)`", without_blocks(ROOT / name)):
        if "NAME" in word:
            continue
        if re.fullmatch(r"[\w/]+\.[ch]", word):
            found = any(str(path).endswith(f"/{word}") for path in sources)
        elif re.fullmatch(r"[a-z]+(_[a-z]+)+", word):
            found = re.search(rf"\b{word}\b", code)
        else:
            continue
        if not found and not (ROOT / word).exists():
            missing.append(word)
    assert not missing


# ---- commands

def relfile_commands(text):
    for line in text.replace("\\\n", " ").splitlines():
        line = re.sub(r"\s#\s.*$", "", line)
        for command in re.split(r"\s*(?:\||&&|;|\|\|)\s*", line.lstrip("$ ")):
            words = re.sub(r"^(\w+=\S*\s+)*", "", command).split()
            if words and words[0] == "relfile":
                yield re.sub(r"\s[<>].*$", "", command[command.index("relfile"):])


@each_page
def test_commands_that_are_shown_are_ones_that_relfile_takes(run, page):
    for block in blocks(page, "sh"):
        for command in relfile_commands(block):
            words = shlex.split(command)[1:]
            result = run(*words, "--help", expect=None)
            assert result.code == 0, f"{command}\n{result.stderr}"


# ---- what is shown

def normal(line):
    line = re.sub(r"\d+\.\d s\b", "0.0 s", line)
    line = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?", "DATE", line)
    line = re.sub(r"\"seconds\":[\d.]+", '"seconds":0', line)
    line = re.sub(r"\b[\w.]+@[\w.-]+\b", "ada@laptop", line)
    return " ".join(line.split())


def lines_of(text):
    """Without progress, which may be told or not."""
    lines = [normal(line) for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("… ")]


def commands_in(block):
    """(command, what is shown of its output) of a console block."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def write_files(page, folder):
    shutil.copytree(ROOT / "examples" / "smallest" / "chart", folder / "chart")
    for block in blocks(page, "yaml"):
        name = re.match(r"# ([\w./-]+\.(?:yaml|gotmpl))\n", block)
        if name:
            path = folder / name[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block)


def check_output(command, shown, result):
    got, want = lines_of(result.stdout + result.stderr), lines_of("\n".join(shown))
    if any(line.strip() == "…" for line in shown):
        missing = Counter(line for line in want if line != "…") - Counter(got)
        assert not missing, f"$ {command}\n{result.stdout}{result.stderr}"
    else:
        assert sorted(got) == sorted(want), f"$ {command}\n{result.stdout}{result.stderr}"


@each_page
def test_console_blocks_show_what_comes_out(run, demo, tmp_path, page):
    if not blocks(page, "console"):
        pytest.skip("nothing is shown")
    environment = {"RELFILE_TARGET": "demo", "RELFILE_TARGET_LOCATION": str(demo.location),
                   "RELFILE_STATE": f"file://{demo.state}"}
    example = INSTALLED.get(str(page.relative_to(ROOT)))
    folder = ROOT / "examples" / example if example else tmp_path / "page"
    if example:
        run("sync", cwd=folder, env=environment)
    else:
        folder.mkdir()
        write_files(page, folder)
    result = None
    for block in blocks(page, "console"):
        for command, shown in commands_in(block):
            if command == "echo $?":
                assert shown == [str(result.code)], f"{command} shows {result.code}"
                continue
            words = shlex.split(command)
            assert words[0] == "relfile", f"only relfile is run: {command}"
            result = run(*words[1:], cwd=folder, env=environment, expect=None)
            check_output(command, shown, result)


# ---- the schema

def test_the_schema_takes_what_the_decoder_takes(run):
    jsonschema = pytest.importorskip("jsonschema")
    yaml = pytest.importorskip("yaml")
    schema = json.loads((ROOT / "helmfile.schema.json").read_text())
    validator = jsonschema.Draft7Validator(schema)
    jsonschema.Draft7Validator.check_schema(schema)
    for spec in sorted(ROOT.glob("examples/*/helmfile.yaml*")):
        for environment in ("default", "staging", "production"):
            built = run("-f", spec, "-e", environment, "build", expect=None)
            if built.code:
                continue
            for document in yaml.safe_load_all(built.stdout):
                errors = [f"{list(e.path)}: {e.message}" for e in validator.iter_errors(document)]
                assert not errors, f"{spec} {environment}"


def schema_fields(schema):
    return {"spec": schema["properties"],
            **{name.replace("-", " "): record["properties"]
               for name, record in schema["definitions"].items()}}


def test_the_schema_and_the_reference_have_the_same_fields():
    fields = schema_fields(json.loads((ROOT / "helmfile.schema.json").read_text()))
    sections = re.split(r"^## ", (ROOT / "docs" / "spec-reference.md").read_text(), flags=re.M)[1:]
    documented = {section.splitlines()[0]: set(re.findall(r"^\| `(\w+)` \|", section, flags=re.M))
                  for section in sections}
    assert documented == {name: set(record) for name, record in fields.items()}


def test_what_the_schema_has_is_no_unknown_key(run, tmp_path):
    fields = schema_fields(json.loads((ROOT / "helmfile.schema.json").read_text()))
    path = tmp_path / "helmfile.yaml"
    path.write_text("".join(f"{name}:\n" for name in fields["spec"] if name != "releases")
                    + "releases:\n  - name: web\n    chart: ./chart\n"
                    + "".join(f"    {name}:\n" for name in fields["release"]
                              if name not in ("name", "chart")))
    result = run("-f", path, "list", expect=None)
    assert "unknown key" not in result.stderr
    path.write_text("relaeses:\n")
    assert 'did you mean "releases"?' in run("-f", path, "list", expect=1).stderr


def test_fields_have_an_explanation_and_no_host_is_named():
    text = (ROOT / "helmfile.schema.json").read_text()
    schema = json.loads(text)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert "$id" not in schema
    for record in schema_fields(schema).values():
        assert all(field["description"].endswith(".") for field in record.values())
    assert all(d["additionalProperties"] is False for d in schema["definitions"].values())
