#include "pipelines/stages/source/line_object.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "engine/http/message/url.hpp"
#include "engine/text/nearest.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/result/assign.hpp"
#include "pipelines/result/item.hpp"

namespace leat::pipelines {

namespace {

enum class Field : std::uint8_t {
  url,
  method,
  headers,
  body,
  output,
  sha256,
  sha1,
  md5,
  sha512,
  mirrors,
  meta
};

struct FieldRow {
  std::string_view name;
  std::string_view takes;
};
// In the order of Field.
constexpr std::array<FieldRow, 11> kFields{{
    {"url", "text"},
    {"method", "a word such as GET"},
    {"headers", "an object of names and texts, or an array of \"Name: value\""},
    {"body", "text"},
    {"output", "the template of a file's name, as text"},
    {"sha256", "64 hex digits, as text"},
    {"sha1", "40 hex digits, as text"},
    {"md5", "32 hex digits, as text"},
    {"sha512", "128 hex digits, as text"},
    {"mirrors", "an array of URLs"},
    {"meta", "any JSON"},
}};

constexpr auto kNames = [] {
  std::array<std::string_view, kFields.size()> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kFields[i].name;
  return names;
}();

const FieldRow& row(Field field) { return kFields[static_cast<std::size_t>(field)]; }

/// Takes the members of a line's object one by one, checked against the table above.
class Filler {
 public:
  explicit Filler(Record& record) noexcept : record_(record) {}

  /// What is wrong with it; empty if nothing is.
  std::string take(JsonMember member) {
    const auto key = member.key.text(key_text_);
    const auto found = std::find(kNames.begin(), kNames.end(), key);
    if (found == kNames.end()) return no_field(key);
    field_ = static_cast<Field>(found - kNames.begin());
    const unsigned bit = 1u << static_cast<unsigned>(field_);
    if ((seen_ & bit) != 0) return "\"" + std::string(key) + "\" is given twice";
    seen_ |= bit;
    return set(member.value);
  }
  [[nodiscard]] bool has_url() const noexcept {
    return (seen_ & 1u << static_cast<unsigned>(Field::url)) != 0;
  }

 private:
  static std::string no_field(std::string_view key) {
    std::string why = "no field \"" + text::printable(key, 60) + "\"";
    if (const auto near = text::nearest(key, kNames); !near.empty()) {
      return why + "; did you mean \"" + std::string(near) + "\"?";
    }
    why += "; there are";
    for (const auto name : kNames) why += " " + std::string(name);
    return why;
  }
  [[nodiscard]] std::string wrong_type() const {
    return "\"" + std::string(row(field_).name) + "\" takes " + std::string(row(field_).takes);
  }

  std::string set(JsonValue value) {
    if (field_ == Field::meta) {
      record_.meta = value.raw();
      return {};
    }
    if (field_ == Field::headers || field_ == Field::mirrors) return set_list(value);
    if (!value.is(JsonKind::string)) return wrong_type();
    return set_text(value.text(value_text_));
  }

  std::string set_text(std::string_view value) {
    switch (field_) {
      case Field::method:
        if (http::check_method(value)) return wrong_type();
        record_.request.method = value;
        return {};
      case Field::body:
        record_.request.body = std::string(value);
        return {};
      case Field::sha256:
      case Field::sha1:
      case Field::md5:
      case Field::sha512:
        return set_checksum(*digest_kind(row(field_).name), value) ? std::string() : wrong_type();
      case Field::output: {
        auto compiled = NameTemplate::compile(value);
        if (!compiled) return "\"output\": " + compiled.error().message;
        record_.output = value;
        return {};
      }
      default:
        record_.request.url = value;
        return {};
    }
  }

  bool set_checksum(DigestKind kind, std::string_view text) {
    auto hex = checksum_hex(kind, text);
    if (hex) record_.expected.put(kind, std::move(*hex));
    return hex.has_value();
  }

  std::string set_list(JsonValue value) {
    if (field_ == Field::headers && value.is(JsonKind::object)) {
      for (const auto& header : value.members()) {
        if (!header.value.is(JsonKind::string)) return wrong_type();
        record_.request.headers.push_back(header.key.text() + ": " + header.value.text());
      }
      return {};
    }
    if (!value.is(JsonKind::array)) return wrong_type();
    auto& list = field_ == Field::headers ? record_.request.headers : record_.mirrors;
    for (const auto item : value.items()) {
      if (!item.is(JsonKind::string)) return wrong_type();
      list.push_back(item.text());
    }
    return {};
  }

  Record& record_;
  std::string key_text_;
  std::string value_text_;
  unsigned seen_ = 0;
  Field field_ = Field::url;
};

Status fill_from(JsonValue object, Record& record) {
  Filler filler(record);
  for (const auto& member : object.members()) {
    auto fault = filler.take(member);
    if (!fault.empty()) return Error(Errc::bad_input, std::move(fault));
  }
  if (!filler.has_url()) return Error(Errc::bad_input, "\"url\" is missing");
  return std::nullopt;
}

}  // namespace

Status take_request(Record& record, JsonValue object, const std::string& base) {
  if (!object.is(JsonKind::object)) return take_item(record, object, base);
  if (auto error = fill_from(object, record)) return error;
  record.filled("");
  const std::string url = record.request.url.text();
  if (auto error = set_record_url(record, url, base)) return error;
  return check_request(record);
}

Status check_request(const Record& record) {
  if (auto error = http::check_url(record.request.url)) return error;
  for (const auto& field : record.request.headers) {
    if (auto error = http::check_header(field)) return error;
  }
  for (const auto& mirror : record.mirrors) {
    if (auto error = http::check_url(mirror)) return error;
  }
  return std::nullopt;
}

Status parse_line_object(std::string_view text, JsonDoc& doc, Record& record) {
  if (const auto fault = doc.parse(text)) {
    return Error(Errc::bad_input,
                 "not JSON at byte " + std::to_string(fault->offset + 1) + ": " + fault->message);
  }
  return fill_from(doc.root(), record);
}

}  // namespace leat::pipelines
