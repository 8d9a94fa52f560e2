"""kill -9 at each step of an installation and of an upgrade on a real cluster.

The next run takes the lock over, goes on, and ends as if nothing had been: one deployed revision, the
objects of the last spec and no others, none made twice, and an empty diff. Some of the steps in
`make kubernetes`; all of them, each as often as it comes, with -m long:

    make kubernetes KUBERNETES_OPTIONS='-m long -k kills -s'
"""

import random

import pytest

SHORT = {("install", "namespace"), ("install", "pending-done"), ("install", "object-done"),
         ("upgrade", "pending-done"), ("upgrade", "object"), ("upgrade", "object-removed"),
         ("upgrade", "superseded"), ("upgrade", "status")}


def run(place, pointed, failpoint, expect=0):
    return place.run_program("apply", program=pointed, cwd=place.folder, expect=expect, env={
        "KUBECONFIG": str(place.kubeconfig), "RELFILE_TARGET": "kubernetes",
        "RELFILE_LOCK_TTL": "500", **({"RELFILE_FAILPOINT": failpoint} if failpoint else {})})


def begin(place, pointed, what):
    """What is there before the run that is killed."""
    if what == "upgrade":
        place.write({"extra": True}, wait=False)
        run(place, pointed, None)
        place.write({"message": "two"}, wait=False)
    else:
        place.write(wait=False)


def points(place, pointed, what):
    """How often the run comes to each point."""
    begin(place, pointed, what)
    counts = place.folder / "counts"
    run(place, pointed, f"count:{counts}")
    found = dict(line.split() for line in counts.read_text().splitlines())
    return {name: int(count) for name, count in found.items() if count != "0"}


def kill_and_go_on(place, pointed, what, name, number):
    begin(place, pointed, what)
    run(place, pointed, f"{name}:{number}:kill", expect=None)
    run(place, pointed, None)
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr
    history = [status for _, status in place.statuses()]
    assert history[-1] == "deployed" and history.count("deployed") == 1, history
    assert not any(status.startswith("pending") for status in history), history
    assert "web-extra" not in place.names("configmap")
    assert "web-settings" in place.names("configmap")
    assert "relfile.lock" not in place.names("secret")
    assert len(place.names("deployment")) == 1 and len(place.names("statefulset")) == 1


@pytest.mark.parametrize("what,name", sorted(SHORT))
def test_the_run_after_one_that_was_killed_ends_as_if_it_had_not_been(place, pointed, what, name):
    kill_and_go_on(place, pointed, what, name, 1)


@pytest.mark.long
@pytest.mark.parametrize("what", ["install", "upgrade"])
def test_all_kills_at_all_steps(place, pointed, what, namespace):
    found = points(place, pointed, what)
    steps = [(name, number) for name, count in sorted(found.items()) for number in range(1, count + 1)]
    random.shuffle(steps)
    for at, (name, number) in enumerate(steps):
        place.namespace = f"{namespace}-{at}"
        place.release["namespace"] = place.namespace
        kill_and_go_on(place, pointed, what, name, number)
        place.relfile("destroy", "--yes")
    print(f"{what}: {len(steps)} kills at {len(found)} steps")
