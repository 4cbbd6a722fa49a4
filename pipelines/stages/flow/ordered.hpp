#pragma once

#include <cstddef>
#include <memory>

#include "pipelines/flow/order.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

class StageRow;

/// The arguments of `ordered`: it puts records back into the order of input, at most `window` ahead.
struct OrderedArgs {
  std::size_t window = 1000;
};
[[nodiscard]] const StageRow& row_of(const OrderedArgs& args) noexcept;

/// The start of the part that an `ordered` puts in order: right behind the source, at a block's start, or
/// behind the `ordered` before.
class OrderEntry final : public Stage {
 public:
  explicit OrderEntry(Order& order) noexcept : order_(order) {}
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  Order& order_;
};

/// ordered: puts records back into the order in which they entered its part; what came of one record stands
/// where that stood, in the order in which it was made.
///
/// A record that waits for its turn longer than `timeout` fails and goes on at once.
///
/// It always receives; what bounds it is the window of places. To refuse records here could stop the very one
/// that all others wait for.
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
