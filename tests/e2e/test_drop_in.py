"""A program called helmfile: what scripts read of helmfile's output is there, where it is."""

import subprocess

import pytest

from conftest import CHART, clean_environment, write_files

ONE = "releases:\n- name: one\n  namespace: shop\n  chart: ./app\n  values: [{text: two}]\n"
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {password: hush-hush}\n"
NAMESPACES = """apiVersion: v1
kind: ConfigMap
metadata: {name: names}
data: {last: {{ (last (lookup "v1" "ConfigMap" "shop" "").items).metadata.name }}}
"""


@pytest.fixture
def helmfile(relfile, tmp_path_factory):
    link = tmp_path_factory.mktemp("bin") / "helmfile"
    link.symlink_to(relfile)
    return str(link)


@pytest.fixture
def spec(tmp_path):
    write_files(tmp_path / "app", CHART)
    (tmp_path / "helmfile.yaml").write_text(ONE)
    return tmp_path


def both_streams(program, folder, home, *arguments, **more):
    done = subprocess.run([program, *arguments], cwd=folder, stdout=subprocess.PIPE, text=True, check=True,
                          stderr=subprocess.STDOUT, env=clean_environment(home, **more))
    return done.stdout


def test_what_is_made_ready_is_said_before_each_release_in_the_order_of_both_streams(helmfile, spec, home):
    (spec / "helmfile.yaml").write_text(ONE + "- {name: two, chart: ./app, needs: [shop/one]}\n")
    lines = both_streams(helmfile, spec, home, "template").splitlines()
    told = [line for line in lines if "release=" in line or line.startswith("# Source")]
    assert told == ["Building dependency release=one, chart=app", "Building dependency release=two, chart=app",
                    "Templating release=one, chart=app", "# Source: app/templates/config.yaml",
                    "Templating release=two, chart=app", "# Source: app/templates/config.yaml"]
    assert "release=" not in both_streams(helmfile, spec, home, "-q", "template")


def test_repositories_are_named_once_and_without_passwords(helmfile, spec, home):
    more = "repositories: [{name: far, url: 'https://me:secret@charts.example.com/x'}]\n"
    (spec / "helmfile.yaml").write_text(more + ONE)
    told = both_streams(helmfile, spec, home, "template")
    assert told.startswith('Adding repo far https://charts.example.com/x\n"far" has been added to your repositories\n')
    assert "secret" not in told
    assert "Adding repo" not in both_streams(helmfile, spec, home, "template", "--skip-deps")


def test_it_goes_to_kubernetes_where_relfile_wants_to_be_told(run, helmfile, spec):
    assert "nothing says what the releases go to" in run("diff", cwd=spec, expect=3).stderr
    result = run("diff", cwd=spec, program=helmfile, expect=1, env={"KUBECONFIG": str(spec / "none")})
    assert "nothing says" not in result.stderr


def test_differences_are_of_manifests_as_helm_diff_has_them(run, helmfile, spec, demo):
    def ask(*arguments, **more):
        return run(*arguments, *demo.options, cwd=spec, program=helmfile, **more)

    assert ask("diff", "--detailed-exitcode", expect=2).stdout == """\
Comparing release=one, chart=app, namespace=shop
shop, one, ConfigMap (v1) has been added:
-\x20
+ # Source: app/templates/config.yaml
+ apiVersion: v1
+ kind: ConfigMap
+ metadata: {name: 'one'}
+ data: {text: 'two'}

"""
    ask("sync")
    assert ask("diff", "--detailed-exitcode").stdout == ""
    (spec / "helmfile.yaml").write_text(ONE.replace("two", "three"))
    changed = ask("diff", "--context", "1").stdout
    assert "shop, one, ConfigMap (v1) has changed:\n...\n  metadata: {name: 'one'}\n- data: {text: 'two'}\n+ data: {text: 'three'}\n" in changed
    quiet = ask("diff", "--suppress-output-line-regex", "text: ").stdout
    assert "shop, one, ConfigMap (v1) has changed, but diff is empty after suppression.\n" in quiet


def test_secrets_are_masked_in_such_differences(run, helmfile, spec, demo):
    (spec / "app" / "templates" / "secret.yaml").write_text(SECRET)
    asked = run("diff", *demo.options, cwd=spec, program=helmfile)
    assert "shop, key, Secret (v1) has been added:" in asked.stdout and "hush" not in asked.stdout
    shown = run("diff", "--show-secrets", *demo.options, cwd=spec, program=helmfile)
    assert "hush-hush" in shown.stdout


def test_destroy_takes_skip_charts(run, helmfile, spec, demo):
    run("sync", *demo.options, cwd=spec, program=helmfile)
    run("destroy", "--skip-charts", *demo.options, cwd=spec, program=helmfile)
    run("destroy", "--skip-charts", *demo.options, cwd=spec, program=helmfile)


@pytest.mark.parametrize("arguments, place", [
    ([], "out/shop/one/app/latest"),
    (["--output-dir-template", "{{ .OutputDir }}/{{ .Release.Name }}-{{ .ChartName }}"], "out/one-app")])
def test_local_charts_are_fetched_into_folders_of_their_names(run, spec, arguments, place):
    told = run("fetch", "--output-dir", "out", "--write-output", *arguments, cwd=spec).stdout
    assert f"chart: {place}\n" in told and (spec / place / "Chart.yaml").exists()


@pytest.mark.parametrize("how", ["--args", "--template-args"])
def test_a_dry_run_of_the_server_lets_templates_look_at_the_cluster(run, spec, demo, how):
    (spec / "helmfile.yaml").write_text("target: demo\n" + ONE)
    run("sync", cwd=spec)  # into the user's own demo cluster
    (spec / "app" / "templates" / "names.yaml").write_text(NAMESPACES)
    assert "data: {last: one}" in run("template", f"{how}=--dry-run=server", cwd=spec).stdout
