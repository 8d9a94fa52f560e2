"""Keys of a state that are wrapped by services: Amazon's KMS is moto; Google's, Azure's and Vault's are stand-ins
after their documentation. And objects that an S3 server encrypts with a key in its own KMS."""

import base64
import json
import urllib.request

import pytest

from servers import minio_server, new_name, proxy, s3_store  # noqa: F401
from test_lookups import Amazon, azure, google, moto, vault  # noqa: F401
from test_secrets import folder  # noqa: F401
from test_state import fails, on  # noqa: F401
from test_state_sealed import everything, in_clear, secret_spec, unchanged  # noqa: F401


@pytest.fixture
def sealed(secret_spec, folder):  # noqa: F811
    """sealed(KEY): the state of a release with a secret is sealed for KEY; the entry of the state's key."""

    def sealed(key):
        secret_spec.releases(secret_spec.release, more=f"state: {{encrypt: {{kms: ['{key}']}}}}\n")
        secret_spec("sync", env=folder.env)
        assert not in_clear(secret_spec.demo.state) and b"kind: Secret" not in everything(secret_spec.demo.state)
        assert unchanged(secret_spec("diff", env=folder.env))
        secret_spec("state", "fsck", env=folder.env)
        [entry] = (secret_spec.demo.state / "keys").iterdir()
        [wrapped] = json.loads(entry.read_text())["wrapped"]
        assert (wrapped["by"], wrapped["name"]) == ("kms", key)
        return wrapped["text"]

    return sealed


def test_amazons_kms_wraps_the_key(sealed, secret_spec, folder, moto):  # noqa: F811
    urllib.request.urlopen(urllib.request.Request(moto + "/moto-api/reset", method="POST")).close()
    amazon = Amazon(moto)
    folder.env.update(amazon.env)
    key = amazon.call("kms", "TrentService.CreateKey")["KeyMetadata"]["Arn"]
    wrapped = sealed(key)
    opened = amazon.call("kms", "TrentService.Decrypt", CiphertextBlob=wrapped)
    assert len(base64.b64decode(opened["Plaintext"])) == 32 and opened["KeyId"] == key
    said = secret_spec("diff", env={"AWS_EC2_METADATA_DISABLED": "true"}, expect=1).stderr
    assert f"it was made for kms {key}" in said and "no credentials" in said
    secret_spec("history")  # needs no key


def test_a_key_of_amazons_that_is_not_there_is_named(secret_spec, folder, moto):  # noqa: F811
    folder.env.update(Amazon(moto).env)
    arn = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000000"
    secret_spec.releases(secret_spec.release, more=f"state: {{encrypt: {{kms: ['{arn}']}}}}\n")
    said = secret_spec("sync", env=folder.env, expect=1).stderr
    assert "state.encrypt: " in said and "NotFoundException" in said and "may use kms:Encrypt on" in said
    assert not secret_spec.demo.released()


def test_googles_kms_wraps_the_key(sealed, folder, google):  # noqa: F811
    folder.env["GOOGLE_APPLICATION_CREDENTIALS"] = google.file("service")
    name = "projects/p/locations/global/keyRings/r/cryptoKeys/k"
    assert len(base64.b64decode(sealed(name))) == 32
    assert ("POST", f"/v1/{name}:encrypt") in [asked[:2] for asked in google.asked]


def test_azures_vault_wraps_the_key(sealed, secret_spec, folder, azure):  # noqa: F811
    folder.env["AZURE_CLIENT_SECRET"] = "app-secret-1"
    sealed(f"{azure}/keys/k/v1")
    secret_spec.releases(secret_spec.release, more=f"state: {{encrypt: {{kms: ['{azure}/keys/k']}}}}\n")
    said = secret_spec("sync", env=folder.env, expect=1).stderr
    assert "the version of the key is missing" in said and "/keys/NAME/VERSION" in said


def test_vaults_transit_engine_wraps_the_key(sealed, secret_spec, folder, vault):  # noqa: F811
    assert sealed(folder.env["VAULT_ADDR"] + "/v1/transit/keys/sops").startswith("vault:v1:")
    said = secret_spec("diff", env={**folder.env, "VAULT_TOKEN": "wrong-token"}, expect=1).stderr
    assert "permission denied" in said


def test_a_name_that_is_no_keys_is_explained(secret_spec):  # noqa: F811
    secret_spec.releases(secret_spec.release, more="state: {encrypt: {kms: ['https://example.com/key']}}\n")
    said = secret_spec("sync", expect=1).stderr
    assert "https://example.com/key: is no key that relfile knows" in said and "arn:aws:kms:…" in said


# ---- what the S3 server encrypts

@pytest.mark.parametrize("options, header", [
    ("&encryption=aws:kms&kmsKey=relfile-test", {"x-amz-server-side-encryption": "aws:kms",
                                                 "x-amz-server-side-encryption-aws-kms-key-id":
                                                     "arn:aws:kms:relfile-test"}),
    ("&kmsKey=relfile-test", {"x-amz-server-side-encryption": "aws:kms"}),
    ("&encryption=AES256", {"x-amz-server-side-encryption": "AES256"})])
def test_the_server_encrypts_with_the_key_that_is_named(on, minio_server, options, header):  # noqa: F811
    answers = []

    def watch(method, _path, _headers, forward):
        status, headers, body = forward()
        if method == "GET" and status == 200:
            answers.append({name.lower(): value for name, value in headers})
        return status, headers, body

    with proxy(minio_server.ports[0], watch) as port:
        store = s3_store(minio_server, new_name(), port)
        relfile = on(store._replace(url=store.url + options))
        relfile("sync")
        answers.clear()
        assert unchanged(relfile("diff"))
        relfile("state", "fsck")
    objects = [answer for answer in answers if "etag" in answer]
    assert objects and all(header.items() <= answer.items() for answer in objects), objects


def test_a_key_that_the_server_does_not_have_is_an_error(on, minio_server):  # noqa: F811
    store = s3_store(minio_server, new_name())
    fails(on(store._replace(url=store.url + "&kmsKey=none"))("sync", expect=None), "HTTP status 4")
