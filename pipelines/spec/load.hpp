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

/// What a spec depends on besides its text.
struct SpecOptions {
  std::string file;          // its path, if it is a file: messages name it, and includes are relative to it
  Variables::Sets sets;      // --set name=value
  Variables::Getenv getenv;  // for env:NAME and secret:NAME; without it the environment is empty
  Includes::ReadFile read_file;  // gives the text of an included file; without it there is none
};

/// A spec that was checked from end to end, or what is wrong with it.
struct LoadedSpec {
  std::optional<BoundPipeline> pipeline;  // if there are no faults
  SpecFaults faults;
  std::shared_ptr<const SourceTexts> sources;  // for `diagnose`, with the spans of stages and arguments

  [[nodiscard]] bool ok() const noexcept { return pipeline.has_value(); }
};

/// Leads from the text to typed stages, for `leat run`, `leat check` and the output of `leat get --plan`. It
/// reads nothing but what the options give it, and starts nothing. `signatures` outlive the result.
[[nodiscard]] LoadedSpec load_spec(std::string text, std::span<const Signature> signatures,
                                   const SpecOptions& options);

/// Does the same for a tree that was never a text, which is how `leat get` makes its plan. There is no limit
/// to what its variables may stand for, and its faults have no place.
[[nodiscard]] LoadedSpec load_tree(const ast::Pipeline& tree, std::span<const Signature> signatures,
                                   const Variables::Getenv& getenv);

/// Gives the canonical form of a spec (see format.hpp), for which the stages need not exist, or its faults of
/// grammar. The signatures only say what in the text its faults may not show.
[[nodiscard]] std::variant<std::string, SpecFaults> format_spec(std::string text, const std::string& file,
                                                                std::span<const Signature> signatures = {});

}  // namespace leat::pipelines
