#include "base/regex/classes.h"

#include "base/regex/scripts.h"
#include "base/utf8.h"

#include <string.h>
#include <utf8proc.h>

#define LOWER                                                                                      \
    {                                                                                              \
        'a', 'z'                                                                                   \
    }
#define UPPER                                                                                      \
    {                                                                                              \
        'A', 'Z'                                                                                   \
    }
#define DIGIT                                                                                      \
    {                                                                                              \
        '0', '9'                                                                                   \
    }
#define WORD                                                                                       \
    {                                                                                              \
        DIGIT, UPPER, {'_', '_'}, LOWER                                                            \
    }

static const RegexClass classes[] = {
    {"\\d", 1, {DIGIT}},
    {"\\s", 3, {{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}}},
    {"\\w", 4, WORD},
    {"[:alnum:]", 3, {DIGIT, UPPER, LOWER}},
    {"[:alpha:]", 2, {UPPER, LOWER}},
    {"[:ascii:]", 1, {{0, 0x7F}}},
    {"[:blank:]", 2, {{'\t', '\t'}, {' ', ' '}}},
    {"[:cntrl:]", 2, {{0, 0x1F}, {0x7F, 0x7F}}},
    {"[:digit:]", 1, {DIGIT}},
    {"[:graph:]", 1, {{'!', '~'}}},
    {"[:lower:]", 1, {LOWER}},
    {"[:print:]", 1, {{' ', '~'}}},
    {"[:punct:]", 4, {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}},
    {"[:space:]", 2, {{'\t', '\r'}, {' ', ' '}}},
    {"[:upper:]", 1, {UPPER}},
    {"[:word:]", 4, WORD},
    {"[:xdigit:]", 3, {DIGIT, {'A', 'F'}, {'a', 'f'}}},
};

const RegexClass *regex_class(Str name)
{
    for (size_t i = 0; i < COUNT(classes); i++)
        if (str_is(name, classes[i].name))
            return &classes[i];
    return NULL;
}

/* A category by utf8proc's number, with its two names; Cn is the first. */
typedef struct Category {
    const char *name, *alias;
} Category;

static const Category categories[] = {
    [UTF8PROC_CATEGORY_CN] = {"Cn", "Unassigned"},
    [UTF8PROC_CATEGORY_LU] = {"Lu", "Uppercaseletter"},
    [UTF8PROC_CATEGORY_LL] = {"Ll", "Lowercaseletter"},
    [UTF8PROC_CATEGORY_LT] = {"Lt", "Titlecaseletter"},
    [UTF8PROC_CATEGORY_LM] = {"Lm", "Modifierletter"},
    [UTF8PROC_CATEGORY_LO] = {"Lo", "Otherletter"},
    [UTF8PROC_CATEGORY_MN] = {"Mn", "Nonspacingmark"},
    [UTF8PROC_CATEGORY_MC] = {"Mc", "Spacingmark"},
    [UTF8PROC_CATEGORY_ME] = {"Me", "Enclosingmark"},
    [UTF8PROC_CATEGORY_ND] = {"Nd", "Decimalnumber"},
    [UTF8PROC_CATEGORY_NL] = {"Nl", "Letternumber"},
    [UTF8PROC_CATEGORY_NO] = {"No", "Othernumber"},
    [UTF8PROC_CATEGORY_PC] = {"Pc", "Connectorpunctuation"},
    [UTF8PROC_CATEGORY_PD] = {"Pd", "Dashpunctuation"},
    [UTF8PROC_CATEGORY_PS] = {"Ps", "Openpunctuation"},
    [UTF8PROC_CATEGORY_PE] = {"Pe", "Closepunctuation"},
    [UTF8PROC_CATEGORY_PI] = {"Pi", "Initialpunctuation"},
    [UTF8PROC_CATEGORY_PF] = {"Pf", "Finalpunctuation"},
    [UTF8PROC_CATEGORY_PO] = {"Po", "Otherpunctuation"},
    [UTF8PROC_CATEGORY_SM] = {"Sm", "Mathsymbol"},
    [UTF8PROC_CATEGORY_SC] = {"Sc", "Currencysymbol"},
    [UTF8PROC_CATEGORY_SK] = {"Sk", "Modifiersymbol"},
    [UTF8PROC_CATEGORY_SO] = {"So", "Othersymbol"},
    [UTF8PROC_CATEGORY_ZS] = {"Zs", "Spaceseparator"},
    [UTF8PROC_CATEGORY_ZL] = {"Zl", "Lineseparator"},
    [UTF8PROC_CATEGORY_ZP] = {"Zp", "Paragraphseparator"},
    [UTF8PROC_CATEGORY_CC] = {"Cc", "Control"},
    [UTF8PROC_CATEGORY_CF] = {"Cf", "Format"},
    [UTF8PROC_CATEGORY_CS] = {"Cs", "Surrogate"},
    [UTF8PROC_CATEGORY_CO] = {"Co", "Privateuse"},
};

