"""ref+… to services: moto as Amazon's, and stand-ins, written here after their documentation, of what cannot
be had for tests: Vault's HTTP API, Google's and Azure's."""

import base64
import json
import os
import shutil
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest

from conftest import ROOT
from servers import free_port
from stand_in import stand_in
from test_secrets import Folder, aged, folder, need  # noqa: F401

PASSWORD = "hunter2-secret"


class Asked(list):
    """What was asked of a stand-in: (method, path with query, headers, body)."""


@contextmanager
def service(answer, certificate=None):
    """ANSWER(method, path, query, headers, body) -> (status, value): a server that says so, as JSON."""
    asked = Asked()

    def as_json(method, path, headers, body):
        asked.append((method, path, dict(headers), body.decode()))
        url = urlsplit(path)
        status, value = answer(method, url.path, parse_qs(url.query), headers, body.decode())
        return status, [], value if isinstance(value, bytes) else json.dumps(value).encode()

    with stand_in(as_json, (certificate,) if certificate else ()) as port:
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{port}", asked


def ref(folder, reference, **env):  # noqa: F811
    """The value that a chart gets for REFERENCE."""
    folder.spec(f"values: [{{it: {json.dumps(reference)}}}]")
    return folder.values(**env)["it"]


def refused(folder, reference, **env):  # noqa: F811
    folder.spec(f"values: [{{it: {json.dumps(reference)}}}]")
    error = folder.relfile("template", expect=1, **env).stderr
    assert PASSWORD not in error
    return error


# ---- exec, file

def test_a_program_is_run(folder):  # noqa: F811
    assert ref(folder, "ref+exec://echo/hello/you") == "hello you"
    assert ref(folder, "ref+exec:///bin/echo?args=a%20b,c") == "a b c"
    assert ref(folder, "ref+exec://echo/{\"a\":%20{\"b\":%207}}#/a/b") == 7
    assert ref(folder, "ref+exec://printenv/NAME?env_NAME=x%2By&trim=false") == "x+y\n"


def test_a_program_that_fails_hangs_or_is_not_there_is_an_error(folder):  # noqa: F811
    assert "ended with status 3" in refused(folder, "ref+exec://sh?args=-c,exit%203")
    assert "sleep" in refused(folder, "ref+exec://sleep/60?timeout=1")
    assert "nowhere" in refused(folder, "ref+exec://nowhere/x")
    error = refused(folder, "ref+exec://echo/x", HELMFILE_DISABLE_INSECURE_FEATURES="true")
    assert "ref+exec may not be used" in error


def test_a_value_is_fetched_once_in_a_run(folder):  # noqa: F811
    script = folder.path / "count.sh"
    script.write_text("#!/bin/sh\necho run >>count\necho '{\"a\": 1, \"b\": 2}'\n")
    script.chmod(0o755)
    folder.spec(f"values:\n- a: ref+exec://{script}#/a\n  b: ref+exec://{script}#/b\n- c: ref+exec://{script}#/a\n")
    assert folder.values() == {"a": 1, "b": 2, "c": 1}
    assert (folder.path / "count").read_text() == "run\n"


def test_values_of_one_map_are_fetched_at_the_same_time(folder):  # noqa: F811
    lines = "".join(f"  k{i}: ref+exec://sleep/0.5?env_N={i}\n" for i in range(8))
    folder.spec(f"values:\n-\n{lines}")
    started = time.monotonic()
    assert len(folder.values()) == 8
    assert time.monotonic() - started < 3


def test_references_inside_of_references_come_first(folder):  # noqa: F811
    (folder.path / "conf.yaml").write_text("name: web\nweb: {port: 81}\n")
    assert ref(folder, "ref+file://conf.yaml#/ref+echo://web/port") == 81
    assert ref(folder, "ref+echo://a/ref+file://conf.yaml#/name") == "a/web"


def test_a_key_that_is_not_there(folder):  # noqa: F811
    (folder.path / "conf.yaml").write_text("a: {b: 1}\n")
    assert 'no value at key "c"' in refused(folder, "ref+file://conf.yaml#/a/c")
    assert "not a map" in refused(folder, "ref+file://conf.yaml#/a/b/c")
    folder.spec("values: [{it: 'ref+file://conf.yaml#/a/c', that: 1}]")
    assert folder.values(HELMFILE_VALS_FAIL_ON_MISSING_KEY_IN_MAP="false").get("it") is None


# ---- Terraform

STATE = {"version": 4, "outputs": {"host": {"value": "db.example.com", "type": "string"},
                                   "ports": {"value": [1, 2], "type": ["list", "number"]}},
         "resources": [
             {"mode": "managed", "type": "aws_vpc", "name": "main",
              "instances": [{"attributes": {"id": "vpc-1", "tags": {"a-b": "dash", "n": None}, "list": [{"x": True}]}}]},
             {"mode": "managed", "type": "aws_vpc", "name": "main2", "instances": [{"attributes": {"id": "vpc-2"}}]},
             {"mode": "data", "type": "aws_ami", "name": "image", "module": "module.m[\"k\"]",
              "instances": [{"attributes": {"id": "ami-1"}}]},
             {"mode": "managed", "type": "aws_eip", "name": "counted",
              "instances": [{"index_key": i, "attributes": {"id": f"eip-{i}"}} for i in range(2)]},
             {"mode": "managed", "type": "aws_eip", "name": "each",
              "instances": [{"index_key": "one", "attributes": {"id": "eip-one"}}]}]}


