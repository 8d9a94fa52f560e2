/*
 * test_file.c - the file store: the contract, and a folder in which things go wrong.
 */
#include "io/file.h"
#include "io/folder.h"
#include "tests/unit/state/contract.h"
#include "tests/unit/state/fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void put(Fixture *f, const char *key, const char *text)
{
    Str version;

    assert_success(
        state_put(f->store, &f->memory, str_from(key), str_from(text), STR(""), &version));
}

static Error *put_error(Fixture *f, const char *key, const char *text)
{
    Str version;

    return state_put(f->store, &f->memory, str_from(key), str_from(text), STR(""), &version);
}

static Error *get_error(Fixture *f, const char *key)
{
    StateEntry entry;

    return state_get(f->store, &f->memory, str_from(key), &entry);
}

static void keeps_the_contract(void **state)
{
    Fixture *f = *state;

    check_store_contract(&state_store_file, f->path);
}

static void a_path_alone_is_a_folder(void **state)
{
    Fixture *f = *state;

    put(f, "a/b", "text");
    assert_int_equal(access(fixture_file(f, "a/b"), R_OK), 0);
}

static void reading_makes_nothing(void **state)
{
    Fixture *f = *state;
    StrList keys;

    assert_failure(get_error(f, "a"), ERROR_NOT_FOUND, f->path);
    assert_success(state_list(f->store, &f->memory, STR(""), &keys));
    assert_int_equal(keys.len, 0);
    assert_int_equal(access(f->path, F_OK), -1);
}

static void check_mode(const char *path, mode_t mode)
{
    struct stat info;

    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, mode);
}

static void others_may_not_read(void **state)
{
    Fixture *f = *state;
    mode_t before = umask(0);

    put(f, "a/b", "text");
    umask(before);
    check_mode(f->path, 0700);
    check_mode(fixture_file(f, "a"), 0700);
    check_mode(fixture_file(f, "a/b"), 0600);
    check_mode(fixture_file(f, ".lock"), 0600);
}

static void empty_folders_do_not_stay(void **state)
{
    Fixture *f = *state;
    Str version;

    assert_success(state_put(f->store, &f->memory, STR("a/b/c"), STR("x"), STR(""), &version));
    assert_success(state_remove(f->store, STR("a/b/c"), version));
    assert_int_equal(access(fixture_file(f, "a"), F_OK), -1);
    assert_int_equal(access(f->path, F_OK), 0);
}

static void a_link_at_a_key_is_not_followed(void **state)
{
    Fixture *f = *state;

    temporary_write(&f->folder, "victim", STR("mine"));
    put(f, "a/real", "x");
    assert_int_equal(
        symlink(temporary_path(&f->memory, &f->folder, "victim"), fixture_file(f, "a/b")), 0);
    assert_failure(get_error(f, "a/b"), ERROR_DENIED, "is a link");
    assert_failure(put_error(f, "a/b", "theirs"), ERROR_DENIED, "is a link");
    assert_str(temporary_read(&f->memory, &f->folder, "victim"), "mine");
}

static void a_link_on_the_way_is_not_followed(void **state)
{
    Fixture *f = *state;
    StrList keys;

    put(f, "a/b", "x");
    assert_int_equal(symlink(f->folder.path, fixture_file(f, "c")), 0);
    assert_failure(put_error(f, "c/d", "x"), ERROR_DENIED, "c is a link");
    assert_failure(get_error(f, "c/d"), ERROR_DENIED, "c is a link");
    assert_failure(state_list(f->store, &f->memory, STR("c/"), &keys), ERROR_DENIED, "c is a link");
    assert_int_equal(access(temporary_path(&f->memory, &f->folder, "d"), F_OK), -1);
}

static void a_link_at_the_lock_is_not_followed(void **state)
{
    Fixture *f = *state;

    put(f, "a", "x");
    unlink(fixture_file(f, ".lock"));
    assert_int_equal(
        symlink(temporary_path(&f->memory, &f->folder, "made"), fixture_file(f, ".lock")), 0);
    assert_failure(put_error(f, "b", "x"), ERROR_DENIED, "is a link");
    assert_int_equal(access(temporary_path(&f->memory, &f->folder, "made"), F_OK), -1);
}

/* As another run would: what a store has seen and done it does not know. */
static void put_anew(Fixture *f, const char *key)
{
    StateStore *other;
    Str version;

    assert_success(state_open(&f->memory, f->path, &other));
    assert_success(state_put(other, &f->memory, str_from(key), STR("text"), STR(""), &version));
    state_close(&other);
}

