/*
 * test_record.c - records: as they are written, read, listed and forgotten.
 */
#include "base/digest.h"
#include "base/json.h"
#include "io/gzip.h"
#include "manifest/manifest.h"
#include "state/blob.h"
#include "state/collect.h"
#include "state/maintain.h"
#include "state/record.h"
#include "tests/unit/state/fixture.h"

#include <sys/stat.h>

static Value parsed(Arena *a, const char *json)
{
    Value value;

    assert_success(json_parse(a, "test", str_from(json), &value));
    return value;
}

/* A release with something in every field. */
static Record full_record(Arena *a)
{
    Record record = {.context = STR("production"),
                     .namespace = STR("shop"),
                     .name = STR("web"),
                     .revision = 3,
                     .status = RECORD_PENDING_UPGRADE,
                     .description = STR("Preparing upgrade"),
                     .notes = STR("Thanks."),
                     .chart_name = STR("web"),
                     .chart_version = STR("1.2.3"),
                     .app_version = STR("7"),
                     .labels = parsed(a, "{\"team\":\"shop\"}"),
                     .first_deployed_ms = 1788300000000,
                     .last_deployed_ms = 1788300000123,
                     .deleted_ms = 1788300001000,
                     .user = STR("ada@laptop"),
                     .tool = STR("relfile 0.1.0"),
                     .values = parsed(a, "{\"password\":\"<&>\",\"replicas\":3}"),
                     .manifest = STR("---\nkind: Service\n")};

    *vec_add(a, &record.hooks) = (RecordHook){.name = STR("migrate"),
                                              .kind = STR("Job"),
                                              .path = STR("web/templates/job.yaml"),
                                              .manifest = STR("kind: Job\n"),
                                              .events = HOOK_PRE_INSTALL | HOOK_TEST,
                                              .deletes = HOOK_DELETE_SUCCEEDED,
                                              .weight = -5,
                                              .started_ms = 1788300000001,
                                              .completed_ms = 1788300000002,
                                              .phase = STR("Succeeded")};
    return record;
}

/* As format 1 has it: all in one. */
static const char full_text[] =
    "{\"chart\":{\"metadata\":{\"appVersion\":\"7\",\"name\":\"web\",\"version\":\"1.2.3\"}},"
    "\"info\":{\"deleted\":\"2026-09-01T22:00:01Z\",\"description\":\"Preparing upgrade\","
    "\"first_deployed\":\"2026-09-01T22:00:00Z\","
    "\"last_deployed\":\"2026-09-01T22:00:00.123Z\",\"notes\":\"Thanks.\","
    "\"status\":\"pending-upgrade\"},\"name\":\"web\",\"namespace\":\"shop\","
    "\"relfile\":{"
    "\"context\":\"production\",\"format\":1,\"labels\":{\"team\":\"shop\"},"
    "\"tool\":\"relfile 0.1.0\",\"user\":\"ada@laptop\"},\"version\":3,\n"
    "\"config\":{\"password\":\"<&>\",\"replicas\":3},\n"
    "\"hooks\":[{\"delete_policies\":[\"hook-succeeded\"],"
    "\"events\":[\"pre-install\",\"test\"],\"kind\":\"Job\",\"last_run\":{"
    "\"completed_at\":\"2026-09-01T22:00:00.002Z\",\"phase\":\"Succeeded\","
    "\"started_at\":\"2026-09-01T22:00:00.001Z\"},\"manifest\":\"kind: Job\\n\","
    "\"name\":\"migrate\",\"path\":\"web/templates/job.yaml\",\"weight\":-5}],\n"
    "\"manifest\":\"---\\nkind: Service\\n\"}\n";

/* TEXT as somebody would write it by hand. */
static Str without_checksum(Arena *a, Str text)
{
    size_t at = str_find(text, STR("\"checksum\":"));

    assert_true(at != STR_NONE);
    return str_join(a, str_slice(text, 0, at),
                    str_skip(text, at + strlen("\"checksum\":\"\",") + 64));
}

static const char full_key[] = "releases/production/shop/web/3.json";
static const char earlier_key[] = "releases/production/shop/web/v3.json";

