"""Who may do what, and what is said of kubeconfig files that lead nowhere."""

import base64
import http.server
import json
import os
import select
import shutil
import socket
import subprocess
import threading
import time

import pytest
import yaml

from tests.e2e.conftest import clean_environment, open_terminal
from tests.e2e.stand_in import stand_in


@pytest.fixture
def config(place):
    """The admin's kubeconfig, to be changed, and a way to use it."""
    text = (place.cluster / "admin.kubeconfig").read_text()
    return yaml.safe_load(text)


def use(place, config, name="changed.kubeconfig"):
    path = place.folder / name
    path.write_text(config if isinstance(config, str) else json.dumps(config))
    place.kubeconfig = path
    return path


def failure(place, *arguments, env=None):
    place.write()
    return place.relfile(*(arguments or ("diff",)), expect=1, env=env).stderr


def test_without_rights_nothing_happens_and_it_is_said_what_is_missing(place):
    place.kubeconfig = place.cluster / "limited.kubeconfig"
    said = failure(place, "sync")
    assert 'User "token-nobody" cannot create resource "secrets"' in said
    assert "nobody-token" not in said


def test_a_reader_sees_status_and_diff_and_changes_nothing(place):
    place.write()
    place.relfile("sync")
    reader = {"KUBECONFIG": str(place.cluster / "reader.kubeconfig")}
    assert "web-web" in place.relfile("status", "web", env=reader).stdout
    place.write({"replicas": 3})
    assert "+  replicas: 3" in place.relfile("diff", env=reader).stdout
    said = place.relfile("sync", env=reader, expect=1).stderr
    assert 'User "token-reader" cannot' in said
    assert place.statuses() == [(1, "deployed")]


def test_a_bearer_token_lets_in(place):
    place.kubeconfig = place.cluster / "token.kubeconfig"
    place.write()
    assert "1 to install" in place.relfile("diff").stderr


def test_a_wrong_token_is_told_and_not_shown(place, config):
    config["users"][0]["user"] = {"token": "wrong-token-4711"}
    use(place, config)
    said = failure(place)
    assert "the server does not know who we are" in said and "context \"test\"" in said
    assert "wrong-token-4711" not in said


def test_a_token_file_is_read(place, config):
    (place.folder / "token").write_text("admin-token-0123456789\n")
    config["users"][0]["user"] = {"tokenFile": "token"}
    use(place, config)
    place.write()
    place.relfile("diff")
    (place.folder / "token").unlink()
    assert "token file" in failure(place)


def test_a_login_program_is_run_once(place, config):
    program = place.folder / "login"
    program.write_text("""#!/bin/sh
echo run >>"$(dirname "$0")/runs"
case $KUBERNETES_EXEC_INFO in *'"server":"https://'*) ;; *) exit 9 ;; esac
echo "{\\"apiVersion\\": \\"client.authentication.k8s.io/v1\\", \\"kind\\": \\"ExecCredential\\",
    \\"status\\": {\\"token\\": \\"$TOKEN-token-0123456789\\"}}"
""")
    program.chmod(0o755)
    config["users"][0]["user"] = {"exec": {
        "apiVersion": "client.authentication.k8s.io/v1", "command": "./login",
        "env": [{"name": "TOKEN", "value": "admin"}], "provideClusterInfo": True,
        "interactiveMode": "Never"}}
    use(place, config)
    place.write()
    place.relfile("sync")
    assert (place.folder / "runs").read_text() == "run\n"


@pytest.mark.parametrize("body,said", [
    ("echo no luck >&2; exit 3", "ended with exit status 3: no luck"),
    ("echo secret-token", "did not print JSON"),
    ("echo '{}'", "did not print an ExecCredential"),
])
def test_a_login_program_that_fails_is_told(place, config, body, said):
    program = place.folder / "login"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    config["users"][0]["user"] = {"exec": {
        "apiVersion": "client.authentication.k8s.io/v1beta1", "command": "./login"}}
    use(place, config)
    found = failure(place)
    assert said in found and "secret-token" not in found


def test_a_login_program_that_is_not_there_brings_its_hint(place, config):
    config["users"][0]["user"] = {"exec": {
        "apiVersion": "client.authentication.k8s.io/v1", "command": "no-such-login",
        "installHint": "get it from example.com"}}
    use(place, config)
    found = failure(place)
    assert "no-such-login" in found and "get it from example.com" in found