static void a_link_in_the_place_of_a_draft_is_not_followed(void **state)
{
    Fixture *f = *state;

    temporary_write(&f->folder, "victim", STR("mine"));
    put(f, "a", "x");
    assert_int_equal(
        symlink(temporary_path(&f->memory, &f->folder, "victim"), fixture_file(f, ".new-1-2-3")),
        0);
    put_anew(f, "b");
    assert_str(temporary_read(&f->memory, &f->folder, "victim"), "mine");
}

static void the_folder_itself_may_be_a_link(void **state)
{
    Fixture *f = *state;
    const char *link = temporary_path(&f->memory, &f->folder, "link");
    DEFER(state_close) StateStore *store = NULL;
    StateEntry entry;

    put(f, "a", "text");
    assert_int_equal(symlink(f->path, link), 0);
    assert_success(state_open(&f->memory, link, &store));
    assert_success(state_get(store, &f->memory, STR("a"), &entry));
    assert_str(entry.text, "text");
}

static void things_that_are_no_files_are_refused(void **state)
{
    Fixture *f = *state;

    put(f, "a/b", "x");
    assert_int_equal(mkfifo(fixture_file(f, "fifo"), 0600), 0);
    assert_failure(get_error(f, "fifo"), ERROR_INPUT, "fifo");
    assert_failure(get_error(f, "a"), ERROR_INPUT, "is a directory");
    assert_failure(put_error(f, "a", "x"), ERROR_INPUT, "is a directory");
    assert_failure(put_error(f, "a/b/c", "x"), ERROR_INPUT, "b is not a folder");
    assert_failure(get_error(f, "a/b/c"), ERROR_INPUT, "b is not a folder");
    temporary_write(&f->folder, "file", STR("x"));
    assert_failure(
        state_open(&f->memory, temporary_path(&f->memory, &f->folder, "file"), &f->store),
        ERROR_INPUT, "is not a folder");
}

static void an_empty_file_is_named(void **state)
{
    Fixture *f = *state;

    put(f, "a/b", "x");
    assert_int_equal(truncate(fixture_file(f, "a/b"), 0), 0);
    assert_failure(get_error(f, "a/b"), ERROR_INPUT, "a/b: is an empty file");
}

static void foreign_names_are_not_listed(void **state)
{
    Fixture *f = *state;
    StrList keys;

    put(f, "a/b", "x");
    for (const char *const *name =
             (const char *const[]){"a/.b.swp", "a/b~", "a/#b#", "a/b c", NULL};
         *name; name++)
        close(creat(fixture_file(f, *name), 0600));
    assert_success(state_list(f->store, &f->memory, STR(""), &keys));
    assert_int_equal(keys.len, 1);
}

static void what_a_killed_run_left_is_in_nobodys_way(void **state)
{
    Fixture *f = *state;

    put(f, "a", "x");
    close(creat(fixture_file(f, ".new-1-2-3"), 0600));
    put_anew(f, "b");
    assert_str(fixture_get(f, "b"), "text");
    assert_int_equal(access(fixture_file(f, ".new-1-2-3"), F_OK), -1);
}

static void what_another_run_is_writing_is_left_alone(void **state)
{
    Fixture *f = *state;

    put(f, "a", "x");
    int fd = creat(fixture_file(f, ".new-1-2-3"), 0600);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    put_anew(f, "b");
    assert_int_equal(access(fixture_file(f, ".new-1-2-3"), F_OK), 0);
    close(fd);
}

static void a_folder_that_is_gone_is_not_an_empty_one(void **state)
{
    Fixture *f = *state;
    StrList keys;

    put(f, "a", "x");
    assert_int_equal(rename(f->path, temporary_path(&f->memory, &f->folder, "elsewhere")), 0);
    assert_failure(get_error(f, "a"), ERROR_UNAVAILABLE, f->path);
    assert_failure(put_error(f, "b", "x"), ERROR_UNAVAILABLE, f->path);
    assert_failure(state_list(f->store, &f->memory, STR(""), &keys), ERROR_UNAVAILABLE, f->path);
    assert_int_equal(access(f->path, F_OK), -1);
}