/* The same in format 2, but for the names of its texts. */
static const char split_text[] =
    "{\"chart\":{\"metadata\":{\"appVersion\":\"7\",\"name\":\"web\",\"version\":\"1.2.3\"}},"
    "\"info\":{\"deleted\":\"2026-09-01T22:00:01Z\",\"description\":\"Preparing upgrade\","
    "\"first_deployed\":\"2026-09-01T22:00:00Z\","
    "\"last_deployed\":\"2026-09-01T22:00:00.123Z\",\"status\":\"pending-upgrade\"},"
    "\"name\":\"web\",\"namespace\":\"shop\",\"relfile\":{"
    "\"context\":\"production\",\"format\":2,\"labels\":{\"team\":\"shop\"},\"texts\":{"
    "\"config\":\"CONFIG\",\"manifest\":\"MANIFEST\",\"rest\":\"REST\"},"
    "\"tool\":\"relfile 0.1.0\",\"user\":\"ada@laptop\"},\"version\":3,\n"
    "\"hooks\":[{\"delete_policies\":[\"hook-succeeded\"],"
    "\"events\":[\"pre-install\",\"test\"],\"kind\":\"Job\",\"last_run\":{"
    "\"completed_at\":\"2026-09-01T22:00:00.002Z\",\"phase\":\"Succeeded\","
    "\"started_at\":\"2026-09-01T22:00:00.001Z\"},"
    "\"name\":\"migrate\",\"path\":\"web/templates/job.yaml\",\"weight\":-5}]}\n";

/* TEXT with WORD in place of the digest of WHAT. */
static Str with_name(Arena *a, Str text, const char *what, const char *word)
{
    Str digest = digest_hex(a, DIGEST_SHA256, str_from(what));
    size_t at = str_find(text, digest);

    assert_true(at != STR_NONE);
    return str_format(a, "%.*s%s%.*s", (int)at, text.ptr, word, (int)(text.len - at - digest.len),
                      text.ptr + at + digest.len);
}

static void an_entry_has_helms_names(void **state)
{
    Fixture *f = *state;
    Record record = full_record(&f->memory);

    assert_success(record_write(f->store, &f->memory, &record));
    Str text = without_checksum(&f->memory, fixture_get(f, full_key));
    text = with_name(&f->memory, text, "{\"password\":\"<&>\",\"replicas\":3}", "CONFIG");
    text = with_name(&f->memory, text, "---\nkind: Service\n", "MANIFEST");
    text =
        with_name(&f->memory, text, "{\"hooks\":[\"kind: Job\\n\"],\"notes\":\"Thanks.\"}", "REST");
    assert_str(text, split_text);
}

static void check_summary(const Record *record)
{
    assert_str(record->context, "production");
    assert_str(record->namespace, "shop");
    assert_str(record->name, "web");
    assert_int_equal(record->revision, 3);
    assert_int_equal(record->status, RECORD_PENDING_UPGRADE);
    assert_str(record->description, "Preparing upgrade");
    assert_str(record->chart_name, "web");
    assert_str(record->chart_version, "1.2.3");
    assert_str(record->app_version, "7");
    assert_str(value_map_string(record->labels.map, "team"), "shop");
    assert_int_equal(record->first_deployed_ms, 1788300000000);
    assert_int_equal(record->last_deployed_ms, 1788300000123);
    assert_int_equal(record->deleted_ms, 1788300001000);
    assert_str(record->user, "ada@laptop");
    assert_str(record->tool, "relfile 0.1.0");
}

static void check_whole(const Record *record)
{
    check_summary(record);
    assert_str(record->notes, "Thanks.");
    assert_str(value_map_string(record->values.map, "password"), "<&>");
    assert_true(record->values.map->frozen);
    assert_str(record->manifest, "---\nkind: Service\n");
    assert_int_equal(record->hooks.len, 1);

    const RecordHook *hook = &record->hooks.items[0];
    assert_str(hook->name, "migrate");
    assert_str(hook->kind, "Job");
    assert_str(hook->path, "web/templates/job.yaml");
    assert_str(hook->manifest, "kind: Job\n");
    assert_int_equal(hook->events, HOOK_PRE_INSTALL | HOOK_TEST);
    assert_int_equal(hook->deletes, HOOK_DELETE_SUCCEEDED);
    assert_int_equal(hook->weight, -5);
    assert_int_equal(hook->started_ms, 1788300000001);
    assert_int_equal(hook->completed_ms, 1788300000002);
    assert_str(hook->phase, "Succeeded");
}

static Error *read_last(Fixture *f, Record *out)
{
    return record_last(f->store, &f->memory, STR("production"), STR("shop"), STR("web"), out);
}

/* How many blobs there are. */
static size_t count_blobs(Fixture *f)
{
    StrList keys;

    assert_success(state_list(f->store, &f->memory, blob_folder, &keys));
    return keys.len;
}