def login_program(place, config, status, before="", **how):
    """Make config's user one who is logged in by a program, which says STATUS."""
    program = place.folder / "login"
    program.write_text(f"#!/bin/sh\ncd \"$(dirname \"$0\")\"\n{before}\ncat <<'END'\n" + json.dumps(
        {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
         "status": status}) + "\nEND\n")
    program.chmod(0o755)
    config["users"][0]["user"] = {"exec": {"apiVersion": "client.authentication.k8s.io/v1",
                                           "command": "./login", **how}}
    use(place, config)
    place.write()


def test_a_login_program_may_bring_a_certificate(place, config):
    login_program(place, config, {"clientCertificateData": (place.cluster / "admin.crt").read_text(),
                                  "clientKeyData": (place.cluster / "admin.key").read_text()})
    place.relfile("diff")


def test_a_login_program_is_told_what_the_clusters_entry_has_for_it(place, config):
    config["clusters"][0]["cluster"]["extensions"] = [{
        "name": "client.authentication.k8s.io/exec", "extension": {"audience": "shop"}}]
    login_program(place, config, {"token": "admin-token-0123456789"},
                  before='echo "$KUBERNETES_EXEC_INFO" >told', provideClusterInfo=True)
    place.relfile("diff")
    told = json.loads((place.folder / "told").read_text())["spec"]
    assert told["cluster"]["config"] == {"audience": "shop"} and told["interactive"] is False


@pytest.mark.parametrize("mode,interactive", [("Always", "true"), (None, "true"), ("Never", "false")])
def test_a_login_program_asks_on_the_terminal_if_it_may(place, config, relfile, home, mode, interactive):
    login_program(place, config, {"token": "admin-token-0123456789"},
                  before='echo "code?" >&2; read -r code; echo "$code $KUBERNETES_EXEC_INFO" >told',
                  **({"interactiveMode": mode} if mode else {}))
    mine, theirs = open_terminal()
    os.write(mine, b"4711\n")
    done = subprocess.run([relfile, "diff"], cwd=place.folder, stdin=theirs, capture_output=True,
                          timeout=60, check=False, encoding="utf-8", start_new_session=True,
                          env=clean_environment(home, KUBECONFIG=str(place.kubeconfig),
                                                RELFILE_TARGET="kubernetes"))
    assert done.returncode == 0, done.stderr
    code, info = (place.folder / "told").read_text().split(" ", 1)
    assert (code == "4711") == ("code?" in done.stderr) == (interactive == "true")
    assert f'"interactive":{interactive}' in info


def test_a_login_that_the_server_refuses_is_tried_once_more(place, config):
    program = place.folder / "login"
    program.write_text("""#!/bin/sh
cd "$(dirname "$0")"
if [ -f again ]; then token=admin-token-0123456789; else token=expired; fi
touch again
echo "{\\"apiVersion\\": \\"client.authentication.k8s.io/v1\\", \\"kind\\": \\"ExecCredential\\",
    \\"status\\": {\\"token\\": \\"$token\\"}}"
""")
    program.chmod(0o755)
    config["users"][0]["user"] = {"exec": {
        "apiVersion": "client.authentication.k8s.io/v1", "command": "./login"}}
    use(place, config)
    place.write()
    place.relfile("diff")


def test_files_of_certificates_are_found_beside_the_kubeconfig(place, config):
    for name in ("ca.crt", "admin.crt", "admin.key"):
        (place.folder / name).write_bytes((place.cluster / name).read_bytes())
    config["clusters"][0]["cluster"] = {"server": config["clusters"][0]["cluster"]["server"],
                                        "certificate-authority": "ca.crt"}
    config["users"][0]["user"] = {"client-certificate": "admin.crt", "client-key": "admin.key"}
    use(place, config)
    place.write()
    place.relfile("diff")