/* Run BODY in a process of its own, which may limit itself; its exit status. */
static int in_child(void (*body)(Fixture *), Fixture *f)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        body(f);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* In a child: end it with STATUS unless the error is as it should be. */
static void need(int status, Error *err, ErrorKind kind, const char *part)
{
    if (!err || error_kind_of(err) != kind || !strstr(error_message(err), part)) {
        fprintf(stderr, "got: %s\n", err ? error_message(err) : "no error");
        _exit(status);
    }
    error_free(err);
}

static bool has_draft(Fixture *f)
{
    FileEntryList entries = {0};
    bool has = false;

    assert_success(directory_read(&f->memory, f->path, &entries));
    for (size_t i = 0; i < entries.len; i++)
        has |= str_starts(entries.items[i].name, STR(".new"));
    return has;
}

static void put_much(Fixture *f)
{
    DEFER(arena_free) Arena memory = {0};
    Buf text = {.arena = &memory};
    StateEntry entry;
    Str version;

    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){10000, 10000});
    buf_fill(&text, 'x', 20000);
    if (state_get(f->store, &memory, STR("a"), &entry))
        _exit(1);
    need(2, state_put(f->store, &memory, STR("a"), buf_str(&text), entry.version, &version),
         ERROR_INTERNAL, "too large");
    need(3, state_put(f->store, &memory, STR("b"), buf_str(&text), STR(""), &version),
         ERROR_INTERNAL, "too large");
    if (has_draft(f))
        _exit(4);
}

static void a_text_that_does_not_fit_leaves_the_old_one(void **state)
{
    Fixture *f = *state;
    StateEntry entry;

    put(f, "a", "old");
    assert_int_equal(in_child(put_much, f), 0);
    assert_success(state_get(f->store, &f->memory, STR("a"), &entry));
    assert_str(entry.text, "old");
    assert_failure(get_error(f, "b"), ERROR_NOT_FOUND, "b");
}

enum { NOBODY = 65534 };

/* Root may write anywhere: be someone else. */
static void put_where_it_is_forbidden(Fixture *f)
{
    StateEntry entry;
    Str version;

    if (geteuid() == 0 && setuid(NOBODY) < 0)
        _exit(1);
    if (state_get(f->store, &f->memory, STR("a"), &entry))
        _exit(2);
    need(3, state_put(f->store, &f->memory, STR("a"), STR("new"), entry.version, &version),
         ERROR_DENIED, f->path);
    need(4, state_put(f->store, &f->memory, STR("b/c"), STR("new"), STR(""), &version),
         ERROR_DENIED, f->path);
    need(5, state_remove(f->store, STR("a"), entry.version), ERROR_DENIED, f->path);
}

static void give_to_nobody(Fixture *f, const char *path)
{
    if (geteuid() == 0)
        assert_int_equal(chown(path, NOBODY, NOBODY), 0);
    (void)f;
}

static void a_read_only_folder_can_be_read(void **state)
{
    Fixture *f = *state;

    put(f, "a", "old");
    give_to_nobody(f, fixture_file(f, "a"));
    give_to_nobody(f, fixture_file(f, ".lock"));
    for (const char *const *name =
             (const char *const[]){"", "state", "state/of", "state/of/team", NULL};
         *name; name++) {
        const char *path = temporary_path(&f->memory, &f->folder, *name);

        give_to_nobody(f, path);
        assert_int_equal(chmod(path, 0500), 0);
    }
    assert_int_equal(in_child(put_where_it_is_forbidden, f), 0);
    for (const char *const *name = (const char *const[]){"", "state", "state/of", NULL}; *name;
         name++)
        chmod(temporary_path(&f->memory, &f->folder, *name), 0700);
    chmod(f->path, 0700);
}

static void a_lock_that_is_never_let_go_is_an_error(void **state)
{
    Fixture *f = *state;
    DEFER(folder_close) Folder *folder = NULL;

    put(f, "a", "x");
    int fd = open(fixture_file(f, ".lock"), O_RDWR);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    assert_success(folder_open(&f->memory, f->path, FOLDER_READ, &folder));
    assert_failure(folder_lock(folder, 100), ERROR_UNAVAILABLE, ".lock");
    close(fd);
    assert_success(folder_lock(folder, 100));
}

static void a_lock_file_that_was_replaced_locks_nobody_out(void **state)
{
    Fixture *f = *state;
    DEFER(folder_close) Folder *folder = NULL;

    put(f, "a", "x");
    int fd = open(fixture_file(f, ".lock"), O_RDWR);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    unlink(fixture_file(f, ".lock"));
    assert_success(folder_open(&f->memory, f->path, FOLDER_READ, &folder));
    assert_success(folder_lock(folder, 100));
    close(fd);
}

