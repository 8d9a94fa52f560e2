/*
 * legacy.c - files of helmfile 0.x. There every .yaml file was a template; today only .gotmpl
 * files are. Such files give themselves away: by the escape that a template needs to print a
 * template, or by actions that are no YAML, or are maps in maps to YAML.
 */
#include "spec/part.h"

/* {{ x }} is a map whose key is a map. */
static bool has_braces(const YamlNode *node, int depth)
{
    if (depth > 100)
        return false;
    for (size_t i = 0; node->kind != YAML_SCALAR && i < node->len; i++) {
        bool is_key = node->kind == YAML_MAPPING && i % 2 == 0;

        if ((is_key && node->items[i]->kind == YAML_MAPPING) ||
            has_braces(node->items[i], depth + 1))
            return true;
    }
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '-' || c == '\t';
}

/* An action in front of everything else in its line, or behind a comment sign. */
static bool has_action_line(Str text)
{
    bool more = true;
    Str line;

    while (more) {
        more = str_cut(&text, '\n', &line);
        line = str_trim(line);
        if (str_starts(line, STR("{{")) && str_find(line, STR("}}")) != STR_NONE) {
            Str word = str_skip(line, 2);

            while (word.len && is_blank(word.ptr[0]))
                word = str_skip(word, 1);
            if (str_starts(word, STR("if ")) || str_starts(word, STR("range ")) ||
                str_starts(word, STR("with ")) || str_starts(word, STR("end")) ||
                str_starts(word, STR("template ")) || str_starts(word, STR("/*")) ||
                str_starts(word, STR("$")))
                return true;
        }
    }
    return false;
}

bool legacy_is_template(Arena *a, const char *file, Str text)
{
    YamlDocuments documents = {0};

    if (str_find(text, STR("{{")) == STR_NONE)
        return false;
    if (str_find(text, STR("{{`")) != STR_NONE || has_action_line(text))
        return true;
    Error *err = yaml_read(a, file, text, YAML_HELMFILE, &documents);
    if (err) { // perhaps it is YAML once it is rendered
        error_free(err);
        return true;
    }
    for (size_t i = 0; i < documents.len; i++)
        if (has_braces(documents.items[i], 0))
            return true;
    return false;
}