static void texts_are_kept_once(void **state)
{
    Fixture *f = *state;
    Record record = full_record(&f->memory), other = full_record(&f->memory);

    assert_success(record_write(f->store, &f->memory, &record));
    assert_int_equal(count_blobs(f), 3);
    other.name = STR("api");
    assert_success(record_write(f->store, &f->memory, &other));
    assert_int_equal(count_blobs(f), 3);
    record.status = RECORD_DEPLOYED;
    assert_success(record_write(f->store, &f->memory, &record));
    assert_int_equal(count_blobs(f), 3);
    record.manifest = STR("---\nkind: Job\n");
    assert_success(record_write(f->store, &f->memory, &record));
    assert_int_equal(count_blobs(f), 4);
}

/* Put ENTRY where the manifest of the full record is. */
static void put_manifest(Fixture *f, Str entry)
{
    Str digest = digest_hex(&f->memory, DIGEST_SHA256, STR("---\nkind: Service\n"));

    fixture_put(f, str_format(&f->memory, "blobs/%.*s", STR_ARG(digest)).ptr, entry);
}

static void texts_that_are_not_what_they_were_are_named(void **state)
{
    Fixture *f = *state;
    Record record = full_record(&f->memory), last;
    StateFindings found;

    record.status = RECORD_DEPLOYED;
    assert_success(record_write(f->store, &f->memory, &record));
    put_manifest(f, gzip_pack(&f->memory, STR("kind: Other\n")));
    assert_failure(read_last(f, &last), ERROR_INPUT, "is damaged");
    put_manifest(f, STR("no gzip"));
    assert_failure(read_last(f, &last), ERROR_INPUT, "blobs/");
    assert_success(state_check(f->store, &f->memory, &found));
    assert_int_equal(found.faults.len, 1);
    assert_true(str_find(found.faults.items[0].what, STR("release shop/web, revision 3")) !=
                STR_NONE);
}

static Error *collect_now(Fixture *f, StateGarbage *out)
{
    return state_collect(f->store, 0, out);
}

static void texts_that_no_record_names_can_be_collected(void **state)
{
    Fixture *f = *state;
    Record record = full_record(&f->memory), last;
    StateGarbage garbage;

    assert_success(record_write(f->store, &f->memory, &record));
    record.manifest = STR("---\nkind: Job\n");
    assert_success(record_write(f->store, &f->memory, &record));
    assert_success(state_collect(f->store, BLOB_KEPT_S, &garbage));
    assert_int_equal(garbage.gone, 0);
    assert_int_equal(garbage.young, 1);
    assert_success(collect_now(f, &garbage));
    assert_int_equal(garbage.gone, 1);
    assert_success(read_last(f, &last));
    assert_str(last.manifest, "---\nkind: Job\n");
    assert_success(record_forget(f->store, &last));
    assert_success(collect_now(f, &garbage));
    assert_int_equal(count_blobs(f), 0);
}

static void nothing_young_is_collected_while_somebody_is_at_work(void **state)
{
    Fixture *f = *state;
    StateLockRequest request = {.name = STR("production"), .holder = STR("ada"), .ttl_ms = 60000};
    StateLock *lock = NULL;
    StateGarbage garbage;

    assert_success(state_lock(f->store, &request, &lock));
    assert_failure(collect_now(f, &garbage), ERROR_CONFLICT, "ada is at work");
    assert_success(state_collect(f->store, BLOB_KEPT_S, &garbage));
    state_unlock(&lock);
}

/* Whoever uses an old text writes it again, so that one who is collecting is refused. */
static void old_texts_are_made_young_by_who_uses_them(void **state)
{
    Fixture *f = *state;
    Record record = full_record(&f->memory), other = full_record(&f->memory);
    Str text = STR("---\nkind: Service\n");
    Str digest = digest_hex(&f->memory, DIGEST_SHA256, text);
    const char *key = str_format(&f->memory, "blobs/%.*s", STR_ARG(digest)).ptr;

    assert_success(record_write(f->store, &f->memory, &record));
    put_manifest(f, gzip_pack_at(&f->memory, text, 1788300000));
    assert_int_equal(blob_written_s(fixture_get(f, key)), 1788300000);
    record.status = RECORD_DEPLOYED; // it names the text already
    assert_success(record_write(f->store, &f->memory, &record));
    assert_int_equal(blob_written_s(fixture_get(f, key)), 1788300000);
    other.name = STR("api");
    assert_success(record_write(f->store, &f->memory, &other));
    assert_true(blob_written_s(fixture_get(f, key)) != 1788300000);
}

