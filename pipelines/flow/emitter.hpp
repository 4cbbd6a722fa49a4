#pragma once

#include <cstdint>
#include <utility>

#include "engine/async/task.hpp"
#include "engine/text/hash.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// Where a run has a journal, or is recorded or replayed, the ids of records that come of others are made of
/// their parents' ids and the maker's number, so that they are the same in the next run; from here up, and
/// exact as a double.
inline constexpr std::uint64_t kFirstDerivedId = std::uint64_t{1} << 52;

/// Gives a record that a stage has made its id and its ticket. `maker` tells the stages of one run apart: a
/// number that RunContext::next_maker gave.
inline void be_born(RunContext& context, Record& record, std::uint64_t maker) {
  const bool derived = context.has_next_run() && record.depth > 0;
  record.id = derived ? kFirstDerivedId | (text::mix64(record.id ^ maker) & (kFirstDerivedId - 1))
                      : ++context.last_id;
  record.born = context.loop.now();
  record.ticket = context.ledger.take(std::move(record.ticket));
}

/// How records are born: id and ticket, then the way down.
class Emitter {
 public:
  Emitter(RunContext& context, RecordSender out) noexcept
      : context_(context), out_(std::move(out)), maker_(context.next_maker()) {}

  /// Awaits room. False if nobody wants records any more.
  async::Queue<RecordPtr>::Put emit(RecordPtr record) {
    be_born(context_, *record, maker_);
    return out_.send(std::move(record));
  }

 private:
  RunContext& context_;
  RecordSender out_;
  std::uint64_t maker_;
};

}  // namespace leat::pipelines
