"""Where AWS credentials come from: stand-ins of the documented services hand out those of the real
S3 server, so that a wrong step ends in a signature that it refuses."""

import json
from contextlib import contextmanager
from hashlib import sha1
from urllib.parse import parse_qs

import pytest

from servers import new_name, s3_store, s3_server  # noqa: F401
from stand_in import stand_in
from test_state import fails, on  # noqa: F401

KEYS = {"AccessKeyId": "tester", "SecretAccessKey": "tester-secret"}
LATER = "2099-01-01T00:00:00Z"


@pytest.fixture
def bucket(s3_server):  # noqa: F811
    """A bucket, and no credentials."""
    return s3_store(s3_server, new_name())._replace(env={"AWS_EC2_METADATA_DISABLED": "true"})


@contextmanager
def service(answer):
    """ANSWER(method, path, headers, body) -> (status, text); what was asked is collected."""
    asked = []

    def said(method, path, headers, body):
        asked.append((method, path))
        status, text = answer(method, path, headers, body.decode())
        return status, [], text.encode()

    with stand_in(said) as port:
        yield f"http://127.0.0.1:{port}", asked


def sts_answer(action):
    return (f"<{action}Response xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><{action}Result><Credentials>"
            f"<AccessKeyId>tester</AccessKeyId><SecretAccessKey>tester-secret</SecretAccessKey>"
            f"<Expiration>{LATER}</Expiration></Credentials></{action}Result></{action}Response>")


def test_a_web_identity_is_changed_for_credentials(on, bucket, tmp_path):  # noqa: F811
    (tmp_path / "token").write_text("ey.to+ken=\n")

    def sts(method, _path, headers, body):
        form = {name: values[0] for name, values in parse_qs(body).items()}
        assert method == "POST" and "Authorization" not in headers
        assert form == {"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15",
                        "RoleArn": "arn:aws:iam::1:role/x", "RoleSessionName": "relfile",
                        "WebIdentityToken": "ey.to+ken="}
        return 200, sts_answer("AssumeRoleWithWebIdentity")

    with service(sts) as (url, asked):
        on(bucket, AWS_WEB_IDENTITY_TOKEN_FILE=str(tmp_path / "token"), AWS_ENDPOINT_URL_STS=url,
           AWS_ROLE_ARN="arn:aws:iam::1:role/x")("sync")
    assert len(asked) == 1


def test_what_sts_refuses_is_said(on, bucket, tmp_path):  # noqa: F811
    (tmp_path / "token").write_text("t")
    refusal = "<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>No &lt;issuer&gt;</Message></Error></ErrorResponse>"
    with service(lambda *_: (400, refusal)) as (url, _asked):
        done = on(bucket, AWS_WEB_IDENTITY_TOKEN_FILE=str(tmp_path / "token"),
                  AWS_ENDPOINT_URL_STS=url, AWS_ROLE_ARN="arn:x")("sync", expect=None)
    fails(done, "role arn:x: STS: InvalidIdentityToken: No <issuer>")


def test_a_role_is_taken_with_another_profile(on, bucket, home):  # noqa: F811
    (home / ".aws").mkdir()
    (home / ".aws" / "config").write_text(
        "[profile base]\naws_access_key_id = base\naws_secret_access_key = base-secret\n"
        "[profile team]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = base\nexternal_id = 7\n"
        "[profile circle]\nrole_arn = arn:y\nsource_profile = circle\n")

    def sts(_method, _path, headers, body):
        assert "Credential=base/" in headers["Authorization"]
        assert parse_qs(body)["ExternalId"] == ["7"]
        return 200, sts_answer("AssumeRole")

    with service(sts) as (url, _asked):
        on(bucket, AWS_PROFILE="team", AWS_ENDPOINT_URL_STS=url)("sync")
        fails(on(bucket, AWS_PROFILE="circle", AWS_ENDPOINT_URL_STS=url)("sync", expect=None),
              "its own source_profile")


def test_a_container_has_a_role(on, bucket):  # noqa: F811
    def agent(_method, path, headers, _body):
        assert path == "/v2/credentials" and headers["Authorization"] == "secret-token"
        return 200, json.dumps({**KEYS, "Token": "", "Expiration": LATER})

    with service(agent) as (url, asked):
        on(bucket, AWS_CONTAINER_CREDENTIALS_FULL_URI=url + "/v2/credentials",
           AWS_CONTAINER_AUTHORIZATION_TOKEN="secret-token")("sync")
    assert len(asked) == 1


def test_an_instance_has_a_role(on, bucket):  # noqa: F811
    roles = "/latest/meta-data/iam/security-credentials/"

    def metadata(method, path, headers, _body):
        if path == "/latest/api/token":
            assert method == "PUT" and headers["X-aws-ec2-metadata-token-ttl-seconds"]
            return 200, "session"
        assert method == "GET" and headers["X-aws-ec2-metadata-token"] == "session"
        return 200, "team\n" if path == roles else json.dumps({**KEYS, "Expiration": LATER})

    with service(metadata) as (url, asked):
        on(bucket._replace(env={}), AWS_EC2_METADATA_SERVICE_ENDPOINT=url)("sync")
    assert [path for _method, path in asked] == ["/latest/api/token", roles, roles + "team"]


def test_a_machine_that_is_no_instance_has_no_role(on, bucket):  # noqa: F811
    with service(lambda *_: (404, "")) as (url, _asked):
        fails(on(bucket._replace(env={}), AWS_EC2_METADATA_SERVICE_ENDPOINT=url)(
            "sync", expect=None), "no credentials for AWS")


def test_who_is_not_signed_on_is_told_how(on, bucket, home):  # noqa: F811
    (home / ".aws").mkdir()
    (home / ".aws" / "config").write_text(
        "[sso-session corp]\nsso_start_url = https://corp\nsso_region = eu-central-1\n"
        "[profile team]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = dev\n")
    fails(on(bucket, AWS_PROFILE="team")("sync", expect=None), "aws sso login --profile team")
    cache = home / ".aws" / "sso" / "cache" / (sha1(b"corp").hexdigest() + ".json")
    cache.parent.mkdir(parents=True)
    cache.write_text("{}")
    fails(on(bucket, AWS_PROFILE="team")("sync", expect=None), "has no accessToken")


def test_credentials_that_end_soon_are_asked_for_again(on, bucket):  # noqa: F811
    def agent(*_):
        return 200, json.dumps({**KEYS, "Expiration": "2020-01-01T00:00:00Z"})

    with service(agent) as (url, asked):
        on(bucket, AWS_CONTAINER_CREDENTIALS_FULL_URI=url)("sync")
    assert len(asked) > 1
