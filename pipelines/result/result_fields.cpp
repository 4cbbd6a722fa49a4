#include "pipelines/result/result_fields.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "engine/http/message/url.hpp"
#include "engine/text/ascii.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/extract/charset.hpp"
#include "pipelines/result/body_json.hpp"
#include "pipelines/result/record_view.hpp"

namespace leat::pipelines {

namespace {

using Writer = ResultField::Writer;

void number_or_null(Writer& out, std::uint64_t value) {
  if (value != 0) {
    out.json.number(value);
  } else {
    out.json.null();
  }
}

void header(Writer& out, const Record& record, std::string_view name) {
  out.text_or_null(record.response ? record.response->head.headers.find(name) : std::nullopt);
}

bool has_started(const Record& record) {
  return record.started_at != std::chrono::system_clock::time_point{};
}

void method(Writer& out, const Record& record) {
  const bool was_sent = record.response && !record.response->method.empty();
  out.json.string(was_sent ? std::string_view(record.response->method) : record.request.effective_method());
}

void status(Writer& out, const Record& record) {
  const int status = record.response ? record.response->head.status
                     : record.error  ? record.error->http_status
                                     : 0;
  number_or_null(out, static_cast<std::uint64_t>(status));
}

template <auto Member>
void of_response(Writer& out, const Record& record) {
  if (!record.response) {
    out.json.null();
    return;
  }
  const auto& value = (*record.response).*Member;
  using Value = std::remove_cvref_t<decltype(value)>;
  if constexpr (std::is_same_v<Value, double>) {
    out.seconds(value);
  } else if constexpr (std::is_same_v<Value, std::uint64_t>) {
    out.json.number(value);
  } else {
    out.text_or_null(value);
  }
}

void text_body(Writer& out, const Record& record) {
  if (!record.body) return out.json.null();
  const std::string_view type = content_type_of(record);
  const Utf8Body body(*record.body, type, markup_of(type, *record.body));
  out.json.string(body.text());
}

void json_body(Writer& out, const Record& record) {
  if (!record.body) return out.json.null();
  JsonDoc doc;
  const Utf8Body body = json_text_of(record);
  static_cast<void>(read_body_json(body.text(), doc));  // what can't be read is null
  out.json.raw(doc.root().compact());
}

void lines_of_body(Writer& out, const Record& record) {
  if (!record.body) return out.json.null();
  const Utf8Body body = json_text_of(record);
  auto lines = body_lines(body.text());
  out.json.raw(lines ? std::string_view(*lines) : "null");
}

template <DigestKind kind>
std::string_view digest(const Record& record) {
  const bool is_true = record.outcome == Outcome::ok || record.outcome == Outcome::skipped;
  return is_true ? record.digests.find(kind) : std::string_view();
}

template <DigestKind kind>
constexpr ResultField digest_field() {
  return {to_string(kind), [](Writer& out, const Record& r) { out.text_or_null(digest<kind>(r)); },
          ResultField::Shown::when_told, [](const Record& r) { return !digest<kind>(r).empty(); }};
}

constexpr auto kWhenTold = ResultField::Shown::when_told;
constexpr auto kOnDemand = ResultField::Shown::on_demand;
using R = http::Response;

constexpr std::array kFields{
    ResultField{"id", [](Writer& out, const Record& r) { out.json.number(r.id); }},
    ResultField{"line", [](Writer& out, const Record& r) { number_or_null(out, r.line); }},
    ResultField{"url", [](Writer& out,
                          const Record& r) { out.url(r.input.empty() ? r.request.url.text() : r.input); }},
    ResultField{"url_effective",
                [](Writer& out, const Record& r) {
                  out.url(r.response ? std::string_view(r.response->url_effective) : std::string_view());
                }},
    ResultField{"method", method},
    ResultField{"outcome", [](Writer& out, const Record& r) { out.json.string(to_string(r.outcome)); }},
    ResultField{"status", status},
    ResultField{"http_version",
                [](Writer& out, const Record& r) {
                  const char* version = r.response ? r.response->http_version : nullptr;
                  out.text_or_null(version != nullptr ? std::string_view(version) : std::string_view());
                }},
    ResultField{"content_type", [](Writer& out, const Record& r) { header(out, r, "content-type"); }},
    ResultField{"size_download", of_response<&R::size_download>},
    ResultField{"speed_download",
                [](Writer& out, const Record& r) {
                  if (r.response) {
                    out.json.number(static_cast<std::uint64_t>(std::llround(r.response->speed_download)));
                  } else {
                    out.json.null();
                  }
                }},
    ResultField{"filename", [](Writer& out, const Record& r) { out.text_or_null(r.filename); }},
    ResultField{"sha256",
                [](Writer& out, const Record& r) { out.text_or_null(digest<DigestKind::sha256>(r)); }},
    ResultField{"etag", [](Writer& out, const Record& r) { header(out, r, "etag"); }},
    ResultField{"last_modified", [](Writer& out, const Record& r) { header(out, r, "last-modified"); }},
    ResultField{"resumed_from", [](Writer& out, const Record& r) { out.json.number(r.resumed_from); }},
    ResultField{"num_redirects",
                [](Writer& out, const Record& r) {
                  out.json.number(static_cast<std::int64_t>(r.response ? r.response->num_redirects : 0));
                }},
    ResultField{
        "num_retries",
        [](Writer& out, const Record& r) { out.json.number(static_cast<std::int64_t>(r.num_retries)); }},
    ResultField{"remote_ip", of_response<&R::remote_ip>},
    ResultField{"remote_port",
                [](Writer& out, const Record& r) {
                  number_or_null(out, static_cast<std::uint64_t>(r.response ? r.response->remote_port : 0));
                }},
    ResultField{"time_queue",
                [](Writer& out, const Record& r) {
                  if (has_started(r)) {
                    out.seconds(async::in_seconds(r.waited));
                  } else {
                    out.json.null();
                  }
                }},
    ResultField{"time_namelookup", of_response<&R::time_namelookup>},
    ResultField{"time_connect", of_response<&R::time_connect>},
    ResultField{"time_appconnect", of_response<&R::time_appconnect>},
    ResultField{"time_starttransfer", of_response<&R::time_starttransfer>},
    ResultField{"time_total", of_response<&R::time_total>},
    ResultField{"started_at",
                [](Writer& out, const Record& r) {
                  if (has_started(r)) {
                    out.time(r.started_at);
                  } else {
                    out.json.null();
                  }
                }},
    ResultField{"parent", [](Writer& out, const Record& r) { number_or_null(out, r.parent); }},
    ResultField{"meta", [](Writer& out, const Record& r) { out.json.raw(r.meta.empty() ? "null" : r.meta); }},
    ResultField{"error",
                [](Writer& out, const Record& r) {
                  if (r.error) {
                    out.error(*r.error);
                  } else {
                    out.json.null();
                  }
                }},
    ResultField{
        "length_verified",
        [](Writer& out, const Record& r) { out.json.boolean(!r.response || r.response->length_verified); },
        kWhenTold, [](const Record& r) { return r.response && !r.response->length_verified; }},
    ResultField{"depth", [](Writer& out, const Record& r) { out.json.number(std::uint64_t{r.depth}); },
                kWhenTold, [](const Record& r) { return r.depth != 0; }},
    digest_field<DigestKind::sha1>(),
    digest_field<DigestKind::md5>(),
    digest_field<DigestKind::sha512>(),
    ResultField{"body", text_body, kOnDemand},
    ResultField{"headers",
                [](Writer& out, const Record& r) {
                  if (r.response) {
                    out.headers(r.response->head.headers);
                  } else {
                    out.json.null();
                  }
                },
                kOnDemand},
    ResultField{"json", json_body, kOnDemand},
    ResultField{"lines", lines_of_body, ResultField::Shown::asked_for},
};

}  // namespace

std::span<const ResultField> result_fields() noexcept { return kFields; }

const ResultField* find_result_field(std::string_view name) noexcept {
  const auto found = std::find_if(kFields.begin(), kFields.end(),
                                  [&](const ResultField& field) { return field.name == name; });
  return found == kFields.end() ? nullptr : &*found;
}

bool is_of_answer(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 7> kOfRecord{"id",     "line",  "url", "method",
                                                      "parent", "depth", "meta"};
  return find_result_field(name) != nullptr &&
         std::find(kOfRecord.begin(), kOfRecord.end(), name) == kOfRecord.end();
}

void Writer::text_or_null(std::optional<std::string_view> value) {
  if (value && !value->empty()) {
    json.string(*value);
  } else {
    json.null();
  }
}

void Writer::url(std::string_view url) {
  if (url.find('@') == std::string_view::npos) {
    text_or_null(url);
  } else {
    text_or_null(http::without_userinfo(url));
  }
}

void Writer::seconds(double value) { json.microseconds(std::llround(value * 1e6)); }

// RFC 3339 in UTC with milliseconds. The part up to the second is made once a second.
void Writer::time(std::chrono::system_clock::time_point time) {
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
  const std::time_t second = millis / 1000;
  constexpr std::size_t kMillisAt = 20;  // in "2026-01-02T03:04:05.678Z"
  if (second != second_) {
    std::tm parts{};
    gmtime_r(&second, &parts);
    std::strftime(stamp_.data(), stamp_.size(), "%Y-%m-%dT%H:%M:%S.000Z", &parts);
    second_ = second;
  }
  auto rest = millis % 1000;
  for (std::size_t place = 3; place > 0; --place, rest /= 10) {
    stamp_[kMillisAt + place - 1] = static_cast<char>('0' + rest % 10);
  }
  json.string({stamp_.data(), kMillisAt + 4});
}

void Writer::error(const Error& why) {
  json.begin_object();
  json.key("code");
  json.string(to_string(why.code));
  json.key("message");
  json.string(why.message);
  json.key("stage");
  json.string(why.stage);
  json.key("attempts");
  json.number(static_cast<std::int64_t>(why.attempts));
  json.key("retryable");
  json.boolean(why.retryable);
  json.end_object();
}

// Names are in lower case. The values of a name that comes several times are joined (RFC 9110, section 5.3).
void Writer::headers(const http::Headers& headers) {
  std::map<std::string, std::string> fields;
  headers.for_each([&](std::string_view field, std::string_view value) {
    std::string& joined = fields[text::to_lower(field)];
    if (!joined.empty()) joined += ", ";
    joined += value;
  });
  json.begin_object();
  for (const auto& [field, value] : fields) {
    json.escaped_key(field);
    json.string(value);
  }
  json.end_object();
}

}  // namespace leat::pipelines
