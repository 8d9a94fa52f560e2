#include "target/kubernetes/managed_fields.h"

#include "base/field.h"

static bool is_entry(const Value *entry, const char *manager, const char *operation)
{
    return str_is(field_string(entry, "manager"), manager) &&
           str_is(field_string(entry, "operation"), operation) &&
           !field_string(entry, "subresource").len;
}

static const Value *find_entry(ValueList entries, const char *manager, const char *operation)
{
    for (size_t i = 0; i < entries.len; i++)
        if (is_entry(&entries.items[i], manager, operation))
            return &entries.items[i];
    return NULL;
}

/* What all the manager's entries own, as the fields of one. */
static Value union_of(Arena *a, ValueList entries, const char *manager)
{
    ValueMap *all = value_map_new(a);

    for (size_t i = 0; i < entries.len; i++) {
        const ValueMap *fields = field_map(&entries.items[i], "fieldsV1");

        if (fields && (is_entry(&entries.items[i], manager, "Update") ||
                       is_entry(&entries.items[i], manager, "Apply")))
            value_merge(a, all, value_thaw(a, value_of_map((ValueMap *)(uintptr_t)fields)).map);
    }
    return value_of_map(all);
}

static Value operation(Arena *a, const char *path, Value v)
{
    return map_of(a, {"op", value_c("replace")}, {"path", value_c(path)}, {"value", v});
}

Value managed_fields_patch(Arena *a, const Value *live, const char *manager)
{
    ValueList entries = field_list(live, "metadata.managedFields");
    const Value *updates = find_entry(entries, manager, "Update");
    const Value *applies = find_entry(entries, manager, "Apply");
    Value *items = arena_array(a, Value, entries.len + 1);
    size_t len = 0;

    if (!updates)
        return value_null();
    Value entry = value_thaw(a, applies ? *applies : *updates);
    field_set_c(a, &entry, "operation", "Apply");
    value_map_set_c(a, entry.map, "fieldsV1", union_of(a, entries, manager));
    for (size_t i = 0; i < entries.len; i++)
        if (!is_entry(&entries.items[i], manager, "Update") &&
            !is_entry(&entries.items[i], manager, "Apply"))
            items[len++] = entries.items[i];
    items[len++] = entry;
    return list_of(a, operation(a, "/metadata/managedFields", value_list(items, len)),
                   operation(a, "/metadata/resourceVersion",
                             value_string(field_string(live, "metadata.resourceVersion"))));
}
