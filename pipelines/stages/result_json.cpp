#include "pipelines/stages/result_json.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ctime>
#include <map>
#include <string>

#include "engine/http/url.hpp"
#include "pipelines/text/json_string.hpp"
#include "pipelines/text/utf8.hpp"

namespace leat::pipelines {

namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

rapidjson::SizeType size_of(std::string_view text) { return static_cast<rapidjson::SizeType>(text.size()); }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return out;
}

}  // namespace

struct ResultJson::Buffer {
  rapidjson::StringBuffer text;
  Writer json{text};
  std::time_t second = -1;  // that `stamp` stands for
  std::array<char, 32> stamp{};

  void key(std::string_view name) { json.Key(name.data(), size_of(name)); }

  void string(std::string_view value) {
    if (is_ascii(value)) {
      json.String(value.data(), size_of(value));
    } else {
      const std::string json_text = json_string(value);
      json.RawValue(json_text.data(), json_text.size(), rapidjson::kStringType);
    }
  }

  void text_field(std::string_view name, std::string_view value) {
    key(name);
    string(value);
  }
  void text_or_null(std::string_view name, std::optional<std::string_view> value) {
    key(name);
    if (value && !value->empty()) {
      string(*value);
    } else {
      json.Null();
    }
  }
  void null(std::string_view name) {
    key(name);
    json.Null();
  }
  void number(std::string_view name, std::uint64_t value) {
    key(name);
    json.Uint64(value);
  }
  void integer(std::string_view name, int value) {
    key(name);
    json.Int(value);
  }

  // Microseconds, always with six places, so that no short time is written with an exponent.
  void seconds(std::string_view name, double value) {
    key(name);
    const auto micros = static_cast<std::uint64_t>(std::llround(value > 0 ? value * 1e6 : 0));
    std::array<char, 32> digits{};
    char* end = std::to_chars(digits.data(), digits.data() + 20, micros / 1'000'000).ptr;
    *end++ = '.';
    auto rest = micros % 1'000'000;
    for (int place = 5; place >= 0; --place, rest /= 10) end[place] = static_cast<char>('0' + rest % 10);
    json.RawValue(digits.data(), static_cast<std::size_t>(end + 6 - digits.data()), rapidjson::kNumberType);
  }
};

ResultJson::ResultJson(WriteArgs args) : args_(args), buffer_(std::make_unique<Buffer>()) {}
ResultJson::~ResultJson() = default;

std::string_view ResultJson::line(const Record& record) {
  Buffer& out = *buffer_;
  out.text.Clear();
  out.json.Reset(out.text);
  out.json.StartObject();
  out.number("id", record.id);
  if (record.line != 0) {
    out.number("line", record.line);
  } else {
    out.null("line");
  }
  url_field("url", record.input.empty() ? record.request.url : record.input);
  response_fields(record);
  timing(record);
  out.null("parent");
  out.key("meta");
  if (record.meta.empty()) {
    out.json.Null();
  } else {
    out.json.RawValue(record.meta.data(), record.meta.size(), rapidjson::kObjectType);
  }
  error(record);
  if (record.response && !record.response->length_verified) {
    out.key("length_verified");
    out.json.Bool(false);
  }
  if (args_.include_body) {
    out.key("body");
    if (record.body) {
      out.string(*record.body);
    } else {
      out.json.Null();
    }
  }
  if (args_.include_headers) {
    out.key("headers");
    if (record.response) {
      headers(record.response->head.headers);
    } else {
      out.json.Null();
    }
  }
  out.json.EndObject();
  out.text.Put('\n');
  return {out.text.GetString(), out.text.GetSize()};
}

void ResultJson::url_field(std::string_view name, std::string_view url) {
  if (url.find('@') == std::string_view::npos) {
    buffer_->text_or_null(name, url);
  } else {
    buffer_->text_or_null(name, http::without_userinfo(url));
  }
}

