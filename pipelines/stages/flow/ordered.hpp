#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/event.hpp"
#include "engine/async/semaphore.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

class StageRow;

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

/// The arguments of `ordered`: it puts records back into the order of input, at most `window` ahead.
struct OrderedArgs {
  std::size_t window = 1000;
};
[[nodiscard]] const StageRow& row_of(const OrderedArgs& args) noexcept;

/// The start of the part that an `ordered` puts in order. It stands right behind the source, at a block's
/// start, or behind the `ordered` before.
class OrderEntry final : public Stage {
 public:
  explicit OrderEntry(Order& order) noexcept : order_(order) {}
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  Order& order_;
};

/// ordered: puts records back into the order in which they entered its part. All that came of one record
/// stands in its place, in the order in which it was made.
///
/// A record that waits for its turn longer than `timeout` fails and goes on at once.
///
/// It always receives, and the window of places bounds it. If it refused records, it could stop the very
/// one that all others wait for.
class Ordered final : public Stage {
 public:
  explicit Ordered(std::size_t window) noexcept : order_(window) {}

  [[nodiscard]] Order& order() noexcept { return order_; }

  std::unique_ptr<Stage> make_entry() override { return std::make_unique<OrderEntry>(order_); }
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  async::Task<Status> pass_on(RecordSender out);
  async::Task<void> collect(RecordReceiver in);
  async::Task<void> wait_for_change();
  RecordPtr take_late();

  Order order_;
  bool collected_ = false;
};

}  // namespace leat::pipelines
