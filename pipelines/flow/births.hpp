#pragma once

#include <cstdint>
#include <utility>

#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/text/hash.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/record/ledger.hpp"

namespace leat::pipelines {

/// The part of a RunContext by which records are born: each gets an id, a time and a ticket. Loop thread
/// only.
struct Births {
  explicit Births(async::EventLoop& l) noexcept : loop(l) {}

  async::EventLoop& loop;
  Ledger ledger;
  bool has_next_run = false;  // what this run calls its records is what another run has called them, or will
  std::uint64_t last_id = 0;

  /// A number that tells one stage which makes records from the others of its run.
  [[nodiscard]] std::uint64_t next_maker() noexcept { return ++last_maker_; }

 private:
  std::uint64_t last_maker_ = 0;
};

/// Where a run has a journal, or is recorded or replayed, the ids of records that come of others are made of
/// their parents' ids and the maker's number, so that the next run gives the same ids. Such ids begin here,
/// and each of them is exact as a double.
inline constexpr std::uint64_t kFirstDerivedId = std::uint64_t{1} << 52;

/// Gives a record that a stage has made its id and its ticket. `maker` is the stage's number.
inline void be_born(Births& births, Record& record, std::uint64_t maker) {
  const bool derived = births.has_next_run && record.depth > 0;
  record.id =
      derived ? kFirstDerivedId | (text::mix64(record.id ^ maker) & (kFirstDerivedId - 1)) : ++births.last_id;
  record.born = births.loop.now();
  record.ticket = births.ledger.take(std::move(record.ticket));
}

/// Sends the records that one stage makes on their way, and has each be born before.
class Emitter {
 public:
  Emitter(Births& births, RecordSender out) noexcept
      : births_(births), out_(std::move(out)), maker_(births.next_maker()) {}

  /// Awaits room. False if nobody wants records any more.
  async::Queue<RecordPtr>::Put emit(RecordPtr record) {
    be_born(births_, *record, maker_);
    return out_.send(std::move(record));
  }

 private:
  Births& births_;
  RecordSender out_;
  std::uint64_t maker_;
};

}  // namespace leat::pipelines