static void earlier_records_move_when_they_are_written(void **state)
{
    Fixture *f = *state;
    RecordList history;
    Record last;
    StrList keys;

    fixture_put(f, earlier_key, str_from(full_text));
    assert_success(read_last(f, &last));
    check_whole(&last);
    assert_success(record_write(f->store, &f->memory, &last));
    assert_success(state_list(f->store, &f->memory, STR("releases/"), &keys));
    assert_int_equal(keys.len, 1);
    assert_str(keys.items[0], full_key);
    fixture_put(f, earlier_key, str_from(full_text)); // it was killed in the middle
    assert_success(
        record_history(f->store, &f->memory, STR("production"), STR("shop"), STR("web"), &history));
    assert_int_equal(history.len, 1);
    assert_success(read_last(f, &last));
    assert_str(last.key, full_key);
    assert_success(record_forget(f->store, &last));
    assert_failure(read_last(f, &last), ERROR_NOT_FOUND, "");
}

static void a_summary_of_an_earlier_record_moves_it_whole(void **state)
{
    Fixture *f = *state;
    RecordList history;
    Record last;

    fixture_put(f, earlier_key, str_from(full_text));
    assert_success(
        record_history(f->store, &f->memory, STR("production"), STR("shop"), STR("web"), &history));
    assert_success(record_write(f->store, &f->memory, &history.items[0]));
    assert_int_equal(count_blobs(f), 3);
    assert_success(read_last(f, &last));
    assert_str(last.key, full_key);
    check_whole(&last);
}

static void all_records_can_be_renewed(void **state)
{
    Fixture *f = *state;
    StateCopy count;
    Record last;

    fixture_put(f, earlier_key, str_from(full_text));
    assert_success(state_renew(f->store, &count));
    assert_int_equal(count.copied, 1);
    assert_success(read_last(f, &last));
    assert_str(last.key, full_key);
    check_whole(&last);
    assert_success(state_renew(f->store, &count));
    assert_int_equal(count.same, 1);
}

/* What a store has is the same in another, whichever format it came from. */
static void whole_records_can_be_copied(void **state)
{
    Fixture *f = *state;
    Record record = full_record(&f->memory), last;
    StateCopy count = {0};
    Str text;

    assert_success(record_write(f->store, &f->memory, &record));
    assert_success(state_export(f->store, &f->memory, str_from(full_key), &text));
    assert_true(str_find(text, STR("kind: Service")) != STR_NONE);
    assert_success(state_restore(f->store, str_from(full_key), text, false, &count));
    assert_int_equal(count.same, 1);
    assert_success(record_forget(f->store, &record));
    assert_success(state_restore(f->store, str_from(full_key), text, false, &count));
    assert_int_equal(count.copied, 1);
    assert_success(read_last(f, &last));
    check_whole(&last);
    last.description = STR("Another");
    assert_success(record_write(f->store, &f->memory, &last));
    assert_failure(state_restore(f->store, str_from(full_key), text, false, &count), ERROR_CONFLICT,
                   "something else");
    assert_success(state_restore(f->store, str_from(full_key), text, true, &count));
}

static void what_was_written_is_read(void **state)
{
    Fixture *f = *state;
    Record record = full_record(&f->memory), last;
    RecordList list;

    assert_success(record_write(f->store, &f->memory, &record));
    assert_success(read_last(f, &last));
    check_whole(&last);
    assert_true(str_equal(last.version, record.version));

    assert_success(record_list(f->store, &f->memory, STR("production"), &list));
    assert_int_equal(list.len, 1);
    check_summary(&list.items[0]);
    assert_true(list.items[0].summary);
    assert_int_equal(list.items[0].manifest.len, 0);
    assert_success(record_read(f->store, &f->memory, &list.items[0]));
    check_whole(&list.items[0]);
    assert_false(list.items[0].summary);
}

static void a_record_may_be_nearly_empty(void **state)
{
    Fixture *f = *state;
    Record record = {.name = STR("x"), .revision = 1}, last;

    assert_success(record_write(f->store, &f->memory, &record));
    assert_success(record_last(f->store, &f->memory, STR(""), STR(""), STR("x"), &last));
    assert_int_equal(last.status, RECORD_UNKNOWN);
    assert_int_equal(last.values.kind, VALUE_MAP);
    assert_int_equal(last.hooks.len, 0);
    assert_int_equal(last.last_deployed_ms, 0);
}

/* OLD replaced by NEW, once, in the full record's entry. */
static Str edited(Arena *a, const char *old, const char *new)
{
    Str text = str_from(full_text);
    size_t at = str_find(text, str_from(old));

    assert_true(at != STR_NONE);
    return str_format(a, "%.*s%s%s", (int)at, text.ptr, new, text.ptr + at + strlen(old));
}

typedef struct Edit {
    const char *old, *new;
} Edit;

