#include "pipelines/stages/line_object.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <array>
#include <string>

#include "engine/http/url.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/text/nearest.hpp"
#include "pipelines/text/utf8.hpp"

namespace leat::pipelines {

namespace {

enum class Field : std::uint8_t { url, method, headers, body, output, sha256, mirrors, meta };

struct FieldRow {
  std::string_view name;
  std::string_view takes;
};
// In the order of Field.
constexpr std::array<FieldRow, 8> kFields{{
    {"url", "text"},
    {"method", "a word such as GET"},
    {"headers", "an object of names and texts, or an array of \"Name: value\""},
    {"body", "text"},
    {"output", "the template of a file's name, as text"},
    {"sha256", "64 hex digits, as text"},
    {"mirrors", "an array of URLs"},
    {"meta", "any JSON"},
}};

constexpr auto kNames = [] {
  std::array<std::string_view, kFields.size()> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kFields[i].name;
  return names;
}();

const FieldRow& row(Field field) { return kFields[static_cast<std::size_t>(field)]; }

bool to_sha256(std::string_view text, std::string& out) {
  if (text.size() != 64 || text.find_first_not_of("0123456789abcdefABCDEF") != text.npos) return false;
  out = text;
  for (char& c : out) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c | 0x20);
  }
  return true;
}

/// RapidJSON's events, checked against the table above as they come.
class Handler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Handler> {
 public:
  Handler(std::string_view text, const rapidjson::MemoryStream& stream, Record& record)
      : text_(text), stream_(stream), record_(record) {}

  [[nodiscard]] const std::string& fault() const { return fault_; }
  [[nodiscard]] bool has_url() const { return seen(Field::url); }

  bool Default() { return other(); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return other(); }

  bool String(const char* data, rapidjson::SizeType size, bool) {
    if (in_meta()) return after_meta(stream_.Tell());
    return depth_ == 1 ? text_field({data, size}) : list_item({data, size});
  }

  bool Key(const char* data, rapidjson::SizeType size, bool) {
    const std::string_view key(data, size);
    if (depth_ == 1) return start_field(key);
    if (!in_meta()) header_name_ = key;
    return true;
  }

  bool StartObject() {
    if (depth_ > 0 && !in_meta() && (field_ != Field::headers || depth_ != 1)) return wrong_type();
    headers_are_object_ = true;
    ++depth_;
    return true;
  }
  bool StartArray() {
    const bool list = depth_ == 1 && (field_ == Field::headers || field_ == Field::mirrors);
    if (!in_meta() && !list) return wrong_type();
    headers_are_object_ = false;
    ++depth_;
    return true;
  }
  // The iterative reader reports an end before it takes the bracket.
  bool EndObject(rapidjson::SizeType) {
    --depth_;
    return depth_ == 0 || !in_meta() || after_meta(stream_.Tell() + 1);
  }
  bool EndArray(rapidjson::SizeType) {
    --depth_;
    return !in_meta() || after_meta(stream_.Tell() + 1);
  }

 private:
  [[nodiscard]] bool in_meta() const { return depth_ > 0 && field_ == Field::meta; }
  [[nodiscard]] bool seen(Field field) const { return (seen_ >> static_cast<unsigned>(field) & 1u) != 0; }

  bool refuse(std::string why) {
    fault_ = std::move(why);
    return false;
  }
  bool wrong_type() {
    return refuse("\"" + std::string(row(field_).name) + "\" takes " + std::string(row(field_).takes));
  }
  bool other() { return in_meta() ? after_meta(stream_.Tell()) : wrong_type(); }

  bool start_field(std::string_view key) {
    const auto found = std::find(kNames.begin(), kNames.end(), key);
    if (found == kNames.end()) return unknown(key);
    field_ = static_cast<Field>(found - kNames.begin());
    if (seen(field_)) return refuse("\"" + std::string(key) + "\" is given twice");
    seen_ |= 1u << static_cast<unsigned>(field_);
    meta_start_ = stream_.Tell();
    return true;
  }

  bool unknown(std::string_view key) {
    std::string why = "no field \"" + printable(key, 60) + "\"";
    if (const auto near = nearest(key, kNames); !near.empty()) {
      return refuse(why + "; did you mean \"" + std::string(near) + "\"?");
    }
    why += "; there are";
    for (const auto name : kNames) why += " " + std::string(name);
    return refuse(std::move(why));
  }

  bool after_meta(std::size_t end) {
    if (depth_ != 1) return true;
    const std::size_t start = text_.find_first_not_of(" \t\r\n:", meta_start_);
    record_.meta = text_.substr(start, end - start);
    return true;
  }

  bool text_field(std::string_view value) {
    switch (field_) {
      case Field::url:
        record_.request.url = value;
        return true;
      case Field::body:
        record_.request.body = std::string(value);
        return true;
      case Field::method:
        if (http::check_method(value)) return wrong_type();
        record_.request.method = value;
        return true;
      case Field::sha256:
        return to_sha256(value, record_.sha256) || wrong_type();
      case Field::output: {
        auto compiled = NameTemplate::compile(value);
        if (!compiled) return refuse("\"output\": " + compiled.error().message);
        record_.output = value;
        return true;
      }
      case Field::headers:
      case Field::mirrors:
      case Field::meta:
        break;
    }
    return wrong_type();
  }

  bool list_item(std::string_view value) {
    if (field_ == Field::mirrors) {
      record_.mirrors.emplace_back(value);
    } else if (headers_are_object_) {
      record_.request.headers.push_back(header_name_ + ": " + std::string(value));
    } else {
      record_.request.headers.emplace_back(value);
    }
    return true;
  }

  std::string_view text_;
  const rapidjson::MemoryStream& stream_;
  Record& record_;
  std::string fault_;
  std::string header_name_;
  std::size_t meta_start_ = 0;
  unsigned depth_ = 0;
  unsigned seen_ = 0;
  Field field_ = Field::url;
  bool headers_are_object_ = false;
};

}  // namespace

Status parse_line_object(std::string_view text, Record& record) {
  rapidjson::MemoryStream stream(text.data(), text.size());
  Handler handler(text, stream, record);
  rapidjson::Reader reader;
  // Iterative, since a megabyte of '[' would overflow the stack; numbers as text, since only `meta` has any.
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;
  // RapidJSON checks byte by byte, through several calls. Only a text that is no UTF-8 needs that, to say
  // where.
  const bool valid = is_utf8(text);
  const auto result = valid ? reader.Parse<kFlags>(stream, handler)
                            : reader.Parse<kFlags | rapidjson::kParseValidateEncodingFlag>(stream, handler);
  if (!handler.fault().empty()) return Error(Errc::bad_input, handler.fault());
  if (result.IsError()) {
    return Error(Errc::bad_input, "not JSON at byte " + std::to_string(result.Offset() + 1) + ": " +
                                      rapidjson::GetParseError_En(result.Code()));
  }
  if (!handler.has_url()) return Error(Errc::bad_input, "\"url\" is missing");
  return std::nullopt;
}

}  // namespace leat::pipelines
