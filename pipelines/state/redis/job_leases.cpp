#include "pipelines/state/redis/job_leases.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

namespace leat::pipelines {

JobLeases::Clock JobLeases::now() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

void JobLeases::hold(const std::vector<HeldPartition>& held, std::size_t share, Clock until,
                     std::optional<std::size_t> busy_share, std::size_t spare) {
  until_ = until;
  std::array<const HeldPartition*, kPartitions> told{};
  for (const auto& one : held) told.at(one.partition) = &one;
  std::vector<Lease*> kept;
  for (unsigned p = 0; p < kPartitions; ++p) {
    LeasePtr& lease = leases_[p];
    if (lease && (told[p] == nullptr || lease->fence != told[p]->fence)) {
      lease->is_held = false;
      lease.reset();
    }
    if (told[p] == nullptr) continue;
    if (!lease) lease = std::make_shared<Lease>(p, told[p]->fence, now());
    lease->is_busy = told[p]->is_busy;
    if (!lease->is_leaving) kept.push_back(lease.get());
  }
  // Those with nothing to do go first, and then those with the least to wait for.
  std::stable_sort(kept.begin(), kept.end(), [](const Lease* a, const Lease* b) {
    return std::pair(a->is_busy, a->running) < std::pair(b->is_busy, b->running);
  });
  const auto leave = [](Lease* lease) { lease->is_leaving = true; };
  const std::size_t too_many = kept.size() - std::min(kept.size(), share);
  std::for_each_n(kept.begin(), too_many, leave);
  if (!busy_share) return;
  const auto busy = std::find_if(kept.begin() + static_cast<std::ptrdiff_t>(too_many), kept.end(),
                                 [](const Lease* lease) { return lease->is_busy; });
  const auto count = static_cast<std::size_t>(kept.end() - busy);
  if (count > *busy_share + spare) std::for_each_n(busy, count - *busy_share, leave);
}

std::vector<unsigned> JobLeases::news_among(const std::vector<HeldPartition>& held) const {
  std::vector<unsigned> partitions;
  for (const auto& one : held) {
    const auto& lease = leases_.at(one.partition);
    if (!lease || lease->fence != one.fence) partitions.push_back(one.partition);
  }
  return partitions;
}

void JobLeases::lose_all() noexcept {
  for (auto& lease : leases_) {
    if (lease) lease->is_held = false;
    lease.reset();
  }
}

std::vector<unsigned> JobLeases::to_give_back() const {
  std::vector<unsigned> partitions;
  for (const auto& lease : leases_) {
    if (lease && lease->is_leaving && lease->running == 0 && lease->untold == 0)
      partitions.push_back(lease->partition);
  }
  return partitions;
}

std::vector<LeasePtr> JobLeases::usable(std::size_t step) {
  std::vector<LeasePtr> found;
  turn_ += step;
  for (std::size_t i = 0; i < kPartitions; ++i) {
    const auto& lease = leases_[(turn_ + i) % kPartitions];
    if (lease && !lease->is_leaving) found.push_back(lease);
  }
  return found;
}

void JobLeases::end(const Lease& lease, const std::string& entry, bool again) {
  in_hand_.at(lease.partition) -= here_.erase(key(lease, entry));
  const auto& now_held = leases_[lease.partition];
  if (again && now_held) now_held->after = "0-0";
}

}  // namespace leat::pipelines
