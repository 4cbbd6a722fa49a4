#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/async/clock.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/spec/ast.hpp"

namespace leat::pipelines {

/// The values of one argument as a spec writes them: what ArgReader reads, the other way round. Several are
/// those of a repeatable argument; none: it is not written.
using ArgValues = std::vector<ast::Value>;

/// An argument as a spec writes it.
struct WrittenArg {
  std::string key;
  ArgValues values;  // several: it is repeated; none: it is left out
};

[[nodiscard]] ast::Value word_value(std::string text);
[[nodiscard]] ast::Value quoted_value(std::string text);

[[nodiscard]] ArgValues values_of(bool value);
[[nodiscard]] ArgValues values_of(int value);
[[nodiscard]] ArgValues values_of(std::uint64_t value);
/// A rate: 50/s, 10/min.
[[nodiscard]] ArgValues values_of(double value);
[[nodiscard]] ArgValues values_of(async::Duration value);
[[nodiscard]] ArgValues values_of(const StatusSet& value);
[[nodiscard]] ArgValues values_of(const std::string& value);
[[nodiscard]] ArgValues values_of(const std::optional<std::string>& value);
[[nodiscard]] ArgValues values_of(const std::vector<std::string>& value);

}  // namespace leat::pipelines