def test_several_files_are_one_and_the_first_counts(place, config):
    clusters = use(place, {"clusters": config["clusters"]}, "clusters")
    rest = use(place, {k: v for k, v in config.items() if k != "clusters"} | {
        "clusters": [{"name": "test", "cluster": {"server": "https://127.0.0.1:1"}}]}, "rest")
    place.write()
    missing = place.folder / "missing"
    place.relfile("diff", env={"KUBECONFIG": f"{clusters}:{missing}:{rest}"})


def test_a_server_name_of_its_own_and_no_certificate_at_all(place, config):
    cluster = config["clusters"][0]["cluster"]
    cluster["server"] = cluster["server"].replace("127.0.0.1", "127.0.0.2")
    cluster["tls-server-name"] = "kubernetes.default"
    cluster["server"] = cluster["server"].replace("127.0.0.2", "127.0.0.1")
    use(place, config)
    place.write()
    place.relfile("diff")
    cluster["tls-server-name"] = "somebody.else"
    use(place, config)
    assert "somebody.else" in failure(place)
    del cluster["tls-server-name"], cluster["certificate-authority-data"]
    use(place, config)
    assert "certificate" in failure(place)
    cluster["insecure-skip-tls-verify"] = True
    use(place, config)
    place.relfile("diff")


def test_a_certificate_that_is_over_is_told(place, config):
    for command in (["req", "-new", "-key", place.cluster / "api.key", "-subj", "/CN=127.0.0.1",
                     "-out", "old.csr"],
                    ["x509", "-req", "-in", "old.csr", "-CA", place.cluster / "ca.crt", "-CAkey",
                     place.cluster / "ca.key", "-set_serial", "4711", "-days", "-1", "-out", "old.crt"]):
        subprocess.run(["openssl", *command], cwd=place.folder, check=True, capture_output=True)
    with stand_in(lambda *_: (200, [], b"{}"), (place.folder / "old.crt", place.cluster / "api.key"),
                  eager=False) as port:
        config["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{port}"
        use(place, config)
        assert "certificate has expired" in failure(place)


def test_somebody_else_can_be_impersonated(place, config):
    config["users"][0]["user"]["as"] = "jane"
    config["users"][0]["user"]["as-groups"] = ["developers"]
    use(place, config)
    assert 'User "jane" cannot' in failure(place)


def test_options_impersonate_whoever_the_file_names(place):
    said = failure(place, "diff", "--as", "jane", "--as-uid", "u-1", "--as-group", "developers")
    assert 'User "jane" cannot' in said
    # who is in the group of admins may everything, whatever the user is called
    place.relfile("diff", "--as", "jane", "--as-group", "system:masters", "--as-group", "others")
    assert "no user" in place.relfile("diff", "--as-group", "others", expect=1).stderr
    # who has no right to impersonate is told
    place.kubeconfig = place.cluster / "reader.kubeconfig"
    assert "cannot impersonate" in failure(place, "diff", "--as", "jane")


def test_a_proxy_of_the_kubeconfigs_is_gone_through(place, config):
    """One that makes tunnels, as a company's does; relfile's own TLS goes through it."""
    lines = []

    class Tunnel(http.server.BaseHTTPRequestHandler):
        def do_CONNECT(self):
            lines.append(self.path)
            host, port = self.path.split(":")
            there = socket.create_connection((host, int(port)))
            self.send_response(200)
            self.end_headers()
            while True:
                ready, _, _ = select.select([self.connection, there], [], [], 30)
                for one in ready:
                    data = one.recv(65536)
                    if not data:
                        return
                    (there if one is self.connection else self.connection).sendall(data)
                if not ready:
                    return

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tunnel)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    cluster = config["clusters"][0]["cluster"]
    cluster["proxy-url"] = f"http://127.0.0.1:{server.server_port}"
    use(place, config)
    place.write()
    place.relfile("sync")
    assert lines and cluster["server"].endswith(lines[0])
    before = len(lines)
    place.relfile("exec", "web", "--no-stdin", "--", "true")
    assert len(lines) > before
    server.shutdown()
    server.server_close()
    assert "127.0.0.1" in failure(place, "diff")


