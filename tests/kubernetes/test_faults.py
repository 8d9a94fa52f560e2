"""What happens between relfile and the API server: a proxy that loses, refuses and cuts answers."""

import base64
import http.client
import http.server
import json
import socket
import ssl
import threading
import time
import urllib.parse
from collections import Counter

import pytest
import yaml


class Proxy(http.server.BaseHTTPRequestHandler):
    """Passes requests on, but for those that the server's `fault` says something about."""

    protocol_version = "HTTP/1.1"

    upstream = None  # the connection that is kept while the client's is

    def pass_on(self, body):
        if not self.upstream:
            self.upstream = http.client.HTTPSConnection(self.server.host, context=self.server.tls,
                                                        timeout=60)
        headers = {k: v for k, v in self.headers.items()
                   if k.lower() not in ("host", "connection", "accept-encoding")}
        self.upstream.request(self.command, self.path, body, headers)
        answer = self.upstream.getresponse()
        return answer.status, answer.getheader("Content-Type", "application/json"), answer.read()

    def finish(self):
        if self.upstream:
            self.upstream.close()
        super().finish()

    def answer(self, status, kind, text, **more):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()

    def drop(self):
        """Close the connection in the middle of everything."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.close_connection = True
        self.connection.close()

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.server.lock:
            self.server.count += 1
            fault = self.server.fault(self.command, self.path, self.server.count)
            fault = fault or self.server.check(self.headers)
            self.server.faults += fault is not None
        if fault == "reset":
            self.drop()
            return
        if callable(fault):
            fault = fault()  # something happens to the cluster just before; then it is asked
        if fault == "slow":
            time.sleep(0.5)
        if fault == "large":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(1 << 40))
            self.end_headers()
            self.drop()
            return
        if isinstance(fault, int):
            text = json.dumps({"kind": "Status", "code": abs(fault), "message": f"fault {fault}"})
            more = {"Retry_After": "1"} if fault == 429 else {}
            fault = abs(fault)
            self.answer(fault, "application/json", text.encode(), **more)
            self.wfile.write(text.encode())
            return
        status, kind, text = self.pass_on(body)
        if fault == "lost":
            self.drop()
            return
        if str(fault).startswith("landed"):
            status, text = int(fault[6:]), b'{"kind": "Status", "message": "request timed out"}'
        self.answer(status, kind, text)
        if fault == "cut":
            self.wfile.write(text[:len(text) // 2])
            self.wfile.flush()
            self.drop()
            return
        self.wfile.write(text)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_one

    def log_message(self, *_):
        pass


class QuietServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


def definition(group):
    """Of the kind Thing, which takes everything."""
    return json.dumps({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": f"things.{group}"},
        "spec": {"group": group, "scope": "Namespaced",
                 "names": {"kind": "Thing", "plural": "things"},
                 "versions": [{"name": "v1", "served": True, "storage": True, "schema": {
                     "openAPIV3Schema": {"type": "object",
                                         "x-kubernetes-preserve-unknown-fields": True}}}]}})


@pytest.fixture
def proxy(place):
    config = yaml.safe_load((place.cluster / "token.kubeconfig").read_text())
    cluster = config["clusters"][0]["cluster"]
    server = QuietServer(("127.0.0.1", 0), Proxy)
    server.host = urllib.parse.urlparse(cluster["server"]).netloc
    server.tls = ssl.create_default_context(
        cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
    server.lock, server.count, server.faults = threading.Lock(), 0, 0
    identity = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    identity.load_cert_chain(place.cluster / "api.crt", place.cluster / "api.key")
    server.socket = identity.wrap_socket(server.socket, server_side=True,
                                         do_handshake_on_connect=False)
    server.fault = lambda method, path, count: None
    server.check = lambda headers: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    cluster["server"] = f"https://127.0.0.1:{server.server_port}"
    place.kubeconfig = place.folder / "proxy.kubeconfig"
    place.kubeconfig.write_text(json.dumps(config))
    yield server
    server.shutdown()


def converged(place, proxy):
    """Without faults the next run goes on from there, and then nothing is left to do."""
    proxy.fault = lambda method, path, count: None
    place.relfile("sync")
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr
    history = place.statuses()
    assert history[-1][1] == "deployed"
    assert [status for _, status in history].count("deployed") == 1


LONG = pytest.mark.long


@pytest.mark.parametrize("fault", [
    "reset", pytest.param("lost", marks=LONG), pytest.param("cut", marks=LONG), 429, -429,
    "slow", pytest.param(503, marks=LONG), pytest.param(504, marks=LONG), pytest.param(500, marks=LONG)])
def test_now_and_then(place, proxy, fault):
    """Every fifth request: all of them are tried again, and one run does it all."""
    place.write({"message": "two"}, wait=False)
    proxy.fault = lambda method, path, count: fault if count % 5 == 0 else None
    # a request that may have got through is only sent again where that does no harm
    sure = fault in (429, -429, 503, "slow")
    place.relfile("sync", expect=0 if sure else None)
    assert proxy.faults
    converged(place, proxy)


def once(fault, *writes):
    """FAULT for the first request with each of WRITES ("PATCH /secrets/") in its method and path."""
    left = list(writes)

    def decide(method, path, count):
        for write in left:
            wanted, part = write.split()
            if method == wanted and part in path:
                left.remove(write)
                return fault
        return None

    return decide


@pytest.mark.parametrize("fault", ["lost", "cut", "landed500", "landed503"])
def test_a_record_whose_answer_is_lost_is_recognised(place, proxy, fault):
    place.write(wait=False)
    proxy.fault = once(fault, "POST /secrets", "PATCH /secrets")
    place.relfile("sync", expect=0 if fault in ("lost", "cut") else None)
    assert proxy.faults
    converged(place, proxy)


@pytest.mark.parametrize("fault", ["landed500", "landed503", "landed504"])
def test_what_landed_though_the_server_says_that_it_failed_is_not_done_twice(place, proxy, fault):
    """A hook's job is made by a POST, which must not be sent twice; others are applied."""
    place.write(wait=False)
    place.relfile("sync")
    place.write({"message": "two"}, wait=False)
    proxy.fault = once(fault, "POST /jobs", "PATCH /configmaps/", "PATCH /deployments/")
    place.relfile("sync", expect=None)
    assert proxy.faults
    jobs = {event["involvedObject"]["uid"]: event["involvedObject"]["name"]
            for event in place.get("events")["items"] if event["reason"] == "SuccessfulCreate"
            and event["involvedObject"]["kind"] == "Job"}
    assert max(Counter(jobs.values()).values()) <= 2  # one of each run
    converged(place, proxy)
    assert place.get("configmap", "web-settings")["data"]["message"] == "two"


