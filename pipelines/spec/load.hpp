#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "pipelines/spec/ast.hpp"
#include "pipelines/spec/bound.hpp"
#include "pipelines/spec/diagnostics.hpp"
#include "pipelines/spec/includes.hpp"
#include "pipelines/spec/scope.hpp"
#include "pipelines/spec/signature.hpp"
#include "pipelines/spec/source.hpp"

namespace leat::pipelines {

/// What a spec depends on beside its text.
struct SpecOptions {
  std::string file;          // its path, where it is a file: messages name it, includes are relative to it
  Variables::Sets sets;      // --set name=value
  Variables::Getenv getenv;  // for env:NAME and secret:NAME; without it the environment is empty
  Includes::ReadFile read_file;  // the text of an included file; without it there is none
};

/// A spec that was checked from end to end, or what is wrong with it.
struct LoadedSpec {
  std::optional<BoundPipeline> pipeline;  // if there are no faults
  SpecFaults faults;
  std::shared_ptr<const SourceTexts> sources;  // for `diagnose`, by the spans of stages and arguments

  [[nodiscard]] bool ok() const noexcept { return pipeline.has_value(); }
};

/// From text to typed stages; the way of `leat run`, `leat check` and `leat get --plan`'s output. Reads
/// nothing but what the options give it, and starts nothing. `signatures` outlive the result.
[[nodiscard]] LoadedSpec load_spec(std::string text, std::span<const Signature> signatures,
                                   const SpecOptions& options);

/// The same of a tree that was never a text: what `leat get` is. There is no bound to what its variables
/// stand for, and its faults have no place.
[[nodiscard]] LoadedSpec load_tree(const ast::Pipeline& tree, std::span<const Signature> signatures,
                                   const Variables::Getenv& getenv);

/// The canonical form of a spec (see format.hpp), which needs no stages to exist; or its faults of grammar.
[[nodiscard]] std::variant<std::string, SpecFaults> format_spec(std::string text, const std::string& file);

}  // namespace leat::pipelines
