#include "pipelines/flow/order.hpp"

#include <algorithm>
#include <utility>

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

}  // namespace leat::pipelines
