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

namespace leat::pipelines {

/// Bytes of one text that a spec is made of.
struct Span {
  std::uint32_t source = 0;  // which text: the spec itself is 0, an included file another
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

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
  bool quoted = false;  // it was written in double quotes: a template, never one of the `choices`
  bool secret = false;  // it came from secret:NAME; never to be shown
};

struct BoundArg {
  const ArgRow* row = nullptr;  // null for a key of `any_key`
  std::string key;              // as written; empty for a positional one
  BoundValue value;
  Span span;  // of the value
};

/// A stage with its typed arguments. `common` are those that every stage takes: on-error=, timeout=, n=.
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