void ResultJson::response_fields(const Record& record) {
  Buffer& out = *buffer_;
  const http::Response* response = record.response ? &*record.response : nullptr;
  url_field("url_effective",
            response != nullptr ? std::string_view(response->url_effective) : std::string_view());
  std::string_view method = record.request.body ? "POST" : "GET";
  if (!record.request.method.empty()) method = record.request.method;
  out.text_field("method", response != nullptr && !response->method.empty() ? response->method : method);
  out.text_field("outcome", to_string(record.outcome));
  const int status = response != nullptr ? response->head.status
                     : record.error      ? record.error->http_status
                                         : 0;
  if (status != 0) {
    out.integer("status", status);
  } else {
    out.null("status");
  }
  const auto header = [&](std::string_view name) {
    return response != nullptr ? response->head.headers.find(name) : std::nullopt;
  };
  const char* version = response != nullptr ? response->http_version : nullptr;
  out.text_or_null("http_version", version != nullptr ? std::string_view(version) : std::string_view());
  out.text_or_null("content_type", header("content-type"));
  if (response != nullptr) {
    out.number("size_download", response->size_download);
    out.number("speed_download", static_cast<std::uint64_t>(std::llround(response->speed_download)));
  } else {
    out.null("size_download");
    out.null("speed_download");
  }
  out.text_or_null("filename", record.filename);
  const bool verified = record.outcome == Outcome::ok && response != nullptr;
  out.text_or_null("sha256", verified ? std::string_view(record.sha256) : std::string_view());
  out.text_or_null("etag", header("etag"));
  out.text_or_null("last_modified", header("last-modified"));
  out.number("resumed_from", record.resumed_from);
  out.integer("num_redirects", response != nullptr ? response->num_redirects : 0);
  out.integer("num_retries", record.num_retries);
  out.text_or_null("remote_ip",
                   response != nullptr ? std::string_view(response->remote_ip) : std::string_view());
  if (response != nullptr && response->remote_port != 0) {
    out.integer("remote_port", response->remote_port);
  } else {
    out.null("remote_port");
  }
}

void ResultJson::timing(const Record& record) {
  Buffer& out = *buffer_;
  const bool started = record.started_at != std::chrono::system_clock::time_point{};
  if (started) {
    out.seconds("time_queue", std::chrono::duration<double>(record.waited).count());
  } else {
    out.null("time_queue");
  }
  if (record.response) {
    const http::Response& response = *record.response;
    out.seconds("time_namelookup", response.time_namelookup);
    out.seconds("time_connect", response.time_connect);
    out.seconds("time_appconnect", response.time_appconnect);
    out.seconds("time_starttransfer", response.time_starttransfer);
    out.seconds("time_total", response.time_total);
  } else {
    for (const auto* name :
         {"time_namelookup", "time_connect", "time_appconnect", "time_starttransfer", "time_total"}) {
      out.null(name);
    }
  }
  if (started) {
    started_at(record.started_at);
  } else {
    out.null("started_at");
  }
}

// RFC 3339 in UTC with milliseconds. The part down to the second is made once a second.
void ResultJson::started_at(std::chrono::system_clock::time_point time) {
  Buffer& out = *buffer_;
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
  const std::time_t second = millis / 1000;
  constexpr std::size_t kMillisAt = 20;  // in "2026-01-02T03:04:05.678Z"
  if (second != out.second) {
    std::tm parts{};
    gmtime_r(&second, &parts);
    std::strftime(out.stamp.data(), out.stamp.size(), "%Y-%m-%dT%H:%M:%S.000Z", &parts);
    out.second = second;
  }
  auto rest = millis % 1000;
  for (std::size_t place = 3; place > 0; --place, rest /= 10) {
    out.stamp[kMillisAt + place - 1] = static_cast<char>('0' + rest % 10);
  }
  out.text_field("started_at", {out.stamp.data(), kMillisAt + 4});
}

void ResultJson::error(const Record& record) {
  Buffer& out = *buffer_;
  out.key("error");
  if (!record.error) {
    out.json.Null();
    return;
  }
  const Error& why = *record.error;
  out.json.StartObject();
  out.text_field("code", to_string(why.code));
  out.text_field("message", why.message);
  out.text_field("stage", why.stage);
  out.integer("attempts", why.attempts);
  out.key("retryable");
  out.json.Bool(why.retryable);
  out.json.EndObject();
}

// Names in lower case; the values of a name that comes several times are joined, as RFC 9110 section 5.3 has
// it.
void ResultJson::headers(const http::Headers& headers) {
  Buffer& out = *buffer_;
  std::map<std::string, std::string> fields;
  headers.for_each([&](std::string_view name, std::string_view value) {
    std::string& joined = fields[lower(name)];
    if (!joined.empty()) joined += ", ";
    joined += value;
  });
  out.json.StartObject();
  for (const auto& [name, value] : fields) {
    out.key(is_utf8(name) ? name : to_utf8(name));
    out.string(value);
  }
  out.json.EndObject();
}

}  // namespace leat::pipelines
