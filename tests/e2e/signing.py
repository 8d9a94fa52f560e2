"""Keys of GnuPG's, and charts that are signed with them."""

import shutil
import subprocess

import pytest

import charts


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """A folder with secret.gpg, public.gpg, public.asc of one key, other.gpg of another."""
    if not shutil.which("gpg") or not shutil.which("gpgv"):
        pytest.skip("there is no GnuPG")
    folder = tmp_path_factory.mktemp("keys")
    for name, secret in (("ada", "secret.gpg"), ("eve", "other-secret.gpg")):
        home = folder / name
        home.mkdir(mode=0o700)
        gpg = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "word"]
        subprocess.run([*gpg, "--quick-gen-key", f"{name} <{name}@example.com>", "rsa2048", "sign", "never"],
                       check=True, capture_output=True)
        (folder / secret).write_bytes(subprocess.run([*gpg, "--export-secret-keys"], check=True, capture_output=True).stdout)
        public = "public" if name == "ada" else "other"
        (folder / f"{public}.gpg").write_bytes(subprocess.run([*gpg, "--export"], check=True, capture_output=True).stdout)
        (folder / f"{public}.asc").write_bytes(subprocess.run([*gpg, "--armor", "--export"], check=True, capture_output=True).stdout)
        subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=False)
    (folder / "word").write_text("word\n")
    return folder


def write_signed(run, keys, folder, name, version, metadata="", key="ada"):
    """NAME-VERSION.tgz and its provenance file in FOLDER, signed by ada or eve."""
    source = charts.write_chart(folder / "source" / f"{name}-{version}" / name, name, version, metadata)
    run("chart", "package", source, "-d", folder, "--sign", "--key", f"{key}@example.com",
        "--keyring", keys / ("secret.gpg" if key == "ada" else "other-secret.gpg"),
        "--passphrase-file", keys / "word")
    return folder / f"{name}-{version}.tgz"