@pytest.mark.parametrize("key, want", [
    ("output.host", "db.example.com"), ("output.ports", "[1,2]"), ("output.ports[1]", "2"),
    ("aws_vpc.main.id", "vpc-1"), ("aws_vpc.main2.id", "vpc-2"), ("aws_vpc.main.tags", '{"a-b":"dash","n":null}'),
    ("aws_vpc.main.tags.a-b", "dash"), ('aws_vpc.main.tags["a-b"]', "dash"), ("aws_vpc.main.tags.n", "null"),
    ("aws_vpc.main.list[0].x", "true"), ("aws_vpc.main.list[-1].x", "true"),
    ('module.m["k"].data.aws_ami.image.id', "ami-1"), ("aws_eip.counted[1].id", "eip-1"),
    ('aws_eip.each["one"].id', "eip-one"), ("aws_eip.counted", '[{"id":"eip-0"},{"id":"eip-1"}]'),
    ("aws_eip.each", '{"one":{"id":"eip-one"}}')])
def test_what_a_state_says(folder, key, want):  # noqa: F811
    (folder.path / "tf").mkdir()
    (folder.path / "tf" / "terraform.tfstate").write_text(json.dumps(STATE))
    assert ref(folder, f"ref+tfstate://tf/terraform.tfstate/{key}") == want


def test_what_a_state_does_not_say(folder):  # noqa: F811
    (folder.path / "s").write_text(json.dumps(STATE))
    assert 'the state has no "aws_vpc.other.id"' in refused(folder, "ref+tfstate://s/aws_vpc.other.id")
    assert 'it has no attribute "nothing"' in refused(folder, "ref+tfstate://s/aws_vpc.main.nothing")
    assert "no keys behind #/" in refused(folder, "ref+tfstate://s/aws_vpc.main#/id")
    (folder.path / "old").write_text('{"version": 3}')
    assert "not a state of version 4" in refused(folder, "ref+tfstate://old/a.b.c")
    (folder.path / "none").write_text("{")
    assert "no JSON" in refused(folder, "ref+tfstate://none/a.b.c")


def test_states_elsewhere(folder):  # noqa: F811
    def answer(method, path, query, headers, body):
        assert headers["authorization"] == "Basic " + base64.b64encode(b"me:glpat-token").decode()
        return (200, STATE) if path == "/api/v4/projects/1/terraform/state/prod" else (404, {"message": "404 Not Found"})

    with service(answer) as (url, _):
        host = url.removeprefix("http://")
        folder.env.update(GITLAB_USER="me", GITLAB_TOKEN="glpat-token")
        place = f"ref+tfstategitlab://{host}/api/v4/projects/1/terraform/state"
        assert ref(folder, f"{place}/prod/aws_vpc.main.id?gitlab_scheme=http") == "vpc-1"
        assert "404 Not Found" in refused(folder, f"{place}/none/aws_vpc.main.id?gitlab_scheme=http")


# ---- other services, as documented

def test_variables_of_gitlab(folder):  # noqa: F811
    def answer(method, path, query, headers, body):
        if headers.get("private-token") != "glpat-token":
            return 401, {"message": "401 Unauthorized"}
        known = {"/api/v4/projects/11/variables/PASS": PASSWORD, "/api/v4/groups/22/variables/DOC": f"password: {PASSWORD}",
                 "/api/v5/projects/11/variables/PASS": "five"}
        return (200, {"key": "x", "value": known[path]}) if path in known else (404, {"message": "404 Variable Not Found"})

    with service(answer) as (url, _):
        host = url.removeprefix("http://")
        folder.env.update(GITLAB_TOKEN="glpat-token")
        assert ref(folder, f"ref+gitlab://{host}/11/PASS?scheme=http") == PASSWORD
        assert ref(folder, f"ref+gitlab://{host}/projects/11/PASS?scheme=http") == PASSWORD
        assert ref(folder, f"ref+gitlab://{host}/groups/22/DOC?scheme=http#/password") == PASSWORD
        assert ref(folder, f"ref+gitlab://{host}/11/PASS?scheme=http&api_version=v5") == "five"
        assert "404 Variable Not Found" in refused(folder, f"ref+gitlab://{host}/11/NONE?scheme=http")
        assert "401 Unauthorized" in refused(folder, f"ref+gitlab://{host}/11/PASS?scheme=http", GITLAB_TOKEN="wrong")
        assert "HOST/groups/ID/NAME" in refused(folder, f"ref+gitlab://{host}/users/1/X?scheme=http")
        assert "set GITLAB_TOKEN" in refused(folder, f"ref+gitlab://{host}/11/PASS", GITLAB_TOKEN="")


def test_secrets_of_doppler(folder):  # noqa: F811
    def answer(method, path, query, headers, body):
        if headers.get("authorization") != "Bearer dp.st.token":
            return 401, {"messages": ["Invalid Service token"], "success": False}
        if path != "/v3/configs/config/secrets" or query not in ({}, {"project": ["shop"], "config": ["dev"]}):
            return 404, {"messages": ["Could not find requested config"], "success": False}
        secrets = {"PASS": PASSWORD, "DOPPLER_PROJECT": "shop"}
        return 200, {"secrets": {k: {"raw": "${x}", "computed": v} for k, v in secrets.items()}, "success": True}

    with service(answer) as (url, _):
        folder.env.update(DOPPLER_TOKEN="dp.st.token", DOPPLER_API_ADDR=url)
        assert ref(folder, "ref+doppler://shop/dev/PASS") == PASSWORD
        assert ref(folder, "ref+doppler:////PASS") == PASSWORD
        assert ref(folder, "ref+doppler://shop/dev/#PASS") == PASSWORD
        assert json.loads(ref(folder, "ref+doppler:////")) == {"PASS": PASSWORD}
        assert "DOPPLER_PROJECT" in ref(folder, "ref+doppler:////?include_doppler_defaults=true")
        assert ref(folder, f"ref+doppler:////PASS?token=dp.st.token&address={url}", DOPPLER_TOKEN="",
                   DOPPLER_API_ADDR="http://127.0.0.1:1") == PASSWORD
        assert ref(folder, "ref+doppler:////PASS", DOPPLER_PROJECT="shop", DOPPLER_ENVIRONMENT="dev") == PASSWORD
        assert "no secret \"NONE\"" in refused(folder, "ref+doppler://shop/dev/NONE")
        assert "Could not find requested config" in refused(folder, "ref+doppler://shop/none/PASS")
        assert "set DOPPLER_TOKEN" in refused(folder, "ref+doppler:////PASS", DOPPLER_TOKEN="")


