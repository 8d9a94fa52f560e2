"""postRenderer: all manifests of a release through a program, or a plugin of helm's."""

import shutil
import stat
import textwrap

import pytest

CHART = {
    "app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n",
    "app/templates/a.yaml": """\
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }} # its name
        data:
          x: old
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: before
          annotations: {"helm.sh/hook": pre-install}
        data: old
        """,
    "app/templates/NOTES.txt": "old notes\n",
}

SPEC = """\
    releases:
    - name: web
      chart: ./app
      postRenderer: ./render.sh
    """

REPLACE = '#!/bin/sh\nsed "s/old/${1:-new}/"\n'


@pytest.fixture
def folder(tmp_path):
    def folder(spec=SPEC, script=REPLACE, **files):
        for name, text in {**CHART, "helmfile.yaml": spec, "render.sh": script, **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
            if text.startswith("#!"):
                path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return tmp_path / "helmfile.yaml"

    return folder


def test_manifests_and_hooks_go_through_it_and_keep_their_files(run, folder):
    source = "# Source: app/templates/a.yaml\n"
    text = textwrap.dedent(CHART["app/templates/a.yaml"]).replace("{{ .Release.Name }}", "web").replace("old", "new")
    expected = "---\n" + source + text.replace("---\n", "---\n" + source)
    assert run("-f", folder(), "template").stdout == expected + "\n\n"


def test_what_it_adds_is_installed_and_what_it_drops_is_not(run, demo, folder):
    path = folder(script="#!/bin/sh\ncat >/dev/null\n"
                         "printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: added}\\n'\n")
    assert "# Source: generated-by-postrender-0.yaml" in run("-f", path, "template").stdout
    run("-f", path, "sync", *demo.options)
    assert "ConfigMap/added" in run("-f", path, "status", "web", *demo.options).stdout
    assert run("-f", path, "diff", *demo.options).stdout == ""


PRECEDENCE = {
    "of helmDefaults": ("helmDefaults: {postRenderer: ./render.sh, postRendererArgs: ['{{ .Release.Name }}-d']}\n"
                        "releases: [{name: web, chart: ./app}]\n", [], "x: web-d"),
    "of the command line over helmDefaults": (
        "helmDefaults: {postRenderer: ./nothing, postRendererArgs: [d]}\n"
        "releases: [{name: web, chart: ./app}]\n",
        ["--post-renderer", "./render.sh", "--post-renderer-args", "cli"], "x: cli"),
    "of the release over the command line": (
        "releases: [{name: web, chart: ./app, postRenderer: ./render.sh, postRendererArgs: ['{{ .Release.Name }}']}]\n",
        ["--post-renderer", "./nothing", "--post-renderer-args", "cli"], "x: web"),
}


@pytest.mark.parametrize("which", PRECEDENCE)
def test_it_is_that(run, folder, which):
    spec, options, want = PRECEDENCE[which]
    assert want in run("-f", folder(spec), "template", *options).stdout


def test_a_program_is_looked_for_on_the_path(run, folder, tmp_path):
    path = folder("releases: [{name: web, chart: ./app, postRenderer: render.sh}]\n")
    result = run("-f", path, "template", env={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    assert "x: new" in result.stdout


PLUGIN = """\
    apiVersion: v1
    name: mark
    version: 0.1.0
    type: postrenderer/v1
    runtime: subprocess
    runtimeConfig:
      platformCommand:
      - {os: windows, command: nothing}
      - command: ${HELM_PLUGIN_DIR}/mark.sh
        args: [plugin]
    """


@pytest.mark.parametrize("name", ["mark", "../elsewhere/mark.sh"])
def test_a_plugin_of_helm_4_is_run(run, folder, tmp_path, name):
    path = folder(f"releases: [{{name: web, chart: ./app, postRenderer: {name}, postRendererArgs: [b]}}]\n",
                  **{"plugins/m/plugin.yaml": PLUGIN,
                     "plugins/m/mark.sh": '#!/bin/sh\nsed "s/old/$1-$2-$HELM_PLUGIN_NAME/"\n'})
    result = run("-f", path, "template", env={"HELM_PLUGINS": str(tmp_path / "plugins")})
    assert "x: plugin-b-mark" in result.stdout


WRONG = {
    "is not there": ("postRenderer: ./nothing", REPLACE, 'there is no program "./nothing"'),
    "fails": ("postRenderer: ./render.sh", "#!/bin/sh\nprintf 'bad\\033[31m\\n' >&2; exit 3\n",
              "it ended with exit status 3: bad\\x1b[31m"),
    "dies": ("postRenderer: ./render.sh", "#!/bin/sh\nkill -9 $$\n", "exit status 137"),
    "prints nothing": ("postRenderer: ./render.sh", "#!/bin/sh\ncat >/dev/null\n", "printed nothing"),
    "prints no YAML": ("postRenderer: ./render.sh", "#!/bin/sh\necho 'a: b: c'\n", "output"),
    "floods": ("postRenderer: ./render.sh", "#!/bin/sh\nyes\n", "prints more than"),
}


@pytest.mark.parametrize("what", WRONG)
def test_one_that_is_wrong_is_said_where_it_is_written(run, folder, what):
    field, script, message = WRONG[what]
    spec = f"releases:\n- name: web\n  chart: ./app\n  {field}\n"
    result = run("-f", folder(spec, script), "template", expect=1)
    assert message in result.stderr
    assert "helmfile.yaml:4:" in result.stderr
    assert "\x1b" not in result.stderr


def test_it_need_not_read_what_it_gets(run, folder):
    path = folder(script="#!/bin/sh\nprintf 'kind: ConfigMap\\nmetadata: {name: a}\\n'\n",
                  **{"app/templates/big.yaml": "kind: ConfigMap\nmetadata: {name: b}\ndata:\n"
                                               "  x: {{ repeat 1000000 \"x\" }}\n"})
    assert "name: a" in run("-f", path, "template").stdout


COMMENTED = ("# of it\nkind: ConfigMap\n\nmetadata:\n    # above\n    name: a  # behind\n    # below\n\n"
             "data:\n  x: old\n\n# at the end\n")
WRITTEN = ("# of it\nkind: ConfigMap\nmetadata:\n  # above\n  name: a # behind\n  # below\n"
           "data:\n  x: old\n\n# at the end\n")


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["unix", "windows"])
def test_comments_stay_whatever_ends_lines(run, folder, tmp_path, ends):
    path = folder(**{"app/templates/a.yaml": COMMENTED.replace("\n", ends),
                     "plugins/m/plugin.yaml": PLUGIN, "plugins/m/mark.sh": "#!/bin/sh\ncat\n"})
    plugins = {"HELM_PLUGINS": str(tmp_path / "plugins")}
    options = ["template", "web", path.parent / "app", "--post-renderer", "mark"]
    ours = run("chart", *options, env=plugins).stdout
    assert WRITTEN in ours and "\r" not in ours
    if shutil.which("helm"):
        assert run(*options, program="helm", env=plugins).stdout == ours
