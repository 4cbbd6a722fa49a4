#include "pipelines/options/fetch_args.hpp"

#include <string>
#include <utility>
#include <vector>

#include "engine/http/gate/host_parts.hpp"
#include "engine/text/ascii.hpp"
#include "pipelines/options/checksum_file.hpp"
#include "pipelines/options/trusted_origins.hpp"
#include "pipelines/plan/arg_reader.hpp"

namespace leat::pipelines {

namespace {

void bind_shape(const ArgReader& args, Changes& shape) {
  if (const auto* mirrors = args.find("mirrors")) {
    shape.emplace_back("mirrors", ProgramText{std::get<std::string>(mirrors->value.value)});
  }
  for (const std::string_view key : {"url", "method", "body"}) {
    if (const auto* arg = args.find(key)) shape.emplace_back(key, program_or_text(*arg));
  }
  for (const auto& field : args.texts("header")) {
    const auto colon = field.find_first_of(":;");
    const std::string value(text::trimmed(std::string_view(field).substr(colon + 1)));
    shape.emplace_back("header." + field.substr(0, colon), TemplateText{value});
  }
}

void bind_sums(const ArgReader& args, FetchArgs& fetch) {
  std::vector<std::string> digests;
  args.read("hash", digests);
  for (const auto& name : digests) fetch.hash.push_back(*digest_kind(name));
  if (std::string path; args.has("checksums")) {
    args.read("checksums", path);
    auto loaded = ChecksumFile::load(path);
    // What can be read only once was not checked before.
    fetch.checksums = loaded ? std::move(*loaded) : ChecksumFile::unread(path, std::move(loaded.error()));
  }
}

void bind_schedule(const ArgReader& args, FetchArgs& fetch) {
  args.read("n", fetch.n);
  args.read("per-host", fetch.per_host);
  args.read("rate", fetch.rate);
  args.read("per-host-rate", fetch.per_host_rate);
  if (fetch.per_host_rate <= 0) fetch.host_parts = http::host_parts(fetch.n, fetch.per_host);
  args.read("threads", fetch.threads);
  args.read_choice("robots", fetch.obey_robots);
  args.read("window", fetch.window);
  args.read("race", fetch.race);
  args.read("segments", fetch.segments);
  args.read("min-segment", fetch.min_segment);
  args.read("retry", fetch.retry);
  args.read("retry-max-time", fetch.retry_max_time);
  args.read("retry-delay", fetch.retry_delay);
  args.read("retry-on", fetch.retry_on);
  args.read("host-down", fetch.host_down);
  args.read("host-errors", fetch.host_errors);
  args.read("body-limit", fetch.body_limit);
}

void bind_request(const ArgReader& args, FetchArgs& fetch) {
  args.read("default-method", fetch.method);
  args.read("default-body", fetch.body);
  args.read("query", fetch.query);
  args.read("upload", fetch.upload);
  args.read("json", fetch.json);
  fetch.form = args.texts("form");
  fetch.parts = args.texts("part");
  args.read("until", fetch.until);
  args.read("every", fetch.every);
  args.read("fail", fetch.fail);
  auto& headers = fetch.client.headers;
  headers = args.texts("default-header");
  std::string text;
  args.read("bearer", text);
  if (!text.empty()) headers.push_back("Authorization: Bearer " + std::exchange(text, ""));
  args.read("referer", text);
  if (!text.empty()) headers.push_back("Referer: " + text);
}

void bind_direct(const ArgReader& args, const Option& option, http::WireOptions& wire) {
  if (!option.to_libcurl || (option.at & kFetch) == 0) return;
  if (option.repeatable) {
    for (auto& text : args.texts(option.key())) wire.direct.emplace_back(option.key(), std::move(text));
    return;
  }
  std::string text;
  if (bool on = false; option.type == ArgType::flag) {
    args.read(option.key(), on);
    if (on) text = "true";
  } else {
    args.read(option.key(), text);
  }
  if (!text.empty()) wire.direct.emplace_back(option.key(), std::move(text));
}

}  // namespace

void bind_client(const BoundStage& stage, http::ClientOptions& client) {
  const ArgReader args(stage);
  args.read("limit-rate", client.limit_rate);
  args.read("timeout", client.timeout);
  args.read("connect-timeout", client.connect_timeout);
  args.read("stall", client.stall);
  args.read("max-size", client.max_size);
  args.read("max-redirects", client.max_redirects);
  args.read("location-trusted", client.location_trusted);
  client.trusted_origins = origins_of(args.texts("trust"));
  args.read("insecure", client.insecure);
  args.read("user", client.userpwd);
  args.read("user-agent", client.user_agent);

  http::WireOptions& wire = client.wire;
  wire.cookies = args.texts("cookie");
  args.read("cookie-jar", wire.cookie_jar);
  args.read("netrc-file", wire.netrc_file);
  args.read("proxy", wire.proxy);
  args.read("proxy-user", wire.proxy_user);
  args.read("noproxy", wire.noproxy);
  args.read("proxy-insecure", wire.proxy_insecure);
  args.read("cert", wire.cert);
  args.read("key", wire.key);
  args.read("pass", wire.key_password);
  args.read("cacert", wire.ca_file);
  args.read("capath", wire.ca_path);
  args.read("pinnedpubkey", wire.pinned_key);
  wire.resolve = args.texts("resolve");
  wire.connect_to = args.texts("connect-to");
  args.read("unix-socket", wire.unix_socket);
  args.read("compressed", wire.compressed);
  args.read("path-as-is", wire.path_as_is);
  args.read("block-private", wire.block_private);
  if (!wire.netrc_file.empty()) wire.netrc = http::WireOptions::Netrc::required;
  for (const auto& topic : shared_options()) {
    for (const auto& option : topic.rows) bind_direct(args, option, wire);
  }
  args.read_choice("netrc", wire.netrc);
  args.read_choice("ip", wire.ip, http::WireOptions::Ip::v4);
  args.read_choice("http", wire.http);
  args.read_choice("tls", wire.tls);
}

FetchArgs bind_fetch(const BoundStage& stage) {
  const ArgReader args(stage);
  FetchArgs fetch;
  fetch.client.user_agent = "leat/" LEAT_VERSION;
  bind_schedule(args, fetch);
  bind_request(args, fetch);
  bind_sums(args, fetch);
  bind_shape(args, fetch.shape);
  bind_client(stage, fetch.client);
  fetch.client.jobs = fetch.n;
  return fetch;
}

}  // namespace leat::pipelines
