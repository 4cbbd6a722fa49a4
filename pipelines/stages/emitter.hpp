#pragma once

#include <utility>

#include "engine/async/task.hpp"
#include "pipelines/stages/run_context.hpp"
#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// How records are born: id and ticket, then the way down.
class Emitter {
 public:
  Emitter(RunContext& context, RecordSender out) noexcept : context_(context), out_(std::move(out)) {}

  /// Awaits room. False if nobody wants records any more.
  async::Queue<RecordPtr>::Put emit(RecordPtr record) {
    record->id = ++context_.last_id;
    record->born = context_.loop.now();
    record->ticket = context_.ledger.take();
    return out_.send(std::move(record));
  }

 private:
  RunContext& context_;
  RecordSender out_;
};

}  // namespace leat::pipelines
