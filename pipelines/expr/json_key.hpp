#pragma once

#include <string>
#include <string_view>

#include "pipelines/expr/json.hpp"
#include "pipelines/expr/json_texts.hpp"

namespace leat::pipelines {

/// Keys are JSON values: two are one key if they are equal, however they are written. `1` and `1.0` are, and
/// `"é"` and `"\u00e9"`, and objects with the same members in another order. One thread at a time.
class JsonKey {
 public:
  /// Appends the one spelling of a value, which is that of JSON without blanks. The text must be JSON.
  void append(std::string& out, std::string_view json);
  /// Appends what a program gave as one key, each output on a line.
  void append(std::string& out, const JsonTexts& outputs);

 private:
  static void append(std::string& out, JsonValue value);

  JsonDoc doc_;
};

}  // namespace leat::pipelines
