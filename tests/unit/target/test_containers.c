/*
 * test_containers.c - which containers will never run, from what kubelets say of them.
 */
#include "target/containers.h"

#include "tests/unit/target/objects.h"

typedef struct Row {
    const char *name, *status;
    ContainerHope hope;
    int64_t grace_s;
    const char *trouble; /* a part of it */
} Row;

#define WAITING(reason, message)                                                                   \
    "{name: main, image: 'shop:1', state: {waiting: {reason: " reason ", message: '" message "'}}" \
    "}"
#define PULL "Back-off pulling image \"shop:1\""
#define CRASH(reason, message)                                                                     \
    "{name: main, restartCount: 2, state: {waiting: {reason: CrashLoopBackOff}}, lastState: "      \
    "{terminated: {exitCode: 128, reason: " reason ", message: '" message "'}}}"

static Row rows[] = {
    {"one that runs", "{name: main, state: {running: {}}}", CONTAINER_HOPEFUL, 0, ""},
    {"one that is being made", WAITING("ContainerCreating", ""), CONTAINER_HOPEFUL, 0, ""},
    {"an image whose name is none",
     WAITING("InvalidImageName", "couldn''t parse image name: invalid reference format"),
     CONTAINER_HOPELESS, 10, "InvalidImageName: image shop:1: couldn't parse"},
    {"one that is not to be pulled",
     WAITING("ErrImageNeverPull", "Container image is not present with pull policy of Never"),
     CONTAINER_HOPELESS, 10, "ErrImageNeverPull: image shop:1"},
    {"one that no registry has", WAITING("ErrImagePull", "manifest unknown"), CONTAINER_HOPELESS,
     30, "ErrImagePull: image shop:1 not found"},
    {"the same between two tries", WAITING("ImagePullBackOff", PULL ": ErrImagePull: not found"),
     CONTAINER_HOPELESS, 30, "ImagePullBackOff: image shop:1 not found"},
    {"the same as older kubelets say it", WAITING("ImagePullBackOff", PULL), CONTAINER_UNCLEAR, 0,
     "ImagePullBackOff"},
    {"one that is not for everybody",
     WAITING("ErrImagePull", "failed to authorize: 401 Unauthorized"), CONTAINER_HOPELESS, 30,
     "no access to image shop:1"},
    {"a registry that is not there",
     WAITING("ErrImagePull", "dial tcp: lookup example.com: no such host"), CONTAINER_HOPEFUL, 0,
     "the registry of image shop:1 cannot be reached"},
    {"the same between two tries",
     WAITING("ImagePullBackOff", PULL ": ErrImagePull: dial tcp: i/o timeout"), CONTAINER_HOPEFUL,
     0, "cannot be reached"},
    {"a secret that is not there", WAITING("CreateContainerConfigError", "secret \"db\" not found"),
     CONTAINER_LACKING, 60, "CreateContainerConfigError: secret \"db\" not found"},
    {"a program that is not in its image",
     CRASH("StartError", "exec: \"sho\": executable file not found in $PATH"), CONTAINER_HOPELESS,
     30, "container main cannot be started: exec: \"sho\": executable file not found"},
    {"a start that failed for other reasons", CRASH("StartError", "cgroup: out of memory"),
     CONTAINER_HOPEFUL, 0, "cannot be started: cgroup: out of memory"},
    {"one that runs after it could not be started",
     "{name: main, state: {running: {}}, lastState: {terminated: {reason: StartError, message: "
     "'exec: permission denied'}}}",
     CONTAINER_HOPEFUL, 0, ""},
    {"one that has ended well after it could not be started",
     "{name: init, state: {terminated: {exitCode: 0, reason: Completed}}, lastState: {terminated: "
     "{reason: StartError, message: 'exec: permission denied'}}}",
     CONTAINER_HOPEFUL, 0, ""},
    {"a program that ends", CRASH("Error", "no such file or directory"), CONTAINER_HOPEFUL, 0,
     "ended with exit code 128 (2 restarts)"},
    {"nothing", "{}", CONTAINER_HOPEFUL, 0, ""},
    {"no map", "[a]", CONTAINER_HOPEFUL, 0, ""},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Value status = object_of(&a, row->status), pod = object_of(&a, "{}");
    int64_t grace_ms;

    assert_int_equal(container_hope(&status, &grace_ms), row->hope);
    if (row->hope == CONTAINER_HOPELESS || row->hope == CONTAINER_LACKING)
        assert_int_equal(grace_ms, row->grace_s * 1000);
    Str trouble = container_trouble(&a, &pod, &status);
    assert_true(str_find(trouble, str_from(row->trouble)) != STR_NONE);
}

TEST_ROWS(rows, check)
