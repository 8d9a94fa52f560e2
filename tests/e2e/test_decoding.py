"""Each field of a spec, made from the schema that the decoder's table makes: what it must not be is an error that
names its line, and so are unknown and repeated keys of each record."""

import json

import pytest

from conftest import ROOT

SCHEMA = json.loads((ROOT / "helmfile.schema.json").read_text())
WRONG = [{"x": {"y": 1}}, [[1]], "some words", 7, True, 1.5]


def refers(schema, name):
    return json.dumps({"$ref": f"#/definitions/{name}"}) in json.dumps(schema)


def paths():
    """Where in a spec a record of each kind may stand: its keys; "*" for an item of a list."""
    found, fresh = {"spec": []}, ["spec"]
    while fresh:
        above = fresh.pop(0)
        for key, field in fields_of(above).items():
            for name in SCHEMA["definitions"]:
                if name not in found and refers(field, name):
                    text = json.dumps(field)
                    through = ["*"] if '"items"' in text else ["any"] if "additionalProperties" in text else []
                    found[name] = found[above] + [key] + through
                    fresh.append(name)
    return found


def fields_of(name):
    return SCHEMA["properties"] if name == "spec" else SCHEMA["definitions"][name]["properties"]


PATHS = paths()


def text_of(path, lines):
    """A spec with LINES in the record at PATH, and the number of the first of them."""
    out, indent, item = [], "", ""
    for key in path:
        if key == "*":
            item = "- "
            continue
        out.append(f"{indent}{item}{key}:")
        indent += "  " * (2 if item else 1)
        item = ""
    first = len(out) + 1
    for number, line in enumerate(lines):
        out.append(indent + (item if number == 0 else " " * len(item)) + line)
    return "\n".join(out) + "\n", first


def refused(run, folder, path, lines, words):
    """What is wrong in the last of LINES has its place, and WORDS are said."""
    text, first = text_of(path, lines)
    (folder / "helmfile.yaml").write_text(text)
    told = run("list", cwd=folder, expect=1).stderr
    assert f"helmfile.yaml:{first + len(lines) - 1}:" in told, f"{text}\n{told}"
    assert words in told, f"{text}\n{told}"


@pytest.mark.parametrize("record", PATHS)
def test_what_a_field_must_not_be_is_an_error_with_its_place(run, tmp_path, record):
    jsonschema = pytest.importorskip("jsonschema")
    for name, field in fields_of(record).items():
        takes = jsonschema.Draft7Validator({**field, "definitions": SCHEMA["definitions"]})
        short = '{"$ref"' in json.dumps(field) and '{"type": "string"}' in json.dumps(field)
        for value in WRONG:
            if short and not isinstance(value, (list, dict)):
                continue  # the short form of a record is a text, which any scalar is
            if not takes.is_valid(value):
                refused(run, tmp_path, PATHS[record], [f"{name}: {json.dumps(value)}"], "")


@pytest.mark.parametrize("record", PATHS)
def test_an_unknown_key_is_an_error_with_its_place(run, tmp_path, record):
    refused(run, tmp_path, PATHS[record], ["nobodyKnows: 1"], "nobodyKnows")


@pytest.mark.parametrize("record", PATHS)
def test_a_repeated_key_is_an_error_with_its_place(run, tmp_path, record):
    for name in fields_of(record):
        refused(run, tmp_path, PATHS[record], [f"{name}:", f"{name}:"], name)


def test_a_circle_of_files_through_links_is_an_error(run, tmp_path):
    (tmp_path / "a.yaml").write_text("helmfiles: [b.yaml]\n")
    (tmp_path / "b.yaml").symlink_to("a.yaml")
    told = run("-f", "a.yaml", "list", cwd=tmp_path, expect=1).stderr
    assert "a.yaml:1:13" in told or "b.yaml:1:13" in told
    (tmp_path / "sub").symlink_to(".")
    (tmp_path / "c.yaml").write_text("helmfiles: [sub/c.yaml]\n")
    assert "c.yaml:1:13" in run("-f", "c.yaml", "list", cwd=tmp_path, expect=1).stderr


def test_a_values_file_of_a_hundred_megabytes_is_read_or_refused(run, tmp_path):
    (tmp_path / "helmfile.yaml").write_text("environments:\n  default: {values: [large.yaml]}\n---\nreleases: []\n")
    with open(tmp_path / "large.yaml", "w", encoding="utf-8") as file:
        file.write("text: |\n")
        for _ in range(1000):
            file.write(("  " + "x" * 97 + "\n") * 1024)
    result = run("print-env", cwd=tmp_path, expect=None)
    assert result.code == 0 or "large.yaml" in result.stderr
