#include "target/targets.h"

#include "base/field.h"
#include "base/nearest.h"

static const TargetType *const types[] = {
#define TARGET_TYPE_ROW(name) &target_type_##name,
    TARGETS(TARGET_TYPE_ROW)
#undef TARGET_TYPE_ROW
};

void target_describe(Buf *b)
{
    for (size_t i = 0; i < COUNT(types); i++)
        buf_format(b, "  %-11s %s\n", types[i]->name, types[i]->help);
}

static const TargetType *type_of(const char *name)
{
    for (size_t i = 0; i < COUNT(types); i++)
        if (str_is(str_from(name), types[i]->name))
            return types[i];
    return NULL;
}

bool target_keeps_records(const char *type)
{
    const TargetType *found = type_of(type);

    return found && found->keeps_records;
}

static Error *unknown_type(const char *name)
{
    const char *names[COUNT(types)];

    for (size_t i = 0; i < COUNT(types); i++)
        names[i] = types[i]->name;
    return nearest_hint(error_new(ERROR_INPUT, "there is no kind of target called \"%s\"", name),
                        str_from(name), names, COUNT(names));
}

Error *target_known(const char *name)
{
    for (size_t i = 0; i < COUNT(types); i++)
        if (str_is(str_from(name), types[i]->name))
            return NULL;
    return unknown_type(name);
}

Error *target_open(Arena *a, const TargetOptions *options, Target **out)
{
    const TargetType *type = type_of(options->type);

    return type ? type->open(a, options, out) : unknown_type(options->type);
}

void target_close(Target **target)
{
    if (*target)
        (*target)->type->close(*target);
    *target = NULL;
}

Error *target_capabilities(Target *target, Arena *a, TargetCapabilities *out)
{
    return target->type->capabilities(target, a, out);
}

Error *target_namespaced(Target *target, Str api_version, Str kind, bool *out)
{
    return target->type->namespaced(target, api_version, kind, out);
}

Error *target_get(Target *target, Arena *a, const ObjectId *id, Value *out)
{
    return target->type->get(target, a, id, out);
}

Error *target_look(Target *target, Arena *a, const ObjectId *id, Value *out)
{
    return target->type->look ? target->type->look(target, a, id, out)
                              : target->type->get(target, a, id, out);
}

Error *target_list(Target *target, Arena *a, const ObjectId *id, Value *out)
{
    return target->type->list(target, a, id, &(TargetQuery){0}, out);
}

Error *target_find(Target *target, Arena *a, const ObjectId *id, const TargetQuery *query,
                   Value *out)
{
    return target->type->list(target, a, id, query, out);
}

/* ITEMS of the kind of ID as an API server lists them. */
static Value list_object(Arena *a, const ObjectId *id, Value items)
{
    ValueMap *list = value_map_new(a);

    value_map_set_c(a, list, "apiVersion", value_string(id->api_version));
    value_map_set_c(a, list, "kind", value_string(str_join(a, id->kind, STR("List"))));
    value_map_set_c(a, list, "metadata", value_of_map(value_map_new(a)));
    value_map_set_c(a, list, "items", items);
    return value_of_map(list);
}

Error *target_lookup(void *context, Arena *a, Str api_version, Str kind, Str namespace, Str name,
                     Value *out)
{
    ObjectId id = {api_version, kind, namespace, name};
    Error *err = name.len ? target_get(context, a, &id, out) : target_list(context, a, &id, out);

    if (!err && !name.len)
        *out = list_object(a, &id, *out);
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        *out = value_null();
        return NULL;
    }
    return err;
}

Error *target_apply(Target *target, Arena *a, Value object, const TargetApply *how, Value *out)
{
    return target->type->apply(target, a, object, how, out);
}

Error *target_remove(Target *target, const ObjectId *id, const TargetDelete *how)
{
    return target->type->remove(target, id, how);
}

Error *target_may(Target *target, Arena *a, const TargetRight *right, bool *out, Str *resource)
{
    *out = true;
    *resource = right->kind;
    return target->type->may ? target->type->may(target, a, right, out, resource) : NULL;
}

Error *target_log(Target *target, Arena *a, const ObjectId *id, size_t lines, Str *out)
{
    return target->type->log(target, a, id, lines, out);
}

Error *target_read_log(Target *target, Arena *a, const ObjectId *id, const TargetLog *how,
                       const TargetSink *sink)
{
    Str text;

    if (target->type->read_log)
        return target->type->read_log(target, a, id, how, sink);
    TRY(target->type->log(target, a, id, how->lines ? how->lines : SIZE_MAX, &text));
    sink->take(sink->context, text);
    return NULL;
}

Error *target_exec(Target *target, Arena *a, const ObjectId *id, const TargetExec *how, int *status)
{
    if (target->type->exec)
        return target->type->exec(target, a, id, how, status);
    return error_hint(error_new(ERROR_INPUT, "the target %s runs no programs", target->type->name),
                      "--target kubernetes does");
}

Error *target_wait(Target *target, int64_t timeout_ms)
{
    return target->type->wait(target, timeout_ms);
}

Error *target_await(Target *target, const Value *object, int64_t timeout_ms)
{
    return target->type->await && object->kind == VALUE_MAP
               ? target->type->await(target, object, timeout_ms)
               : target->type->wait(target, timeout_ms);
}

int64_t target_now_ms(Target *target)
{
    return target->type->now_ms(target);
}

ObjectId object_id(Value object, Str default_namespace)
{
    Str namespace = field_string(&object, "metadata.namespace");

    return (ObjectId){
        .api_version = field_string(&object, "apiVersion"),
        .kind = field_string(&object, "kind"),
        .namespace = namespace.len ? namespace : default_namespace,
        .name = field_string(&object, "metadata.name"),
    };
}

Str object_title(Arena *a, const ObjectId *id)
{
    return str_format(a, "%.*s/%.*s", STR_ARG(id->kind), STR_ARG(id->name));
}
