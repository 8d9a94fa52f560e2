/*
 * strategy_service.c - addresses and ports of services.
 */
#include "base/field.h"
#include "target/demo/hash.h"
#include "target/demo/strategy.h"

/* An address in 10.96.0.0/12 that no other service has. */
static Value new_address(Cluster *c, Arena *a)
{
    unsigned n = (unsigned)(++c->revision & 0xfffff);

    return value_string(str_format(a, "10.%u.%u.%u", 96 + (n >> 16 & 15), n >> 8 & 255, n & 255));
}

static Value new_port(Cluster *c, Arena *a)
{
    Str number = str_format(a, "%llu", (unsigned long long)++c->revision);

    return value_number(hash_between(hash_text(c->config.seed, number), 30000, 32767));
}

static void add_addresses(Cluster *c, Arena *a, Value *service)
{
    Str address = field_string(service, "spec.clusterIP");
    ValueList addresses = field_list(service, "spec.clusterIPs");
    bool both;

    if (!address.len && addresses.len && addresses.items[0].kind == VALUE_STRING)
        address = addresses.items[0].string;
    field_set(a, service, "spec.clusterIP",
              address.len ? value_string(address) : new_address(c, a));
    if (!addresses.len)
        field_set(a, service, "spec.clusterIPs", list_of(a, *field_at(service, "spec.clusterIP")));
    // who gives endpoints to a headless service itself may give any
    both = str_is(field_string(service, "spec.clusterIP"), "None") &&
           !field_map(service, "spec.selector");
    if (!field_at(service, "spec.ipFamilies"))
        field_set(a, service, "spec.ipFamilies",
                  both ? list_of(a, value_c("IPv4"), value_c("IPv6"))
                       : list_of(a, value_c("IPv4")));
    if (!field_at(service, "spec.ipFamilyPolicy"))
        field_set_c(a, service, "spec.ipFamilyPolicy", both ? "RequireDualStack" : "SingleStack");
}

static void remove_addresses(Value *service)
{
    field_remove(service, "spec.clusterIP");
    field_remove(service, "spec.clusterIPs");
    field_remove(service, "spec.ipFamilies");
    field_remove(service, "spec.ipFamilyPolicy");
}

static void add_ports(Cluster *c, Arena *a, Value *service, bool wanted)
{
    ValueList ports = field_list(service, "spec.ports");

    for (size_t i = 0; i < ports.len; i++)
        if (!wanted)
            value_map_remove(ports.items[i].map, STR("nodePort"));
        else if (!field_at(&ports.items[i], "nodePort"))
            field_set(a, &ports.items[i], "nodePort", new_port(c, a));
}

void service_prepare(Cluster *c, Arena *a, Value *service)
{
    Str type = field_string(service, "spec.type");
    bool balances = str_is(type, "LoadBalancer");

    if (!field_map(service, "spec"))
        return;
    if (str_is(type, "ExternalName"))
        remove_addresses(service);
    else
        add_addresses(c, a, service);
    add_ports(c, a, service,
              str_is(type, "NodePort") ||
                  (balances && field_bool(service, "spec.allocateLoadBalancerNodePorts", true)));
    if (!balances)
        field_remove(service, "spec.allocateLoadBalancerNodePorts");
    if (!balances && !str_is(type, "NodePort") && !field_list(service, "spec.externalIPs").len)
        field_remove(service, "spec.externalTrafficPolicy");
}
