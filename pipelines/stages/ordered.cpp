#include "pipelines/stages/ordered.hpp"

namespace leat::pipelines {

async::Task<Status> Ordered::run(RecordReceiver in, RecordSender out) {
  bool ended = false;
  while (!ended || !early_.empty()) {
    if (!ended) {
      auto record = co_await in.next();
      ended = !record;
      if (record) {
        const auto id = (*record)->id;
        early_.emplace(id, std::move(*record));
      }
    }
    // At the end nothing more can come that stands before what is here.
    while (!early_.empty() && (ended || early_.begin()->first == next_)) {
      auto record = std::move(early_.begin()->second);
      early_.erase(early_.begin());
      next_ = record->id + 1;
      record->order_place.reset();
      const bool wanted = co_await out.send(std::move(record));
      if (!wanted) co_return std::nullopt;
    }
  }
  co_return std::nullopt;
}

}  // namespace leat::pipelines