def test_fields_of_items_of_1password_connect(folder):  # noqa: F811
    vault, item = "v" * 26, "i" * 26
    fields = [{"id": "password", "label": "secret-word", "value": PASSWORD},
              {"id": "f2", "label": "user", "value": "ada", "section": {"id": "s1", "label": "admin"}}]

    def answer(method, path, query, headers, body):
        if headers.get("authorization") != "Bearer op.token":
            return 401, {"status": 401, "message": "Invalid token signature"}
        known = {"/v1/vaults": [{"id": vault, "name": "Team"}], f"/v1/vaults/{vault}/items": [{"id": item, "title": "db"}],
                 f"/v1/vaults/{vault}/items/{item}": {"id": item, "fields": fields}}
        wanted = query.get("filter", [""])[0]
        if wanted and not any(f'"{v}"' in wanted for v in ("Team", "db")):
            return 200, []
        return (200, known[path]) if path in known else (404, {"status": 404, "message": "Item not found"})

    with service(answer) as (url, _):
        folder.env.update(OP_CONNECT_HOST=url, OP_CONNECT_TOKEN="op.token")
        place = "ref+onepasswordconnect://"
        assert ref(folder, f"{place}Team/db#/password") == PASSWORD
        assert ref(folder, f"{place}{vault}/{item}#/secret-word") == PASSWORD
        for name in ("admin.user", "s1.user", "admin.f2", "s1.f2", "f2"):
            assert ref(folder, f"{place}Team/{item}#/{name}") == "ada"
        assert 'no "other"' in refused(folder, f"{place}Team/other#/x")
        assert "Invalid token" in refused(folder, f"{place}Team/db#/password", OP_CONNECT_TOKEN="wrong")
        assert "set OP_CONNECT_HOST" in refused(folder, f"{place}Team/db#/password", OP_CONNECT_HOST="")


# ---- JSON of a server

def test_json_of_a_server(folder):  # noqa: F811
    document = {"name": "web", "port": 8080, "large": 1e9, "items": [{"id": "a"}, {"id": "b"}], "deep": {"er": {"key": "x"}}}

    def answer(method, path, query, headers, body):
        return (200, document) if query == {"q": ["1 2"]} or not query else (400, {"message": str(query)})

    with service(answer) as (url, asked):
        place = "ref+httpjson://" + url.removeprefix("http://") + "/api?insecure=true"
        assert ref(folder, f"{place}#/name") == "web"
        assert ref(folder, f"{place}&q=1%202#/port") == "8080"
        assert ref(folder, f"{place}&floatAsInt=true#/large") == "1000000000"
        assert ref(folder, f"{place}#///items/*[2]/id") == "b"
        assert ref(folder, f"{place}#///key") == "x"
        assert "nothing at" in refused(folder, f"{place}#/nothing")
        assert "there is a map" in refused(folder, f"{place}#/deep")
        assert "behind #/" in refused(folder, place)


# ---- Kubernetes

@pytest.fixture
def cluster(folder, tmp_path):  # noqa: F811
    """As much of an API server as is asked for: one Secret, one ConfigMap, a token."""
    def answer(method, path, query, headers, body):
        if headers.get("authorization") != "Bearer token-of-ada":
            return 401, {"kind": "Status", "status": "Failure", "message": "Unauthorized", "reason": "Unauthorized", "code": 401}
        objects = {"/api/v1/namespaces/shop/secrets/db":
                   {"kind": "Secret", "data": {"password": base64.b64encode(PASSWORD.encode()).decode()}},
                   "/api/v1/namespaces/shop/configmaps/conf": {"kind": "ConfigMap", "data": {"a.yaml": "x: 1"}},
                   "/api/v1/namespaces/shop/configmaps/empty": {"kind": "ConfigMap"}}
        if path in objects:
            return 200, objects[path]
        return 404, {"kind": "Status", "status": "Failure", "message": f"{path} not found", "reason": "NotFound", "code": 404}

    with service(answer) as (url, asked):
        config = {"apiVersion": "v1", "kind": "Config", "current-context": "here",
                  "clusters": [{"name": "c", "cluster": {"server": url}}],
                  "users": [{"name": "ada", "user": {"token": "token-of-ada"}}, {"name": "nobody", "user": {"token": "wrong-token"}}],
                  "contexts": [{"name": "here", "context": {"cluster": "c", "user": "ada"}},
                               {"name": "there", "context": {"cluster": "c", "user": "nobody"}}]}
        (tmp_path / "kubeconfig").write_text(json.dumps(config))
        yield tmp_path / "kubeconfig", asked