static void fields_of_others_stay(void **state)
{
    static const Edit edits[] = {
        {"\"version\":3,", "\"unknown\":\"ssa\",\"version\":3,"},
        {"\"status\"", "\"resources\":{\"a\":[1]},\"status\""},
        {"\"metadata\":{", "\"metadata\":{\"annotations\":{},"},
        {"{\"metadata\"", "{\"files\":null,\"metadata\""},
        {"\"labels\":", "\"group\":7,\"labels\":"},
        {"\"path\"", "\"output_log_policies\":[\"hook-failed\"],\"path\""},
        {"\"pre-install\",", "\"pre-install\",\"pre-flight\","},
    };
    Fixture *f = *state;

    for (size_t i = 0; i < COUNT(edits); i++) {
        Record record;

        fixture_put(f, full_key, edited(&f->memory, edits[i].old, edits[i].new));
        assert_success(read_last(f, &record));
        record.description = STR("Done");
        assert_success(record_write(f->store, &f->memory, &record));
        Str text = fixture_get(f, full_key);
        assert_true(str_find(text, str_from(edits[i].new)) != STR_NONE);
        assert_true(str_find(text, STR("\"description\":\"Done\"")) != STR_NONE);
    }
}

static void a_status_of_others_stays(void **state)
{
    Fixture *f = *state;
    Record record;

    fixture_put(f, full_key, edited(&f->memory, "pending-upgrade", "pending-test"));
    assert_success(read_last(f, &record));
    assert_int_equal(record.status, RECORD_UNKNOWN);
    record.description = STR("Done");
    assert_success(record_write(f->store, &f->memory, &record));
    assert_true(str_find(fixture_get(f, full_key), STR("\"pending-test\"")) != STR_NONE);
    record.status = RECORD_FAILED;
    assert_success(record_write(f->store, &f->memory, &record));
    assert_true(str_find(fixture_get(f, full_key), STR("\"failed\"")) != STR_NONE);
}

static void writing_a_summary_keeps_the_rest(void **state)
{
    Fixture *f = *state;
    Record record = full_record(&f->memory), last;
    RecordList history;

    assert_success(record_write(f->store, &f->memory, &record));
    assert_success(
        record_history(f->store, &f->memory, STR("production"), STR("shop"), STR("web"), &history));
    history.items[0].status = RECORD_SUPERSEDED;
    assert_success(record_write(f->store, &f->memory, &history.items[0]));
    assert_success(read_last(f, &last));
    assert_int_equal(last.status, RECORD_SUPERSEDED);
    last.status = RECORD_PENDING_UPGRADE;
    check_whole(&last);
}

static void a_record_may_be_laid_out_otherwise(void **state)
{
    Fixture *f = *state;
    Value value = parsed(&f->memory, full_text);
    Buf text = {.arena = &f->memory};
    RecordList list;
    Record last;

    assert_success(json_write(&text, value, (JsonStyle){.indent = "  "}));
    fixture_put(f, full_key, buf_str(&text));
    assert_success(read_last(f, &last));
    check_whole(&last);
    assert_success(record_list(f->store, &f->memory, STR(""), &list));
    check_summary(&list.items[0]);
}

static void what_was_changed_by_hand_is_noticed(void **state)
{
    Fixture *f = *state;
    Record record = full_record(&f->memory), found = {0};
    RecordList list;

    assert_success(record_write(f->store, &f->memory, &record));
    Str text = fixture_get(f, full_key);
    size_t at = str_find(text, STR("Preparing upg"));
    fixture_put(f, full_key,
                str_format(&f->memory, "%.*sPRE-%.*s", (int)at, text.ptr, (int)(text.len - at - 4),
                           text.ptr + at + 4));
    found = record;
    assert_failure(record_read(f->store, &f->memory, &found), ERROR_INPUT, "3.json: was changed");
    assert_failure(record_list(f->store, &f->memory, STR(""), &list), ERROR_INPUT, "checksum");
    fixture_put(f, full_key, without_checksum(&f->memory, fixture_get(f, full_key)));
    assert_success(record_read(f->store, &f->memory, &found));
}

static void times_may_be_in_any_zone(void **state)
{
    static const Edit edits[] = {
        {"2026-09-01T22:00:00.123Z", "2026-09-02T00:00:00.123456789+02:00"},
        {"2026-09-01T22:00:00.123Z", "2026-09-01T22:00:00.123Z"},
    };
    Fixture *f = *state;
    Record record;

    for (size_t i = 0; i < COUNT(edits); i++) {
        fixture_put(f, full_key, edited(&f->memory, edits[i].old, edits[i].new));
        assert_success(read_last(f, &record));
        assert_int_equal(record.last_deployed_ms, 1788300000123);
    }
    fixture_put(f, full_key, edited(&f->memory, "2026-09-01T22:00:00.123Z", ""));
    assert_success(read_last(f, &record));
    assert_int_equal(record.last_deployed_ms, 0);
}

