#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "engine/io/input_reader.hpp"
#include "pipelines/plan.hpp"
#include "pipelines/stages/emitter.hpp"
#include "pipelines/stages/line_parser.hpp"
#include "pipelines/stages/line_splitter.hpp"
#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// lines: a record for each line of a file or of standard input. A line becomes a record only when the next
/// stage has room; one longer than kMaxLine is not held in memory.
class Lines final : public Source {
 public:
  Lines(LinesArgs args, RunContext& context) : args_(std::move(args)), context_(context) {}

  async::Task<Status> run(RecordSender out) override;
  void stop() noexcept override;

 private:
  async::Task<bool> emit_lines(Emitter& emitter);
  RecordPtr next_record();

  LinesArgs args_;
  RunContext& context_;
  std::unique_ptr<io::InputReader> reader_;
  LineSplitter splitter_{kMaxLine};
  std::uint64_t number_ = 0;  // of the last line
  bool at_end_ = false;
  bool stopped_ = false;
};

}  // namespace leat::pipelines