def test_secrets_and_config_maps_of_a_cluster(folder, cluster):  # noqa: F811
    config, asked = cluster
    folder.env["KUBECONFIG"] = str(config)
    assert ref(folder, "ref+k8s://v1/Secret/shop/db/password") == PASSWORD
    assert ref(folder, "ref+k8s://v1/Secret/shop/db#/password") == PASSWORD
    assert json.loads(ref(folder, "ref+k8s://v1/Secret/shop/db")) == {"password": PASSWORD}
    assert ref(folder, "ref+k8s://v1/ConfigMap/shop/conf/a.yaml") == "x: 1"
    assert ref(folder, "ref+k8s://v1/ConfigMap/shop/empty") == "{}"
    del folder.env["KUBECONFIG"]
    assert ref(folder, f"ref+k8s://v1/Secret/shop/db/password?kubeConfigPath={config}&kubeContext=here") == PASSWORD
    assert "nauthorized" in refused(folder, f"ref+k8s://v1/Secret/shop/db/password?kubeConfigPath={config}&kubeContext=there")
    folder.env["KUBECONFIG"] = str(config)
    assert "not found" in refused(folder, "ref+k8s://v1/Secret/shop/none/password")
    assert 'no key "none"' in refused(folder, "ref+k8s://v1/Secret/shop/db/none")
    assert "not a \"Pod\"" in refused(folder, "ref+k8s://v1/Pod/shop/db/none")
    assert "v1/KIND/NAMESPACE/NAME" in refused(folder, "ref+k8s://v1/Secret/shop")
    assert "does not run in a pod" in refused(folder, "ref+k8s://v1/Secret/shop/db/password?inCluster")


# ---- Vault

class Vault:
    """Vault's documented HTTP API, as far as it is asked for: mounts, KV 1 and 2, logins, transit."""

    def __init__(self):
        self.token = "s.root-token-4711"
        self.mounts = {"kv1/": "1", "secret/": "2"}
        self.secrets = {"kv1/app": {"password": PASSWORD, "port": 5432},
                        "secret/data/app": {"data": {"password": PASSWORD, "nested": {"a": [1]},
                                                     "b64": base64.b64encode(b"plain").decode()},
                                            "metadata": {"version": 2}}}
        self.namespace = None

    def answer(self, method, path, query, headers, body):
        path = path.removeprefix("/v1/")
        body = json.loads(body) if body else {}
        if path.startswith("auth/"):
            return self.login(path, body)
        if headers.get("x-vault-token") != self.token or headers.get("x-vault-namespace") != self.namespace:
            return 403, {"errors": ["permission denied"]}
        if path.startswith("sys/internal/ui/mounts/"):
            rest = path.removeprefix("sys/internal/ui/mounts/")
            for mount, version in self.mounts.items():
                if (rest + "/").startswith(mount):
                    return 200, {"data": {"path": mount, "options": {"version": version}}}
            return 403, {"errors": ["preflight capability check returned 403"]}
        if path == "transit/decrypt/sops":
            return 200, {"data": {"plaintext": body["ciphertext"].removeprefix("vault:v1:")}}
        if path == "transit/encrypt/sops":
            return 200, {"data": {"ciphertext": "vault:v1:" + body["plaintext"]}}
        if query.get("version") == ["1"]:
            return 200, {"data": {"data": {"password": "old"}}}
        if path not in self.secrets:
            return 404, {"errors": []}
        return 200, {"data": self.secrets[path]}

    def login(self, path, body):
        logins = {"auth/approle/login": {"role_id": "role", "secret_id": "id"},
                  "auth/kubernetes/login": {"role": "role", "jwt": "ey.jwt"},
                  "auth/other/login/bob": {"password": "pass"}}
        if logins.get(path) != body:
            return 400, {"errors": ["invalid role or secret ID"]}
        return 200, {"auth": {"client_token": self.token}}


@pytest.fixture
def vault(folder):  # noqa: F811
    server = Vault()
    with service(server.answer) as (url, asked):
        folder.env.update(VAULT_ADDR=url, VAULT_TOKEN=server.token)
        server.asked, server.url = asked, url
        yield server


def test_vault_has_secrets_of_both_versions(folder, vault):  # noqa: F811
    assert ref(folder, "ref+vault://kv1/app#/password") == PASSWORD
    assert ref(folder, "ref+vault://kv1/app#/port") == 5432
    assert ref(folder, "ref+vault://secret/app#/password") == PASSWORD
    assert ref(folder, "ref+vault://secret/app#/nested/a") == [1]
    assert ref(folder, "ref+vault://secret/app/password") == PASSWORD
    assert ref(folder, "ref+vault://secret/app/b64?decode=base64") == "plain"
    assert ref(folder, "ref+vault://secret/app?version=1#/password") == "old"
    assert ref(folder, "ref+openbao://secret/app#/password") == PASSWORD


@pytest.mark.parametrize("env", [
    {"BAO_TOKEN": "the"}, {"VAULT_TOKEN": "the"}, {"BAO_TOKEN": "the", "VAULT_TOKEN": "wrong"}, {},
    {"BAO_AUTH_METHOD": "approle", "BAO_ROLE_ID": "role", "BAO_SECRET_ID": "id", "VAULT_ROLE_ID": "other"},
    {"BAO_AUTH_METHOD": "userpass", "BAO_USERNAME": "bob", "BAO_PASSWORD_ENV": "PASS", "PASS": "pass",
     "BAO_LOGIN_MOUNT_POINT": "/other"}])
def test_openbao_has_variables_of_its_own(folder, vault, home, env):  # noqa: F811
    folder.env.update(BAO_ADDR=vault.url, VAULT_ADDR="http://127.0.0.1:1", VAULT_TOKEN="")
    (home / ".bao-token").write_text(vault.token + "\n")
    env = {name: vault.token if value == "the" else value for name, value in env.items()}
    assert ref(folder, "ref+openbao://secret/app#/password", **env) == PASSWORD
    assert ref(folder, f"ref+openbao://secret/app?address={vault.url}#/password", **env, BAO_ADDR="http://127.0.0.1:1") \
        == PASSWORD


