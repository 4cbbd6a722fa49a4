#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/expr/fault.hpp"
#include "pipelines/expr/jq_needs.hpp"
#include "pipelines/expr/json_texts.hpp"
#include "pipelines/expr/native_program.hpp"
#include "pipelines/expr/worker_program.hpp"
#include "pipelines/extract/extractor.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/result/record_view.hpp"

namespace leat::pipelines {

/// A program of a stage: jq, or the expression of an extractor that can't be stopped where it is used.
///
/// One of the native subset is evaluated where it is needed. Any other runs in another process: an
/// `Ask` before the stage gets its outputs, and the record carries them as its answers. Compiled by the
/// constructor; the text has been checked. Stays where it is, since answers name it by its address. Loop
/// thread only.
class Program {
 public:
  explicit Program(std::string text);
  explicit Program(const Extractor::What& what);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] bool is_native() const noexcept { return native_.has_value(); }
  /// One that isn't native, as the process is told.
  [[nodiscard]] const WorkerProgram& foreign() const noexcept { return program_; }
  /// It may look at the body, or at what the body is as JSON.
  [[nodiscard]] bool reads_body() const;

  /// What the process is to be asked about the record that `view` looks at: its JSON, or what is needed of
  /// it; or the page.
  [[nodiscard]] std::string question(const Record& record, RecordView& view) const;

  /// Its outputs for the record that `view` looks at. filter_error.
  [[nodiscard]] Status outputs(const Record& record, RecordView& view, JsonTexts& out) const;

 private:
  WorkerProgram program_;
  std::optional<NativeProgram> native_;
  JqNeeds needs_;  // of one that isn't native
  mutable NativeProgram::Scratch scratch_;
};

/// Those of a stage that aren't native.
[[nodiscard]] std::vector<const Program*> foreign_programs(const AnyStage& stage);

/// What is wrong with a program; a TextCheck.
[[nodiscard]] std::optional<TextFault> check_program(const std::string& text);

}  // namespace leat::pipelines
