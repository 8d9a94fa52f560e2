/*
 * yaml.c - our YAML reader beside libyaml. Compared is all that a node is: kind, tag, text, whether
 * it is plain, and of an alias which anchor it names.
 */
#include "base/yaml_read.h"
#include "tests/oracle/dump.h"
#include "tests/oracle/oracle.h"

void dump_scalar(Buf *b, Str tag, Str text, bool plain)
{
    buf_format(b, "%.*s%s", STR_ARG(tag), plain ? ":" : "\"");
    buf_add(b, text);
    buf_add_char(b, '\n');
}

void dump_open(Buf *b, Str tag, char bracket)
{
    buf_format(b, "%.*s%c\n", STR_ARG(tag), bracket);
}

void dump_alias(Buf *b, Str anchor)
{
    buf_format(b, "*%.*s\n", STR_ARG(anchor));
}

/* TAG in full, as libyaml has it. */
static Str long_tag(Arena *a, Str tag)
{
    return str_starts(tag, STR("!!")) ? str_join(a, STR("tag:yaml.org,2002:"), str_skip(tag, 2))
                                      : tag;
}

static void dump(Buf *b, const YamlNode *node)
{
    Str tag = long_tag(b->arena, node->tag);

    if (node->alias.len) {
        dump_alias(b, node->alias);
    } else if (node->kind == YAML_SCALAR) {
        dump_scalar(b, tag, node->text, node->plain);
    } else {
        dump_open(b, tag, node->kind == YAML_SEQUENCE ? '[' : '{');
        for (size_t i = 0; i < node->len; i++)
            dump(b, node->items[i]);
        buf_add_c(b, node->kind == YAML_SEQUENCE ? "]\n" : "}\n");
    }
}

/* All documents of TEXT at the end of B; where it is refused, false and Go's message. */
static bool our_dump(Buf *b, Str text, YamlRules rules, Str *problem)
{
    YamlReader reader;
    const YamlNode *node;
    Error *err;

    yaml_reader_start(&reader, b->arena, NULL, text, rules);
    while (!(err = yaml_reader_next(&reader, &node)) && node)
        dump(b, node);
    *problem = reader.scanner.go_error;
    bool success = !err;
    error_free(err);
    return success;
}

Finding oracle_yaml(Str text, YamlRules rules)
{
    DEFER(arena_free) Arena memory = {0};
    Buf ours = {.arena = &memory}, theirs = {.arena = &memory};
    Str our_problem, their_problem;
    bool we_can = our_dump(&ours, text, rules, &our_problem);
    bool they_can = libyaml_dump(&theirs, text, &their_problem);

    if (we_can != they_can)
        return (Finding){.agreement = we_can ? ONLY_OURS : ONLY_THEIRS};
    if (!we_can)
        return (Finding){str_equal(our_problem, their_problem) ? AGREE : OTHER_MESSAGE, NULL};
    if (str_equal(buf_str(&ours), buf_str(&theirs)))
        return (Finding){.agreement = AGREE};
    if (str_find(text, STR("\xEF\xBB\xBF")) != STR_NONE)
        return (Finding){KNOWN_CLASS, "a byte order mark that is not at the start"};
    return (Finding){.agreement = UNKNOWN_CLASS};
}