/* Other names for categories, and names for several: the letters that those begin with. */
static const struct {
    const char *name, *of;
} groups[] = {
    {"Other", "C"},     {"Letter", "L"}, {"Mark", "M"},   {"Combiningmark", "M"},
    {"Number", "N"},    {"Punct", "P"},  {"Symbol", "S"}, {"Punctuation", "P"},
    {"Separator", "Z"}, {"Cntrl", "Cc"}, {"Digit", "Nd"},
};

enum { CASED = 1 << UTF8PROC_CATEGORY_LU | 1 << UTF8PROC_CATEGORY_LL | 1 << UTF8PROC_CATEGORY_LT };

/* The first letter large, the others small, and no '_', '-' and spaces. */
static Str canonical(Arena *a, Str name)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        if (c == '_' || c == '-' || c == ' ')
            continue;
        if (b.len == 0 && c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        else if (b.len && c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        buf_add_char(&b, c);
    }
    return buf_str(&b);
}

/* A bit for each category that NAME stands for. */
static uint32_t category_mask(Str name)
{
    Str of = name;
    uint32_t mask = 0;

    if (str_is(name, "Lc") || str_is(name, "Casedletter"))
        return CASED;
    for (size_t i = 0; i < COUNT(groups); i++)
        if (str_is(name, groups[i].name))
            of = str_from(groups[i].of);
    for (size_t i = 0; i < COUNT(categories); i++)
        if (str_is(of, categories[i].name) || str_is(of, categories[i].alias) ||
            (of.len == 1 && of.ptr[0] == categories[i].name[0]))
            mask |= 1u << i;
    return mask;
}

/* Where all characters are of one category: most of them, which nobody wants to ask for. */
static const RuneRange uniform[] = {
    {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xAC00, 0xD7A3},   {0xD800, 0xDFFF},
    {0xE000, 0xF8FF},   {0x17000, 0x187F7}, {0x20000, 0x2A6DF}, {0x30000, 0x3134A},
    {0x323B0, 0xE0000}, {0xE01F0, 0xEFFFF}, {0xF0000, 0xFFFFD}, {0x100000, 0x10FFFD},
};

static void add_categories(Arena *a, RuneSet *set, uint32_t mask)
{
    size_t block = 0;

    for (uint32_t first = 0, last; first <= RUNE_MAX; first = last + 1) {
        last = first;
        if (block < COUNT(uniform) && first == uniform[block].first)
            last = uniform[block++].last;
        if (mask >> utf8proc_category((utf8proc_int32_t)first) & 1)
            rune_set_add(a, set, first, last);
    }
}

bool regex_add_unicode(Arena *a, RuneSet *set, Str written, bool *folds)
{
    Str name = canonical(a, written);
    uint32_t mask = category_mask(name);
    const RuneRange *ranges;
    size_t len;

    *folds = mask != CASED;
    if (str_is(name, "Any"))
        rune_set_add(a, set, 0, RUNE_MAX);
    else if (str_is(name, "Ascii"))
        rune_set_add(a, set, 0, 0x7F);
    else if (str_is(name, "Assigned"))
        add_categories(a, set, ~(1u << UTF8PROC_CATEGORY_CN));
    else if (mask)
        add_categories(a, set, mask);
    else if ((ranges = script_ranges(name, &len)) != NULL)
        rune_set_add_all(a, set, ranges, len);
    else
        return false;
    return true;
}