def test_vault_is_asked_once_for_all_keys_of_a_secret(folder, vault):  # noqa: F811
    folder.spec("values: [{a: 'ref+vault://secret/app#/password', b: 'ref+vault://secret/app#/b64'}]")
    assert folder.values()["a"] == PASSWORD
    assert sorted(path for _, path, _, _ in vault.asked) == ["/v1/secret/data/app", "/v1/sys/internal/ui/mounts/secret/app"]


@pytest.mark.parametrize("env, query", [
    ({"VAULT_AUTH_METHOD": "approle", "VAULT_ROLE_ID": "role", "VAULT_SECRET_ID": "id"}, ""),
    ({}, "?auth_method=approle&role_id=role&secret_id=id"),
    ({"VAULT_AUTH_METHOD": "kubernetes", "VAULT_ROLE_ID": "role"}, ""),
    ({"VAULT_AUTH_METHOD": "userpass", "VAULT_USERNAME": "bob", "VAULT_PASSWORD_ENV": "PASS", "PASS": "pass",
      "VAULT_LOGIN_MOUNT_POINT": "/other"}, ""),
    ({"OTHER_TOKEN": "s.root-token-4711"}, "?token_env=OTHER_TOKEN"),
    ({}, "?token_file=token"), ({"VAULT_TOKEN_FILE": "token"}, "")])
def test_ways_into_vault(folder, vault, env, query):  # noqa: F811
    del folder.env["VAULT_TOKEN"]
    (folder.path / "jwt").write_text("ey.jwt\n")
    (folder.path / "token").write_text(vault.token + "\n")
    assert ref(folder, f"ref+vault://secret/app{query}#/password",
               VAULT_KUBERNETES_JWT_TOKEN_PATH=str(folder.path / "jwt"), **env) == PASSWORD


def test_vault_may_be_named_in_the_reference_and_have_namespaces(folder, vault):  # noqa: F811
    address = folder.env.pop("VAULT_ADDR")
    vault.namespace = "team"
    assert ref(folder, f"ref+vault://secret/app?address={address}&namespace=team#/password") == PASSWORD
    host = address.removeprefix("http://")
    assert ref(folder, f"ref+vault://secret/app?proto=http&host={host}#/password", VAULT_NAMESPACE="team") == PASSWORD


def test_what_vault_refuses_is_told(folder, vault, home):  # noqa: F811
    assert "permission denied" in refused(folder, "ref+vault://secret/app#/password", VAULT_TOKEN="wrong-token")
    assert 'no secret at "secret/other"' in refused(folder, "ref+vault://secret/other#/password")
    assert 'no value at key "nothing"' in refused(folder, "ref+vault://secret/app#/nothing")
    assert "invalid role" in refused(folder, "ref+vault://secret/app#/password", VAULT_AUTH_METHOD="approle")
    del folder.env["VAULT_TOKEN"]
    error = refused(folder, "ref+vault://secret/app#/password")
    assert "there is no token for vault" in error and "hint: set VAULT_TOKEN" in error


def test_a_data_key_is_unwrapped_by_vault(folder, vault):  # noqa: F811
    folder.encrypt("s.yaml", f"password: {PASSWORD}\n", "--hc-vault-transit",
                   folder.env["VAULT_ADDR"] + "/v1/transit/keys/sops")
    folder.spec("secrets: [s.yaml]")
    assert folder.values() == {"password": PASSWORD}
    error = folder.relfile("template", expect=1, VAULT_TOKEN="wrong-token").stderr
    assert "hc_vault sops: vault: permission denied" in error


# ---- Amazon

