#include "pipelines/state/exchange.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/text/json_writer.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/expr/json.hpp"

namespace leat::pipelines {

namespace {

using Writer = text::JsonWriter;
using std::chrono::duration_cast;
using std::chrono::nanoseconds;

constexpr const char* kSchema = "leat.exchange/1";
constexpr std::array kVersions{"1.0", "1.1", "2"};

// The numbers of a Response that are written and read as they are.
struct Seconds {
  const char* name;
  double http::Response::*value;
};
constexpr std::array kSeconds{
    Seconds{"speed_download", &http::Response::speed_download},
    Seconds{"time_namelookup", &http::Response::time_namelookup},
    Seconds{"time_connect", &http::Response::time_connect},
    Seconds{"time_appconnect", &http::Response::time_appconnect},
    Seconds{"time_starttransfer", &http::Response::time_starttransfer},
    Seconds{"time_total", &http::Response::time_total},
};

// Text is written as it is, other bytes as {"latin1": "…"} with a character for each byte.
void put_bytes(Writer& out, std::string_view bytes) {
  if (text::is_utf8(bytes)) return out.string(bytes);
  std::string wide;
  for (const char c : bytes) text::append_utf8(wide, static_cast<unsigned char>(c));
  out.begin_object();
  out.member("latin1", wide);
  out.end_object();
}

void put(Writer& out, std::string_view key, std::string_view bytes) {
  out.key(key);
  put_bytes(out, bytes);
}
void put_time(Writer& out, std::string_view key, auto time) {
  out.member(key, duration_cast<nanoseconds>(time).count());
}
void put_hash(Writer& out, std::string_view key, std::string_view hash) {
  out.key(key);
  hash.empty() ? out.null() : out.string(hash);
}

void put_request(Writer& out, const Exchange& exchange) {
  out.key("request");
  out.begin_object();
  put(out, "method", exchange.request.method);
  put(out, "url", exchange.request.url.text());
  out.key("headers");
  out.begin_array();
  for (const auto& field : exchange.request.headers) {
    out.item();
    put_bytes(out, field);
  }
  out.end_array();
  put_hash(out, "body_sha256", exchange.body_sha256);
  out.member("ordinal", exchange.ordinal);
  put_time(out, "started_at_ns", exchange.times.started_at.time_since_epoch());
  put_time(out, "waited_ns", exchange.times.waited);
  put_time(out, "took_ns", exchange.times.took);
  out.member("attempt", exchange.times.attempt);
  out.end_object();
}

void put_head(Writer& out, const http::ResponseHead* head) {
  out.key("head");
  if (head == nullptr) return out.null();
  out.begin_object();
  out.member("status", head->status);
  out.key("content_length");
  head->content_length ? out.number(*head->content_length) : out.null();
  out.key("headers");
  out.begin_array();
  head->headers.for_each([&out](std::string_view name, std::string_view value) {
    out.item();
    put_bytes(out, std::string(name).append(": ").append(value));
  });
  out.end_array();
  out.end_object();
}

void put_response(Writer& out, const std::optional<http::Response>& response) {
  out.key("response");
  if (!response) return out.null();
  out.begin_object();
  put_head(out, &response->head);
  put(out, "method", response->method);
  put(out, "url_effective", response->url_effective);
  out.key("http_version");
  response->http_version != nullptr ? out.string(response->http_version) : out.null();
  out.member("size_download", response->size_download);
  out.member("num_redirects", response->num_redirects);
  put(out, "remote_ip", response->remote_ip);
  out.member("remote_port", response->remote_port);
  out.member("length_verified", response->length_verified);
  for (const auto& [name, value] : kSeconds) out.member(name, (*response).*value);
  out.end_object();
}

void put_error(Writer& out, const std::optional<Error>& error, bool refused) {
  out.key("error");
  if (!error) return out.null();
  out.begin_object();
  out.member("code", to_string(error->code));
  put(out, "message", error->message);
  out.member("retryable", error->retryable);
  out.member("refused", refused);
  out.member("curl_code", error->curl_code);
  out.member("http_status", error->http_status);
  out.member("os_errno", error->os_errno);
  out.end_object();
}

/// Reads members. The first that is missing or of the wrong type is remembered; it and all later ones of that
/// kind leave what they should set as it is.
class Reader {
 public:
  explicit Reader(std::string& fault) : fault_(fault) {}

  JsonValue member(JsonValue object, const char* name) {
    const JsonValue value = object.get(name);
    if (object.is(JsonKind::object) && !value.exists()) blame(name);
    return value;
  }
  void read(JsonValue object, const char* name, bool& to) {
    const JsonValue value = member(object, name);
    const bool is_flag = value.is(JsonKind::true_) || value.is(JsonKind::false_);
    is_flag ? void(to = value.truthy()) : blame(name);
  }
  template <class Integer>
  requires std::is_integral_v<Integer>
  void read(JsonValue object, const char* name, Integer& to) {
    const auto number = member(object, name).template integer<Integer>();
    number ? void(to = *number) : blame(name);
  }
  void read(JsonValue object, const char* name, double& to) {
    const JsonValue value = member(object, name);
    value.is(JsonKind::number) ? void(to = value.number()) : blame(name);
  }
  void read(JsonValue object, const char* name, std::string& to) {
    const JsonValue value = member(object, name);
    if (!value.is(JsonKind::null)) to = bytes(value, name);
  }
  nanoseconds time(JsonValue object, const char* name) {
    std::int64_t count = 0;
    read(object, name, count);
    return nanoseconds(count);
  }
  /// The texts of an array of them.
  std::vector<std::string> list(JsonValue object, const char* name) {
    std::vector<std::string> texts;
    const JsonValue value = member(object, name);
    if (!value.is(JsonKind::array)) return blame(name), texts;
    for (const auto item : value.items()) texts.push_back(bytes(item, name));
    return texts;
  }
  void blame(const char* name) {
    if (fault_.empty()) fault_ = std::string("no valid \"").append(name).append("\"");
  }

