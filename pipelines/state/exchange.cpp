#include "pipelines/state/exchange.hpp"

#include <rapidjson/document.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/text/utf8.hpp"

namespace leat::pipelines {

namespace {

using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;
using Value = rapidjson::Value;
using std::chrono::duration_cast;
using std::chrono::nanoseconds;

constexpr const char* kSchema = "leat.exchange/1";
constexpr std::array kVersions{"1.0", "1.1", "2"};

// The numbers of a Response that need no thought.
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

void put(Writer& out, std::string_view text) {
  out.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

// Text as it is; other bytes as {"latin1": "…"}, each a character.
void put_bytes(Writer& out, std::string_view bytes) {
  if (text::is_utf8(bytes)) return put(out, bytes);
  std::string wide;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) wide += static_cast<char>(0xC0 | byte >> 6);
    wide += static_cast<char>(byte >= 0x80 ? 0x80 | (byte & 0x3F) : byte);
  }
  out.StartObject();
  out.Key("latin1");
  put(out, wide);
  out.EndObject();
}

void put_bytes(Writer& out, const char* key, std::string_view bytes) {
  out.Key(key);
  put_bytes(out, bytes);
}

void put_hash(Writer& out, const char* key, std::string_view hash) {
  out.Key(key);
  hash.empty() ? static_cast<void>(out.Null()) : put(out, hash);
}

void put_request(Writer& out, const Exchange& exchange) {
  out.Key("request");
  out.StartObject();
  put_bytes(out, "method", exchange.request.method);
  put_bytes(out, "url", exchange.request.url);
  out.Key("headers");
  out.StartArray();
  for (const auto& field : exchange.request.headers) put_bytes(out, field);
  out.EndArray();
  put_hash(out, "body_sha256", exchange.body_sha256);
  out.Key("ordinal");
  out.Uint(exchange.ordinal);
  out.Key("started_at_ns");
  out.Int64(duration_cast<nanoseconds>(exchange.times.started_at.time_since_epoch()).count());
  out.Key("waited_ns");
  out.Int64(duration_cast<nanoseconds>(exchange.times.waited).count());
  out.Key("took_ns");
  out.Int64(duration_cast<nanoseconds>(exchange.times.took).count());
  out.Key("attempt");
  out.Int(exchange.times.attempt);
  out.EndObject();
}

void put_head(Writer& out, const char* key, const http::ResponseHead* head) {
  out.Key(key);
  if (head == nullptr) {
    out.Null();
    return;
  }
  out.StartObject();
  out.Key("status");
  out.Int(head->status);
  out.Key("content_length");
  head->content_length ? out.Uint64(*head->content_length) : out.Null();
  out.Key("headers");
  out.StartArray();
  head->headers.for_each([&out](std::string_view name, std::string_view value) {
    put_bytes(out, std::string(name).append(": ").append(value));
  });
  out.EndArray();
  out.EndObject();
}

void put_response(Writer& out, const std::optional<http::Response>& response) {
  out.Key("response");
  if (!response) {
    out.Null();
    return;
  }
  out.StartObject();
  put_head(out, "head", &response->head);
  put_bytes(out, "method", response->method);
  put_bytes(out, "url_effective", response->url_effective);
  out.Key("http_version");
  response->http_version != nullptr ? out.String(response->http_version) : out.Null();
  out.Key("size_download");
  out.Uint64(response->size_download);
  out.Key("num_redirects");
  out.Int(response->num_redirects);
  put_bytes(out, "remote_ip", response->remote_ip);
  out.Key("remote_port");
  out.Int(response->remote_port);
  out.Key("length_verified");
  out.Bool(response->length_verified);
  for (const auto& [name, value] : kSeconds) {
    out.Key(name);
    out.Double((*response).*value);
  }
  out.EndObject();
}

void put_error(Writer& out, const std::optional<Error>& error, bool refused) {
  out.Key("error");
  if (!error) {
    out.Null();
    return;
  }
  out.StartObject();
  out.Key("code");
  put(out, to_string(error->code));
  put_bytes(out, "message", error->message);
  out.Key("retryable");
  out.Bool(error->retryable);
  out.Key("refused");
  out.Bool(refused);
  out.Key("curl_code");
  out.Int(error->curl_code);
  out.Key("http_status");
  out.Int(error->http_status);
  out.Key("os_errno");
  out.Int(error->os_errno);
  out.EndObject();
}

/// Reads members; the first that is missing or of the wrong type is remembered, and gives nothing.
class Reader {
 public:
  explicit Reader(std::string& fault) : fault_(fault) {}

