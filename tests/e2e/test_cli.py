"""The command line itself: options, help, man pages, completion, colours, streams, exit codes."""

import json
import os
import re
import shutil
import subprocess

import pytest

from conftest import clean_environment

SPEC = "releases:\n- {name: web, chart: ./chart}\n- {name: api, chart: ./chart}\n"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}'}\n" \
         "data: {text: '{{ .Values.text }}'}\n"


@pytest.fixture
def spec(tmp_path):
    """A folder with a spec of two releases, web and api."""
    folder = tmp_path / "spec"
    (folder / "chart" / "templates").mkdir(parents=True)
    (folder / "helmfile.yaml").write_text(SPEC)
    (folder / "chart" / "Chart.yaml").write_text("apiVersion: v2\nname: chart\nversion: 0.1.0\n")
    (folder / "chart" / "templates" / "config.yaml").write_text(CONFIG)
    return folder


def commands(run):
    """All of them; some have names of several words."""
    return run("help", "--names").stdout.splitlines()


# ---- mistakes


@pytest.mark.parametrize("arguments, message", [
    (["lst"], 'did you mean "list"?'),
    (["synk"], 'did you mean "sync"?'),
    (["show_dag"], 'did you mean "show-dag"?'),
    (["chart", "tempate"], 'did you mean "chart template"?'),
    (["chart", "nonsense"], "relfile chart --help lists all commands"),
    (["chart", "template"], "which chart?"),
    (["chart", "template", "a", "b", "c"], "one word too many"),
    (["chart", "template", "web", "./chart", "-g"], "cannot set --generate-name"),
    (["list", "--selektor", "a=b"], "did you mean --selector?"),
    (["diff", "--detailed-exit-code"], "did you mean --detailed-exitcode?"),
    (["list", "-l"], "--selector needs a value"),
    (["list", "extra"], "one word too many"),
    (["status", "-o", "yaml"], "it can be: text, json"),
    (["list", "--log-level", "loud"], "it can be: error, warn, info, debug"),
    (["list", "--color", "--no-color"], "contradict"),
    (["diff", "--context=many"], "is no number"),
    (["completion", "tcsh"], "there is: bash, zsh, fish"),
    (["lock", "nonsense"], "relfile lock --help lists all commands"),
])
def test_a_wrong_command_line_ends_with_3_and_says_what_is_wrong(run, spec, arguments, message):
    result = run(*arguments, cwd=spec, expect=3)
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert message in result.stderr


@pytest.mark.parametrize("arguments, code", [
    (["list"], 0),
    (["list", "-l", "name=nobody"], 3),
    (["list", "-l", "name=nobody", "--allow-no-matching-release"], 0),
    (["list", "-e", "nowhere"], 3),
    (["list", "-l", "malformed"], 1),
    (["-f", "nowhere.yaml", "list"], 1),
    (["template", "--set", "text=x"], 0),
    (["sync"], 3),  # to what?
])
def test_exit_codes_are_helmfiles(run, spec, arguments, code):
    run(*arguments, cwd=spec, expect=code)


def test_a_name_that_is_nearly_right_is_suggested(run, spec):
    assert 'did you mean "web"?' in run("list", "-l", "name=wob", cwd=spec, expect=3).stderr


# ---- options


@pytest.mark.parametrize("arguments", [
    ["-l", "name=web", "list", "-o", "json"], ["list", "-l", "name=web", "-o", "json"],
    ["list", "-lname=web", "-ojson"], ["list", "--selector=name=web", "--output=json"],
    ["-q", "--log-level", "error", "list", "--selector", "name=web", "--output", "json"],
], ids=" ".join)
def test_options_stand_before_or_after_the_command(run, spec, arguments):
    assert [r["name"] for r in json.loads(run(*arguments, cwd=spec).stdout)] == ["web"]


@pytest.mark.parametrize("options", [
    ["-b", "helm"], ["--helm-binary=helm"], ["-k", "kustomize"], ["--skip-deps"],
    ["--skip-refresh"], ["--disable-force-update"], ["--enable-live-output"],
    ["--sequential-helmfiles"], ["--repo-retries", "3"], ["--oci-plain-http"],
    ["--strip-args-values-on-exit-error"], ["--enforce-plugin-verification"],
], ids=" ".join)
def test_options_that_only_helmfile_needs_are_taken(run, spec, options):
    assert run(*options, "list", cwd=spec) == run("list", cwd=spec)
    assert run("list", *options, cwd=spec) == run("list", cwd=spec)


