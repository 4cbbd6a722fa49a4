#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/event.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/semaphore.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/redis/client.hpp"
#include "pipelines/record/ledger.hpp"

namespace leat::pipelines {

/// An entry of a stream. One that was deleted while it was pending has no fields.
struct StreamEntry {
  StreamEntry() = default;

  std::string id;
  std::vector<std::pair<std::string, std::string>> fields;
};
using StreamEntries = std::vector<StreamEntry>;

struct RedisGroupOptions {
  RedisGroupOptions() = default;

  std::string key;
  std::string at;
  std::string group;
  async::Duration claim{0};  // an entry that nobody was heard of for so long is somebody else's
  async::Duration away{0};
};

/// One consumer of a stream's consumer group, under a name of its own.
///
/// An entry that `next` has given is pending until its family has ended; then it is acknowledged (XACK), many
/// in one call. What is pending is said to be in work three times in each `claim`, so nobody else takes it
/// while this process lives; what others left behind for that long is taken from them (XAUTOCLAIM). After a
/// connection was lost, `next` first gives what Redis has delivered and nobody got. An entry whose family
/// ends as cancelled is not acknowledged: `close` hands it back, so that the next one to look for such
/// entries takes it at once. So each entry is done at least once, and again only if a process stopped or lost
/// its connection in the middle. Loop thread only. Families outlive it without harm.
class RedisGroup {
 public:
  RedisGroup(async::EventLoop& loop, RedisGroupOptions options);

  /// Makes the group, and the stream if there is none. bad_input for a key that is no stream.
  async::Task<Status> open();
  /// A few entries; none if none has come within `wait`.
  async::Task<Result<StreamEntries>> next(async::Duration wait);
  /// The family whose end acknowledges the entry. The entry is in work from now on.
  [[nodiscard]] FamilyRef take(const StreamEntry& entry);
  /// Acknowledges an entry of which no record came.
  void done(const StreamEntry& entry);
  /// Tells Redis what is done and what is in work, until it is cancelled or fails. Runs beside `next`.
  async::Task<void> keep_telling();
  /// Why keep_telling has ended.
  [[nodiscard]] const Status& failure() const noexcept { return failure_; }
  /// Waits until nothing is in work any more, then acknowledges what is due and hands back the rest of what
  /// this consumer was given; each call to Redis within `limit`.
  async::Task<Status> close(async::Duration limit);

  /// Whether the group had vanished in the middle, and was made anew.
  [[nodiscard]] bool was_lost() const noexcept { return was_lost_; }

 private:
  class EntryFamily;
  /// What families tell; they may outlive the group.
  struct Work {
    void changed() {
      if (change) change->set();
    }
    [[nodiscard]] bool knows(const std::string& id) const {
      return in_work.contains(id) || ended.contains(id);
    }

    std::unordered_set<std::string> in_work;
    std::unordered_set<std::string> ended;  // the same as `due`
    std::vector<std::string> due;           // to be acknowledged, the oldest first
    std::optional<async::Event> change;     // there while somebody waits
  };

  async::Task<Status> make_group();
  async::Task<Result<StreamEntries>> read(redis::Command command);
  async::Task<Result<StreamEntries>> read_missed();
  async::Task<Result<StreamEntries>> read_abandoned();
  async::Task<Result<StreamEntries>> read_new(async::Duration wait);
  async::Task<Status> acknowledge(async::Duration limit);
  async::Task<Status> tell_work();
  async::Task<void> wait_for_change();
  [[nodiscard]] StreamEntries unknown(StreamEntries entries);
  [[nodiscard]] redis::Command reading(const std::string& from) const;

  async::EventLoop& loop_;
  RedisGroupOptions options_;
  std::string consumer_;
  redis::Client reader_;  // may wait for entries
  redis::Client teller_;
  async::Semaphore telling_;
  std::shared_ptr<Work> work_;
  std::optional<std::string> missed_from_;  // what was delivered behind this id may have been missed
  std::uint64_t connections_ = 0;           // of the reader, when that was looked at last
  std::string cursor_ = "0-0";              // of XAUTOCLAIM
  async::TimePoint claim_at_{};
  Status failure_;
  bool was_lost_ = false;
};

}  // namespace leat::pipelines
