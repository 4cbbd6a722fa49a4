#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/spec/ast.hpp"
#include "pipelines/spec/bound.hpp"
#include "pipelines/spec/diagnostics.hpp"
#include "pipelines/spec/scope.hpp"
#include "pipelines/spec/signature.hpp"

namespace leat::pipelines {

/// What the arguments of a stage need to know of the pipelines around and inside it.
class PipelineBinder {
 public:
  [[nodiscard]] virtual bool is_stage(std::string_view name) const = 0;
  /// Binds the pipeline in the braces of an argument.
  virtual std::shared_ptr<const BoundPipeline> bind_block(const ast::Pipeline& block, const Scope& scope,
                                                          bool open_end) = 0;
  /// Binds the parts in the braces of an argument of `owner`.
  virtual std::shared_ptr<const BoundPipeline> bind_parts(const ast::Pipeline& block, const Scope& scope,
                                                          const Signature& part, const Signature& owner) = 0;

 protected:
  ~PipelineBinder() = default;
};

/// Gives each argument of one stage its row and its type. The constructor's arguments outlive it.
class ArgBinder {
 public:
  ArgBinder(const Signature& signature, const ast::Stage& stage, const Scope& scope, Variables& variables,
            PipelineBinder& pipelines, FaultList& faults);

  BoundStage bind();

 private:
  const ArgRow* row_of_key(const ast::Arg& arg);
  const ArgRow* row_of_position(const ast::Arg& arg);
  bool is_new(const ast::Arg& arg, const ArgRow& row);
  void bind_value(const ast::Arg& arg, const ArgRow& row);
  void report_unknown_key(const ast::Arg& arg);
  void report_surplus(const ast::Arg& arg);
  [[nodiscard]] bool is_loose_unit(const ast::Arg& arg) const;
  void report_missing();
  void report_pointless();
  void report(const PlainValue& value, const ValueFault& fault);

  const Signature& signature_;
  const ast::Stage& stage_;
  const Scope& scope_;
  Variables& variables_;
  PipelineBinder& pipelines_;
  FaultList& faults_;
  ArgRow any_row_;  // the row for keys that no row names
  std::vector<const ArgRow*> positions_;
  std::size_t next_position_ = 0;
  bool misfit_ = false;              // a positional value is of the wrong type
  std::set<std::string_view> keys_;  // keys given so far
  BoundStage bound_;
};

}  // namespace leat::pipelines