def test_flags_may_be_given_a_value(run, spec):
    assert run("list", "--allow-no-matching-release=true", "-l", "name=x", cwd=spec).code == 0
    run("list", "--allow-no-matching-release=false", "-l", "name=x", cwd=spec, expect=3)


@pytest.mark.parametrize("prefix", ["RELFILE", "HELMFILE"])
def test_variables_stand_for_options(run, spec, prefix):
    (spec / "other.yaml").write_text(
        "environments: {staging: {}}\n---\nreleases: [{name: other, chart: ./chart}]\n")
    env = {f"{prefix}_FILE_PATH": "other.yaml", f"{prefix}_ENVIRONMENT": "staging",
           f"{prefix}_NAMESPACE": "ns", f"{prefix}_KUBE_CONTEXT": "ctx"}
    listed = json.loads(run("list", "-o", "json", cwd=spec, env=env).stdout)
    assert [(r["name"], r["namespace"]) for r in listed] == [("other", "ns")]
    listed = json.loads(run("list", "-f", "helmfile.yaml", "-e", "default", "-o", "json", cwd=spec,
                            env=env).stdout)
    assert [r["name"] for r in listed] == ["api", "web"]


def test_relfiles_variables_come_before_helmfiles(run, spec):
    env = {"RELFILE_NAMESPACE": "mine", "HELMFILE_NAMESPACE": "theirs"}
    listed = json.loads(run("list", "-o", "json", cwd=spec, env=env).stdout)
    assert {r["namespace"] for r in listed} == {"mine"}


def test_a_spec_may_come_from_standard_input(run, spec):
    text = "releases: [{name: piped, chart: ./chart, values: [{text: in}]}]\n"
    assert "piped" in run("-f", "-", "list", cwd=spec, stdin=text).stdout
    assert "text: 'in'" in run("-f", "-", "template", cwd=spec, stdin=text).stdout
    text = "releases: [{name: {{ .Environment.Name }}, chart: ./chart}]\n"
    for options in (["--render-yaml=always"], ["--render-yaml", "true"]):
        assert "default" in run(*options, "-f", "-", "list", cwd=spec, stdin=text).stdout


@pytest.mark.parametrize("when, name", [("auto", "'{{ .Environment.Name }}-x'"),
                                        ("never", "'{{ .Environment.Name }}-x'")])
def test_fields_of_releases_are_templates_in_plain_yaml_too(run, spec, when, name):
    (spec / "helmfile.yaml").write_text(f"releases: [{{name: {name}, chart: ./chart}}]\n")
    assert "default-x" in run(f"--render-yaml={when}", "list", cwd=spec).stdout


def test_render_yaml_says_whether_plain_yaml_is_a_template(run, spec):
    (spec / "helmfile.yaml").write_text(
        "releases:\n{{ range list 1 2 }}\n- {name: r{{ . }}, chart: ./chart}\n{{ end }}\n")
    listed = run("--render-yaml=always", "list", "-o", "json", cwd=spec)
    assert [r["name"] for r in json.loads(listed.stdout)] == ["r1", "r2"]
    assert "rendered as a template" not in listed.stderr
    assert "rendered as a template" in run("--render-yaml=auto", "list", cwd=spec).stderr
    run("--render-yaml=never", "list", cwd=spec, expect=1)


# ---- version, help


