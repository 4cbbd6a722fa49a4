#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "pipelines/spec/signature.hpp"
#include "pipelines/spec/source.hpp"

namespace leat::pipelines {

struct BoundPipeline;

/// A range of HTTP statuses that includes both ends.
struct StatusRange {
  int first = 0;
  int last = 0;
};

/// An argument's value, typed and checked.
struct BoundValue {
  std::variant<bool, std::uint64_t, double, std::string, std::vector<std::string>, std::vector<StatusRange>,
               std::shared_ptr<const BoundPipeline>>
      value;
  bool quoted = false;   // written in double quotes: a template, never one of the `choices`
  bool program = false;  // an `expr` that is a jq program
  bool choice = false;   // one of the row's `choices`, given as a word
  /// It came from secret:NAME, or from outside of the spec to an argument that takes secrets, and must never
  /// be shown. Where a template is expected, the braces of its text
  /// are doubled, so that the template gives exactly that text.
  bool secret = false;
};

struct BoundArg {
  const ArgRow* row = nullptr;  // null for a key of `any_key`
  std::string key;              // as written; empty for a positional one
  BoundValue value;
  Span span;  // place of the value
};

/// A stage with its typed arguments in the order in which they are written; on-error=, timeout= and n= are
/// among them. Or a part of a block of parts (ArgRow::parts).
struct BoundStage {
  const Signature* signature = nullptr;
  std::string name;  // as written
  std::vector<BoundArg> args;
  Span span;  // place of the name

  /// Gives the last argument with that key (or of the positional row with that `name`); null if there is
  /// none.
  [[nodiscard]] const BoundArg* find(std::string_view key_or_name) const noexcept;
};

/// A pipeline in which every stage exists, is allowed in its place, and has typed arguments. Or a list of
/// parts.
struct BoundPipeline {
  std::vector<BoundStage> stages;
};

}  // namespace leat::pipelines
