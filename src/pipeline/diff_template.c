/*
 * diff_template.c - comparisons as a template tells them: helm-diff's own, which makes JSON, or the
 * one that HELM_DIFF_TPL names.
 * Source: helm-diff, diff/report.go.
 */
#include "pipeline/diff_output.h"

#include "base/field.h"
#include "io/env.h"
#include "io/file.h"
#include "io/world.h"
#include "templating/template.h"

/* last NUMBER LIST */
static Error *run_last(const TemplateCall *call, Value *out)
{
    const Value *list = &call->args[1];

    if (list->kind != VALUE_LIST)
        return error_new(ERROR_INPUT, "argument 2 is a %s", value_kind_name(list->kind));
    *out = value_bool(call->args[0].integer == (int64_t)list->list.len - 1);
    return NULL;
}

static const TemplateFunction functions[] = {
    {"last", "ia", "last NUMBER LIST", "Whether an item of that number is the last.", run_last},
};

static const TemplateFunctionSet report_set = {
    .name = "reports", .source = "helm-diff", .functions = functions, .len = COUNT(functions)};

static Value entry_value(Arena *a, const ReleaseChange *change)
{
    const ObjectId *id = &change->object.id;

    return map_of(a, {"Namespace", value_string(id->namespace)}, {"Name", value_string(id->name)},
                  {"Kind", value_string(id->kind)},
                  {"API", value_string(diff_group(id->api_version))},
                  {"Change", value_c(diff_change_word(change))});
}

static const char usual_template[] = "[{{- $global := . -}}{{- range $idx, $entry := . -}}{\n"
                                     "  \"api\": \"{{ $entry.API }}\",\n"
                                     "  \"kind\": \"{{ $entry.Kind }}\",\n"
                                     "  \"namespace\": \"{{ $entry.Namespace }}\",\n"
                                     "  \"name\": \"{{ $entry.Name }}\",\n"
                                     "  \"change\": \"{{ $entry.Change }}\"\n"
                                     "}{{- if not (last $idx $global) }},{{ end }}{{- end }}]\n";

Error *diff_write_template(Buf *b, const Step *step, const Comparison *c)
{
    Arena *a = step->arena;
    const TemplateFunctionSet **sets =
        arena_array(a, const TemplateFunctionSet *, template_sprig_set_count + 1);
    Value *entries = arena_array(a, Value, c->changes.len);
    bool is_json = diff_form(step_options(step)) == DIFF_HELM_JSON; // it has a template of its own
    const char *file = is_json ? NULL : env_get("HELM_DIFF_TPL");
    Str text = str_from(usual_template), made;

    if (file)
        TRY(file_read(a, file, &text));
    for (size_t i = 0; i < template_sprig_set_count; i++)
        sets[i] = template_sprig_sets[i];
    sets[template_sprig_set_count] = &report_set;
    for (size_t i = 0; i < c->changes.len; i++)
        entries[i] = entry_value(a, &c->changes.items[i]);
    TemplateEngine *engine = template_engine_new(
        a, &(TemplateOptions){.sets = sets, .set_count = template_sprig_set_count + 1});
    const char *name = file ? file : "report";
    TRY(template_parse(engine, name, text));
    TRY(template_render(engine,
                        &(TemplateRender){.arena = a,
                                          .dot = value_list(entries, c->changes.len),
                                          .world = &world_real},
                        name, &made));
    buf_add(b, made);
    return NULL;
}
