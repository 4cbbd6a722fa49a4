#pragma once

#include <array>
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

/// A program of a stage: jq, or an extractor's expression that nothing could stop if it ran in this process.
///
/// A jq program of the native subset is evaluated where it is needed. Any other program runs in another
/// process: an `Ask` before the stage gets its outputs, and the record carries them as its answers. The
/// constructor compiles the text, which has been checked before. A program stays where it is, since answers
/// name it by its address. Loop thread only.
class Program {
 public:
  explicit Program(std::string text);
  explicit Program(const Extractor::What& what);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] bool is_native() const noexcept { return native_.has_value(); }
  /// The program as the process is told it; for one that is not native.
  [[nodiscard]] const WorkerProgram& foreign() const noexcept { return program_; }
  /// Whether it may look at the body, or at the body's JSON.
  [[nodiscard]] bool reads_body() const;
  /// Whether it may look at what a fetch brought: the body, or anything else.
  [[nodiscard]] bool reads_answer() const;

  /// The question to the process about the record that `view` looks at: the record's JSON, or the part of it
  /// that the program needs; for an extractor, the page.
  /// filter_error if the program asks for a body's JSON that is none.
  [[nodiscard]] Result<std::string> question(const Record& record, RecordView& view) const;

  /// Its outputs for the record that `view` looks at. filter_error.
  [[nodiscard]] Status outputs(const Record& record, RecordView& view, JsonTexts& out) const;

 private:
  /// The values that a body is read for, and whether the program names them.
  struct BodyValue {
    std::string_view name;
    bool named = false;
  };

  [[nodiscard]] bool looks_at(std::string_view name) const;
  [[nodiscard]] Status read_whole(RecordView& view) const;
  void explain(Error& error, const Record& record) const;

  WorkerProgram program_;
  std::optional<NativeProgram> native_;
  JqNeeds needs_;       // of one that isn't native
  bool whole_ = false;  // it takes the whole record
  std::array<BodyValue, 2> body_values_{{{"json"}, {"lines"}}};
  mutable NativeProgram::Scratch scratch_;
};

/// The programs of a stage that are not native.
[[nodiscard]] std::vector<const Program*> foreign_programs(const AnyStage& stage);

/// What is wrong with a program; a TextCheck.
[[nodiscard]] std::optional<TextFault> check_program(const std::string& text);

}  // namespace leat::pipelines