def test_a_pod_knows_its_cluster_by_itself(place, config, tmp_path):
    """What kubelet mounts into a pod, where it mounts it: only where this machine lets us."""
    folder = "/var/run/secrets/kubernetes.io/serviceaccount"
    try:
        os.makedirs(folder)
    except OSError:
        pytest.skip(f"{folder} cannot be made, or is there")
    server = config["clusters"][0]["cluster"]["server"].removeprefix("https://")
    try:
        for name, text in (("token", "admin-token-0123456789"), ("namespace", place.namespace),
                           ("ca.crt", (place.cluster / "ca.crt").read_text())):
            with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
                file.write(text)
        place.write(namespace="")
        inside = {"KUBECONFIG": "", "KUBERNETES_SERVICE_HOST": server.split(":")[0],
                  "KUBERNETES_SERVICE_PORT": server.split(":")[1]}
        place.relfile("sync", env=inside)
    finally:
        shutil.rmtree(folder)
    assert place.statuses() == [(1, "deployed")]


def test_a_credential_that_runs_out_is_fetched_before_it_does(place, config):
    program = place.folder / "login"
    program.write_text("""#!/bin/sh
echo run >>"$(dirname "$0")/runs"
now=$(date -u -d "+5 seconds" +%Y-%m-%dT%H:%M:%SZ)
echo "{\\"apiVersion\\": \\"client.authentication.k8s.io/v1beta1\\", \\"kind\\": \\"ExecCredential\\",
    \\"status\\": {\\"token\\": \\"admin-token-0123456789\\", \\"expirationTimestamp\\": \\"$now\\"}}"
""")
    program.chmod(0o755)
    config["users"][0]["user"] = {"exec": {"apiVersion": "client.authentication.k8s.io/v1beta1",
                                           "command": "./login"}}
    use(place, config)
    place.write()
    place.relfile("diff")
    assert (place.folder / "runs").read_text().count("run") > 1


def test_contexts_are_chosen_and_their_names_suggested(place, config):
    config["current-context"] = ""
    use(place, config)
    assert "there is no current context" in failure(place)
    place.relfile("diff", "--kube-context", "test")
    found = failure(place, "diff", "--kube-context", "tset")
    assert 'there is no context "tset"' in found and 'did you mean "test"' in found
    place.write(kubeContext="test")
    place.relfile("diff")


@pytest.mark.parametrize("change,said", [
    ({"clusters": []}, 'context "test" is of cluster "test", which there is none of'),
    ({"users": []}, 'context "test" is of user "u'),
    ({"contexts": [{"name": "test", "context": {}}]}, "names no cluster"),
    ({"clusters": [{"name": "test", "cluster": {}}]}, "has no server"),
    ({"clusters": [{"name": "test", "cluster": {
        "server": "https://x", "certificate-authority-data": "%%%"}}]}, "illegal base64"),
    ({"clusters": [{"name": "test", "cluster": {
        "server": "https://x", "certificate-authority": "/no/such/file"}}]}, "/no/such/file"),
])
def test_what_is_wrong_with_a_kubeconfig_is_told(place, config, change, said):
    path = use(place, config | change)
    found = failure(place)
    assert said in found and str(path) in found


@pytest.mark.parametrize("user,said", [
    ({"auth-provider": {"name": "gcp"}}, "auth-provider"),
    ({"client-certificate-data": base64.b64encode(b"x").decode()}, "without a key"),
    ({"exec": {"apiVersion": "client.authentication.k8s.io/v1alpha1", "command": "x"}}, "v1alpha1"),
    ({"exec": {"apiVersion": "client.authentication.k8s.io/v1"}}, "exec has no command"),
    ({"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "x",
               "interactiveMode": "Sometimes"}}, 'interactiveMode "Sometimes"'),
    ({"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "x",
               "interactiveMode": "Always"}}, "the standard input is no terminal"),
])
def test_what_is_wrong_with_a_user_is_told(place, config, user, said):
    config["users"][0]["user"] = user
    use(place, config)
    assert said in failure(place)


@pytest.mark.parametrize("text,said", [("[1, 2]", "is no kubeconfig"), ("a: [", "changed")])
def test_what_is_no_kubeconfig_is_told(place, text, said):
    use(place, text)
    assert said in failure(place)


