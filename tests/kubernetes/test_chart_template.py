"""relfile chart template that asks a real API server: --dry-run=server, --validate, lookup, and helm's
options that say which server, and as whom. helm is asked the same where it is on the PATH."""

import base64
import shutil

import pytest
import yaml

NOWHERE = {"KUBECONFIG": "/nonexistent/config"}
OBJECTS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: found}
data:
  kube: {{ .Capabilities.KubeVersion.Version }}
  apps: {{ .Capabilities.APIVersions.Has "apps/v1/Deployment" | quote }}
  none: {{ .Capabilities.APIVersions.Has "shop.example/v1" | quote }}
  service: {{ dig "spec" "clusterIP" "none" (lookup "v1" "Service" "default" "kubernetes") | quote }}
  spaces: {{ range (lookup "v1" "Namespace" "" "").items }}{{ if hasPrefix "kube-" .metadata.name -}}
    {{ .apiVersion }}{{ .kind }}{{ .metadata.name }} {{ end }}{{ end }}
  list: {{ omit (lookup "v1" "Secret" "nowhere" "") "metadata" | toJson | quote }}
  nobody: {{ lookup "v1" "Secret" "default" "nobody" | toJson | quote }}
{{- if .Values.wrong }}
---
apiVersion: v1
kind: Service
metadata: {name: wrong}
spec: {ports: [{port: 80, nothing: here}], {{ .Values.wrong }}}
{{- end }}
"""


@pytest.fixture
def chart(place):
    (place.chart("web") / "templates/objects.yaml").write_text(OBJECTS)
    return ["template", "web", "./web", "-n", "default"]


def ask(place, line, *options, config="admin.kubeconfig", **how):
    return place.relfile("chart", *line, *options, "--kubeconfig", str(place.cluster / config), **how)


def as_helm(place, line, *options):
    if shutil.which("helm"):
        assert ask(place, line, *options).stdout == place.program("helm", *line, *options).stdout


@pytest.mark.parametrize("option", ["--dry-run=server", "--validate"])
def test_the_cluster_is_asked(place, chart, option):
    data = yaml.safe_load(ask(place, chart, option).stdout)["data"]
    version = place.program("kubectl", "version", "-o", "yaml").stdout
    assert data["kube"] == yaml.safe_load(version)["serverVersion"]["gitVersion"]
    assert (data["apps"], data["none"]) == ("true", "false")
    assert data["service"].count(".") == 3 and data["nobody"] == "{}"
    assert "v1Namespacekube-system" in data["spaces"]
    as_helm(place, chart, option)


def test_without_it_nothing_is_found(place, chart):
    data = yaml.safe_load(ask(place, chart).stdout)["data"]
    assert (data["service"], data["nobody"]) == ("none", "{}")
    as_helm(place, chart, "--kube-version", "1.33.0")  # what helm takes without it depends on how it was built


def test_what_the_server_would_refuse_is_refused(place, chart):
    found = ask(place, chart, "--dry-run=server", "--set", "wrong=type: Nothing", expect=1).stderr
    assert "objects.yaml: Service/wrong: " in found and ".nothing: field not declared" in found
    assert "found" not in place.names("configmap")


def access(place, config):
    """What a kubeconfig file says: the options for it."""
    config = yaml.safe_load((place.cluster / config).read_text())
    authority = place.folder / "ca.pem"
    authority.write_bytes(base64.b64decode(
        config["clusters"][0]["cluster"]["certificate-authority-data"]))
    return ["--kube-apiserver", config["clusters"][0]["cluster"]["server"], "--kube-ca-file", str(authority),
            "--kube-token", config["users"][0]["user"]["token"]]


def test_options_say_which_server_and_who_asks(place, chart):
    options = access(place, "token.kubeconfig")
    said = place.relfile("chart", *chart, "--dry-run=server", *options, env=NOWHERE).stdout
    assert said == ask(place, chart, "--dry-run=server").stdout
    refused = place.relfile("chart", *chart, "--dry-run=server", *options[:4], "--kube-token", "nobody",
                            env=NOWHERE, expect=None)
    assert refused.code and "nauthorized" in refused.stderr
    variables = {"HELM_KUBEAPISERVER": options[1], "HELM_KUBECAFILE": options[3], "HELM_KUBETOKEN": options[5]}
    assert place.relfile("chart", *chart, "--dry-run=server",
                         env={**NOWHERE, **variables}).stdout == said


def test_a_server_is_asked_as_somebody_else(place, chart):
    found = ask(place, chart, "--dry-run=server", "--kube-as-user", "nobody-in-particular", expect=None)
    assert found.code and "nobody-in-particular" in found.stderr and "forbidden" in found.stderr
    ask(place, chart, "--dry-run=server", "--kube-as-user", "ada", "--kube-as-group", "system:masters")


def test_a_servers_certificate_is_checked_but_where_that_is_not_wanted(place, chart):
    wrong = ["--dry-run=server", "--kube-tls-server-name", "elsewhere.example"]
    assert ask(place, chart, *wrong, expect=None).code
    ask(place, chart, *wrong, "--kube-insecure-skip-tls-verify")