/* ERR says WANT about the entry: in its place, or before its message. */
static void check_input(Error *err, const char *want)
{
    assert_non_null(err);
    if (error_place(err).file)
        assert_non_null(strstr(error_place(err).file, full_key));
    else
        assert_non_null(strstr(error_message(err), full_key));
    assert_failure(err, ERROR_INPUT, want);
}

static void check_refused(Fixture *f, Str text, const char *want)
{
    RecordList list;
    Record record;

    fixture_put(f, full_key, text);
    check_input(read_last(f, &record), want);
    Error *err = record_list(f->store, &f->memory, STR(""), &list);
    if (err)
        check_input(err, "");
}

static void bad_records_are_named(void **state)
{
    static const struct {
        Edit edit;
        const char *want;
    } rows[] = {
        {{"\"format\":1", "\"format\":3"}, "was written by a newer relfile: it has format 3"},
        {{"\"format\":1,", ""}, "is not a record of a release"},
        {{"\"relfile\":{", "\"x\":{"}, "is not a record of a release"},
        {{"\"relfile\":{", "\"relfile\":3,\"x\":{"}, "relfile is a float, not a map"},
        {{"\"version\":3", "\"version\":4"},
         "is a record of something else: production/shop/web, revision 4"},
        {{"\"version\":3", "\"version\":0"}, "version is not a revision"},
        {{"\"version\":3", "\"version\":3.5"}, "version is not a whole number"},
        {{"\"version\":3", "\"version\":1e99"}, "version is not a whole number"},
        {{"\"name\":\"web\",\"names", "\"name\":\"api\",\"names"},
         "is a record of something else: production/shop/api"},
        {{"\"context\":\"production\"", "\"context\":\"staging\""},
         "is a record of something else: staging/shop/web"},
        {{"\"status\":\"pending-upgrade\"", "\"status\":7"},
         "info: status is a float, not a string"},
        {{"\"info\":{", "\"info\":[],\"i\":{"}, "info is a list, not a map"},
        {{"2026-09-01T22:00:01Z", "yesterday"}, "info: deleted: "},
        {{"\"team\":\"shop\"", "\"team\":1"}, "relfile: label team is not a string"},
        {{"\"manifest\":\"---", "\"manifest\":1,\"m\":\"---"}, "manifest is a float, not a string"},
        {{"\"hooks\":[{", "\"hooks\":[1,{"}, "hook 0 is not a map"},
        {{"\"weight\":-5", "\"weight\":\"5\""}, "hook 0: weight is a string"},
    };
    Fixture *f = *state;

    for (size_t i = 0; i < COUNT(rows); i++)
        check_refused(f, edited(&f->memory, rows[i].edit.old, rows[i].edit.new), rows[i].want);
    check_refused(f, STR("[]"), "is not a record of a release");
    check_refused(f, STR("{}"), "is not a record of a release");
    check_refused(f, STR("hello"), "invalid character");
}

/* Wherever the text ends too early, reading the record fails, and so does listing. */
static void a_record_that_is_cut_short_is_named(void **state)
{
    Fixture *f = *state;
    Str whole = str_from(full_text);

    for (size_t len = 1; len < whole.len - 1; len++) {
        RecordList list;
        Record record;

        fixture_put(f, full_key, str_slice(whole, 0, len));
        check_input(read_last(f, &record), "");
        if (whole.ptr[len - 1] != '}')
            check_input(record_list(f->store, &f->memory, STR(""), &list), "");
    }
}

static void write_revision(Fixture *f, const char *context, const char *name, int revision,
                           RecordStatus status)
{
    Record record = {.context = str_from(context),
                     .namespace = STR("shop"),
                     .name = str_from(name),
                     .revision = revision,
                     .status = status};

    assert_success(record_write(f->store, &f->memory, &record));
}

static void revisions_are_numbers(void **state)
{
    Fixture *f = *state;
    RecordList history, list;
    Record last;

    for (int i = 1; i <= 12; i++)
        write_revision(f, "production", "web", i, RECORD_SUPERSEDED);
    assert_success(read_last(f, &last));
    assert_int_equal(last.revision, 12);
    assert_success(
        record_history(f->store, &f->memory, STR("production"), STR("shop"), STR("web"), &history));
    assert_int_equal(history.len, 12);
    for (int i = 0; i < 12; i++)
        assert_int_equal(history.items[i].revision, i + 1);
    assert_success(record_list(f->store, &f->memory, STR(""), &list));
    assert_int_equal(list.len, 1);
    assert_int_equal(list.items[0].revision, 12);
}

