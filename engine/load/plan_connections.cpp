#include "engine/load/plan_connections.hpp"

namespace leat::load {

http::ConnectorOptions connector_options(const LoadPlan& plan, const DriverPart& part) {
  http::ConnectorOptions options;
  options.timeout = plan.connect_timeout;
  if (plan.dns_ttl.count() > 0) options.names.ttl = plan.dns_ttl;
  options.names.fixed = http::FixedAddresses(plan.resolve);
  options.names.spread = part.first_slot;
  options.names.ip = plan.ip;
  options.insecure = plan.insecure;
  options.resumes = plan.resumes_tls;
  options.ca_file = plan.ca_file;
  options.cert = plan.cert;
  options.key = plan.key;
  options.key_password = plan.key_password;
  options.connect_to = plan.connect_to;
  options.unix_socket = plan.unix_socket;
  options.proxy = plan.proxy;
  options.http2 = plan.http2;
  return options;
}

http::ClientOptions client_options(const LoadPlan& plan, const DriverPart& part, std::size_t at_once) {
  http::ClientOptions options;
  options.spread = part.first_slot;
  options.jobs = at_once;
  options.timeout = plan.timeout;
  options.connect_timeout = plan.connect_timeout;
  options.stall = async::Duration::zero();
  options.insecure = plan.insecure;
  options.wire.ca_file = plan.ca_file;
  options.user_agent = plan.user_agent;
  options.userpwd = plan.userpwd;
  options.headers = plan.headers;
  if (plan.dns_ttl.count() > 0) options.dns_ttl = plan.dns_ttl;
  options.wire.ip = plan.ip;
  options.wire.resolve = plan.resolve;
  options.wire.connect_to = plan.connect_to;
  options.wire.cert = plan.cert;
  options.wire.key = plan.key;
  options.wire.key_password = plan.key_password;
  options.wire.unix_socket = plan.unix_socket;
  options.wire.proxy = plan.proxy;  // no proxy also means not the environment's
  options.wire.proxy_tunnel = true;
  options.fresh_connections = !plan.keepalive;
  options.streams = plan.http2 ? plan.streams : 0;
  if (plan.http2) options.shards = 1;  // otherwise each of them would have connections of its own
  return options;
}

}  // namespace leat::load
