#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/expr/fault.hpp"

namespace leat::pipelines {

/// What libxml2 doesn't look at when it compiles an XPath expression: its prefixes, and whether its functions
/// exist and it has variables, which is a fault, as is a quote that is left open.
struct XpathNames {
  std::vector<std::string> prefixes;  // each once, in no order
  bool on_elements = false;           // a prefix is that of an element's name, not only of attributes'
  std::optional<TextFault> fault;
};

[[nodiscard]] XpathNames xpath_names(std::string_view expression);

}  // namespace leat::pipelines
