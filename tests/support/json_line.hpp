#pragma once

#include <doctest/doctest.h>
#include <rapidjson/document.h>

#include <map>
#include <string>
#include <vector>

#include "tests/support/process.hpp"

namespace leat::tests {

/// One parsed line of JSON; the test fails if it isn't an object.
class JsonLine {
 public:
  explicit JsonLine(const std::string& line) {
    document_.Parse<rapidjson::kParseFullPrecisionFlag>(line.c_str(), line.size());
    REQUIRE_MESSAGE((!document_.HasParseError() && document_.IsObject()), line);
  }

  const rapidjson::Value& operator[](const char* name) const {
    REQUIRE_MESSAGE(document_.HasMember(name), name);
    return document_[name];
  }
  [[nodiscard]] bool has(const char* name) const { return document_.HasMember(name); }
  [[nodiscard]] std::string text(const char* name) const {
    const auto& value = (*this)[name];
    return value.IsString() ? std::string(value.GetString(), value.GetStringLength())
                            : std::string("(not a string)");
  }
  [[nodiscard]] double number(const char* name) const {
    REQUIRE_MESSAGE((*this)[name].IsNumber(), name);
    return (*this)[name].GetDouble();
  }
  [[nodiscard]] bool is_null(const char* name) const { return (*this)[name].IsNull(); }
  /// error.code, or "" if error is null.
  [[nodiscard]] std::string error_code() const {
    const auto& error = (*this)["error"];
    return error.IsObject() ? error["code"].GetString() : "";
  }
  [[nodiscard]] std::string error_message() const {
    const auto& error = (*this)["error"];
    return error.IsObject() ? error["message"].GetString() : "";
  }

 private:
  rapidjson::Document document_;
};

/// The whole output of a program, as lines of JSON.
inline std::vector<JsonLine> json_lines(const std::string& out) {
  std::vector<JsonLine> lines;
  for (const auto& line : lines_of(out)) lines.emplace_back(line);
  return lines;
}

/// The only line that a program has printed.
inline JsonLine only_line(const Finished& finished) {
  const auto lines = lines_of(finished.out);
  REQUIRE_MESSAGE(lines.size() == 1, finished.err);
  return JsonLine(lines.front());
}

}  // namespace leat::tests
