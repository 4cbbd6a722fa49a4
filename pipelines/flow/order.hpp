#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/event.hpp"
#include "engine/async/semaphore.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// The part of a pipeline that one `ordered` puts in order. Every record that enters it gets the next place
/// and shares it with all that comes of it. At most `window` places are taken at a time. Loop thread only.
class Order {
 public:
  explicit Order(std::size_t window) noexcept : window_(window) {}
  Order(const Order&) = delete;
  Order& operator=(const Order&) = delete;

  /// Is awaited before `enter`, which takes the permit.
  [[nodiscard]] async::Semaphore::Acquire place() noexcept { return window_.acquire(); }
  void enter(Record& record, async::Semaphore::Permit place);

  /// The record has left the part and waits to be sent in its turn, since `now`.
  void arrive(RecordPtr record, async::TimePoint now = {});
  /// One place and its records. The place is given back when this is destroyed.
  struct Place {
    async::Semaphore::Permit permit;
    std::vector<RecordPtr> arrived;
    bool ended = false;
  };
  /// Since when the record that has waited longest waits for its turn; nothing if none waits. A record that
  /// had failed before does not count.
  [[nodiscard]] std::optional<async::TimePoint> oldest();
  /// Takes that record out, whose turn is given up.
  [[nodiscard]] RecordPtr take_oldest();
  /// The next place with its records in order, if nothing of it is in the part any more.
  [[nodiscard]] std::optional<Place> take_ready();
  /// Wakes when there may be one. One waiter at a time.
  [[nodiscard]] async::Event::Wait wait();
  void nudge() noexcept {
    if (change_) change_->set();
  }
  /// Nobody takes places any more. What has arrived, and what still arrives, is dropped.
  void close() noexcept;
  [[nodiscard]] bool empty() const noexcept { return places_.empty(); }

 private:
  class Member;
  /// Notes when a record came. The record may be gone meanwhile.
  struct Arrival {
    async::TimePoint at;
    std::uint64_t place;
    std::uint64_t id;
  };
  RecordPtr* find(const Arrival& arrival);

  async::Semaphore window_;
  std::deque<Arrival> arrivals_;           // of those that came with a time
  std::map<std::uint64_t, Place> places_;  // by number
  std::optional<async::Event> change_;
  std::uint64_t last_ = 0;
  bool closed_ = false;
};

}  // namespace leat::pipelines
