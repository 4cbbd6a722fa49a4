#pragma once

#include <utility>

#include "engine/async/task.hpp"
#include "pipelines/stages/run_context.hpp"
#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// How a source gives birth to records: a place in the order's window, then id and ticket, then the way down.
class Emitter {
 public:
  Emitter(RunContext& context, RecordSender out) noexcept : context_(context), out_(std::move(out)) {}

  /// Before reading what the next record is made from: if it needs a place, that is awaited first.
  [[nodiscard]] bool needs_place() const noexcept { return context_.order_window && !place_.held(); }
  async::Task<void> take_place() { place_ = co_await context_.order_window->acquire(); }

  /// Awaits room. False if nobody wants records any more.
  async::Queue<RecordPtr>::Put emit(RecordPtr record) {
    record->id = ++context_.last_id;
    record->born = context_.loop.now();
    record->order_place = std::move(place_);
    record->ticket = context_.ledger.take();
    return out_.send(std::move(record));
  }

 private:
  RunContext& context_;
  RecordSender out_;
  async::Semaphore::Permit place_;
};

}  // namespace leat::pipelines
