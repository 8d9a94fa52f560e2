"""Clusters that have something against it: webhooks, quotas, what goes while it is used, dead APIs."""

import json
import shutil
import socket
import subprocess
import time
import urllib.parse

import pytest
import yaml

from tests.e2e.stand_in import stand_in
from tests.kubernetes.test_faults import definition


def converged(place):
    place.relfile("sync")
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr
    assert place.statuses()[-1][1] == "deployed"


def apply(place, item):
    path = place.folder / "item.json"
    path.write_text(json.dumps(item))
    place.program("kubectl", "apply", "-f", str(path))


@pytest.fixture
def webhook(place):
    """One that denies deployments of the test's namespace; slowly, if its "slow" says so."""
    how = {"slow": False}

    def deny(method, path, headers, body):
        if how["slow"]:
            time.sleep(3)
        response = {"uid": json.loads(body)["request"]["uid"], "allowed": False,
                    "status": {"message": "no images of example.com"}}
        return 200, [], json.dumps({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
                                    "response": response}).encode()

    config = yaml.safe_load((place.cluster / "admin.kubeconfig").read_text())
    identity = (place.cluster / "api.crt", place.cluster / "api.key")
    with stand_in(deny, identity, eager=False) as port:
        apply(place, {
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
            "metadata": {"name": place.namespace}, "webhooks": [{
                "name": "guard.relfile.test", "sideEffects": "None", "timeoutSeconds": 1,
                "admissionReviewVersions": ["v1"], "failurePolicy": "Fail",
                "clientConfig": {"url": f"https://127.0.0.1:{port}/",
                                 "caBundle": config["clusters"][0]["cluster"][
                                     "certificate-authority-data"]},
                "rules": [{"apiGroups": ["apps"], "apiVersions": ["v1"], "resources": ["deployments"],
                           "operations": ["CREATE", "UPDATE"]}],
                "namespaceSelector": {"matchLabels": {
                    "kubernetes.io/metadata.name": place.namespace}}}]})
        yield how
        place.program("kubectl", "delete", "validatingwebhookconfiguration", place.namespace)


@pytest.mark.parametrize("slow,said", [
    (False, "no images of example.com"),
    (True, "context deadline exceeded"),
])
def test_what_a_webhook_denies_or_does_not_answer_is_told(place, webhook, slow, said):
    webhook["slow"] = slow
    place.write(wait=False)
    for _ in range(50):  # until the server has taken it up
        if place.relfile("diff", expect=None).code == 1:
            break
        time.sleep(0.2)
    found = place.relfile("sync", expect=1).stderr
    assert said in found and "guard.relfile.test" in found and "Deployment/web-web" in found
    assert place.statuses()[-1][1] == "failed"
    place.program("kubectl", "delete", "validatingwebhookconfiguration", place.namespace)
    for _ in range(50):
        if place.relfile("diff", expect=None).code == 0:
            break
        time.sleep(0.2)
    converged(place)
    apply(place, {"apiVersion": "admissionregistration.k8s.io/v1",
                  "kind": "ValidatingWebhookConfiguration",
                  "metadata": {"name": place.namespace}, "webhooks": []})


def test_a_quota_that_is_used_up_is_told(place):
    place.program("kubectl", "create", "namespace", place.namespace)
    apply(place, {"apiVersion": "v1", "kind": "ResourceQuota",
                  "metadata": {"name": "small", "namespace": place.namespace},
                  "spec": {"hard": {"services": "0"}}})
    for _ in range(50):
        if place.get("resourcequota", "small").get("status", {}).get("hard"):
            break
        time.sleep(0.2)
    place.write(wait=False)
    found = place.relfile("sync", expect=1).stderr
    assert "exceeded quota: small" in found and "Service/" in found
    assert place.statuses()[-1][1] == "failed"
    place.program("kubectl", "-n", place.namespace, "delete", "resourcequota", "small")
    converged(place)


def test_a_quota_that_pods_do_not_fit_into_is_the_reason_why_nothing_gets_ready(place):
    place.program("kubectl", "create", "namespace", place.namespace)
    apply(place, {"apiVersion": "v1", "kind": "ResourceQuota",
                  "metadata": {"name": "nobody", "namespace": place.namespace},
                  "spec": {"hard": {"pods": "0"}}})
    time.sleep(1)
    chart = place.chart("pods")
    (chart / "templates/deployment.yaml").write_text("""
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1"}]}
""")
    place.write_spec({"releases": [{"name": "web", "namespace": place.namespace, "chart": "./pods",
                                    "wait": True, "timeout": 5}]})
    found = place.relfile("sync", expect=1).stderr
    assert "exceeded quota: nobody" in found


