/*
 * layout.c - text in lines and columns, which are bytes: indented, wrapped, abbreviated.
 * Source: sprig, strings.go; goutils, wordutils.go and stringutils.go.
 */
#include "templating/functions/sets.h"
#include "templating/functions/text.h"

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

static Error *add_indented(Buf *b, const TemplateCall *call)
{
    int64_t width = call->args[0].integer;
    Str text = call->args[1].string, line;
    size_t lines = 1;

    if (width < 0)
        return FAIL("negative width: %lld", (long long)width);
    for (size_t i = 0; i < text.len; i++)
        lines += text.ptr[i] == '\n';
    TRY(text_check_growth(call, b, lines, (size_t)width));
    for (bool more = true; more;) {
        more = str_cut(&text, '\n', &line);
        buf_fill(b, ' ', (size_t)width);
        buf_add(b, line);
        if (more)
            buf_add_char(b, '\n');
    }
    return NULL;
}

static Error *run_indent(const TemplateCall *call, Value *out)
{
    Buf b = {.arena = call->arena};

    TRY(add_indented(&b, call));
    return text_result(call, &b, out);
}

static Error *run_nindent(const TemplateCall *call, Value *out)
{
    Buf b = {.arena = call->arena};

    buf_add_char(&b, '\n');
    TRY(add_indented(&b, call));
    return text_result(call, &b, out);
}

/* Where the first, or the last, space of TEXT is from FROM up to TO; STR_NONE without one. */
static size_t first_space(Str text, size_t from)
{
    size_t found = str_find_char(str_skip(text, from), ' ');

    return found == STR_NONE ? STR_NONE : from + found;
}

static size_t last_space(Str text, size_t from, size_t to)
{
    while (to > from)
        if (text.ptr[--to] == ' ')
            return to;
    return STR_NONE;
}

/* The last argument with NEWLINE at spaces, so that lines have at most WIDTH bytes; CUTS words that
 * are longer.
 */
static Error *wrap(const TemplateCall *call, Buf *b, size_t width, Str newline, bool cuts)
{
    Str text = call->args[call->len - 1].string;
    size_t at = 0;

    while (text.len - at > width) {
        if (text.ptr[at] == ' ') {
            at++;
            continue;
        }
        size_t next, end = last_space(text, at, at + width + 1);
        if (end == STR_NONE && !cuts)
            end = first_space(text, at + width);
        if (end == STR_NONE && !cuts)
            break;
        if (end == STR_NONE)
            next = end = at + width;
        else
            next = end + 1;
        buf_add(b, str_slice(text, at, end));
        buf_add(b, newline);
        TRY(text_check(call, b->len));
        at = next;
    }
    buf_add(b, str_skip(text, at));
    return NULL;
}

static size_t width_argument(Value v)
{
    return v.integer < 1 ? 1 : (size_t)v.integer;
}

static Error *run_wrap(const TemplateCall *call, Value *out)
{
    Buf b = {.arena = call->arena};

    TRY(wrap(call, &b, width_argument(call->args[0]), STR("\n"), false));
    return text_result(call, &b, out);
}

static Error *run_wrap_with(const TemplateCall *call, Value *out)
{
    Str newline = call->args[1].string;
    Buf b = {.arena = call->arena};

    if (!newline.len)
        newline = STR("\n");
    TRY(wrap(call, &b, width_argument(call->args[0]), newline, true));
    return text_result(call, &b, out);
}

static const Str ellipsis = STR_INIT("...");

/* The first bytes of TEXT and "...", together WIDTH, which is at least 4. */
static Str abbreviated(Arena *a, Str text, size_t width)
{
    if (text.len <= width)
        return text;
    return str_join(a, str_slice(text, 0, width - ellipsis.len), ellipsis);
}

static Error *run_abbrev(const TemplateCall *call, Value *out)
{
    int64_t width = call->args[0].integer;

    *out = call->args[1];
    if (width >= 4)
        *out = value_string(abbreviated(call->arena, call->args[1].string, (size_t)width));
    return NULL;
}

/* The bytes of TEXT about OFFSET, with "..." where some are left out, together WIDTH. */
static Str abbreviated_at(Arena *a, Str text, size_t offset, size_t width)
{
    size_t shown = width - ellipsis.len; // beside the first "..."

    if (text.len <= width)
        return text;
    if (offset > text.len - shown)
        offset = text.len - shown;
    if (offset <= 4)
        return abbreviated(a, text, width);
    return str_join(a, ellipsis, abbreviated(a, str_skip(text, offset), shown));
}

static Error *run_abbrevboth(const TemplateCall *call, Value *out)
{
    int64_t offset = call->args[0].integer, width = call->args[1].integer;
    Str text = call->args[2].string;

    *out = call->args[2];
    if (width < 4 || (offset > 0 && width < 7))
        return NULL;
    if (offset < 0)
        offset = 0;
    *out = value_string(abbreviated_at(call->arena, text, (size_t)offset, (size_t)width));
    return NULL;
}

static const TemplateFunction functions[] = {
    {"abbrev", "is", "abbrev WIDTH TEXT", "TEXT cut to WIDTH bytes, with ... at its end.",
     run_abbrev},
    {"abbrevboth", "iis", "abbrevboth OFFSET WIDTH TEXT",
     "TEXT cut to WIDTH bytes at OFFSET, with ... at both ends.", run_abbrevboth},
    {"indent", "is", "indent WIDTH TEXT", "TEXT with WIDTH spaces before each line.", run_indent},
    {"nindent", "is", "nindent WIDTH TEXT", "A newline, and TEXT indented.", run_nindent},
    {"wrap", "is", "wrap WIDTH TEXT", "TEXT in lines of WIDTH bytes, if words allow it.", run_wrap},
    {"wrapWith", "iss", "wrapWith WIDTH NEWLINE TEXT",
     "TEXT in lines of WIDTH bytes with NEWLINE between.", run_wrap_with},
};

const TemplateFunctionSet template_functions_layout = {
    .name = "text in lines and columns",
    .source = "sprig, strings.go; goutils, wordutils.go and stringutils.go",
    .functions = functions,
    .len = COUNT(functions),
};