static void bad_keys_are_refused(void **state)
{
    static const char *const keys[] = {
        "",     "/a",  "a/",   "a//b", "..",       "a/../b",           ".a",
        "a/.b", "a b", "a\nb", "a\\b", "\xc3\xa4", "1/2/3/4/5/6/7/8/9"};
    Fixture *f = *state;
    Buf name = {.arena = &f->memory};

    for (size_t i = 0; i < COUNT(keys); i++) {
        assert_failure(get_error(f, keys[i]), ERROR_INPUT, "key");
        assert_failure(put_error(f, keys[i], "x"), ERROR_INPUT, "key");
    }
    buf_fill(&name, 'x', 241);
    assert_failure(state_remove(f->store, buf_str(&name), STR("v")), ERROR_INPUT, "too long");
    put(f, str_c(&f->memory, str_slice(buf_str(&name), 0, 240)), "x");
}

static void check_part(Arena *a, Str name, const char *want)
{
    assert_str(state_key_part(a, name), want);
}

static void any_name_can_be_a_part_of_a_key(void **state)
{
    Fixture *f = *state;

    check_part(&f->memory, STR("web-1.2_x"), "web-1.2_x");
    check_part(&f->memory, STR("arn:aws:eks:eu:1:cluster/prod"), "arn:aws:eks:eu:1:cluster%2Fprod");
    check_part(&f->memory, STR("."), "%2E");
    check_part(&f->memory, STR(".."), "%2E.");
    check_part(&f->memory, STR(""), "%");
    check_part(&f->memory, STR("a%2Fb"), "a%252Fb");
    check_part(&f->memory, STR("\xc3\xa4\n"), "%C3%A4%0A");
}

static void check_open(Fixture *f, const char *url, const char *error, const char *hint)
{
    StateStore *store = NULL;
    Error *err = state_open(&f->memory, url, &store);

    assert_non_null(err);
    assert_non_null(strstr(error_message(err), error));
    if (hint)
        assert_non_null(strstr(error_hint_of(err), hint));
    assert_failure(err, ERROR_INPUT, url);
}

static void odd_urls_are_explained(void **state)
{
    Fixture *f = *state;

    check_open(f, "fiel:///tmp/x", "no kind of store is called \"fiel\"", "did you mean file://");
    check_open(f, "zzzzzz://x", "no kind of store is called \"zzzzzz\"", "there is file");
    check_open(f, "file:/tmp/x", "is neither a URL nor a path", "write file://");
    check_open(f, "file://", "the path of a folder is missing", NULL);
    check_open(f, "", "the path of a folder is missing", NULL);
    check_open(f, "~/state", "~ is not replaced", NULL);
}

static void schemes_have_no_case(void **state)
{
    Fixture *f = *state;
    DEFER(state_close) StateStore *store = NULL;

    put(f, "a", "x");
    assert_success(
        state_open(&f->memory, str_format(&f->memory, "FILE://%s", f->path).ptr, &store));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keeps_the_contract),
        TEST(a_path_alone_is_a_folder),
        TEST(reading_makes_nothing),
        TEST(others_may_not_read),
        TEST(empty_folders_do_not_stay),
        TEST(a_link_at_a_key_is_not_followed),
        TEST(a_link_on_the_way_is_not_followed),
        TEST(a_link_at_the_lock_is_not_followed),
        TEST(a_link_in_the_place_of_a_draft_is_not_followed),
        TEST(the_folder_itself_may_be_a_link),
        TEST(things_that_are_no_files_are_refused),
        TEST(an_empty_file_is_named),
        TEST(foreign_names_are_not_listed),
        TEST(what_a_killed_run_left_is_in_nobodys_way),
        TEST(what_another_run_is_writing_is_left_alone),
        TEST(a_folder_that_is_gone_is_not_an_empty_one),
        TEST(a_text_that_does_not_fit_leaves_the_old_one),
        TEST(a_read_only_folder_can_be_read),
        TEST(a_lock_that_is_never_let_go_is_an_error),
        TEST(a_lock_file_that_was_replaced_locks_nobody_out),
        TEST(bad_keys_are_refused),
        TEST(any_name_can_be_a_part_of_a_key),
        TEST(odd_urls_are_explained),
        TEST(schemes_have_no_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
