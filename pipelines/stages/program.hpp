#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/expr/fault.hpp"
#include "pipelines/expr/jq_needs.hpp"
#include "pipelines/expr/json_texts.hpp"
#include "pipelines/expr/native_program.hpp"
#include "pipelines/record.hpp"
#include "pipelines/stages/record_view.hpp"

namespace leat::pipelines {

/// A jq program of a stage.
///
/// One of the native subset is evaluated where it is needed. Any other is libjq's, in another process: an
/// `Ask` before the stage gets its outputs, and the record carries them as its answers. Compiled by the
/// constructor; the text has been checked. Stays where it is, since answers name it by its address. Loop
/// thread only.
class Program {
 public:
  explicit Program(std::string text);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] bool is_native() const noexcept { return native_.has_value(); }
  /// It may look at the body, or at what the body is as JSON.
  [[nodiscard]] bool reads_body() const;

  /// What libjq is to be asked about the record that `view` looks at: its JSON, or what is needed of it.
  [[nodiscard]] std::string question(RecordView& view) const;

  /// Its outputs for the record that `view` looks at. filter_error.
  [[nodiscard]] Status outputs(const Record& record, RecordView& view, JsonTexts& out) const;

 private:
  std::string text_;
  std::optional<NativeProgram> native_;
  JqNeeds needs_;  // of one that isn't native
  mutable NativeProgram::Scratch scratch_;
};

/// What is wrong with a program; a TextCheck.
[[nodiscard]] std::optional<TextFault> check_program(const std::string& text);

}  // namespace leat::pipelines
