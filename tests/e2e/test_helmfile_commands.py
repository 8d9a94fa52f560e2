"""Commands and options that helmfile has besides the great ones: what scripts call."""

import json
import os
import shutil

import pytest

from conftest import ROOT

CHART = ROOT / "tests" / "e2e" / "beside" / "echo"


@pytest.fixture
def spec(tmp_path):
    def spec(text):
        shutil.copytree(CHART, tmp_path / "echo", dirs_exist_ok=True)
        (tmp_path / "helmfile.yaml").write_text(text)
        return tmp_path
    return spec


ONE = "releases:\n- name: one\n  chart: ./echo\n"


@pytest.fixture
def as_helmfile(tmp_path_factory):
    link = tmp_path_factory.mktemp("bin") / "helmfile"
    link.symlink_to(os.environ.get("RELFILE", ROOT / "build" / "relfile"))
    return str(link)


@pytest.mark.parametrize("arguments, start", [
    (["--version"], "helmfile version v1."), (["version", "-o", "short"], "v1."),
    (["version", "--output", "yaml"], "version: v1."), (["version"], "helmfile\n")])
def test_a_link_called_helmfile_tells_the_version_as_helmfile_does(run, as_helmfile, arguments, start):
    assert run(*arguments, program=as_helmfile).stdout.startswith(start)


def test_a_link_called_helmfile_tells_its_version_as_json(run, as_helmfile):
    told = json.loads(run("version", "-o", "json", program=as_helmfile).stdout)
    assert told["version"].startswith("v1.") and {"compiler", "platform", "gitCommit"} <= set(told)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_a_link_called_helmfile_is_completed_by_this_name(run, as_helmfile, shell):
    script = run("completion", shell, program=as_helmfile).stdout
    assert "helmfile" in script and "write-values" in script


def test_create_writes_a_spec_that_can_be_read(run, tmp_path):
    run("create", "shop", cwd=tmp_path)
    assert (tmp_path / "shop" / "values" / ".gitkeep").exists()
    result = run("-f", "shop/helmfile.yaml", "print-env", cwd=tmp_path)
    assert "name: default" in result.stdout


def test_create_overwrites_nothing_unless_it_is_told_to(run, tmp_path):
    run("create", "-o", "shop", cwd=tmp_path)
    result = run("create", "-o", "shop", cwd=tmp_path, expect=1)
    assert "--force" in result.stderr
    run("create", "-o", "shop", "--force", cwd=tmp_path)


def test_init_installs_nothing_and_is_content(run, tmp_path):
    assert run("init", "--force", cwd=tmp_path).stdout == ""


def test_doctor_lists_fields_and_options_without_effect(run, spec):
    folder = spec("helmDefaults:\n  waitRetries: 3\n" + ONE)
    told = run("doctor", cwd=folder).stdout
    assert "helmDefaults.waitRetries" in told and "--otel-tracing" in told


def test_list_tells_more_where_it_is_asked_for(run, spec):
    folder = spec(ONE + "- name: two\n  chart: ./echo\n  needs: [one]\n")
    header, *lines = run("list", "-o", "wide", cwd=folder).stdout.splitlines()
    assert header.split("\t")[-1] == "FILE"
    assert [cell.strip() for cell in lines[1].split("\t")][-2:] == ["one", "helmfile.yaml"]


def test_list_of_an_unknown_format_is_the_table_as_with_helmfile(run, spec):
    folder = spec(ONE)
    assert run("list", "-o", "yaml", cwd=folder).stdout == run("list", cwd=folder).stdout


@pytest.mark.parametrize("option", ["--allow-failed-releases", "--otel-tracing", "--disable-force-update",
                                    "--sequential-helmfiles", "--enable-live-output",
                                    "--helm-binary=helm", "--kustomize-binary=kustomize"])
def test_options_that_only_steer_helm_are_taken(run, spec, option):
    folder = spec(ONE)
    assert run(option, "list", cwd=folder).stdout == run("list", cwd=folder).stdout


@pytest.mark.parametrize("prefix", ["RELFILE", "HELMFILE"])
def test_variables_stand_for_options(run, spec, prefix):
    folder = spec("environments:\n  other:\n---\n" + ONE)
    result = run("build", cwd=folder, env={f"{prefix}_ENVIRONMENT": "other", f"{prefix}_NAMESPACE": "ns",
                                           f"{prefix}_KUBE_CONTEXT": "kc",
                                           f"{prefix}_HELM_BINARY": "helm3",
                                           f"{prefix}_KUSTOMIZE_BINARY": "kustomize5",
                                           f"{prefix}_FILE_PATH": "helmfile.yaml"})
    for line in ("namespace: ns", "kubeContext: kc", "helmBinary: helm3", "kustomizeBinary: kustomize5"):
        assert f"\n{line}\n" in result.stdout


def test_without_unit_tests_there_is_nothing_to_run(run, spec):
    run("unittest", cwd=spec(ONE))


TEST_POD = """apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}-test
  annotations:
    helm.sh/hook: test
spec:
  restartPolicy: Never
  containers:
  - name: check
    image: example.com/check:1
"""


def test_the_tests_of_a_chart_are_run_in_the_cluster(run, spec):
    folder = spec(ONE)
    (folder / "echo" / "templates" / "test.yaml").write_text(TEST_POD)
    (folder / "echo" / "templates" / "values.yaml").unlink()
    target = ["--target", "demo", "--target-location", str(folder / "cluster"),
              "--state", f"file://{folder}/state"]
    run("test", *target, cwd=folder, expect=1)
    run("sync", *target, cwd=folder)
    result = run("test", *target, cwd=folder)
    assert "NAME: one" in result.stdout and "Phase:          Succeeded" in result.stdout
    assert "TEST SUITE:     one-test" in result.stdout
