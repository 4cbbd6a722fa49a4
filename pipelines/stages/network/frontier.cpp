#include "pipelines/stages/network/frontier.hpp"

#include <algorithm>
#include <chrono>

#include "engine/async/sleep.hpp"
#include "engine/http/message/url.hpp"
#include "pipelines/flow/job_item.hpp"
#include "pipelines/result/job_text.hpp"
#include "pipelines/result/record_text.hpp"
#include "pipelines/state/job.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kMostLeaving = 4096;  // records that may wait for the disk
constexpr std::size_t kLoaded = 64;         // records that are read at once
constexpr std::size_t kEnoughForACall = 64;
constexpr async::Duration kBetweenCalls = std::chrono::milliseconds(5);

}  // namespace

/// Tells the journal that a record which it has is done, once all that came of it has ended. Where some of
/// that was dropped, the end of the run says whether nobody wanted it.
class Frontier::PageFamily final : public Family {
 public:
  PageFamily(Journal& journal, int number, std::uint64_t key) noexcept
      : journal_(journal), number_(number), key_(key) {}
  ~PageFamily() override {
    if (outcome() == Outcome::cancelled) {
      journal_.finished_if_whole(number_, key_);
    } else {
      journal_.finished(number_, key_);
    }
  }
  [[nodiscard]] std::uint64_t root_id() const noexcept override { return key_; }

 private:
  Journal& journal_;
  int number_;
  std::uint64_t key_;
};

async::Task<void> Frontier::open() {
  if (context_.journal == nullptr) co_return;
  auto counting = context_.journal->count(number_);
  auto count = co_await std::move(counting);
  if (count.ok()) {
    on_disk_ = static_cast<std::size_t>(count->live());
  } else {
    give_up(std::move(count.error()));
  }
}

async::Task<void> Frontier::keep() {
  for (;;) {
    while (leaving_.empty()) {
      leaving_change_.emplace();
      co_await leaving_change_->wait();
    }
    if (is_shared_) {
      auto waiting = wait_for_more();
      co_await std::move(waiting);
    }
    auto storing = store(std::exchange(leaving_, {}));
    auto error = co_await std::move(storing);
    if (error) {
      give_up(std::move(*error));
      co_return;
    }
    if (room_) room_->set();
    nudge();
  }
}

// A job's server is called for many pages at once: for those of some milliseconds, where they come slowly.
async::Task<void> Frontier::wait_for_more() {
  const auto due = stored_at_ + kBetweenCalls;
  while (leaving_.size() < kEnoughForACall && context_.loop.now() < due && !context_.stopping)
    co_await async::sleep_for(
        std::min<async::Duration>(due - context_.loop.now(), std::chrono::milliseconds(1)));
  stored_at_ = context_.loop.now();
}

FrontierItem Frontier::item_of(const Record& record, std::uint64_t key) const {
  auto item = to_item(record, key, is_shared_ ? to_job_text(record, number_) : to_text(record), context_);
  if (is_shared_) item.place = place_of(record, context_);
  return item;
}

// Their families are let go only once the disk, or the job, has them.
async::Task<Status> Frontier::store(Moving moving) {
  moving_ = moving.size();
  const auto pages = std::exchange(pages_leaving_, context_.acknowledgement.claim(0));
  last_page_ = nullptr;
  if (context_.journal == nullptr && !is_shared_ && !own_) {
    auto made = Journal::temporary(context_.loop);
    if (!made.ok()) co_return std::move(made.error());
    own_ = std::move(*made);
  }
  std::vector<FrontierItem> items;
  items.reserve(moving.size());
  for (auto& [record, key] : moving) {
    items.push_back(item_of(*record, key));
    if (record->descent.family) descents_[key] = record->descent;
  }
  RunState& keeper = is_shared_ ? static_cast<RunState&>(*context_.job) : disk();
  auto adding = keeper.add(number_, std::move(items));
  auto added = co_await std::move(adding);
  if (!added.ok()) co_return std::move(added.error());
  if (!is_shared_) on_disk_ += *added;
  for (auto& [record, key] : moving) {
    if (const auto& family = record->ticket.family(); is_shared_ && family) family->has_put();
    record->ticket.withdraw();
  }
  moving_ = 0;
  co_return std::nullopt;
}

bool Frontier::goes_away(const Record& record) const noexcept {
  if (broken_ || record.failed()) return false;
  if (context_.job != nullptr) return is_shared_;
  const bool full = ready_.size() >= in_memory_ || on_disk_ + moving_ + leaving_.size() > 0;
  return context_.journal != nullptr || full;
}

void Frontier::push(RecordPtr record, std::uint64_t key) {
  if (!goes_away(*record)) return put(std::move(record));
  if (context_.state != nullptr) count_page(*record);
  leaving_.emplace_back(std::move(record), key);
  if (leaving_change_) leaving_change_->set();
  nudge();
}

void Frontier::count_page(const Record& record) noexcept {
  const auto* page = record.ticket.family().get();
  if (page == nullptr || std::exchange(last_page_, page) == page) return;
  pages_leaving_.grow();
}

RecordPtr Frontier::pop() {
  if (ready_.empty()) return nullptr;
  auto record = std::move(ready_.front());
  ready_.pop_front();
  return record;
}

async::Task<void> Frontier::wait() {
  if (on_disk_ > 0 && !leaves_rest()) {
    auto loading = load();
    co_await std::move(loading);
    co_return;
  }
  change_.emplace();
  co_await change_->wait();
}

async::Task<void> Frontier::wait_for_room() {
  while (leaving_.size() >= kMostLeaving) {
    room_.emplace();
    co_await room_->wait();
  }
}

async::Task<void> Frontier::load() {
  auto taking = disk().take(number_, kLoaded);
  auto items = co_await std::move(taking);
  if (!items.ok()) {
    give_up(std::move(items.error()));
    co_return;
  }
  on_disk_ -= std::min(on_disk_, items->size());
  if (items->empty()) on_disk_ = 0;
  for (const auto& item : *items) {
    if (auto error = put_back(item)) {
      give_up(std::move(*error));
      co_return;
    }
  }
}

Status Frontier::put_back(const FrontierItem& item) {
  std::string text = item.record;
  context_.secrets.unseal(text);
  auto read = record_of_text(text);
  if (!read.ok()) return std::move(read.error());
  RecordPtr record = std::move(*read);
  record->born = context_.loop.now();
  if (const auto at = descents_.find(item.key); at != descents_.end()) {
    record->descent = std::move(at->second);
    descents_.erase(at);
  }
  record->ticket = context_.ledger.take();
  if (context_.journal != nullptr) {
    record->ticket.belong_to(std::make_shared<PageFamily>(*context_.journal, number_, item.key));
  }
  ready_.push_back(std::move(record));
  return std::nullopt;
}

void Frontier::give_up(Error error) {
  broken_ = true;
  leaving_.clear();
  descents_.clear();
  on_disk_ = moving_ = 0;
  context_.abort(std::move(error));
  if (room_) room_->set();
  nudge();
}

std::size_t Frontier::size() const noexcept {
  return ready_.size() + leaving_.size() + moving_ + (leaves_rest() ? 0 : on_disk_);
}

}  // namespace leat::pipelines