static void an_unknown_release_is_not_found(void **state)
{
    Fixture *f = *state;
    Record record = {.name = STR("x"), .revision = 1};
    RecordList history;

    assert_failure(read_last(f, &record), ERROR_NOT_FOUND,
                   "no release \"web\" in namespace \"shop\" of \"production\"");
    assert_failure(record_read(f->store, &f->memory, &record), ERROR_NOT_FOUND, "1.json");
    assert_success(record_history(f->store, &f->memory, STR("a"), STR("b"), STR("c"), &history));
    assert_int_equal(history.len, 0);
}

static void lists_are_by_context_namespace_and_name(void **state)
{
    Fixture *f = *state;
    RecordList list;

    write_revision(f, "production", "web-2", 1, RECORD_DEPLOYED);
    write_revision(f, "production", "web", 1, RECORD_SUPERSEDED);
    write_revision(f, "production", "web", 2, RECORD_DEPLOYED);
    write_revision(f, "prod", "api", 7, RECORD_FAILED);
    write_revision(f, "a/b:c .. d", "x/../y", 1, RECORD_DEPLOYED);

    assert_success(record_list(f->store, &f->memory, STR("production"), &list));
    assert_int_equal(list.len, 2);
    assert_str(list.items[0].name, "web");
    assert_int_equal(list.items[0].revision, 2);
    assert_str(list.items[1].name, "web-2");
    assert_success(record_list(f->store, &f->memory, STR("prod"), &list));
    assert_int_equal(list.len, 1);
    assert_success(record_list(f->store, &f->memory, STR(""), &list));
    assert_int_equal(list.len, 4);
    assert_str(list.items[0].context, "a/b:c .. d");
    assert_str(list.items[0].name, "x/../y");
}

static void other_files_are_no_records(void **state)
{
    static const char *const names[] = {"v03.json",
                                        "v0.json",
                                        "v.json",
                                        "v3.json.bak",
                                        "v3",
                                        "03.json",
                                        "3",
                                        "vv3.json",
                                        "x3.json",
                                        "v-3.json",
                                        "v3a.json",
                                        "notes.txt",
                                        "v99999999999999999999.json"};
    Fixture *f = *state;
    RecordList list;
    Record last;

    write_revision(f, "production", "web", 2, RECORD_DEPLOYED);
    for (size_t i = 0; i < COUNT(names); i++)
        fixture_put(f, str_format(&f->memory, "releases/production/shop/web/%s", names[i]).ptr,
                    STR("x"));
    assert_success(read_last(f, &last));
    assert_int_equal(last.revision, 2);
    assert_success(record_list(f->store, &f->memory, STR(""), &list));
    assert_int_equal(list.len, 1);
}

static void of_two_writers_one_wins(void **state)
{
    Fixture *f = *state;
    Record first = full_record(&f->memory), second = full_record(&f->memory), third;

    assert_success(record_write(f->store, &f->memory, &first));
    assert_failure(record_write(f->store, &f->memory, &second), ERROR_CONFLICT,
                   "revision 3 of shop/web: another run wrote it first");
    assert_success(read_last(f, &third));
    first.status = RECORD_DEPLOYED;
    assert_success(record_write(f->store, &f->memory, &first));
    assert_failure(record_write(f->store, &f->memory, &third), ERROR_CONFLICT, "shop/web");
    assert_success(record_forget(f->store, &first));
    assert_failure(record_write(f->store, &f->memory, &first), ERROR_CONFLICT, "shop/web");
}

static void check_history(Fixture *f, const char *want)
{
    Buf revisions = {.arena = &f->memory};
    RecordList history;

    assert_success(
        record_history(f->store, &f->memory, STR("production"), STR("shop"), STR("web"), &history));
    for (size_t i = 0; i < history.len; i++)
        buf_format(&revisions, "%s%d", i ? " " : "", history.items[i].revision);
    assert_str(buf_str(&revisions), want);
}

static void old_revisions_are_pruned(void **state)
{
    Fixture *f = *state;
    Record record = full_record(&f->memory);

    for (int i = 1; i <= 6; i++)
        write_revision(f, "production", "web", i, i == 2 ? RECORD_DEPLOYED : RECORD_FAILED);
    assert_success(record_prune(f->store, &record, 0));
    check_history(f, "1 2 3 4 5 6");
    assert_success(record_prune(f->store, &record, 9));
    check_history(f, "1 2 3 4 5 6");
    assert_success(record_prune(f->store, &record, 2));
    check_history(f, "2 5 6");
    assert_success(record_forget(f->store, &record));
    check_history(f, "");
    assert_success(record_forget(f->store, &record));
}

