#include "pipelines/stages/ordered.hpp"

#include <utility>

#include "engine/async/task.hpp"
#include "pipelines/stages/child_task.hpp"

namespace leat::pipelines {

async::Task<Status> OrderEntry::run(RecordReceiver in, RecordSender out) {
  for (;;) {
    auto place = co_await order_.place();
    auto record = co_await in.next();
    if (!record) co_return std::nullopt;
    order_.enter(**record, std::move(place));
    const bool wanted = co_await out.send(std::move(*record));
    if (!wanted) co_return std::nullopt;
  }
}

namespace {

class ClosedAtEnd {
 public:
  explicit ClosedAtEnd(Order& order) noexcept : order_(order) {}
  ClosedAtEnd(const ClosedAtEnd&) = delete;
  ClosedAtEnd& operator=(const ClosedAtEnd&) = delete;
  ~ClosedAtEnd() { order_.close(); }

 private:
  Order& order_;
};

}  // namespace

async::Task<Status> Ordered::run(RecordReceiver in, RecordSender out) {
  const ClosedAtEnd closing(order_);
  const ChildTask collecting(async::spawn(collect(std::move(in)), "ordered.collect"));
  for (bool wanted = true; wanted;) {
    if (auto place = order_.take_ready()) {
      for (auto& record : place->arrived) {
        wanted = co_await out.send(std::move(record));
        if (!wanted) break;
      }
      continue;
    }
    if (collected_ && order_.empty()) break;
    co_await order_.wait();
  }
  co_return std::nullopt;
}

async::Task<void> Ordered::collect(RecordReceiver in) {
  for (;;) {
    auto record = co_await in.next();
    if (!record) break;
    order_.arrive(std::move(*record));
  }
  collected_ = true;
  order_.nudge();
}

}  // namespace leat::pipelines
