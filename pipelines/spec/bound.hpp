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

/// A range of HTTP statuses, both ends in it.
struct StatusRange {
  int first = 0;
  int last = 0;
};

/// An argument's value, typed and checked.
struct BoundValue {
  std::variant<bool, std::uint64_t, double, std::string, std::vector<std::string>, std::vector<StatusRange>,
               std::shared_ptr<const BoundPipeline>>
      value;
  bool quoted = false;   // it was written in double quotes: a template, never one of the `choices`
  bool program = false;  // an `expr` that is a jq program
  bool choice = false;   // it is one of the row's `choices`, as a word
  /// It came from secret:NAME; never to be shown. In the place of a template the braces of its text are
  /// doubled, so that the template says just that text.
  bool secret = false;
};

struct BoundArg {
  const ArgRow* row = nullptr;  // null for a key of `any_key`
  std::string key;              // as written; empty for a positional one
  BoundValue value;
  Span span;  // of the value
};

/// A stage with its typed arguments, in the order they are written; on-error=, timeout= and n= among them.
struct BoundStage {
  const Signature* signature = nullptr;
  std::vector<BoundArg> args;
  Span span;  // of the name

  /// The last argument of that key (or of the positional row of that `name`); null if there is none.
  [[nodiscard]] const BoundArg* find(std::string_view key_or_name) const noexcept;
};

/// A pipeline of which every stage exists, stands where it may, and has typed arguments.
struct BoundPipeline {
  std::vector<BoundStage> stages;
};

}  // namespace leat::pipelines