static void what_json_cannot_say_is_an_error(void **state)
{
    Fixture *f = *state;
    Record record = full_record(&f->memory);
    ValueMap *values = value_map_new(&f->memory);

    value_map_set_c(&f->memory, values, "x", value_float(0.0 / (double)(record.revision - 3)));
    record.values = value_of_map(values);
    assert_failure(record_write(f->store, &f->memory, &record), ERROR_INPUT,
                   "record of shop/web: json: ");
    assert_failure(read_last(f, &record), ERROR_NOT_FOUND, "");
}

enum { RELEASES = 1000, MANIFEST_BYTES = 20000, SLOWEST_MS = 3000 };

/* The text of a record with a large manifest, whose release is called "@@@@". */
static Str large_text(Fixture *f)
{
    Buf manifest = {.arena = &f->memory};
    Record record = full_record(&f->memory);

    while (manifest.len < MANIFEST_BYTES)
        buf_format(&manifest, "key%zu: \"value\"\n", manifest.len);
    record.name = STR("@@@@");
    record.manifest = buf_str(&manifest);
    assert_success(record_write(f->store, &f->memory, &record));
    Str text = fixture_get(f, "releases/production/shop/@@@@/3.json");
    assert_success(record_forget(f->store, &record));
    return without_checksum(&f->memory, text);
}

/* As many releases, without waiting for the disk. */
static void make_releases(Fixture *f, Str text)
{
    size_t at = str_find(text, STR("@@@@"));

    for (int i = 0; i < RELEASES; i++) {
        const char *folder =
            str_format(&f->memory, "of/team/releases/production/shop/%d", 1000 + i).ptr;
        const char *path = str_format(&f->memory, "%s/state/%s", f->folder.path, folder).ptr;

        assert_int_equal(
            i ? mkdir(path, 0700) : system(str_format(&f->memory, "mkdir -p %s", path).ptr), 0);
        temporary_write(&f->folder, str_format(&f->memory, "state/%s/3.json", folder).ptr,
                        str_format(&f->memory, "%.*s%d%.*s", (int)at, text.ptr, 1000 + i,
                                   (int)(text.len - at - 4), text.ptr + at + 4));
    }
}

static void many_releases_are_listed_at_once(void **state)
{
    Fixture *f = *state;
    int64_t took = SLOWEST_MS;
    RecordList list;

    make_releases(f, large_text(f));
    for (int i = 0; i < 3; i++) {
        int64_t start = monotonic_ms();

        assert_success(record_list(f->store, &f->memory, STR("production"), &list));
        took = monotonic_ms() - start < took ? monotonic_ms() - start : took;
        assert_int_equal(list.len, RELEASES);
    }
    if (getenv("TEST_TIMES"))
        print_message("    %d releases in %lld ms\n", RELEASES, (long long)took);
    assert_true(took < SLOWEST_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_entry_has_helms_names),
        TEST(what_was_written_is_read),
        TEST(texts_are_kept_once),
        TEST(texts_that_are_not_what_they_were_are_named),
        TEST(texts_that_no_record_names_can_be_collected),
        TEST(nothing_young_is_collected_while_somebody_is_at_work),
        TEST(old_texts_are_made_young_by_who_uses_them),
        TEST(earlier_records_move_when_they_are_written),
        TEST(a_summary_of_an_earlier_record_moves_it_whole),
        TEST(all_records_can_be_renewed),
        TEST(whole_records_can_be_copied),

        TEST(a_record_may_be_nearly_empty),
        TEST(fields_of_others_stay),
        TEST(a_status_of_others_stays),
        TEST(writing_a_summary_keeps_the_rest),
        TEST(a_record_may_be_laid_out_otherwise),
        TEST(what_was_changed_by_hand_is_noticed),
        TEST(times_may_be_in_any_zone),
        TEST(bad_records_are_named),
        TEST(a_record_that_is_cut_short_is_named),
        TEST(revisions_are_numbers),
        TEST(an_unknown_release_is_not_found),
        TEST(lists_are_by_context_namespace_and_name),
        TEST(other_files_are_no_records),
        TEST(of_two_writers_one_wins),
        TEST(old_revisions_are_pruned),
        TEST(what_json_cannot_say_is_an_error),
        TEST(many_releases_are_listed_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