def test_without_any_configuration_it_is_said_where_it_was_looked_for(place, home):
    place.write()
    found = place.relfile("diff", env={"KUBECONFIG": ""}, expect=1).stderr
    assert "no cluster is configured" in found and "~/.kube/config" in found
    found = place.relfile("diff", "--kubeconfig", "nowhere", expect=1).stderr
    assert "nowhere" in found
    (home / ".kube").mkdir()
    (home / ".kube" / "config").write_bytes((place.cluster / "admin.kubeconfig").read_bytes())
    place.relfile("diff", env={"KUBECONFIG": ""})


def test_a_server_that_is_not_there_is_told_with_its_address(place, config):
    config["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1"
    use(place, config)
    found = failure(place)
    assert "127.0.0.1:1" in found and "refused" in found.lower() or "connect" in found.lower()


def test_one_dead_cluster_fails_its_releases_only(place, config):
    config["clusters"].append({"name": "dead", "cluster": {"server": "https://127.0.0.1:1"}})
    config["contexts"].append({"name": "dead", "context": {"cluster": "dead",
                                                           "user": config["users"][0]["name"]}})
    use(place, config)
    lost = [{**place.release, "name": f"lost{n}", "kubeContext": "dead"} for n in range(20)]
    place.write_spec({"releases": [{**place.release, "kubeContext": "test"}, *lost]})
    found = place.relfile("diff", expect=1)
    assert "web-web, Deployment" in found.stdout
    assert "127.0.0.1:1" in found.stderr
    found = place.relfile("sync", expect=3)
    assert "20 of 21 releases failed" in found.stderr
    assert place.statuses() == [(1, "deployed")]


@pytest.fixture
def fault(place):
    """A list of answers that are given one after the other, the last one again and again."""
    answers = []

    def answer(*_):
        status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
        return status, {"Content-Type": "application/json", **headers}.items(), body

    with stand_in(answer) as port:
        use(place, {"current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "c"}}],
                    "clusters": [{"name": "c", "cluster": {"server": f"http://127.0.0.1:{port}"}}]})
        yield answers


@pytest.mark.parametrize("answer,said", [
    ((200, {}, b"<html>a portal</html>"), "no JSON"),
    ((500, {}, b'{"kind": "Status", "message": "etcd is gone"}'), "etcd is gone"),
    ((404, {}, b"404 page not found"), "HTTP status 404"),
    ((403, {}, b'{"kind": "Status", "message": "forbidden: \\u001b[31mred"}'), "forbidden"),
])
def test_answers_that_are_none_are_told(place, fault, answer, said):
    fault.append(answer)
    found = failure(place)
    assert said in found and "\x1b" not in found


def test_too_many_requests_are_sent_again_when_the_server_says(place, fault):
    fault += [(429, {"Retry-After": "1"}, b"{}"), (403, {}, b'{"message": "so far"}')]
    assert "so far" in failure(place)


def test_what_may_not_be_done_is_told_at_once_and_before_anything_is_changed(place):
    place.program("kubectl", "create", "namespace", place.namespace)
    place.program("kubectl", "-n", place.namespace, "create", "role", "half", "--verb=*",
                  "--resource=secrets,configmaps,serviceaccounts")
    place.program("kubectl", "-n", place.namespace, "create", "rolebinding", "half", "--role=half",
                  "--user=token-nobody")
    for _ in range(50):  # until the server goes by it
        if place.program("kubectl", "--as=token-nobody", "-n", place.namespace, "auth", "can-i",
                         "get", "serviceaccounts", expect=None).code == 0:
            break
        time.sleep(0.2)
    place.kubeconfig = place.cluster / "limited.kubeconfig"
    chart = place.chart("chart")
    (chart / "templates/objects.yaml").write_text("""
{apiVersion: v1, kind: ConfigMap, metadata: {name: web-settings}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: web}, spec: {template: {spec: {
    restartPolicy: Never, containers: [{name: web, image: web}]}}}}
""")
    place.write_spec({"releases": [{"name": "web", "namespace": place.namespace,
                                    "chart": "./chart"}]})
    said = place.relfile("sync", expect=1).stderr
    assert "rights are missing, nothing has been changed" in said
    assert f"get, patch, create jobs.batch in namespace {place.namespace}" in said
    assert f"services in namespace {place.namespace}" in said
    assert "configmaps" not in said
    assert [n for n in place.names("secret") if n.startswith("sh.helm")] == []
    assert "web-settings" not in place.names("configmap")
