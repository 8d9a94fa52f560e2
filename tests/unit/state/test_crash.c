/*
 * test_crash.c - kill -9 at any instant: what was acknowledged is there, and everything is whole.
 *
 * TEST_ROUNDS=N makes it N kills of each kind; the usual number is for every day.
 */
#include "state/record.h"
#include "tests/unit/state/fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

enum { USUAL_ROUNDS = 40, KEEP = 10, LINES = 400 };

static int rounds(void)
{
    const char *wanted = getenv("TEST_ROUNDS");

    return wanted ? (int)strtol(wanted, NULL, 10) : USUAL_ROUNDS;
}

static void pause_us(int64_t us)
{
    nanosleep(&(struct timespec){us / 1000000, us % 1000000 * 1000}, NULL);
}

/* What revision N's manifest is: some pages, and all of it tells N. */
static Str manifest_of(Arena *a, int revision)
{
    Buf text = {.arena = a};

    for (int i = 0; i < LINES; i++)
        buf_format(&text, "line-%d: of-%d\n", i, revision);
    return buf_str(&text);
}

static Record record_of(Arena *a, int revision)
{
    return (Record){.context = STR("production"),
                    .namespace = STR("shop"),
                    .name = STR("web"),
                    .revision = revision,
                    .status = RECORD_PENDING_UPGRADE,
                    .manifest = manifest_of(a, revision)};
}

/* Tell the parent that REVISION has been written with STATUS. */
static void acknowledge(int pipe, int revision, RecordStatus status)
{
    int word[2] = {revision, (int)status};

    if (write(pipe, word, sizeof(word)) != sizeof(word))
        _exit(3);
}

static void need(Error *err)
{
    if (!err)
        return;
    fprintf(stderr, "child: %s\n", error_message(err));
    _exit(2);
}

static void supersede(StateStore *store, Arena *a, RecordList *history)
{
    for (size_t i = 0; i < history->len; i++)
        if (history->items[i].status == RECORD_DEPLOYED) {
            history->items[i].status = RECORD_SUPERSEDED;
            need(record_write(store, a, &history->items[i]));
        }
}

/* Write one revision after another as a run does, until killed. */
static void write_records(const char *path, int pipe)
{
    for (;;) {
        DEFER(arena_free) Arena memory = {0};
        DEFER(state_close) StateStore *store = NULL;
        RecordList history;

        need(state_open(&memory, path, &store));
        need(record_history(store, &memory, STR("production"), STR("shop"), STR("web"), &history));
        int last = history.len ? history.items[history.len - 1].revision : 0;
        Record record = record_of(&memory, last + 1);
        need(record_write(store, &memory, &record));
        acknowledge(pipe, record.revision, record.status);
        record.status = RECORD_DEPLOYED;
        need(record_write(store, &memory, &record));
        acknowledge(pipe, record.revision, record.status);
        supersede(store, &memory, &history);
        need(record_prune(store, &record, KEEP));
    }
}

/* Fork BODY, let it run for US, kill it. What it wrote to the pipe last is in LAST. */
static void run_and_kill(void (*body)(const char *, int), const char *path, int64_t us, int last[2])
{
    int ends[2], word[2], status;

    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        body(path, ends[1]);
        _exit(0);
    }
    close(ends[1]);
    fcntl(ends[0], F_SETPIPE_SZ, 1 << 20);
    pause_us(us);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFSIGNALED(status))
        fail_msg("the child ended by itself: %d", WEXITSTATUS(status));
    while (read(ends[0], word, sizeof(word)) == sizeof(word))
        memcpy(last, word, sizeof(word));
    close(ends[0]);
}

/*
 * Every record is whole, none is missing but what pruning takes (which never is what was deployed),
 * and what was acknowledged is the least that is there.
 */
