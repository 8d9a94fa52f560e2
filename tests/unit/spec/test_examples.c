/*
 * test_examples.c - each field of the reference has an example, and it can be read.
 */
#include "base/yaml.h"
#include "spec/fields.h"
#include "tests/unit/unit.h"

#include <stdalign.h>
#include <stddef.h>

static void check_field(const SpecRecordType *type, const SpecField *field)
{
    DEFER(arena_free) Arena a = {0};
    const char *example = spec_example(field);
    YamlDocuments documents = {0};
    SpecReader reader = {.arena = &a, .file = "example"};

    if (!example)
        fail_msg("%s.%s has no example", type->name, field->name);
    Str text = str_format(&a, "%s: %s\n", field->name, example);
    reader.text = reader.source = text;
    assert_success(yaml_read(&a, "example", text, &documents));
    Error *err = spec_decode(&reader, documents.items[0], type,
                             arena_alloc(&a, 1, type->size, alignof(max_align_t)));
    if (err)
        fail_msg("%s.%s: %s: %s", type->name, field->name, example, error_message(err));
}

static void test_examples(void **state)
{
    (void)state;
    for (size_t i = 0; i < spec_record_count; i++)
        for (size_t j = 0; j < spec_records[i]->len; j++)
            check_field(spec_records[i], &spec_records[i]->fields[j]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"each field has an example that can be read", test_examples, NULL, NULL, NULL},
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
