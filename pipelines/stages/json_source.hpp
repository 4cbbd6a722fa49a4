#pragma once

#include <memory>
#include <utility>

#include "engine/io/input_reader.hpp"
#include "pipelines/plan.hpp"
#include "pipelines/stages/emitter.hpp"
#include "pipelines/stages/json_splitter.hpp"
#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// json: a record for each JSON value of a file or of standard input, see `fill`. Values stand one after the
/// other, or are the items of one array. One that can't be read is a failed record that names its line.
class JsonSource final : public Source {
 public:
  JsonSource(JsonArgs args, RunContext& context) : args_(std::move(args)), context_(context) {}

  async::Task<Status> run(RecordSender out) override;
  void stop() noexcept override;

 private:
  async::Task<bool> emit_texts(Emitter& emitter, bool at_end);

  JsonArgs args_;
  RunContext& context_;
  std::unique_ptr<io::InputReader> reader_;
  JsonSplitter splitter_;
  bool stopped_ = false;
};

}  // namespace leat::pipelines
