"""import: a spec for what is installed, after which there is nothing to change."""

import pytest


@pytest.fixture
def installed(spec):
    spec.write("app/templates/secret.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: '{{ .Release.Name }}-s'}\n"
                                            "stringData: {token: '{{ .Values.token | default \"none-at-all\" }}'}\n")
    spec.releases("name: web, namespace: shop, chart: ./app, values: [{text: two, token: very-hidden, "
                  "more: true, braces: '{{ x }}'}]", "name: db, namespace: shop, chart: ./app")
    spec("sync")
    return spec


def imported(spec, *options, expect=0):
    return spec.run("import", "--output-dir", spec.folder / "made", "--charts", spec.folder, *options, *spec.demo.options,
                    cwd=spec.folder.parent, expect=expect)


def diff(spec, **options):
    return spec.run("-f", spec.folder / "made/helmfile.yaml", "diff", "--detailed-exitcode", *spec.demo.options,
                    cwd=spec.folder.parent, **options)


def test_nothing_is_to_be_changed_afterwards(installed):
    imported(installed, "--with-secrets")
    diff(installed, expect=0)
    text = (installed.folder / "made/helmfile.yaml").read_text()
    assert "name: web" in text and "name: db" in text and "namespace: shop" in text


def test_secrets_are_not_written(installed):
    done = imported(installed)
    for path in (installed.folder / "made").rglob("*"):
        assert path.is_dir() or "very-hidden" not in path.read_text()
    assert "WEB_TOKEN" in done.stderr
    assert "WEB_TOKEN" in diff(installed, expect=1).stderr
    diff(installed, expect=0, env={"WEB_TOKEN": "very-hidden"})


def test_what_is_there_is_not_overwritten(installed):
    imported(installed)
    assert "is already there" in imported(installed, expect=1).stderr
    imported(installed, "--force")


def test_a_namespace_may_be_chosen(installed):
    assert "no releases are installed there" in imported(installed, "--namespace", "other", expect=3).stderr
    imported(installed, "--namespace", "shop")


def test_a_repository_that_is_none_is_an_error(installed):
    assert "NAME=URL" in imported(installed, "--repository", "x", expect=3).stderr
