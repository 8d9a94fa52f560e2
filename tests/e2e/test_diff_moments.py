"""relfile diff ENV@{1 day ago} ENV: what was recorded beside what is, or would be."""

import json
import time

import pytest


@pytest.fixture
def thrice(spec):
    """Three revisions with other values; the last adds an object and a release."""
    for text in ("one", "two"):
        spec.releases(f"name: web, namespace: shop, chart: ./app, values: [{{text: {text}}}]")
        spec("sync")
        time.sleep(1.1)
    spec.releases("name: web, namespace: shop, chart: ./app, values: [{text: three, more: true}]",
                  "name: db, namespace: shop, chart: ./app")
    spec("sync")
    return spec


def lines(result):
    return [" ".join(line.split()) for line in result.stdout.splitlines()]


def test_two_runs_are_compared(thrice):
    shown = lines(thrice("diff", "default@{2}", "default@{1}"))
    assert "- text: one" in shown and "+ text: two" in shown
    assert not any("three" in line for line in shown)


def test_what_was_is_compared_with_what_is(thrice):
    """With what is recorded, whatever the spec says now."""
    thrice.releases("name: web, namespace: shop, chart: ./app, values: [{text: four}]",
                    "name: db, namespace: shop, chart: ./app")
    shown = lines(thrice("diff", "default@{1}", "default"))
    assert "- text: two" in shown and "+ text: three" in shown
    assert "shop, web-more, ConfigMap (v1) has been added:" in shown
    assert "shop, db, ConfigMap (v1) has been added:" in shown


def test_what_was_is_compared_with_what_would_be(thrice):
    thrice.releases("name: web, namespace: shop, chart: ./app, values: [{text: four}]")
    shown = lines(thrice("diff", "@{1}"))
    assert "- text: two" in shown and "+ text: four" in shown
    assert "no changes in" in (same := thrice("diff", "@{0}", "default")).stdout + same.stderr


def test_a_moment_is_a_time(thrice):
    updated = thrice.json("history", "web")[1]["updated"]
    shown = lines(thrice("diff", f"default@{{{updated}}}", "default", expect=None))
    assert "- text: one" in shown or "- text: two" in shown
    assert "shop, web, ConfigMap (v1) has been added:" in lines(
        thrice("diff", "default@{1 day ago}", "default"))


def test_it_has_json_and_an_exit_status(thrice):
    changes = json.loads(thrice("diff", "@{1}", "@{0}", "-o", "json").stdout)
    assert {item["name"]: item["action"] for item in changes} == {"web": "upgrade", "db": "install"}
    thrice("diff", "--detailed-exitcode", "@{1}", "@{0}", expect=2)
    thrice("diff", "--detailed-exitcode", "@{0}", "@{0}")


@pytest.mark.parametrize("words, said", [
    (["production"], "is no moment of an environment"),
    (["default@{soon}"], "@{soon}"),
    (["default@{9}", "default"], "there have been 3 runs, not 9"),
    (["default@{1}", "production"], "two environments"),
    (["-e", "default", "production@{1}"], "-e says default"),
])
def test_what_is_asked_wrongly_is_explained(thrice, words, said):
    result = thrice("diff", *words, expect=None)
    assert result.code in (1, 3) and said in result.stderr


def test_secrets_stay_masked(spec):
    spec.write("app/templates/secret.yaml",
               "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {p: '{{ .Values.text }}'}\n")
    for text in ("hunter1", "hunter2"):
        spec.releases(f"name: web, namespace: shop, chart: ./app, values: [{{text: {text}}}]")
        spec("sync")
    assert "hunter" not in "".join(line for line in spec("diff", "@{1}", "@{0}").stdout.splitlines()
                                   if "p:" in line)
