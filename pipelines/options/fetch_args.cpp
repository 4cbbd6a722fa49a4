#include "pipelines/options/fetch_args.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "engine/http/gate/retry_on.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/ascii.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/options/arg_reader.hpp"
#include "pipelines/options/checks.hpp"
#include "pipelines/options/checksum_file.hpp"
#include "pipelines/result/outside.hpp"

namespace leat::pipelines {

namespace {

// The name stands as it is, its value may have fields.
std::optional<TextFault> check_header_text(const std::string& text) {
  if (auto error = http::check_header(text)) return TextFault{0, std::move(error->message)};
  const auto brace = text.find('{');
  if (brace < text.find(':')) return TextFault{brace, "the name of a header has no fields"};
  return check_text(text);
}

std::optional<TextFault> check_method(const std::string& text) {
  if (!http::check_method(text)) return std::nullopt;
  return TextFault{0, "takes a method such as GET, PUT or DELETE"};
}

std::optional<TextFault> check_retry_on(const std::string& text) {
  auto on = http::parse_retry_on(text);
  if (on) return std::nullopt;
  return TextFault{0, std::move(on.error().message)};
}

constexpr std::array<ArgRow, kFetchArgs - kWireArgs> kOwnRows{
    ArgRow{.key = "n",
           .name = "N",
           .type = ArgType::count,
           .help = "requests at once (default 32)",
           .least = 1,
           .most = 65535},
    ArgRow{.key = "per-host",
           .name = "N",
           .type = ArgType::count,
           .help = "requests at once to one scheme, host and port (default as n)",
           .least = 1,
           .most = 65535},
    ArgRow{.key = "rate",
           .name = "R",
           .type = ArgType::rate,
           .help = "requests started, all together: 50/s, 10/min (default any)"},
    ArgRow{.key = "per-host-rate",
           .name = "R",
           .type = ArgType::rate,
           .help = "requests started to one scheme, host and port (default any)"},
    ArgRow{.key = "limit-rate",
           .name = "SIZE",
           .type = ArgType::size,
           .help = "bytes a second, all transfers together (default any)"},
    ArgRow{.key = "window",
           .name = "N",
           .type = ArgType::count,
           .help = "records read ahead of those whose host must wait (default 10000)",
           .least = 1,
           .most = 10'000'000},
    ArgRow{.key = "retry",
           .name = "N",
           .type = ArgType::count,
           .help = "tries again after a failure that may pass (default 3)",
           .most = 10'000},
    ArgRow{.key = "retry-max-time",
           .name = "T",
           .type = ArgType::duration,
           .help = "no retry of a record starts after T (default 10min)"},
    ArgRow{.key = "retry-on",
           .name = "LIST",
           .type = ArgType::text,
           .help = "what is tried again besides: statuses, 4xx, error codes, all (default none)",
           .check = check_retry_on},
    ArgRow{.key = "host-down",
           .name = "T",
           .type = ArgType::duration,
           .help = "a host that has answered nothing for T is given up; 0: never (default 1min)"},
    ArgRow{.key = "timeout",
           .name = "T",
           .type = ArgType::duration,
           .help = "a transfer that takes longer fails (default none)"},
    ArgRow{.key = "connect-timeout",
           .name = "T",
           .type = ArgType::duration,
           .help = "one that is not connected after T fails (default 10s)"},
    ArgRow{.key = "stall",
           .name = "T",
           .type = ArgType::duration,
           .help = "one that brings no byte for T fails (default 30s)"},
    ArgRow{.key = "max-size",
           .name = "SIZE",
           .type = ArgType::size,
           .help = "a larger body fails, in decoded bytes (default any)"},
    ArgRow{.key = "body-limit",
           .name = "SIZE",
           .type = ArgType::size,
           .help = "a larger body that has to be held in memory fails (default 16MiB)",
           .least = 1},
    ArgRow{.key = "max-redirects",
           .name = "N",
           .type = ArgType::count,
           .help = "redirects followed (default 10)",
           .most = 1000},
    ArgRow{.key = "location-trusted",
           .name = "BOOL",
           .type = ArgType::flag,
           .help = "credentials and headers follow a redirect elsewhere (default false)"},
    ArgRow{.key = "insecure",
           .name = "BOOL",
           .type = ArgType::flag,
           .help = "any TLS certificate will do (default false)"},
    ArgRow{.key = "fail",
           .name = "STATUSES",
           .type = ArgType::statuses,
           .help = "these statuses are failures, as 4xx,5xx (default none)"},
    ArgRow{.key = "user",
           .name = "USER:PASS",
           .type = ArgType::text,
           .help = "authenticate (Basic); secret:NAME keeps it out of sight"},
    ArgRow{.key = "user-agent",
           .name = "NAME",
           .type = ArgType::text,
           .help = "who asks (default leat/VERSION)"},
    ArgRow{.key = "url",
           .name = "TEMPLATE",
           .type = ArgType::expr,
           .help = "the URL, from the record's fields (default its own)",
           .check = check_text,
           .program_check = check_program},
    ArgRow{.key = "method",
           .name = "TEMPLATE",
           .type = ArgType::expr,
           .help = "the method (default the record's own, or GET, or POST with a body)",
           .check = check_text,
           .program_check = check_program},
    ArgRow{.key = "header",
           .name = "TEMPLATE",
           .type = ArgType::temp,
           .help = "\"Name: value\", with fields of the record",
           .repeatable = true,
           .check = check_header_text},
    ArgRow{.key = "body",
           .name = "(JQ)",
           .type = ArgType::expr,
           .help = "what is sent: a program's output or a text with fields (default the record's own)",
           .check = check_text,
           .program_check = check_program},
    ArgRow{.key = "hash",
           .name = "LIST",
           .type = ArgType::list,
           .help = "work out sha256, sha1, md5, sha512 of each body (default what is expected)",
           .check = check_digests},
    ArgRow{.key = "checksums",
           .name = "FILE",
           .type = ArgType::path,
           .help = "bodies must have the sums of FILE, as sha256sum prints them (default none)",
           .check = check_checksum_file},
    ArgRow{.key = "mirrors",
           .name = "(JQ)",
           .type = ArgType::jq,
           .help = "an array of URLs that have the same, tried in turn when one has failed (default the "
                   "record's own)",
           .check = check_program},
    ArgRow{.key = "race",
           .name = "N",
           .type = ArgType::count,
           .help = "of a record's URL and its mirrors, ask N at once; the first good answer wins (default 1)",
           .least = 1,
           .most = 100},
    ArgRow{
        .key = "segments",
        .name = "N",
        .type = ArgType::count,
        .help = "one large body that is saved comes over N connections, from its mirrors as well (default 1)",
        .least = 1,
        .most = 64},
    ArgRow{.key = "min-segment",
           .name = "SIZE",
           .type = ArgType::size,
           .help = "no connection is for less of a body (default 1MiB)",
           .least = 1},
    ArgRow{.key = "default-method",
           .name = "METHOD",
           .type = ArgType::text,
           .help = "the method of records that name none, as get's -X",
           .check = check_method},
    ArgRow{.key = "default-body",
           .name = "TEXT",
           .type = ArgType::text,
           .help = "what is sent for records that bring no body, as get's -d"},
    ArgRow{.key = "default-header",
           .name = "LINE",
           .type = ArgType::header,
           .help = "\"Name: value\", sent with every request as it stands, as get's -H",
           .repeatable = true},
    ArgRow{.key = "upload",
           .name = "TEMPLATE",
           .type = ArgType::temp,
           .help = "a file that is sent as the body, by PUT",
           .check = check_text},
    ArgRow{.key = "host-errors",
           .name = "N",
           .type = ArgType::count,
           .help = "after N failures of a host in a row the rest of its records is skipped (default never)",
           .least = 1,
           .most = 1'000'000},
    ArgRow{.key = "threads",
           .name = "N",
           .type = ArgType::count,
           .help = "threads that transfers run on (default 1)",
           .least = 1,
           .most = 64},
};

constexpr auto kRows = [] {
  std::array<ArgRow, kFetchArgs> rows;
  std::copy(kWireRows.begin(), kWireRows.end(), std::copy(kOwnRows.begin(), kOwnRows.end(), rows.begin()));
  return rows;
}();

void bind_shape(const ArgReader& args, SetArgs& shape) {
  if (const auto* mirrors = args.find("mirrors")) {
    shape.changes.emplace_back("mirrors", ProgramText{std::get<std::string>(mirrors->value.value)});
  }
  for (const std::string_view key : {"url", "method", "body"}) {
    if (const auto* arg = args.find(key)) shape.changes.emplace_back(key, program_or_text(*arg));
  }
  for (const auto& field : args.texts("header")) {
    const auto colon = field.find_first_of(":;");
    const std::string value(text::without_leading_blanks(std::string_view(field).substr(colon + 1)));
    shape.changes.emplace_back("header." + field.substr(0, colon), TemplateText{value});
  }
}

}  // namespace

const std::array<ArgRow, kFetchArgs>& fetch_arg_rows() noexcept { return kRows; }

namespace {

// What is a member, by its key: what binds and what prints go through this list.
template <class Args, class Visit>
void each_member(Args& fetch, const Visit& visit) {
  visit("n", fetch.n);
  visit("per-host", fetch.per_host);
  visit("rate", fetch.rate);
  visit("per-host-rate", fetch.per_host_rate);
  visit("limit-rate", fetch.client.limit_rate);
  visit("threads", fetch.threads);
  visit("window", fetch.window);
  visit("race", fetch.race);
  visit("segments", fetch.segments);
  visit("min-segment", fetch.min_segment);
  visit("retry", fetch.retry);
  visit("retry-max-time", fetch.retry_max_time);
  visit("retry-on", fetch.retry_on);
  visit("host-down", fetch.host_down);
  visit("timeout", fetch.client.timeout);
  visit("connect-timeout", fetch.client.connect_timeout);
  visit("stall", fetch.client.stall);
  visit("max-size", fetch.client.max_size);
  visit("body-limit", fetch.body_limit);
  visit("max-redirects", fetch.client.max_redirects);
  visit("location-trusted", fetch.client.location_trusted);
  visit("insecure", fetch.client.insecure);
  visit("fail", fetch.fail);
  visit("user", fetch.client.userpwd);
  visit("user-agent", fetch.client.user_agent);
  visit("default-method", fetch.method);
  visit("default-header", fetch.client.headers);
  visit("default-body", fetch.body);
  visit("upload", fetch.upload);
  visit("host-errors", fetch.host_errors);
}

}  // namespace

FetchArgs default_fetch() {
  FetchArgs fetch;
  fetch.client.user_agent = "leat/" LEAT_VERSION;
  return fetch;
}

FetchArgs bind_fetch(const BoundStage& stage) {
  const ArgReader args(stage);
  FetchArgs fetch = default_fetch();
  each_member(fetch, [&]<class Member>(const char* key, Member& member) {
    if constexpr (std::is_same_v<Member, std::vector<std::string>>) {
      member = args.texts(key);
    } else {
      args.read(key, member);
    }
  });
  bind_wire(args, fetch.client);
  std::vector<std::string> digests;
  args.read("hash", digests);
  for (const auto& name : digests) fetch.hash.push_back(*digest_kind(name));
  if (std::string path; args.has("checksums")) {
    args.read("checksums", path);
    if (auto loaded = ChecksumFile::load(path)) fetch.checksums = std::move(*loaded);  // it has been checked
  }
  bind_shape(args, fetch.shape);
  return fetch;
}

std::vector<WrittenArg> write_members(const FetchArgs& fetch) {
  std::vector<WrittenArg> written;
  each_member(fetch, [&](const char* key, const auto& member) {
    written.push_back({key, values_of(member)});
  });
  for (auto& arg : write_wire(fetch.client)) written.push_back(std::move(arg));
  return written;
}

}  // namespace leat::pipelines