static void check_records(Fixture *f, const int last[2])
{
    DEFER(arena_free) Arena memory = {0};
    RecordList history;

    assert_success(
        record_history(f->store, &memory, STR("production"), STR("shop"), STR("web"), &history));
    for (size_t i = 0; i < history.len; i++) {
        Record *record = &history.items[i];

        assert_success(record_read(f->store, &memory, record));
        assert_true(str_equal(record->manifest, manifest_of(&memory, record->revision)));
        if (i && history.items[i - 1].status != RECORD_DEPLOYED)
            assert_int_equal(record->revision, history.items[i - 1].revision + 1);
    }
    if (!last[0])
        return;
    assert_true(history.len > 0);
    const Record *newest = &history.items[history.len - 1];
    assert_true(newest->revision >= last[0]);
    if (newest->revision == last[0] && last[1] == RECORD_DEPLOYED)
        assert_int_equal(newest->status, RECORD_DEPLOYED);
}

static void records_are_whole_after_any_kill(void **state)
{
    Fixture *f = *state;
    int last[2] = {0};

    srand(20260901);
    for (int i = 0; i < rounds(); i++) {
        run_and_kill(write_records, f->path, 200 + rand() % 30000, last);
        check_records(f, last);
    }
    if (getenv("TEST_TIMES"))
        print_message("    %d kills, %d revisions\n", rounds(), last[0]);
    assert_true(last[0] > 0);
}

/* Whether PID is a running process, and no zombie that waits for its parent. */
static bool is_running(pid_t pid)
{
    char path[64], text[256] = "";

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return false;
    ssize_t got = read(fd, text, sizeof(text) - 1);
    close(fd);
    const char *end = got > 0 ? strrchr(text, ')') : NULL;
    return end && end[1] && end[2] != 'Z' && end[2] != 'X';
}

/* Be in the room, of which only the lock's holder may be: its door has the pid of who is in. */
static void enter_room(const char *door)
{
    char text[32] = "";
    int fd = open(door, O_RDWR | O_CREAT, 0600);

    if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
        _exit(4);
    if (text[0] && is_running((pid_t)strtol(text, NULL, 10)))
        _exit(5);
    int len = snprintf(text, sizeof(text), "%d\n", (int)getpid());
    if (ftruncate(fd, 0) < 0 || pwrite(fd, text, (size_t)len, 0) != len)
        _exit(4);
    pause_us(500);
    if (ftruncate(fd, 0) < 0)
        _exit(4);
    close(fd);
}

/* Take the lock and let it go, until killed. */
static void use_lock(const char *path, int pipe)
{
    DEFER(arena_free) Arena memory = {0};
    DEFER(state_close) StateStore *store = NULL;
    const char *door = str_format(&memory, "%s/.door", path).ptr;

    need(state_open(&memory, path, &store));
    for (int i = 1;; i++) {
        StateLock *lock = NULL;

        need(state_lock(store,
                        &(StateLockRequest){.name = STR("production"),
                                            .holder = STR("child"),
                                            .ttl_ms = 300,
                                            .timeout_ms = 60000},
                        &lock));
        if (state_lock_held(lock))
            enter_room(door);
        state_unlock(&lock);
        acknowledge(pipe, i, RECORD_UNKNOWN);
    }
}

enum { USERS = 4 };

/* Several at once; each is killed at some time, and then another takes its place. */
static void a_lock_outlives_its_holders(void **state)
{
    Fixture *f = *state;
    pid_t users[USERS] = {0};
    int ends[2], word[2], turns = 0;

    fixture_put(f, "made", STR("x"));
    assert_int_equal(pipe(ends), 0);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    fcntl(ends[0], F_SETPIPE_SZ, 1 << 20);
    srand(42);
    for (int i = 0; i < rounds() + USERS; i++) {
        pid_t *user = &users[i % USERS];
        int status;

        if (*user) {
            pause_us(rand() % 300000);
            kill(*user, SIGKILL);
            assert_int_equal(waitpid(*user, &status, 0), *user);
            if (!WIFSIGNALED(status))
                fail_msg("the child ended by itself: %d", WEXITSTATUS(status));
        }
        *user = i < rounds() ? fork() : 0;
        if (i < rounds() && *user == 0) {
            use_lock(f->path, ends[1]);
            _exit(0);
        }
        while (read(ends[0], word, sizeof(word)) == sizeof(word))
            turns++;
    }
    close(ends[0]);
    close(ends[1]);
    if (getenv("TEST_TIMES"))
        print_message("    %d kills, %d turns\n", rounds(), turns);
    assert_true(turns > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(records_are_whole_after_any_kill),
        TEST(a_lock_outlives_its_holders),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
