#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace leat::pipelines {

class StageRow;

/// The arguments of `extract`: what a selector finds in the body becomes an array.
struct ExtractArgs {
  enum class Kind : std::uint8_t { css, xpath, regex, jq };
  struct Find {
    Kind kind = Kind::css;
    std::string text;  // of a field: if it is empty, the row itself
    std::string attribute;
    bool html = false;
  };
  /// A field of a row.
  struct Field : Find {
    std::string name;
  };
  enum class Reading : std::uint8_t { strict, lenient };
  Find find;
  std::vector<Field> fields;      // if there are some, each find is a row
  Reading xml = Reading::strict;  // lenient: also if it is not well-formed
  std::string as = "meta.extract";
};
[[nodiscard]] const StageRow& row_of(const ExtractArgs& args) noexcept;

}  // namespace leat::pipelines