  const Value& member(const Value& object, const char* name) {
    static const Value kNull;
    if (!object.IsObject()) return kNull;
    const auto at = object.FindMember(name);
    return at == object.MemberEnd() ? (blame(name), kNull) : at->value;
  }
  void read(const Value& object, const char* name, bool& to) {
    const Value& value = member(object, name);
    value.IsBool() ? static_cast<void>(to = value.GetBool()) : blame(name);
  }
  void read(const Value& object, const char* name, int& to) {
    const Value& value = member(object, name);
    value.IsInt() ? static_cast<void>(to = value.GetInt()) : blame(name);
  }
  void read(const Value& object, const char* name, std::uint32_t& to) {
    const Value& value = member(object, name);
    value.IsUint() ? static_cast<void>(to = value.GetUint()) : blame(name);
  }
  void read(const Value& object, const char* name, std::uint64_t& to) {
    const Value& value = member(object, name);
    value.IsUint64() ? static_cast<void>(to = value.GetUint64()) : blame(name);
  }
  void read(const Value& object, const char* name, double& to) {
    const Value& value = member(object, name);
    value.IsNumber() ? static_cast<void>(to = value.GetDouble()) : blame(name);
  }
  void read(const Value& object, const char* name, std::string& to) {
    const Value& value = member(object, name);
    if (!value.IsNull()) to = bytes(value, name);
  }
  nanoseconds time(const Value& object, const char* name) {
    const Value& value = member(object, name);
    return nanoseconds(value.IsInt64() ? value.GetInt64() : (blame(name), 0));
  }
  const Value& list(const Value& object, const char* name) {
    static const Value kEmpty(rapidjson::kArrayType);
    const Value& value = member(object, name);
    return value.IsArray() ? value : (blame(name), kEmpty);
  }
  std::string bytes(const Value& value, const char* name) {
    if (value.IsString()) return {value.GetString(), value.GetStringLength()};
    const Value& wide = member(value, "latin1");
    if (!wide.IsString()) return blame(name), std::string();
    std::string narrow;
    for (const char* at = wide.GetString(); at != wide.GetString() + wide.GetStringLength(); ++at) {
      const auto byte = static_cast<unsigned char>(*at);
      narrow +=
          byte < 0x80 ? *at : static_cast<char>((byte & 3) << 6 | (static_cast<unsigned char>(*++at) & 0x3F));
    }
    return narrow;
  }
  void blame(const char* name) {
    if (fault_.empty()) fault_ = std::string("no valid \"").append(name).append("\"");
  }

 private:
  std::string& fault_;
};

std::optional<http::ResponseHead> read_head(Reader& in, const Value& value) {
  if (value.IsNull()) return std::nullopt;
  http::ResponseHead head;
  in.read(value, "status", head.status);
  if (!in.member(value, "content_length").IsNull())
    in.read(value, "content_length", head.content_length.emplace());
  for (const auto& field : in.list(value, "headers").GetArray()) {
    head.headers.append(in.bytes(field, "headers") + "\r\n");
  }
  return head;
}

const char* version_named(const Value& value) {
  if (!value.IsString()) return nullptr;
  const auto at = std::find(kVersions.begin(), kVersions.end(), std::string_view(value.GetString()));
  return at == kVersions.end() ? nullptr : *at;
}

std::optional<http::Response> read_response(Reader& in, const Value& value) {
  if (value.IsNull()) return std::nullopt;
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

std::optional<Error> read_error(Reader& in, const Value& value, bool& refused) {
  if (value.IsNull()) return std::nullopt;
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

void read_request(Reader& in, const Value& value, Exchange& exchange) {
  in.read(value, "method", exchange.request.method);
  in.read(value, "url", exchange.request.url);
  for (const auto& field : in.list(value, "headers").GetArray()) {
    exchange.request.headers.push_back(in.bytes(field, "headers"));
  }
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
  rapidjson::StringBuffer text;
  Writer out(text);
  out.SetIndent(' ', 2);
  out.StartObject();
  out.Key("schema");
  out.String(kSchema);
  put_request(out, exchange);
  put_head(out, "head", exchange.head ? &*exchange.head : nullptr);
  put_hash(out, "body_sha256", exchange.sha256);
  out.Key("body_size");
  out.Uint64(exchange.size);
  put_response(out, exchange.response);
  put_error(out, exchange.error, exchange.refused);
  out.EndObject();
  return std::string(text.GetString(), text.GetSize()) + "\n";
}

Result<Exchange> exchange_from_json(const std::string& text) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseFullPrecisionFlag>(text.c_str(), text.size());
  if (document.HasParseError() || !document.IsObject()) return Error(Errc::bad_input, "it is no JSON object");
  std::string fault;
  Reader in(fault);
  Exchange exchange;
  std::string schema;
  in.read(document, "schema", schema);
  if (schema != kSchema) return Error(Errc::bad_input, "its schema is not " + std::string(kSchema));
  read_request(in, in.member(document, "request"), exchange);
  exchange.head = read_head(in, in.member(document, "head"));
  in.read(document, "body_sha256", exchange.sha256);
  in.read(document, "body_size", exchange.size);
  exchange.response = read_response(in, in.member(document, "response"));
  exchange.error = read_error(in, in.member(document, "error"), exchange.refused);
  if (exchange.response.has_value() == exchange.error.has_value()) in.blame("response");
  if (!fault.empty()) return Error(Errc::bad_input, "it has " + fault);
  return exchange;
}

}  // namespace leat::pipelines
