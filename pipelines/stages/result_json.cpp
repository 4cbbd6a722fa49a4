#include "pipelines/stages/result_json.hpp"

#include <array>
#include <cmath>
#include <ctime>
#include <map>
#include <string>

#include "engine/http/url.hpp"
#include "pipelines/text/json_writer.hpp"

namespace leat::pipelines {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return out;
}

}  // namespace

struct ResultJson::Buffer {
  JsonWriter json;
  std::time_t second = -1;  // that `stamp` stands for
  std::array<char, 32> stamp{};

  void text_field(std::string_view name, std::string_view value) {
    json.key(name);
    json.string(value);
  }
  void text_or_null(std::string_view name, std::optional<std::string_view> value) {
    json.key(name);
    if (value && !value->empty()) {
      json.string(*value);
    } else {
      json.null();
    }
  }
  void null(std::string_view name) {
    json.key(name);
    json.null();
  }
  void number(std::string_view name, std::uint64_t value) {
    json.key(name);
    json.number(value);
  }
  void integer(std::string_view name, int value) {
    json.key(name);
    json.number(static_cast<std::int64_t>(value));
  }
  void seconds(std::string_view name, double value) {
    json.key(name);
    json.microseconds(std::llround(value * 1e6));
  }
};

ResultJson::ResultJson(WriteArgs args) : args_(args), buffer_(std::make_unique<Buffer>()) {}
ResultJson::~ResultJson() = default;

std::string_view ResultJson::line(const Record& record) {
  Buffer& out = *buffer_;
  out.json.clear();
  out.json.begin_object();
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
  out.json.key("meta");
  if (record.meta.empty()) {
    out.json.null();
  } else {
    out.json.raw(record.meta);
  }
  error(record);
  if (record.response && !record.response->length_verified) {
    out.json.key("length_verified");
    out.json.boolean(false);
  }
  if (args_.include_body) {
    out.json.key("body");
    if (record.body) {
      out.json.string(*record.body);
    } else {
      out.json.null();
    }
  }
  if (args_.include_headers) {
    out.json.key("headers");
    if (record.response) {
      headers(record.response->head.headers);
    } else {
      out.json.null();
    }
  }
  out.json.end_object();
  out.json.put('\n');
  return out.json.text();
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
  const bool was_sent = response != nullptr && !response->method.empty();
  out.text_field("method", was_sent ? std::string_view(response->method) : record.request.effective_method());
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
  out.json.key("error");
  if (!record.error) {
    out.json.null();
    return;
  }
  const Error& why = *record.error;
  out.json.begin_object();
  out.text_field("code", to_string(why.code));
  out.text_field("message", why.message);
  out.text_field("stage", why.stage);
  out.integer("attempts", why.attempts);
  out.json.key("retryable");
  out.json.boolean(why.retryable);
  out.json.end_object();
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
  out.json.begin_object();
  for (const auto& [name, value] : fields) {
    out.json.escaped_key(name);
    out.json.string(value);
  }
  out.json.end_object();
}

}  // namespace leat::pipelines
