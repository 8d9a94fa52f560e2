"""State in git on a network that breaks now and then: what is only read is asked for again; refusals are not."""

import pytest

from servers import git_http_server, git_https_store, git_ssh_store, new_name, proxy, ssh_server  # noqa: F401
from test_state import fails, on  # noqa: F401


def over(store, server, port):
    """STORE behind the proxy at PORT."""
    return store._replace(url=store.url.split("&caFile")[0].replace("git+https://", "git+http://")
                          .replace(f":{server.ports[1]}/", f":{port}/"))


@pytest.mark.parametrize("left", [0, 30], ids=["nothing", "a part"])
def test_an_answer_of_which_little_comes_is_asked_for_again(on, git_http_server, left):  # noqa: F811
    store, cut = git_https_store(git_http_server, new_name()), set()

    def cut_first(method, path, headers, forward):
        status, fields, body = forward()
        if status == 200 and "git-upload-pack" in path and (method, path) not in cut:
            cut.add((method, path))
            return status, [field for field in fields if field[0].lower() != "content-length"], body[:left]
        return status, fields, body

    with proxy(git_http_server.ports[0], cut_first) as port:
        relfile = on(over(store, git_http_server, port))
        relfile("sync")
        assert len(cut) == 1
        cut.clear()
        said = relfile("state", "list", env={"XDG_CACHE_HOME": str(store.place / "cache")})  # all is fetched
        assert len(cut) == 2 and "deployed" in said.stdout


def test_a_server_that_answers_nothing_is_given_up(on, git_http_server):  # noqa: F811
    store, asked = git_https_store(git_http_server, new_name()), []

    def nothing(_method, path, _headers, forward):
        status, fields, body = forward()
        if status == 200:
            asked.append(path)
            return status, [field for field in fields if field[0].lower() != "content-length"], b""
        return status, fields, body

    with proxy(git_http_server.ports[0], nothing) as port:
        fails(on(over(store, git_http_server, port))("state", "list", expect=None), "git: http")
    assert len(asked) == 4


def test_a_refusal_is_not_asked_for_again(on, git_http_server):  # noqa: F811
    store, asked = git_https_store(git_http_server, new_name()), []

    def count(_method, path, _headers, forward):
        asked.append(path)
        return forward()

    with proxy(git_http_server.ports[0], count) as port:
        fails(on(over(store, git_http_server, port), RELFILE_GIT_PASSWORD="wrong")("state", "list", expect=None),
              "password are wrong")
    assert len(asked) == 2  # without a password, and with it


def flaky_ssh(store, folder, says, times):
    """A GIT_SSH_COMMAND that SAYS that and fails, so many TIMES; and where it counts its starts."""
    counter, command = folder / "starts", folder / "ssh.sh"
    command.write_text(f'#!/bin/sh\necho >>{counter}\n[ "$(wc -l <{counter})" -gt {times} ] && exec ssh "$@"\n'
                       f'echo "{says}" >&2\nexit 255\n')
    command.chmod(0o755)
    options = dict(part.split("=", 1) for part in store.url.split("?")[1].split("&"))
    return f"{command} -i {options['sshKey']} -o UserKnownHostsFile={options['knownHosts']}", counter


def test_ssh_that_breaks_is_started_again(on, ssh_server, tmp_path):  # noqa: F811
    store = git_ssh_store(ssh_server, tmp_path)
    on(store)("sync")
    command, counter = flaky_ssh(store, tmp_path, "kex_exchange_identification: Connection reset by peer", 3)
    relfile = on(store, GIT_SSH_COMMAND=command)
    assert "hello" in relfile("state", "list").stdout
    assert len(counter.read_text()) >= 4


def test_ssh_that_is_refused_is_not_started_again(on, ssh_server, tmp_path):  # noqa: F811
    store = git_ssh_store(ssh_server, tmp_path)
    command, counter = flaky_ssh(store, tmp_path, "tester@127.0.0.1: Permission denied (publickey).", 99)
    fails(on(store, GIT_SSH_COMMAND=command)("state", "list", expect=None), "Permission denied")
    assert len(counter.read_text()) == 1
