#include "pipelines/result/assign.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/http/message/base_url.hpp"
#include "engine/http/message/shown_url.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/nearest.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/record/own_origin.hpp"

namespace leat::pipelines {

namespace {

constexpr std::array<std::string_view, 11> kPlaces{"url",    "method", "body", "headers", "mirrors", "output",
                                                   "sha256", "sha1",   "md5",  "sha512",  "meta"};
constexpr std::string_view kHeader = "header.";

std::string text_of(JsonValue value) { return value.is(JsonKind::string) ? value.text() : value.compact(); }

Error wrong(std::string_view place, const char* takes) {
  return Error(Errc::bad_input, "\"" + std::string(place) + "\" takes " + takes);
}

// A member whose name is spelt otherwise but means the same is removed.
Status set_header(Record& record, const std::string& name, JsonValue value) {
  auto& headers = record.request.headers;
  const auto is_name = [&](const std::string& field) {
    return field.size() > name.size() && field[name.size()] == ':' &&
           text::starts_with_ignoring_case(field, name);
  };
  headers.erase(std::remove_if(headers.begin(), headers.end(), is_name), headers.end());
  if (value.is(JsonKind::null)) return std::nullopt;
  std::string field = name + ": " + text_of(value);
  if (auto error = http::check_header(field)) return error;
  headers.push_back(std::move(field));
  return std::nullopt;
}

Status set_headers(Record& record, JsonValue value) {
  if (value.is(JsonKind::object)) {
    for (const auto& member : value.distinct_members()) {
      if (auto error = set_header(record, member.key.text(), member.value)) return error;
    }
    return std::nullopt;
  }
  if (!value.is(JsonKind::array))
    return wrong("headers", "an object of names and texts, or an array of \"Name: value\"");
  for (const auto item : value.items()) {
    std::string field = text_of(item);
    if (auto error = http::check_header(field)) return error;
    record.request.headers.push_back(std::move(field));
  }
  return std::nullopt;
}

Status set_mirrors(Record& record, JsonValue value) {
  if (!value.is(JsonKind::array)) return wrong("mirrors", "an array of URLs");
  record.mirrors.clear();
  for (const auto item : value.items()) {
    std::string url = text_of(item);
    if (auto error = http::check_url(url)) return error;
    record.mirrors.push_back(std::move(url));
  }
  return std::nullopt;
}

Status set_checksum(Record& record, DigestKind kind, std::string_view text) {
  auto hex = text.empty() ? std::optional(std::string()) : checksum_hex(kind, text);
  if (!hex) return wrong(to_string(kind), (std::to_string(hex_size(kind)) + " hex digits, as text").c_str());
  record.expected.put(kind, std::move(*hex));
  return std::nullopt;
}

Status set_url(Record& record, std::string url) {
  record.request.own_origin = own_origin_of(record);
  record.request.url = http::Url(std::move(url));
  record.input.clear();
  auto error = http::check_url(record.request.url);
  if (error) record.input = http::shown_url(record.request.url.text());
  return error;
}

Status set_output(Record& record, std::string text) {
  auto compiled = NameTemplate::compile(text);
  if (!compiled) return Error(Errc::bad_input, "\"output\": " + compiled.error().message);
  record.output = std::move(text);
  return std::nullopt;
}

// A name with dots in it names one member; it is no path.
Status set_meta_member(Record& record, const JsonMember& member) {
  record.filled(member.key.text());
  std::string made = "{";
  JsonDoc doc;
  if (!record.meta.empty() && !doc.parse(record.meta) && doc.root().is(JsonKind::object)) {
    for (const auto& old : doc.root().distinct_members()) {
      if (old.key.text() == member.key.text()) continue;
      old.key.append_to(made);
      made += ':';
      old.value.append_to(made);
      made += ',';
    }
  }
  member.key.append_to(made);
  made += ':';
  member.value.append_to(made);
  record.meta = std::move(made) + "}";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> check_place(std::string_view place) {
  if (place.starts_with(kMeta) && place.size() > kMeta.size()) return std::nullopt;
  if (place.starts_with(kHeader) && place.size() > kHeader.size()) return std::nullopt;
  if (std::find(kPlaces.begin(), kPlaces.end(), place) != kPlaces.end()) return std::nullopt;
  std::string message = "a record has no place \"" + std::string(place) + "\" to set";
  if (const auto near = text::nearest(place, kPlaces); !near.empty()) {
    return message + "; did you mean \"" + std::string(near) + "\"?";
  }
  return message +
         "; there are url method body headers header.NAME mirrors output sha256 sha1 md5 sha512 meta "
         "meta.NAME";
}

Status assign_meta(Record& record, std::string_view path, std::string_view json) {
  record.filled(path);
  if (path.find('.') == path.npos) {  // a child has what its parent had there
    if (auto replaced = json_replace(record.meta, path, json)) {
      record.meta = std::move(*replaced);
      return std::nullopt;
    }
  }
  auto changed = json_set(record.meta, path, json);
  if (!changed) return std::move(changed.error());
  record.meta = std::move(*changed);
  return std::nullopt;
}

Status assign(Record& record, std::string_view place, JsonValue value) {
  if (place.starts_with(kMeta)) return assign_meta(record, place.substr(kMeta.size()), value.compact());
  if (place.starts_with(kHeader)) return set_header(record, std::string(place.substr(kHeader.size())), value);
  if (place == "meta") {
    record.filled("");
    record.meta = value.is(JsonKind::null) ? std::string() : value.compact();
    return std::nullopt;
  }
  if (place == "headers") return set_headers(record, value);
  if (place == "mirrors") return set_mirrors(record, value);
  std::string text = value.is(JsonKind::null) ? std::string() : text_of(value);
  if (place == "url") return set_url(record, std::move(text));
  if (place == "output") return set_output(record, std::move(text));
  if (const auto kind = digest_kind(place)) return set_checksum(record, *kind, text);
  if (place == "method") {
    record.request.method = std::move(text);
    return http::check_method(record.request.method);
  }
  if (value.is(JsonKind::null)) {
    record.request.body.reset();
  } else {
    record.request.body = std::move(text);
  }
  return std::nullopt;
}

Status set_record_url(Record& record, const std::string& url, const std::string& base) {
  return set_url(record, base.empty() ? url : http::resolve_url(http::with_scheme(base), url));
}

Status fill(Record& record, JsonValue value, const std::string& base) {
  if (value.is(JsonKind::string)) return set_record_url(record, value.text(), base);
  if (!value.is(JsonKind::object)) {
    return Error(Errc::bad_input,
                 "a record is made of a URL or of an object, not of " + std::string(kind_name(value.kind())));
  }
  for (const auto& member : value.distinct_members()) {
    const std::string name = member.key.text();
    Status error;
    if (name == "url" && member.value.is(JsonKind::string)) {
      error = set_record_url(record, member.value.text(), base);
    } else if (name == "meta" && member.value.is(JsonKind::object)) {
      for (const auto& inner : member.value.distinct_members()) {
        error = set_meta_member(record, inner);
        if (error) break;
      }
    } else if (std::find(kPlaces.begin(), kPlaces.end(), name) != kPlaces.end()) {
      error = assign(record, name, member.value);
    } else {
      error = set_meta_member(record, member);
    }
    if (error) return error;
  }
  return std::nullopt;
}

}  // namespace leat::pipelines
