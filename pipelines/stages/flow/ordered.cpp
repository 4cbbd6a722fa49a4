#include "pipelines/stages/flow/ordered.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/async/beside.hpp"
#include "engine/async/errors.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/async/wait_for.hpp"
#include "pipelines/flow/time_limits.hpp"
#include "pipelines/plan/stage_type.hpp"

namespace leat::pipelines {

/// The family of one place.
class Order::Member final : public Family {
 public:
  Member(Order& order, std::uint64_t number, FamilyRef outer) noexcept
      : Family(std::move(outer)), order_(order), number_(number) {}
  ~Member() override {
    const auto place = order_.places_.find(number_);
    place->second.ended = true;
    if (place->second.arrived.empty()) place->second.permit.reset();  // nobody waits for such a place
    if (place == order_.places_.begin()) order_.nudge();
  }
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }

 private:
  Order& order_;
  std::uint64_t number_;
};

void Order::enter(Record& record, async::Semaphore::Permit place) {
  Place made;
  made.permit = std::move(place);
  places_.emplace(++last_, std::move(made));
  record.descent.enter(std::make_shared<Member>(*this, last_, std::move(record.descent.family)));
}

// A record that a journal has brought back took no place at the entry. It gets the next free one.
void Order::arrive(RecordPtr record, async::TimePoint now) {
  const auto family = record->descent.leave();
  if (!family) {
    Place& own = places_[++last_];
    own.ended = true;
    own.arrived.push_back(std::move(record));
    nudge();
    return;
  }
  if (closed_) return;
  const std::uint64_t number = static_cast<const Member&>(*family).number();
  if (now != async::TimePoint() && !record->failed()) arrivals_.push_back({now, number, record->id});
  places_.at(number).arrived.push_back(std::move(record));
}

RecordPtr* Order::find(const Arrival& arrival) {
  const auto place = places_.find(arrival.place);
  if (place == places_.end()) return nullptr;
  auto& arrived = place->second.arrived;
  const auto record = std::find_if(arrived.begin(), arrived.end(),
                                   [&](const RecordPtr& one) { return one->id == arrival.id; });
  return record == arrived.end() ? nullptr : &*record;
}

std::optional<async::TimePoint> Order::oldest() {
  while (!arrivals_.empty() && find(arrivals_.front()) == nullptr) arrivals_.pop_front();
  if (arrivals_.empty()) return std::nullopt;
  return arrivals_.front().at;
}

RecordPtr Order::take_oldest() {
  RecordPtr* const found = find(arrivals_.front());
  RecordPtr record = std::move(*found);
  auto& place = places_.at(arrivals_.front().place);
  place.arrived.erase(place.arrived.begin() + (found - place.arrived.data()));
  arrivals_.pop_front();
  if (place.ended && place.arrived.empty()) place.permit.reset();
  return record;
}

std::optional<Order::Place> Order::take_ready() {
  if (places_.empty() || !places_.begin()->second.ended) return std::nullopt;
  Place place = std::move(places_.begin()->second);
  places_.erase(places_.begin());
  std::stable_sort(place.arrived.begin(), place.arrived.end(),
                   [](const RecordPtr& a, const RecordPtr& b) { return a->descent.path < b->descent.path; });
  return place;
}

void Order::close() noexcept {
  closed_ = true;
  for (auto& [number, place] : places_) place.arrived.clear();
}

async::Event::Wait Order::wait() {
  change_.emplace();
  if (!places_.empty() && places_.begin()->second.ended) change_->set();
  return change_->wait();
}

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
  return async::beside(pass_on(std::move(out)), collect(std::move(in)), "ordered.collect");
}

async::Task<Status> Ordered::pass_on(RecordSender out) {
  const ClosedAtEnd closing(order_);
  for (bool wanted = true; wanted;) {
    if (auto place = order_.take_ready()) {
      for (auto& record : place->arrived) {
        wanted = co_await out.send(std::move(record));
        if (!wanted) break;
      }
      continue;
    }
    if (collected_ && order_.empty()) break;
    if (auto late = take_late()) {
      wanted = co_await out.send(std::move(late));
      continue;
    }
    auto waiting = wait_for_change();
    co_await std::move(waiting);
  }
  co_return std::nullopt;
}

RecordPtr Ordered::take_late() {
  if (timeout_.count() == 0) return nullptr;
  const auto since = order_.oldest();
  if (!since || async::later(*since, timeout_) > async::EventLoop::current().now()) return nullptr;
  auto record = order_.take_oldest();
  record->fail(late_error(timeout_), "ordered");
  return record;
}

namespace {

async::Task<void> until_changed(Order& order) { co_await order.wait(); }

}  // namespace

async::Task<void> Ordered::wait_for_change() {
  const auto since = timeout_.count() > 0 ? order_.oldest() : std::nullopt;
  auto waiting = until_changed(order_);
  if (!since) {
    co_await std::move(waiting);
    co_return;
  }
  try {
    const auto left = async::later(*since, timeout_) - async::EventLoop::current().now();
    auto limited = async::wait_for(std::move(waiting), left);
    co_await std::move(limited);
  } catch (const async::TimeoutError&) {
  }
}

async::Task<void> Ordered::collect(RecordReceiver in) {
  for (;;) {
    auto record = co_await in.next();
    if (!record) break;
    if (timeout_.count() == 0) {
      order_.arrive(std::move(*record));
      continue;
    }
    order_.arrive(std::move(*record), async::EventLoop::current().now());
    order_.nudge();  // it may be the first whose time runs
  }
  collected_ = true;
  order_.nudge();
}

const StageRow& row_of(const OrderedArgs& /*args*/) noexcept {
  static const StageType<OrderedArgs> row({
      .signature = {.name = "ordered",
                    .kind = StageKind::stage,
                    .help = "puts records back into the order of the input",
                    .example = "lines \"urls.txt\" | fetch | ordered window=100",
                    .verify = verify_waiting,
                    .refuses = {.n = "window= says how many places there are"}},
      .args = {arg<&OrderedArgs::window>({.key = "window",
                                          .name = "N",
                                          .type = ArgType::count,
                                          .help = "how far the fastest may be ahead of the slowest",
                                          .least = 1,
                                          .most = 1'000'000,
                                          .standard = "1000"})},
      .make = [](const OrderedArgs& args, RunContext&) -> Result<AnyStage> {
        return AnyStage(std::unique_ptr<Stage>(std::make_unique<Ordered>(args.window)));
      },
      .facts =
          [](const OrderedArgs&) {
            return StageFacts{.reads_body = false, .ends_by_itself = false, .reach = 0, .has_entry = true};
          },
      .notes = [](const OrderedArgs& args) { return fmt::format("holds up to {} records", args.window); },
      .check = [](const OrderedArgs& args) -> Status {
        if (args.window > 0) return std::nullopt;
        return Error(Errc::bad_input, "\"ordered\" takes a window of at least 1");
      },
  });
  return row;
}

}  // namespace leat::pipelines
