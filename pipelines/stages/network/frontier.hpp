#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/async/event.hpp"
#include "engine/async/task.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/state/journal.hpp"

namespace leat::pipelines {

/// The records that a stage is still to fetch, first in, first out.
///
/// Without a journal they are in memory up to a number, and beyond it in a temporary file. With a journal
/// all go through that, so that the next run finds them: a record that is in it stands for itself, so the one
/// it came of may end; it is done when all that comes of it is, which its family tells the
/// journal. A record on disk has no place in the accounting. Records that have failed stay in memory.
///
/// In a run that is part of a job, shared pages go into that, each to the process that has its origin. They
/// stand for themselves there, and come back by way of the stage, in whichever process that is. Pages that
/// are not shared stay in memory, where they hold the record of the job that they came of.
///
/// `keep` is to run beside all else; an error of the disk ends the run. Loop thread only.
class Frontier {
 public:
  /// Where pages wait in a run that is part of a job.
  enum class Pages : std::uint8_t { here, shared };

  Frontier(RunContext& context, std::size_t in_memory, Pages pages)
      : context_(context),
        in_memory_(in_memory),
        is_shared_(context.job != nullptr && pages == Pages::shared),
        number_(is_shared_ ? ++context.last_memory : ++context.last_frontier),
        pages_leaving_(context.acknowledgement.claim(0)) {}

  /// The journal's part, to be awaited first: what the run before has left.
  async::Task<void> open();
  /// Moves records to the disk, until it is cancelled.
  async::Task<void> keep();

  /// `key` is a hash of its name.
  void push(RecordPtr record, std::uint64_t key);
  /// Puts one there that need not be kept: it is in the job already, or has failed.
  void put(RecordPtr record) {
    ready_.push_back(std::move(record));
    nudge();
  }
  /// How many `pop` has.
  [[nodiscard]] std::size_t ready() const noexcept { return ready_.size(); }
  /// The next one, if it is in memory.
  [[nodiscard]] RecordPtr pop();
  /// Makes `pop` have one, or `empty` true: awaits the disk or a nudge.
  async::Task<void> wait();
  async::Task<void> wait_for_room();
  /// Nobody wants them any more; what is in a journal stays there.
  void drop() noexcept {
    ready_.clear();
    leaving_.clear();
    descents_.clear();
  }
  /// Wakes who waits for something to happen.
  void nudge() noexcept {
    if (change_) change_->set();
  }

  /// Whether pages are those of a job, and the stage's number there.
  [[nodiscard]] bool is_shared() const noexcept { return is_shared_; }
  [[nodiscard]] int number() const noexcept { return number_; }
  /// How many there are, but for those that a run which is stopping leaves to the next one.
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

 private:
  class PageFamily;
  using Moving = std::vector<std::pair<RecordPtr, std::uint64_t>>;

  [[nodiscard]] bool leaves_rest() const noexcept { return context_.journal != nullptr && context_.stopping; }
  [[nodiscard]] bool goes_away(const Record& record) const noexcept;
  async::Task<void> wait_for_more();
  [[nodiscard]] FrontierItem item_of(const Record& record, std::uint64_t key) const;
  [[nodiscard]] Journal& disk() noexcept { return context_.journal != nullptr ? *context_.journal : *own_; }
  async::Task<Status> store(Moving moving);
  async::Task<void> load();
  Status put_back(const FrontierItem& item);
  void count_page(const Record& record) noexcept;
  void give_up(Error error);

  RunContext& context_;
  const std::size_t in_memory_;
  const bool is_shared_;
  const int number_;
  std::unique_ptr<Journal> own_;  // the temporary file
  std::deque<RecordPtr> ready_;
  Moving leaving_;                        // for the disk
  std::size_t moving_ = 0;                // on their way there
  Acknowledgement::Claim pages_leaving_;  // of the pages that those for the disk were found on
  const Family* last_page_ = nullptr;     // of these; to compare with
  std::size_t on_disk_ = 0;
  bool broken_ = false;
  // Of records on disk that are in a part of the pipeline; those that another run left are in none. By key.
  std::unordered_map<std::uint64_t, Descent> descents_;
  std::optional<async::Event> change_;
  std::optional<async::Event> leaving_change_;
  async::TimePoint stored_at_{};
  std::optional<async::Event> room_;
};

}  // namespace leat::pipelines
