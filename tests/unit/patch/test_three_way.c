/*
 * test_three_way.c - patches that make a live object what is wanted. What they have to be was
 * recorded from Kubernetes' own strategicpatch and jsonmergepatch.
 */
#include "patch/patch.h"

#include "base/json.h"
#include "tests/unit/unit.h"

/* JSON with ' for ". */
typedef struct Row {
    const char *name, *applied, *wanted, *live, *want;
} Row;

static Row rows[] = {
    {"a field that is not wanted any more goes, and one that others added stays",
     "{'apiVersion':'v1','kind':'ConfigMap','data':{'a':'1','b':'2'}}",
     "{'apiVersion':'v1','kind':'ConfigMap','data':{'a':'3'}}",
     "{'apiVersion':'v1','kind':'ConfigMap','data':{'a':'1','b':'2','c':'x'}}",
     "{'data':{'a':'3','b':null}}"},
    {"nothing to do is an empty patch", "{'apiVersion':'v1','kind':'ConfigMap','data':{'a':'1'}}",
     "{'apiVersion':'v1','kind':'ConfigMap','data':{'a':'1'}}",
     "{'apiVersion':'v1','kind':'ConfigMap','data':{'a':'1','c':'x'}}", "{}"},
    {"items of lists are merged by what they are known by, and those of others stay",
     "{'apiVersion':'apps/"
     "v1','kind':'Deployment','spec':{'template':{'spec':{'containers':[{'name':'a','image':'a:1','"
     "env':[{'name':'X','value':'1'},{'name':'Y','value':'2'}]},{'name':'gone','image':'g'}]}}}}",
     "{'apiVersion':'apps/"
     "v1','kind':'Deployment','spec':{'template':{'spec':{'containers':[{'name':'a','image':'a:2','"
     "env':[{'name':'X','value':'1'}]}]}}}}",
     "{'apiVersion':'apps/"
     "v1','kind':'Deployment','spec':{'template':{'spec':{'containers':[{'name':'a','image':'a:1','"
     "imagePullPolicy':'Always','env':[{'name':'X','value':'1'},{'name':'Y','value':'2'}]},{'name':"
     "'gone','image':'g'},{'name':'injected','image':'i'}]}}}}",
     "{'spec':{'template':{'spec':{'$setElementOrder/"
     "containers':[{'name':'a'}],'containers':[{'$setElementOrder/"
     "env':[{'name':'X'}],'env':[{'$patch':'delete','name':'Y'}],'image':'a:2','name':'a'},{'$"
     "patch':'delete','name':'gone'}]}}}}"},
    {"items that are known by the same are told apart by their order",
     "{'apiVersion':'v1','kind':'Service','spec':{'ports':[{'port':53,'protocol':'TCP','name':'tcp'"
     "},{'port':53,'protocol':'UDP','name':'udp'}]}}",
     "{'apiVersion':'v1','kind':'Service','spec':{'ports':[{'port':53,'protocol':'TCP','name':'tcp'"
     "},{'port':53,'protocol':'UDP','name':'udp2'}]}}",
     "{'apiVersion':'v1','kind':'Service','spec':{'ports':[{'port':53,'protocol':'TCP','name':'tcp'"
     ",'targetPort':53},{'port':53,'protocol':'UDP','name':'udp','targetPort':53}]}}",
     "{'spec':{'$setElementOrder/"
     "ports':[{'port':53},{'port':53}],'ports':[{'name':'udp2','port':53}]}}"},
    {"the strategy of a deployment keeps nothing of another one",
     "{'apiVersion':'apps/v1','kind':'Deployment','spec':{'strategy':{'type':'RollingUpdate'}}}",
     "{'apiVersion':'apps/v1','kind':'Deployment','spec':{'strategy':{'type':'Recreate'}}}",
     "{'apiVersion':'apps/"
     "v1','kind':'Deployment','spec':{'strategy':{'type':'RollingUpdate','rollingUpdate':{'"
     "maxSurge':1}}}}",
     "{'spec':{'strategy':{'$retainKeys':['type'],'type':'Recreate'}}}"},
    {"a volume keeps nothing of another kind of volume",
     "{'apiVersion':'apps/"
     "v1','kind':'Deployment','spec':{'template':{'spec':{'volumes':[{'name':'v','emptyDir':{}}]}}}"
     "}",
     "{'apiVersion':'apps/"
     "v1','kind':'Deployment','spec':{'template':{'spec':{'volumes':[{'name':'v','configMap':{'"
     "name':'c'}}]}}}}",
     "{'apiVersion':'apps/"
     "v1','kind':'Deployment','spec':{'template':{'spec':{'volumes':[{'name':'v','emptyDir':{}}]}}}"
     "}",
     "{'spec':{'template':{'spec':{'$setElementOrder/"
     "volumes':[{'name':'v'}],'volumes':[{'$retainKeys':['configMap','name'],'configMap':{'name':'"
     "c'},'emptyDir':null,'name':'v'}]}}}}"},
    {"lists of words are merged, too",
     "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'finalizers':['a','b']}}",
     "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'finalizers':['b','c']}}",
     "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'finalizers':['a','b','x']}}",
     "{'metadata':{'$deleteFromPrimitiveList/finalizers':['a'],'$setElementOrder/"
     "finalizers':['b','c'],'finalizers':['c']}}"},
    {"lists of custom kinds are replaced",
     "{'apiVersion':'e.x/v1','kind':'Thing','spec':{'l':[1,2],'m':{'a':1,'b':2}}}",
     "{'apiVersion':'e.x/v1','kind':'Thing','spec':{'l':[1],'m':{'a':1}}}",
     "{'apiVersion':'e.x/v1','kind':'Thing','spec':{'l':[1,2],'m':{'a':5,'b':2,'c':3}}}",
     "{'spec':{'l':[1],'m':{'a':1,'b':null}}}"},
    {"lists that Kubernetes replaces are replaced",
     "{'apiVersion':'autoscaling/"
     "v2','kind':'HorizontalPodAutoscaler','spec':{'metrics':[{'type':'Resource'}],'maxReplicas':3}"
     "}",
     "{'apiVersion':'autoscaling/"
     "v2','kind':'HorizontalPodAutoscaler','spec':{'metrics':[{'type':'Resource'},{'type':'Pods'}],"
     "'maxReplicas':3}}",
     "{'apiVersion':'autoscaling/"
     "v2','kind':'HorizontalPodAutoscaler','spec':{'metrics':[{'type':'Resource'}],'maxReplicas':4}"
     "}",
     "{'spec':{'maxReplicas':3,'metrics':[{'type':'Resource'},{'type':'Pods'}]}}"},
    {"a list whose items have names may be one that is replaced",
     "{'apiVersion':'v1','kind':'ServiceAccount','imagePullSecrets':[{'name':'a'},{'name':'b'}]}",
     "{'apiVersion':'v1','kind':'ServiceAccount','imagePullSecrets':[{'name':'b'},{'name':'c'}]}",
     "{'apiVersion':'v1','kind':'ServiceAccount','imagePullSecrets':[{'name':'a'},{'name':'b'},{'"
     "name':'z'}],'secrets':[{'name':'t'}]}",
     "{'imagePullSecrets':[{'name':'b'},{'name':'c'}]}"},
    {"another order is told",
     "{'apiVersion':'apps/"
     "v1','kind':'StatefulSet','spec':{'template':{'spec':{'containers':[{'name':'b','image':'b'},{"
     "'name':'a','image':'a'}]}}}}",
     "{'apiVersion':'apps/"
     "v1','kind':'StatefulSet','spec':{'template':{'spec':{'containers':[{'name':'a','image':'a'},{"
     "'name':'b','image':'b'}]}}}}",
     "{'apiVersion':'apps/"
     "v1','kind':'StatefulSet','spec':{'template':{'spec':{'containers':[{'name':'b','image':'b'},{"
     "'name':'a','image':'a'}]}}}}",
     "{'spec':{'template':{'spec':{'$setElementOrder/containers':[{'name':'a'},{'name':'b'}]}}}}"},
    {"arguments are replaced, and ports merged",
     "{'apiVersion':'v1','kind':'Pod','spec':{'tolerations':[{'key':'a'},{'key':'b'}],'containers':"
     "[{'name':'c','args':['x','y'],'ports':[{'containerPort':80}]}]}}",
     "{'apiVersion':'v1','kind':'Pod','spec':{'tolerations':[{'key':'b'}],'containers':[{'name':'c'"
     ",'args':['x'],'ports':[{'containerPort':80},{'containerPort':81}]}]}}",
     "{'apiVersion':'v1','kind':'Pod','spec':{'tolerations':[{'key':'a'},{'key':'b'}],'containers':"
     "[{'name':'c','args':['x','y'],'ports':[{'containerPort':80,'protocol':'TCP'}]}]}}",
     "{'spec':{'$setElementOrder/containers':[{'name':'c'}],'containers':[{'$setElementOrder/"
     "ports':[{'containerPort':80},{'containerPort':81}],'args':['x'],'name':'c','ports':[{'"
     "containerPort':81}]}],'tolerations':[{'key':'b'}]}}"},
    {"what was applied need not be known", "null",
     "{'apiVersion':'v1','kind':'ConfigMap','data':{'a':'3'}}",
     "{'apiVersion':'v1','kind':'ConfigMap','data':{'a':'1','b':'2'}}", "{'data':{'a':'3'}}"},
    {"a list that is not wanted any more goes",
     "{'apiVersion':'networking.k8s.io/"
     "v1','kind':'Ingress','spec':{'rules':[{'host':'a'}],'tls':[{'hosts':['a']}]}}",
     "{'apiVersion':'networking.k8s.io/"
     "v1','kind':'Ingress','spec':{'rules':[{'host':'a'},{'host':'b'}]}}",
     "{'apiVersion':'networking.k8s.io/"
     "v1','kind':'Ingress','spec':{'rules':[{'host':'a'}],'tls':[{'hosts':['a']}]}}",
     "{'spec':{'rules':[{'host':'a'},{'host':'b'}],'tls':null}}"},
};

static Value parsed(Arena *a, const char *text)
{
    Str copy = str_copy(a, str_from(text));
    Value v;

    for (size_t i = 0; i < copy.len; i++)
        if (copy.ptr[i] == '\'')
            ((char *)(uintptr_t)copy.ptr)[i] = '"';
    assert_success(json_parse(a, NULL, copy, &v));
    return v;
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    bool strategic;
    Value patch = patch_three_way(
        &a, &(PatchSides){parsed(&a, row->applied), parsed(&a, row->wanted), parsed(&a, row->live)},
        &strategic);
    Value want = parsed(&a, row->want);
    Buf is = {.arena = &a}, should = {.arena = &a};

    assert_success(json_write(&is, patch, (JsonStyle){0}));
    assert_success(json_write(&should, want, (JsonStyle){0}));
    assert_str(buf_str(&is), str_c(&a, buf_str(&should)));
    assert_int_equal(strategic, strstr(row->wanted, "e.x/v1") == NULL);
}

TEST_ROWS(rows, check)
