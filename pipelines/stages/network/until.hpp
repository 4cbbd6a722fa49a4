#pragma once

#include <cstddef>
#include <string>

#include "engine/async/task.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/result/record_view.hpp"

namespace leat::pipelines {

/// fetch's until=: a program that says of an answer whether it is the one that is waited for. Loop thread
/// only.
class Until {
 public:
  /// The text has been checked. Before the run starts.
  Until(const std::string& program, RunContext& context);
  Until(const Until&) = delete;
  Until& operator=(const Until&) = delete;

  [[nodiscard]] bool reads_body() const { return program_.reads_body(); }
  /// Whether its first output for the record is neither null nor false. filter_error.
  [[nodiscard]] async::Task<Result<bool>> holds(const Record& record);

 private:
  RunContext& context_;
  Program program_;
  std::size_t number_ = 0;  // with the worker, where it is not native
  RecordView view_;
  JsonTexts outputs_;
};

}  // namespace leat::pipelines