@pytest.mark.parametrize("fault", ["reset", 500, 403, 401, 409, "large"])
def test_a_failure_in_the_middle_is_recorded(place, proxy, fault):
    place.write(wait=False)
    proxy.fault = lambda method, path, count: (
        fault if "/deployments/" in path and method == "PATCH" else None)
    said = place.relfile("sync", expect=1).stderr
    assert "deployments/web-web" in said.lower().replace("deployment/", "deployments/") or \
        "the server does not know who we are" in said
    assert place.statuses() == [(1, "failed")]
    converged(place, proxy)


def test_a_failure_while_deleting_is_gone_on_with(place, proxy):
    place.write(wait=False)
    place.relfile("sync")
    proxy.fault = lambda method, path, count: (
        500 if "/statefulsets/" in path and method == "DELETE" else None)
    assert "fault 500" in place.relfile("destroy", "--yes", expect=1).stderr
    proxy.fault = lambda method, path, count: None
    place.relfile("destroy", "--yes")
    assert place.names("statefulset") == []
    assert place.names("secret") == []


def test_discovery_without_one_group_goes_on(place, proxy):
    """Before 1.27, and where a server does not know aggregated discovery, groups are asked one by one."""
    place.write(wait=False)
    place.relfile("sync")
    real = Proxy.pass_on

    def plain(self, body):
        if self.path in ("/api", "/apis"):
            self.headers.replace_header("Accept", "application/json")
        return real(self, body)

    Proxy.pass_on = plain
    proxy.fault = lambda method, path, count: 503 if path == "/apis/batch/v1" else None
    try:
        done = place.relfile("diff", "--no-hooks", "--detailed-exitcode", expect=None)
    finally:
        Proxy.pass_on = real
    assert "the server cannot tell what is in batch/v1" in done.stderr
    assert "no changes" in done.stderr


def test_lists_are_read_in_pages_and_again_when_they_are_too_old(place, proxy):
    place.write(wait=False)
    place.relfile("sync")
    gone = []

    def expire(method, path, count):
        if "continue=" in path and not gone:
            gone.append(path)
            return 410
        return None

    real = Proxy.pass_on

    def small(self, body):
        if f"/{place.namespace}/" in self.path:
            self.path = self.path.replace("limit=500", "limit=1")
        return real(self, body)

    Proxy.pass_on = small
    proxy.fault = expire
    try:
        for number in range(3):
            place.write({"message": f"m{number}"}, wait=False)
            place.relfile("sync")
        history = json.loads(place.relfile("history", "-o", "json").stdout)
    finally:
        Proxy.pass_on = real
    assert gone
    assert [r["revision"] for r in history] == [1, 2, 3, 4]


