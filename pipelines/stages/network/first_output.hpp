#pragma once

#include <cstddef>
#include <string>

#include "engine/async/task.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/result/record_view.hpp"

namespace leat::pipelines {

/// A program that is asked about a record inside of a fetch: until= of fetch, next= of paginate, canonical=
/// of crawl. Loop thread only.
class FirstOutput {
 public:
  /// The text has been checked. Before the run starts.
  FirstOutput(const std::string& program, RunContext& context);
  FirstOutput(const FirstOutput&) = delete;
  FirstOutput& operator=(const FirstOutput&) = delete;

  [[nodiscard]] bool reads_body() const { return program_.reads_body(); }
  /// Its first output for the record, as JSON; empty if that is null or false, or if there is none.
  /// filter_error.
  [[nodiscard]] async::Task<Result<std::string>> of(const Record& record);

 private:
  RunContext& context_;
  Program program_;
  std::size_t number_ = 0;  // with the worker, where it is not native
  RecordView view_;
  JsonTexts outputs_;
};

}  // namespace leat::pipelines
