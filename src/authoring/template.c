/*
 * template.c - `relfile chart template`. Source: helm, pkg/cmd/template.go and install.go.
 */
#include "authoring/cluster.h"
#include "authoring/locate.h"
#include "authoring/values.h"

#include "base/path.h"
#include "io/file.h"
#include "io/log.h"
#include "io/world.h"
#include "postrender/postrender.h"
#include "templating/template.h"

#include <string.h>

#define USUAL_NAME "release-name"

/* ---- whose manifests */

/* What TEXT, a template that sees nothing, renders to. */
static Error *render_name(Arena *a, Str text, Str *out)
{
    TemplateEngine *engine =
        template_engine_new(a, &(TemplateOptions){.sets = template_sprig_sets,
                                                  .set_count = template_sprig_set_count,
                                                  .tpl_name = "name-template"});

    TRY(template_parse(engine, "name-template", text));
    return template_render(engine,
                           &(TemplateRender){.arena = a, .dot = value_null(), .world = &world_real},
                           "name-template", out);
}

static Error *find_name(Arena *a, const AuthoringOptions *o, const char *name, Str *out)
{
    *out = str_from(name ? name : USUAL_NAME);
    if (name && o->generate_name)
        return error_new(ERROR_USAGE, "cannot set --generate-name and also specify a name");
    if (name && o->name_template.len)
        return error_new(ERROR_USAGE, "cannot set --name-template and also specify a name");
    return o->name_template.len ? render_name(a, o->name_template, out) : NULL;
}

/* ---- rendering */

static Error *post(Arena *a, const AuthoringOptions *o, ChartOutput *output)
{
    PostRenderer renderer = {.name = o->post_renderer, .arguments = o->post_renderer_args};

    return o->post_renderer.len ? post_render(a, &renderer, output) : NULL;
}

static Error *render(Arena *a, const AuthoringOptions *o, const char *name, const Chart *chart,
                     const ValueMap *values, ChartOutput *out)
{
    DEFER(target_close) Target *cluster = NULL;
    ChartRelease release = {
        .namespace = authoring_namespace(o),
        .is_upgrade = o->is_upgrade,
        .values = values,
        .capabilities = {.kube_version = o->kube_version,
                         .api_versions = o->api_versions.items,
                         .api_version_count = o->api_versions.len},
        .skips_schema = o->skip_schema,
        .once = true,
        .settings = o->settings,
    };

    *out = (ChartOutput){0};
    TRY(error_as(chart_compat_parse(o->compat, &release.compat), ERROR_USAGE));
    TRY(find_name(a, o, name, &release.name));
    TRY(authoring_cluster(a, o, &cluster));
    release.heads_only = !cluster; // which is asked about objects
    if (cluster)
        TRY(authoring_cluster_tell(cluster, a, &release));
    TRY(chart_render(a, chart, &release, out));
    TRY(post(a, o, out));
    return cluster ? authoring_cluster_check(cluster, a, release.namespace, out) : NULL;
}

/* ---- what is printed */

static ChartPrint print_of(const AuthoringOptions *o)
{
    return (ChartPrint){.skips_hooks = o->no_hooks,
                        .skips_tests = o->skip_tests,
                        .includes_crds = o->include_crds,
                        .show_only = o->show_only.items,
                        .show_only_count = o->show_only.len};
}

/* Files with what was rendered, and the empty line that stands for the rest. */
static Error *write_files(Arena *a, const AuthoringOptions *o, const char *name,
                          const ChartOutput *output, Buf *out)
{
    ChartPrint print = print_of(o);
    Str folder = str_from(o->output_dir), release;

    TRY(find_name(a, o, name, &release));
    TRY(chart_write(
        a, output, &print,
        &(ChartFolders){.crds = folder,
                        .manifests = o->release_name ? path_join(a, folder, release) : folder},
        out));
    buf_add_char(out, '\n');
    return NULL;
}

static Error *print(Arena *a, const AuthoringOptions *o, const char *name,
                    const ChartOutput *output, Buf *out)
{
    ChartPrint print = print_of(o);

    if (o->raw)
        return chart_print_raw(out, output, &print);
    if (o->output_dir)
        return write_files(a, o, name, output, out);
    return chart_print(out, output, &print);
}

/* Texts that are no manifests are what one wants to see with --raw and --debug. */
static Error *print_after(const AuthoringOptions *o, const ChartOutput *output, Error *err,
                          Buf *out)
{
    if (!output->stage || strcmp(output->stage, "manifest") != 0)
        return err;
    if (!o->raw && !o->debug)
        return err;
    error_free(chart_print_raw(out, output, &(ChartPrint){0}));
    return o->raw ? (error_free(err), NULL) : err;
}

Error *authoring_template(const AuthoringOptions *options, const char *name, const char *chart,
                          Buf *out)
{
    DEFER(shared_free) Shared *shared = shared_new();
    Arena *a = out->arena;
    const Chart *loaded;
    const char *path;
    ValueMap *values;
    ChartOutput output;

    TRY(authoring_locate(a, &options->location, chart, &path));
    if (options->dependency_update && file_kind(path) == FILE_DIRECTORY)
        TRY(authoring_dependency(options, DEPENDENCY_UPDATE, path, &(Buf){.arena = a}));
    TRY(authoring_values(a, &options->values, &values));
    TRY(chart_load_mapped(shared, path, &loaded));
    if (chart_is_deprecated(loaded))
        log_warn("this chart is deprecated");
    Error *err = render(a, options, name, loaded, values, &output);
    if (err)
        return print_after(options, &output, err, out);
    return print(a, options, name, &output, out);
}