def test_a_namespace_that_is_going_is_told(place):
    place.program("kubectl", "create", "namespace", place.namespace)
    apply(place, {"apiVersion": "v1", "kind": "ConfigMap",
                  "metadata": {"name": "held", "namespace": place.namespace,
                               "finalizers": ["relfile.test/held"]}})
    place.program("kubectl", "delete", "namespace", place.namespace, "--wait=false")
    place.write(wait=False)
    found = place.relfile("sync", expect=1).stderr
    assert "because it is being terminated" in found
    place.program("kubectl", "-n", place.namespace, "patch", "configmap", "held", "--type=merge",
                  "-p", '{"metadata": {"finalizers": null}}')
    place.program("kubectl", "wait", "--for=delete", f"namespace/{place.namespace}", "--timeout=60s")
    converged(place)


def test_an_api_whose_server_is_dead_is_a_warning(place):
    group = f"g{abs(hash(place.namespace)) % 10 ** 8}.relfile.test"
    apply(place, {"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
                  "metadata": {"name": f"v1.{group}"},
                  "spec": {"group": group, "version": "v1", "groupPriorityMinimum": 100,
                           "versionPriority": 10, "insecureSkipTLSVerify": True,
                           "service": {"name": "nobody", "namespace": "default"}}})
    try:
        place.write(wait=False)
        for _ in range(50):
            found = place.relfile("diff").stderr
            if group in found:
                break
            time.sleep(0.2)
        assert f"the server cannot tell what is in {group}/v1" in found
        converged(place)
    finally:
        place.program("kubectl", "delete", "apiservice", f"v1.{group}")


def test_a_definition_of_crds_that_is_gone_is_made_again_with_its_objects(place):
    group = f"d{abs(hash(place.namespace)) % 10 ** 8}.relfile.test"
    chart = place.chart("things")
    (chart / "crds").mkdir()
    (chart / "crds/thing.yaml").write_text(definition(group))
    (chart / "templates/thing.yaml").write_text(
        f"{{apiVersion: {group}/v1, kind: Thing, metadata: {{name: a}}, size: {{{{ .Values.size }}}}}}")

    def write(size):
        place.write_spec({"releases": [{"name": "web", "namespace": place.namespace, "timeout": 5,
                                        "chart": "./things", "values": [{"size": size}]}]})

    write(1)
    place.relfile("sync")
    place.program("kubectl", "delete", "crd", f"things.{group}")
    write(2)
    place.relfile("sync")  # it is made again, and so is the object
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr


NGINX = """
daemon off; error_log stderr; pid {folder}/nginx.pid;
events {{ worker_connections 200; }}
http {{
    log_format said '$server_protocol $connection'; access_log {folder}/access.log said;
    client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    client_max_body_size 0;
    server {{
        listen 127.0.0.1:{port} ssl http2; keepalive_requests 3;
        ssl_certificate {cluster}/api.crt; ssl_certificate_key {cluster}/api.key;
        location / {{ proxy_pass {server}; proxy_ssl_verify off; proxy_set_header Host $http_host; }}
    }}
}}
"""


def test_a_server_that_says_goodbye_after_a_few_requests_is_asked_on_another_connection(place):
    """HTTP/2's GOAWAY, as load balancers and servers that are restarted send it."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if not nginx:
        pytest.skip("nginx is not installed")
    config = yaml.safe_load((place.cluster / "token.kubeconfig").read_text())
    cluster = config["clusters"][0]["cluster"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = place.folder / "nginx"
    folder.mkdir()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, cluster=place.cluster,
                                                    server=cluster["server"]))
    proxy = subprocess.Popen([nginx, "-p", folder, "-c", folder / "nginx.conf"],
                             stderr=subprocess.DEVNULL)
    try:
        cluster["server"] = f"https://127.0.0.1:{port}"
        place.kubeconfig = place.folder / "proxy.kubeconfig"
        place.kubeconfig.write_text(json.dumps(config))
        time.sleep(1)
        place.write()
        place.relfile("sync")
        converged(place)
        lines = (folder / "access.log").read_text().split("\n")[:-1]
        assert {line.split()[0] for line in lines} == {"HTTP/2.0"}
        assert len(set(lines)) >= len(lines) / 3
    finally:
        proxy.terminate()
        proxy.wait()