@pytest.fixture(scope="session")
def moto(tmp_path_factory):
    built = ROOT / "build/tools/moto/bin/moto_server"
    program = shutil.which("moto_server") or (str(built) if built.exists() else None)
    if not program or subprocess.run([program, "--help"], capture_output=True, check=False).returncode:
        pytest.skip("moto is not installed")
    port = free_port()
    server = subprocess.Popen([program, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    yield url
    server.terminate()
    server.wait()


class Amazon:
    """moto, asked as its own tools would."""

    def __init__(self, url, region="eu-central-1"):
        self.url, self.region = url, region
        self.env = {"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "AKTEST", "AWS_SECRET_ACCESS_KEY": "test-secret-key",
                    "AWS_REGION": region, "AWS_EC2_METADATA_DISABLED": "true"}

    def request(self, method, path, body, service, **headers):
        credential = f"AKTEST/20260101/{self.region}/{service}/aws4_request"
        request = urllib.request.Request(self.url + path, body, method=method, headers={
            "Authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0",
            "X-Amz-Date": "20260101T000000Z", "Content-Type": "application/octet-stream", **headers})
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    def call(self, service, target, **body):
        return json.loads(self.request("POST", "/", json.dumps(body).encode(), service, **{
            "X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}))


@pytest.fixture
def amazon(moto, folder):  # noqa: F811
    urllib.request.urlopen(urllib.request.Request(moto + "/moto-api/reset", method="POST")).close()
    amazon = Amazon(moto)
    folder.env.update(amazon.env)
    return amazon


def test_secrets_manager_has_texts_maps_and_bytes(folder, amazon):  # noqa: F811
    create = "secretsmanager.CreateSecret"
    arn = amazon.call("secretsmanager", create, Name="app/db",
                      SecretString=json.dumps({"user": "api", "password": PASSWORD, "port": 5432}))["ARN"]
    amazon.call("secretsmanager", create, Name="plain", SecretString=PASSWORD)
    amazon.call("secretsmanager", create, Name="bytes", SecretBinary=base64.b64encode(PASSWORD.encode()).decode())
    amazon.call("secretsmanager", create, Name="many/meta", SecretString="github.com/helmfile/vals: [one, two]")
    for name in ("one", "two"):
        amazon.call("secretsmanager", create, Name=f"many/{name}", SecretString=f"value-{name}")
    assert ref(folder, "ref+awssecrets://app/db#/password") == PASSWORD
    assert ref(folder, "ref+awssecrets://app/db#/port") == 5432
    assert json.loads(ref(folder, "ref+awssecrets://app/db"))["user"] == "api"
    assert ref(folder, "ref+awssecrets://plain?region=eu-central-1") == PASSWORD
    assert ref(folder, "ref+awssecrets://bytes") == PASSWORD
    assert ref(folder, "ref+awssecrets://many#/two") == "value-two"
    assert ref(folder, f"ref+awssecrets://{arn}#/password", AWS_REGION="") == PASSWORD
    amazon.call("secretsmanager", "secretsmanager.PutSecretValue", SecretId="plain", SecretString="newer-one")
    assert ref(folder, "ref+awssecrets://plain?version_stage=AWSPREVIOUS") == PASSWORD
    error = refused(folder, "ref+awssecrets://nothing")
    assert "ref+awssecrets://nothing: secretsmanager: ResourceNotFoundException" in error
    assert "no region is given" in refused(folder, "ref+awssecrets://plain", AWS_REGION="")


def test_systems_manager_has_parameters_and_folders_of_them(folder, amazon):  # noqa: F811
    def put(name, value, **more):
        amazon.call("ssm", "AmazonSSM.PutParameter", Name=name, Value=value, Type="SecureString", **more)

    put("/app/db/password", "old-password")
    put("/app/db/password", PASSWORD, Overwrite=True)
    put("/app/db/user", "api")
    put("/app/yaml", "a: {b: 7}")
    for i in range(25):
        put(f"/many/p{i:02}", f"v{i}")
    assert ref(folder, "ref+awsssm://app/db/password") == PASSWORD
    assert ref(folder, "ref+awsssm:///app/db/password?version=1") == "old-password"
    assert ref(folder, "ref+awsssm://app/db#/user") == "api"
    assert ref(folder, "ref+awsssm://app?recursive=true#/db/password") == PASSWORD
    assert ref(folder, "ref+awsssm://app/yaml?mode=singleparam#/a/b") == 7
    assert ref(folder, "ref+awsssm://many#/p24") == "v24"
    assert "ParameterNotFound" in refused(folder, "ref+awsssm://app/nothing")
    assert "no parameters below" in refused(folder, "ref+awsssm://nothing#/x")


def test_objects_in_s3(folder, amazon):  # noqa: F811
    Amazon(amazon.url, "us-east-1").request("PUT", "/bucket", b"", "s3")
    amazon.request("PUT", "/bucket/conf/a%20b.yaml", f"password: {PASSWORD}\n".encode(), "s3")
    assert ref(folder, "ref+s3://bucket/conf/a%20b.yaml#/password") == PASSWORD
    assert ref(folder, "ref+s3://bucket/conf/a%20b.yaml") == f"password: {PASSWORD}\n"
    assert "404" in refused(folder, "ref+s3://bucket/nothing")
    assert "BUCKET/KEY" in refused(folder, "ref+s3://bucket")


def test_kms_decrypts_values_and_data_keys(folder, amazon):  # noqa: F811
    key = amazon.call("kms", "TrentService.CreateKey")["KeyMetadata"]["Arn"]
    sealed = amazon.call("kms", "TrentService.Encrypt", KeyId=key, EncryptionContext={"app": "x"},
                         Plaintext=base64.b64encode(PASSWORD.encode()).decode())["CiphertextBlob"]
    url = sealed.replace("+", "-").replace("/", "_")
    assert ref(folder, f"ref+awskms://{url}?context=%7B%22app%22:%20%22x%22%7D&key={key}") == PASSWORD
    folder.encrypt("s.yaml", f"password: {PASSWORD}\n", "--kms", key, "--encryption-context", "team:web")
    folder.spec("secrets: [s.yaml]")
    assert folder.values() == {"password": PASSWORD}
    error = folder.relfile("template", expect=1, AWS_ACCESS_KEY_ID="").stderr
    assert f"s.yaml: cannot be decrypted: kms {key}: " in error and "hint: " in error


def test_a_role_is_assumed(folder, amazon):  # noqa: F811
    amazon.call("secretsmanager", "secretsmanager.CreateSecret", Name="plain", SecretString=PASSWORD)
    assert ref(folder, "ref+awssecrets://plain?role_arn=arn:aws:iam::123456789012:role/reader") == PASSWORD


# ---- Google

@pytest.fixture
def google(folder, tmp_path):  # noqa: F811
    """Google's token service, metadata server, Secret Manager, storage and KMS, as documented."""
    key = tmp_path / "google.pem"
    subprocess.run([need("openssl"), "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key],
                   check=True, capture_output=True)
    server = type("Google", (), {})()

    def answer(method, path, query, headers, body):
        if path == "/token":
            form = parse_qs(body)
            if form["grant_type"] == ["refresh_token"]:
                assert form["refresh_token"] == ["again"]
            elif "assertion" in form:
                claims = form["assertion"][0].split(".")[1]
                claims = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
                assert claims["iss"] == "sa@project" and claims["exp"] - claims["iat"] == 3600
            else:
                assert form["subject_token"] == ["subject"]
            return 200, {"access_token": "ya29.token-of-google"}
        if path.startswith("/computeMetadata/"):
            assert headers["metadata-flavor"] == "Google"
            return 200, {"access_token": "ya29.token-of-google"}
        if headers.get("authorization") != "Bearer ya29.token-of-google":
            return 401, {"error": {"code": 401, "message": "Request had invalid authentication credentials.", "status": "UNAUTHENTICATED"}}
        if path.endswith(":encrypt"):
            return 200, {"ciphertext": json.loads(body)["plaintext"]}
        if path.endswith(":decrypt"):
            return 200, {"plaintext": json.loads(body)["ciphertext"]}
        secrets = {"/v1/projects/p/secrets/db/versions/latest:access": f"password: {PASSWORD}\n",
                   "/v1/projects/p/secrets/db/versions/3:access": "old\n"}
        if path in secrets:
            return 200, {"payload": {"data": base64.b64encode(secrets[path].encode()).decode()}}
        if path == "/storage/v1/b/bucket/o/a%2Fb.yaml" and query["alt"] == ["media"]:
            return 200, f"password: {PASSWORD}\n".encode()
        return 404, {"error": {"code": 404, "message": "Secret not found.", "status": "NOT_FOUND"}}

    with service(answer) as (url, asked):
        server.url, server.asked = url, asked
        server.accounts = {
            "service": {"type": "service_account", "client_email": "sa@project", "private_key": key.read_text(),
                        "token_uri": url + "/token"},
            "user": {"type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "again",
                     "token_uri": url + "/token"},
            "other": {"type": "external_account", "audience": "a", "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                      "token_url": url + "/token",
                      "credential_source": {"file": str(tmp_path / "subject.json"),
                                            "format": {"type": "json", "subject_token_field_name": "t"}}}}
        (tmp_path / "subject.json").write_text('{"t": "subject"}')
        for name, account in server.accounts.items():
            (tmp_path / f"{name}.json").write_text(json.dumps(account))
        server.file = lambda name: str(tmp_path / f"{name}.json")
        folder.env.update(CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER=url + "/", STORAGE_EMULATOR_HOST=url,
                          SOPS_GCP_KMS_ENDPOINT=url, GCE_METADATA_HOST="127.0.0.1:1")
        yield server


def test_what_google_has_encrypted(folder, google):  # noqa: F811
    folder.env.update(GOOGLE_OAUTH_ACCESS_TOKEN="ya29.token-of-google", CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS=google.url)
    text = base64.urlsafe_b64encode(f"password: {PASSWORD}\n".encode()).decode()
    key = "project=p&location=global&keyring=ring&crypto_key=key"
    assert ref(folder, f"ref+gkms://{text}?{key}#/password") == PASSWORD
    assert google.asked[-1][1] == "/v1/projects/p/locations/global/keyRings/ring/cryptoKeys/key:decrypt"
    assert "crypto_key" in refused(folder, f"ref+gkms://{text}?project=p")


@pytest.mark.parametrize("way", ["service", "user", "other", "text", "token", "usual", "machine"])
def test_ways_into_google(folder, google, home, way):  # noqa: F811
    env = {"GOOGLE_APPLICATION_CREDENTIALS": google.file(way)}
    if way == "text":
        env = {"GOOGLE_CREDENTIALS": json.dumps(google.accounts["service"])}
    elif way == "token":
        env = {"GOOGLE_OAUTH_ACCESS_TOKEN": "ya29.token-of-google"}
    elif way == "usual":
        (home / ".config/gcloud").mkdir(parents=True)
        shutil.copy(google.file("user"), home / ".config/gcloud/application_default_credentials.json")
        env = {}
    elif way == "machine":
        env = {"GCE_METADATA_HOST": google.url.removeprefix("http://")}
    assert ref(folder, "ref+gcpsecrets://p/db#/password", **env) == PASSWORD


def test_what_google_keeps(folder, google):  # noqa: F811
    folder.env["GOOGLE_APPLICATION_CREDENTIALS"] = google.file("service")
    assert ref(folder, "ref+gcpsecrets://p/db?version=3&trim_nl=true") == "old"
    assert ref(folder, "ref+gcpsecrets://db#/password", GCP_PROJECT="p") == PASSWORD
    assert ref(folder, "ref+gcpsecrets://p/none?fallback_value=instead") == "instead"
    assert ref(folder, "ref+gcpsecrets://p/none?optional=true") == ""
    assert ref(folder, "ref+gcs://bucket/a/b.yaml#/password") == PASSWORD
    assert "google: Secret not found" in refused(folder, "ref+gcpsecrets://p/none")
    assert "invalid authentication" in refused(folder, "ref+gcpsecrets://p/db", GOOGLE_OAUTH_ACCESS_TOKEN="wrong-token")


def test_without_credentials_google_says_what_to_do(folder, google):  # noqa: F811
    error = refused(folder, "ref+gcpsecrets://p/db")
    assert "no credentials for Google Cloud" in error and "hint: set GOOGLE_APPLICATION_CREDENTIALS" in error


# ---- Azure

@pytest.fixture
def azure(folder, tmp_path):  # noqa: F811
    """Azure's token service and Key Vault, as documented."""
    certificate = tmp_path / "azure.pem"
    subprocess.run([need("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", certificate, "-out",
                    tmp_path / "cert.pem", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"],
                   check=True, capture_output=True)
    certificate.write_text(certificate.read_text() + (tmp_path / "cert.pem").read_text())

    def answer(method, path, query, headers, body):
        form = parse_qs(body) if "oauth2/v2.0" in path else {}
        if path == "/tenant/oauth2/v2.0/token":
            assert form["scope"] == ["https://vault.azure.net/.default"]
            if form.get("client_secret") != ["app-secret-1"] and form.get("client_assertion") != ["ey.jwt"]:
                return 401, {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."}
            return 200, {"access_token": "ey.token-of-azure"}
        if path == "/metadata/identity/oauth2/token":
            assert headers["metadata"] == "true" and query["resource"] == ["https://vault.azure.net"]
            return 200, {"access_token": "ey.token-of-azure"}
        if headers.get("authorization") != "Bearer ey.token-of-azure":
            return 401, {"error": {"code": "Unauthorized", "message": "AKV10000: Request is missing a Bearer token."}}
        assert query["api-version"] == ["7.4"]
        if path in ("/keys/k/v1/decrypt", "/keys/k/v1/encrypt"):
            assert json.loads(body)["alg"] == "RSA-OAEP-256"
            return 200, {"value": json.loads(body)["value"]}
        secrets = {"/secrets/db": {"value": f"password: {PASSWORD}"}, "/secrets/db/v1": {"value": "old"}}
        return (200, secrets[path]) if path in secrets else \
            (404, {"error": {"code": "SecretNotFound", "message": "A secret with (name/id) none was not found."}})

    with service(answer, certificate) as (url, _):
        folder.env.update(SSL_CERT_FILE=str(tmp_path / "cert.pem"), AZURE_AUTHORITY_HOST=url, AZURE_TENANT_ID="tenant",
                          AZURE_CLIENT_ID="client", AZURE_POD_IDENTITY_AUTHORITY_HOST="http://127.0.0.1:1")
        yield url


@pytest.mark.parametrize("way", ["secret", "workload", "machine", "program"])
def test_ways_into_azure(folder, azure, tmp_path, way):  # noqa: F811
    env = {}
    if way == "secret":
        env["AZURE_CLIENT_SECRET"] = "app-secret-1"
    elif way == "workload":
        (tmp_path / "jwt").write_text("ey.jwt\n")
        env["AZURE_FEDERATED_TOKEN_FILE"] = str(tmp_path / "jwt")
    elif way == "machine":
        env["AZURE_POD_IDENTITY_AUTHORITY_HOST"] = azure
    else:
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "az").write_text("#!/bin/sh\necho '{\"accessToken\": \"ey.token-of-azure\"}'\n")
        (tmp_path / "bin" / "az").chmod(0o755)
        env = {"AZKV_AUTH": "cli", "PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}
    host = azure.removeprefix("https://")
    assert ref(folder, f"ref+azurekeyvault://{host}/db#/password", **env) == PASSWORD


def test_what_azure_keeps(folder, azure):  # noqa: F811
    host = azure.removeprefix("https://")
    folder.env["AZURE_CLIENT_SECRET"] = "app-secret-1"
    assert ref(folder, f"ref+azurekeyvault://{host}/db/v1") == "old"
    assert "SecretNotFound" in refused(folder, f"ref+azurekeyvault://{host}/none") or \
        "was not found" in refused(folder, f"ref+azurekeyvault://{host}/none")
    assert "AADSTS7000215" in refused(folder, f"ref+azurekeyvault://{host}/db", AZURE_CLIENT_SECRET="wrong-secret")
    assert "VAULT/NAME" in refused(folder, "ref+azurekeyvault://vault")


# ---- data keys in clouds that sops itself cannot be led to

def rewrap(folder, text, keys):  # noqa: F811
    """A file that sops has made, with its data key wrapped by KEYS(data key) instead of age."""
    import yaml
    done = subprocess.run([need("age"), "-d", "-i", folder.path / "key.txt"], capture_output=True, check=True,
                          input=yaml.safe_load(text)["sops"]["age"][0]["enc"].encode())
    document = yaml.safe_load(text)
    del document["sops"]["age"]
    document["sops"].update(keys(done.stdout))
    return json.dumps(document)


def test_a_data_key_is_unwrapped_by_google(aged, google):  # noqa: F811
    name = "projects/p/locations/global/keyRings/r/cryptoKeys/k"
    aged.encrypt("s.yaml", f"password: {PASSWORD}\n", *aged.how)
    text = rewrap(aged, (aged.path / "s.yaml").read_text(), lambda key: {"gcp_kms": [
        {"resource_id": name, "created_at": "2026-01-01T00:00:00Z", "enc": base64.b64encode(key).decode()}]})
    (aged.path / "s.yaml").write_text(text)
    aged.spec("secrets: [s.yaml]")
    assert aged.values(GOOGLE_APPLICATION_CREDENTIALS=google.file("service")) == {"password": PASSWORD}
    error = aged.relfile("template", expect=1).stderr
    assert f"gcp_kms {name}: no credentials for Google Cloud" in error


def test_a_data_key_is_unwrapped_by_azure(aged, azure):  # noqa: F811
    aged.encrypt("s.yaml", f"password: {PASSWORD}\n", *aged.how)
    text = rewrap(aged, (aged.path / "s.yaml").read_text(), lambda key: {"azure_kv": [
        {"vault_url": azure, "name": "k", "version": "v1", "created_at": "2026-01-01T00:00:00Z",
         "enc": base64.urlsafe_b64encode(key).decode().rstrip("=")}]})
    (aged.path / "s.yaml").write_text(text)
    aged.spec("secrets: [s.yaml]")
    assert aged.values(AZURE_CLIENT_SECRET="app-secret-1") == {"password": PASSWORD}


# ---- what is shown

def test_nothing_fetched_is_shown(folder, vault, demo):  # noqa: F811
    folder.spec("values: [{url: 'db://api:ref+vault://secret/app#/password+@host'}]")
    shown = folder.relfile("diff", *demo.options, expect=None)
    assert "(hidden)" in shown.stdout and PASSWORD not in shown.stdout + shown.stderr
    template = folder.path / "chart" / "templates" / "all.yaml"
    template.write_text("{{ fail .Values.url }}")
    error = folder.relfile("template", "--debug", expect=1).stderr
    assert PASSWORD not in error and vault.token not in error
