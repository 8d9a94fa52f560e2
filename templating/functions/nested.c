/*
 * nested.c - include and tpl: templates run from inside a template.
 *
 * What a text given to `tpl` defines is there for whatever runs under it, and gone after.
 * Source: helm, pkg/engine/engine.go, includeFun and tplFun.
 */
#include "base/stack.h"
#include "templating/advise.h"
#include "templating/functions/sets.h"
#include "templating/parse.h"
#include "templating/render.h"

#include <string.h>

static Error *run_include(const TemplateCall *call, Value *out)
{
    Render *r = call->render;
    Str name = call->args[0].string, text;
    const Value *before = value_map_get(r->including, name);
    int64_t count = before ? before->integer : 0;
    const Tree *tree = render_find_tree(r, name);

    if ((uint64_t)count > r->budget->limits->includes || stack_low())
        return error_new(ERROR_INPUT, "\"%.*s\" includes itself without end", STR_ARG(name));
    if (!tree)
        return advise_template(r, error_new(ERROR_INPUT, "no template \"%.*s\"", STR_ARG(name)),
                               name);
    value_map_set(r->arena, r->including, name, value_int(count + 1));
    Value dot = call->args[1].kind == VALUE_NULL ? value_missing() : call->args[1];
    profile_enter(r->spans, r->arena, "include ", name);
    TRY(render_tree_text(r, tree, dot, &text));
    profile_leave(r->spans, r->arena);
    value_map_set(r->arena, r->including, name, value_int(count));
    *out = value_string(text);
    return NULL;
}

static Error *parsed(Render *r, Str text, const TreeList **out)
{
    for (size_t i = 0; i < r->texts.len; i++)
        if (str_equal(r->texts.items[i].text, text)) {
            *out = &r->texts.items[i].trees;
            return NULL;
        }

    ParsedText *entry = arena_new(r->arena, ParsedText);
    entry->text = text;
    TRY(parse_template(r->arena, r->engine, r->engine->options.tpl_name, text, &entry->trees));
    *vec_add(r->arena, &r->texts) = *entry;
    *out = &entry->trees;
    return NULL;
}

/*
 * The text's own tree; in SCOPE are that, since it can include itself, and those it defines: but a
 * blank one hides no other.
 */
static const Tree *open_scope(Render *r, const TreeList *trees, Scope *scope)
{
    Str own = str_from(r->engine->options.tpl_name);
    const Tree *main = NULL;

    *scope = (Scope){.outer = r->scope};
    for (size_t i = 0; i < trees->len; i++) {
        Tree *tree = trees->items[i];

        if (str_equal(tree->name, own))
            main = tree;
        if (!tree->empty || !render_find_tree(r, tree->name))
            *vec_add(r->arena, &scope->trees) = tree;
    }
    return main;
}

/* ERR happened in a text given to `tpl`: who calls that has not written it anywhere. */
static Error *out_of_text(const Render *r, Error *err)
{
    const TemplateOptions *options = &r->engine->options;
    Place place = error_place(err);

    if (!options->tpl_at_call || r->blamed.len || !place.file ||
        strcmp(place.file, options->tpl_name) != 0)
        return err;
    if (r->texts_too_deep)
        return error_move(err, (Place){0});
    err = place.column ? error_wrap(err, "line %d, column %d of the text", place.line, place.column)
                       : error_wrap(err, "line %d of the text", place.line);
    return error_excerpt(err);
}

/* Where a text is given to tpl, which tells it from others in a profile. */
static Str place_text(const Render *r)
{
    Place place = render_place(r);

    return str_format(r->arena, "%s:%d", place.file, place.line);
}

static Error *run_text(Render *r, Str text, Value dot, Str *out)
{
    Scope *scope = arena_new(r->arena, Scope);
    const Scope *outer = r->scope;
    const TreeList *trees;

    if (r->spans)
        profile_enter(r->spans, r->arena, "tpl ", place_text(r));
    TRY(parsed(r, text, &trees));
    const Tree *tree = open_scope(r, trees, scope);
    r->scope = scope;
    r->texts_deep++;
    TemplateMap *map = r->map;
    r->map = NULL; // the text is in no file
    TRY(render_tree_text(r, tree, dot, out));
    r->map = map;
    profile_leave(r->spans, r->arena);
    r->texts_deep--;
    r->scope = outer;
    return NULL;
}

static Error *run_tpl(const TemplateCall *call, Value *out)
{
    Render *r = call->render;
    Str text = call->args[0].string;
    Str made;

    if ((uint64_t)r->texts_deep >= r->budget->limits->includes || stack_low()) {
        r->texts_too_deep = true;
        return error_new(ERROR_INPUT, "tpl runs inside itself without end");
    }
    if (str_find(text, STR("{{")) == STR_NONE) {
        *out = value_string(render_cleaned(r, text));
        return NULL;
    }

    Value dot = call->args[1].kind == VALUE_NULL ? value_missing() : call->args[1];
    Error *err = run_text(r, text, dot, &made);
    if (err)
        return out_of_text(r, err);
    *out = value_string(render_cleaned(r, made));
    return NULL;
}

static const TemplateFunction functions[] = {
    {"include", "sa", "include NAME DOT", "The text of template NAME, run with DOT.", run_include},
    {"tpl", "sa", "tpl TEXT DOT", "TEXT as a template, run with DOT.", run_tpl},
};

const TemplateFunctionSet template_functions_nested = {
    .name = "templates in templates",
    .source = "helm, pkg/engine/engine.go, includeFun and tplFun",
    .functions = functions,
    .len = COUNT(functions),
};