 private:
  // What put_bytes wrote.
  std::string bytes(JsonValue value, const char* name) {
    if (value.is(JsonKind::string)) return value.text();
    const JsonValue wide = member(value, "latin1");
    if (!wide.is(JsonKind::string)) return blame(name), std::string();
    std::string narrow;
    const std::string text = wide.text();
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t length = text::character_length(rest);
      const auto lead = static_cast<unsigned char>(rest[0]);
      if (length > 2 || lead > 0xC3) return blame(name), std::string();
      narrow += length == 1 ? rest[0] : static_cast<char>((lead & 3) << 6 | (rest[1] & 0x3F));
      rest.remove_prefix(length);
    }
    return narrow;
  }

  std::string& fault_;
};

std::optional<http::ResponseHead> read_head(Reader& in, JsonValue value) {
  if (value.is(JsonKind::null)) return std::nullopt;
  http::ResponseHead head;
  in.read(value, "status", head.status);
  if (!in.member(value, "content_length").is(JsonKind::null)) {
    in.read(value, "content_length", head.content_length.emplace());
  }
  for (const auto& field : in.list(value, "headers")) head.headers.append(field + "\r\n");
  return head;
}

const char* version_named(JsonValue value) {
  if (!value.is(JsonKind::string)) return nullptr;
  const auto at = std::find(kVersions.begin(), kVersions.end(), value.text());
  return at == kVersions.end() ? nullptr : *at;
}

std::optional<http::Response> read_response(Reader& in, JsonValue value) {
  if (value.is(JsonKind::null)) return std::nullopt;
  http::Response response;
  response.head = read_head(in, in.member(value, "head")).value_or(http::ResponseHead());
  in.read(value, "method", response.method);
  in.read(value, "url_effective", response.url_effective);
  response.http_version = version_named(in.member(value, "http_version"));
  in.read(value, "size_download", response.size_download);
  in.read(value, "num_redirects", response.num_redirects);
  in.read(value, "remote_ip", response.remote_ip);
  in.read(value, "remote_port", response.remote_port);
  in.read(value, "length_verified", response.length_verified);
  for (const auto& [name, seconds] : kSeconds) in.read(value, name, response.*seconds);
  return response;
}

std::optional<Error> read_error(Reader& in, JsonValue value, bool& refused) {
  if (value.is(JsonKind::null)) return std::nullopt;
  Error error;
  std::string code;
  in.read(value, "code", code);
  if (const auto known = errc_named(code)) {
    error.code = *known;
  } else {
    in.blame("code");
  }
  in.read(value, "message", error.message);
  in.read(value, "retryable", error.retryable);
  in.read(value, "refused", refused);
  in.read(value, "curl_code", error.curl_code);
  in.read(value, "http_status", error.http_status);
  in.read(value, "os_errno", error.os_errno);
  return error;
}

void read_request(Reader& in, JsonValue value, Exchange& exchange) {
  in.read(value, "method", exchange.request.method);
  std::string url;
  in.read(value, "url", url);
  exchange.request.url = http::Url(std::move(url));
  exchange.request.headers = in.list(value, "headers");
  in.read(value, "body_sha256", exchange.body_sha256);
  in.read(value, "ordinal", exchange.ordinal);
  using Clock = std::chrono::system_clock;
  exchange.times.started_at =
      Clock::time_point(duration_cast<Clock::duration>(in.time(value, "started_at_ns")));
  exchange.times.waited = duration_cast<async::Duration>(in.time(value, "waited_ns"));
  exchange.times.took = duration_cast<async::Duration>(in.time(value, "took_ns"));
  in.read(value, "attempt", exchange.times.attempt);
}

}  // namespace

std::string to_json(const Exchange& exchange) {
  Writer out;
  out.begin_object();
  out.member("schema", kSchema);
  put_request(out, exchange);
  put_head(out, exchange.head ? &*exchange.head : nullptr);
  put_hash(out, "body_sha256", exchange.sha256);
  out.member("body_size", exchange.size);
  put_response(out, exchange.response);
  put_error(out, exchange.error, exchange.refused);
  out.end_object();
  return text::indented(out.text()) + "\n";
}

Result<Exchange> exchange_from_json(const std::string& text) {
  JsonDoc document;
  if (const auto wrong = document.parse(text)) {
    return Error(Errc::bad_input,
                 "it is no JSON at byte " + std::to_string(wrong->offset + 1) + ": " + wrong->message);
  }
  const JsonValue root = document.root();
  if (!root.is(JsonKind::object)) return Error(Errc::bad_input, "it is no JSON object");
  std::string fault;
  Reader in(fault);
  Exchange exchange;
  std::string schema;
  in.read(root, "schema", schema);
  if (schema != kSchema) return Error(Errc::bad_input, "its schema is not " + std::string(kSchema));
  read_request(in, in.member(root, "request"), exchange);
  exchange.head = read_head(in, in.member(root, "head"));
  in.read(root, "body_sha256", exchange.sha256);
  in.read(root, "body_size", exchange.size);
  exchange.response = read_response(in, in.member(root, "response"));
  exchange.error = read_error(in, in.member(root, "error"), exchange.refused);
  if (exchange.response.has_value() == exchange.error.has_value()) in.blame("response");
  if (!fault.empty()) return Error(Errc::bad_input, "it has " + fault);
  return exchange;
}

}  // namespace leat::pipelines
