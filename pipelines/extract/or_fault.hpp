#pragma once

#include <variant>

#include "pipelines/expr/fault.hpp"

namespace leat::pipelines {

/// What compiling an embedded text gives: the compiled thing, or what is wrong with the text and where.
template <class T>
using OrFault = std::variant<T, TextFault>;

}  // namespace leat::pipelines
