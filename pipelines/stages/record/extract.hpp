#pragma once

#include <cstdint>
#include <string>

namespace leat::pipelines {

class StageRow;

/// The arguments of `extract`: what a selector finds in the body becomes an array.
struct ExtractArgs {
  enum class Kind : std::uint8_t { css, xpath, regex, jq };
  Kind kind = Kind::css;
  std::string text;
  std::string attribute;
  std::string as = "meta.extract";
  bool html = false;
};
[[nodiscard]] const StageRow& row_of(const ExtractArgs& args) noexcept;

}  // namespace leat::pipelines