def test_the_version_is_printed_in_all_forms(run):
    version = json.loads(run("version", "-o", "json").stdout)["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    for arguments in (["version"], ["--version"], ["-v"]):
        assert run(*arguments).stdout == f"relfile {version}\n"


def test_help_is_the_same_however_it_is_asked_for(run):
    assert run().stdout == run("--help").stdout == run("-h").stdout
    assert run("help").stdout.startswith(run().stdout)  # and topics
    for name in commands(run):
        text = run("help", name).stdout
        assert run(*name.split(), "--help").stdout == text
        assert run(*name.split(), "-h").stdout == text
        assert f"Usage: relfile {name} " in text


def test_help_fits_on_a_terminal(run):
    for name in commands(run):
        assert max(map(len, run("help", name).stdout.splitlines())) <= 100


def test_help_of_all_commands_is_in_the_list(run):
    for name in commands(run):
        text = run("help", *name.split()[:-1]).stdout
        assert re.search(rf"^  {name} +\S", text, flags=re.M)


@pytest.mark.skipif(not shutil.which("mandoc"), reason="there is no mandoc")
def test_man_pages_have_no_mistakes(run):
    for arguments in ([], *[[name] for name in commands(run)]):
        page = run("help", "--man", *arguments).stdout
        found = subprocess.run(["mandoc", "-T", "lint", "-W", "warning"], input=page,
                               capture_output=True, encoding="utf-8", check=False)
        assert found.stdout == "", arguments


@pytest.mark.skipif(not shutil.which("mandoc"), reason="there is no mandoc")
def test_man_pages_have_all_options(run):
    page = subprocess.run(["mandoc", "-T", "ascii"], input=run("help", "--man", "diff").stdout,
                          capture_output=True, encoding="utf-8", check=True).stdout
    page = re.sub(".\b", "", page)
    for option in ("--detailed-exitcode", "--selector KEY=VALUE", "--state-values-set",
                   "EXIT STATUS"):
        assert option in page


# ---- completion


def complete(script, words):
    """What bash makes of the script for WORDS, the last of them being typed."""
    program = script + f"""
COMP_WORDS=({' '.join(words)!s} {'""' if words[-1] == "relfile" else ''})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
compopt() {{ :; }}
_relfile
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(["bash", "-uc", program], capture_output=True, encoding="utf-8",
                          check=True)
    assert done.stderr == ""
    return done.stdout.split()


def test_bash_completes_commands_and_options(run):
    script = run("completion", "bash").stdout
    for name in commands(run):
        *family, last = name.split()
        assert last in complete(script, ["relfile", *family, '""'] if family else ["relfile"])
    assert complete(script, ["relfile", "tem"]) == ["template"]
    assert complete(script, ["relfile", "diff", "--detailed"]) == ["--detailed-exitcode"]
    assert complete(script, ["relfile", "-e", "x", "diff", "--sel"]) == ["--selector="]
    assert complete(script, ["relfile", "list", "--detailed"]) == []
    assert complete(script, ["relfile", "chart", "temp"]) == ["template"]
    assert complete(script, ["relfile", "chart", "template", "--set-l"]) == ["--set-literal="]


@pytest.mark.parametrize("shell, check", [("bash", ["bash", "-n"]), ("zsh", ["zsh", "-n"]),
                                          ("fish", ["fish", "--no-execute"])])
def test_completion_scripts_can_be_read_by_their_shells(run, tmp_path, shell, check):
    if not shutil.which(shell):
        pytest.skip(f"there is no {shell}")
    script = tmp_path / "script"
    script.write_text(run("completion", shell).stdout)
    subprocess.run([*check, str(script)], check=True)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_know_all_commands(run, shell):
    script = run("completion", shell).stdout
    for name in commands(run):
        assert name.split()[-1] in script


# ---- colours


COLOUR = "\033["


@pytest.mark.parametrize("options, env, coloured", [
    ([], {}, False),
    (["--color"], {}, True),
    (["--colour=always"], {}, True),
    (["--colour", "never"], {"CLICOLOR_FORCE": "1"}, False),
    ([], {"CLICOLOR_FORCE": "1"}, True),
    ([], {"CLICOLOR_FORCE": "0"}, False),
    ([], {"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
    (["--color"], {"NO_COLOR": "1"}, True),
    (["--no-color"], {"CLICOLOR_FORCE": "1"}, False),
    ([], {"HELMFILE_NO_COLOR": "true", "CLICOLOR_FORCE": "1"}, False),
], ids=str)
def test_colours_come_when_asked_for(run, spec, demo, options, env, coloured):
    result = run("diff", *demo.options, *options, cwd=spec, env=env)
    assert (COLOUR in result.stdout) is coloured


def test_colours_come_on_terminals(on_terminal, spec, demo):
    assert COLOUR + "32m" in on_terminal("diff", *demo.options, cwd=spec)[1]
    for options, env in ((["--no-color"], {}), ([], {"NO_COLOR": "1"})):
        text = on_terminal("diff", *demo.options, *options, cwd=spec, env=env)[1]
        assert not re.search(r"\033\[\d*m", text)


# ---- streams


def test_results_are_on_stdout_and_everything_else_is_on_stderr(run, spec, demo):
    (spec / "helmfile.yaml").write_text("""
hooks: [{events: [prepare], command: echo, args: [from a hook], showlogs: true}]
""" + SPEC)
    for arguments in (["list", "-o", "json"], ["template"], ["diff", "-o", "json", *demo.options],
                      ["sync", "-o", "json", *demo.options], ["status", "-o", "json", *demo.options]):
        result = run(*arguments, cwd=spec)
        assert "from a hook" not in result.stdout
        if "json" in arguments:
            json.loads(result.stdout)
        if arguments[0] != "status":
            assert "from a hook" in result.stderr


def test_quiet_says_nothing_when_all_is_well(run, spec, demo):
    for options in (["-q"], ["--log-level=warn"], ["--log-level=error"]):
        assert run("sync", *demo.options, *options, cwd=spec).stderr == ""


def test_quiet_still_says_what_failed(run, spec, demo):
    (spec / "chart" / "templates" / "config.yaml").write_text("{{ fail \"no\" }}")
    assert "no" in run("sync", "-q", *demo.options, cwd=spec, expect=1).stderr


def test_a_full_disk_is_an_error(relfile, home, spec):
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([str(relfile), "list"], cwd=spec, env=clean_environment(home),
                              stdout=full, stderr=subprocess.PIPE, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "No space left" in done.stderr


# ---- questions


def test_interactive_apply_asks_and_does_as_told(on_terminal, run, spec, demo):
    code, text = on_terminal("apply", "-i", *demo.options, cwd=spec, answer="n")
    assert code == 0 and "web" in text and not demo.released()
    code, _ = on_terminal("apply", "-i", "--detailed-exitcode", *demo.options, cwd=spec, answer="n")
    assert code == 2 and not demo.released()
    code, _ = on_terminal("-i", "apply", *demo.options, cwd=spec, answer="y")
    assert code == 0 and len(demo.released()) == 2
    code, text = on_terminal("apply", "-i", *demo.options, cwd=spec)
    assert code == 0 and "[y/N]" not in text


def test_interactive_sync_asks(on_terminal, spec, demo):
    assert on_terminal("sync", "-i", *demo.options, cwd=spec, answer="n")[0] == 0
    assert not demo.released()
    assert on_terminal("sync", "-i", *demo.options, cwd=spec, answer="y")[0] == 0
    assert demo.released()


def test_destroy_asks_on_a_terminal(on_terminal, run, spec, demo):
    run("sync", *demo.options, cwd=spec)
    assert "[y/N]" in on_terminal("destroy", *demo.options, cwd=spec, answer="n")[1]
    assert demo.released()
    assert "[y/N]" not in on_terminal("destroy", "--yes", *demo.options, cwd=spec)[1]
    assert not demo.released()


def test_what_asks_does_nothing_where_nobody_can_answer(run, spec, demo):
    result = run("apply", "-i", *demo.options, cwd=spec, stdin="", expect=3)
    assert "--yes" in result.stderr and not demo.released()


def test_help_tells_about_each_function(run):
    text = run("help", "functions", "trunc").stdout
    assert text.startswith("trunc WIDTH TEXT\n")
    assert "in charts and in the spec" in text and "source: sprig" in text
    assert "in charts only" in run("help", "functions", "lookup").stdout
    assert run("help", "functions", "get").stdout.count("source:") >= 2  # sprig's and helmfile's
    result = run("help", "functions", "trnc", expect=None)
    assert result.code == 3 and 'did you mean "trunc"?' in result.stderr
    listed = run("help", "functions").stdout
    assert all(f"    {name} " in listed for name in ("trunc", "lookup", "include", "requiredEnv", "Glob"))