def test_a_token_that_expires_in_the_middle_is_fetched_anew(place, proxy):
    """A login program is asked again as soon as its token is refused."""
    config = json.loads(place.kubeconfig.read_text())
    program = place.folder / "login"
    program.write_text("""#!/bin/sh
echo run >>"$(dirname "$0")/runs"
echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status":
    {"token": "admin-token-0123456789"}}'
""")
    program.chmod(0o755)
    config["users"][0]["user"] = {"exec": {"apiVersion": "client.authentication.k8s.io/v1",
                                           "command": "./login"}}
    place.kubeconfig.write_text(json.dumps(config))
    place.write(wait=False)
    refused = []

    def expire(method, path, count):
        if "/deployments/" in path and method == "PATCH" and not refused:
            refused.append(path)
            return 401
        return None

    proxy.fault = expire
    place.relfile("sync")
    assert (place.folder / "runs").read_text() == "run\nrun\n"
    converged(place, proxy)


def test_a_token_file_that_is_written_anew_is_read_again(place, proxy):
    """As kubelets do it with the tokens of pods: from then on the old token is refused."""
    config = json.loads(place.kubeconfig.read_text())
    token = place.folder / "token"
    token.write_text("admin-token-0123456789")
    config["users"][0]["user"] = {"tokenFile": "token"}
    place.kubeconfig.write_text(json.dumps(config))
    place.write(wait=False)
    used = []

    def check(headers):
        used.append(headers["Authorization"])
        old = token.read_text().startswith("reader") and "admin" in used[-1]
        return 401 if old else None

    def rotate(method, path, count):
        if "/deployments/" in path and method == "PATCH":
            token.write_text("reader-token-0123456789")
        return None

    proxy.fault, proxy.check = rotate, check
    # the new token is another user's, so that it shows who asks
    said = place.relfile("sync", expect=1).stderr
    assert 'User "token-reader" cannot' in said
    token.write_text("admin-token-0123456789")
    proxy.check = lambda headers: None
    converged(place, proxy)


def test_an_object_that_is_changed_just_before_it_is_applied_loses_nothing(place, proxy):
    """Between reading and applying somebody else gives an object a label of their own."""
    place.write(wait=False)
    place.relfile("sync")
    changed = []

    def meddle():
        place.program("kubectl", "-n", place.namespace, "label", "configmap", "web-settings",
                      "team=shop")

    def before(method, path, count):
        if "/configmaps/" in path and method == "PATCH" and not changed:
            changed.append(path)
            return meddle
        return None

    proxy.fault = before
    place.write({"message": "two"}, wait=False)
    place.relfile("sync")
    found = place.get("configmap", "web-settings")
    assert found["data"]["message"] == "two" and found["metadata"]["labels"]["team"] == "shop"
    converged(place, proxy)


def test_a_namespace_that_goes_in_the_middle_fails_its_release_and_the_next_run_makes_it(
        place, proxy):
    place.write(wait=False)
    gone = []

    def delete():
        place.program("kubectl", "delete", "namespace", place.namespace)

    def before(method, path, count):
        if "/services/" in path and method == "PATCH" and not gone:
            gone.append(path)
            return delete
        return None

    proxy.fault = before
    said = place.relfile("sync", expect=1).stderr
    assert place.namespace in said
    proxy.fault = lambda method, path, count: None
    place.relfile("sync")
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr


def test_a_definition_that_goes_while_its_objects_are_applied_is_made_again(place, proxy):
    """Between what is read and what is applied somebody deletes the kind, and its objects with it."""
    group = f"d{abs(hash(place.namespace)) % 10 ** 8}.relfile.test"
    chart = place.chart("things")
    (chart / "templates/thing.yaml").write_text(definition(group) + f"""
---
{{apiVersion: {group}/v1, kind: Thing, metadata: {{name: a}}, size: {{{{ .Values.size }}}}}}
""")

    def write(size):
        place.write_spec({"releases": [{"name": "web", "namespace": place.namespace, "timeout": 5,
                                        "chart": "./things", "values": [{"size": size}]}]})

    write(1)
    place.relfile("sync")
    proxy.fault = once(lambda: place.program("kubectl", "delete", "crd", f"things.{group}"),
                       "PATCH /things/")
    write(2)
    found = place.relfile("sync", expect=None)
    assert proxy.faults
    if found.code:
        assert f"HTTP status 404: there is nothing at /apis/{group}/v1" in found.stderr
    converged(place, proxy)
    assert place.get(f"things.{group}", "a")["size"] == 2


@pytest.mark.parametrize("fault", [403, 410, "reset", "cut"])
def test_waiting_goes_on_where_watching_fails(place, proxy, fault):
    place.write()
    proxy.fault = lambda method, path, count: fault if "watch=true" in path else None
    place.relfile("sync")
    assert proxy.faults
    converged(place, proxy)


def test_waiting_asks_only_when_something_has_changed(place):
    """An object that does not get on is asked for again after each watch of a second."""
    place.write({"behaviour": "never-ready"}, timeout=6)
    said = place.relfile("sync", "-vv", expect=1).stderr
    asked = [line for line in said.splitlines() if "GET" in line and "/deployments/web-web:" in line]
    assert 6 <= len(asked) <= 20
