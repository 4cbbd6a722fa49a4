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

void JobLeases::hold(const std::vector<std::pair<unsigned, std::string>>& held, std::size_t share,
                     Clock until) {
  until_ = until;
  std::array<const std::string*, kPartitions> fences{};
  for (const auto& [partition, fence] : held) fences.at(partition) = &fence;
  std::vector<Lease*> kept;
  for (unsigned p = 0; p < kPartitions; ++p) {
    LeasePtr& lease = leases_[p];
    if (lease && (fences[p] == nullptr || lease->fence != *fences[p])) {
      lease->is_held = false;
      lease.reset();
    }
    if (!lease && fences[p] != nullptr) lease = std::make_shared<Lease>(p, *fences[p]);
    if (lease && !lease->is_leaving) kept.push_back(lease.get());
  }
  if (kept.size() <= share) return;
  // Those with the least to wait for go first.
  std::stable_sort(kept.begin(), kept.end(),
                   [](const Lease* a, const Lease* b) { return a->running < b->running; });
  for (std::size_t i = 0; i < kept.size() - share; ++i) kept[i]->is_leaving = true;
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
    if (lease && lease->is_leaving && lease->running == 0) partitions.push_back(lease->partition);
  }
  return partitions;
}

std::vector<LeasePtr> JobLeases::usable() {
  std::vector<LeasePtr> found;
  ++turn_;
  for (std::size_t i = 0; i < kPartitions; ++i) {
    const auto& lease = leases_[(turn_ + i) % kPartitions];
    if (lease && !lease->is_leaving) found.push_back(lease);
  }
  return found;
}

void JobLeases::end(const Lease& lease, const std::string& entry, bool again) {
  here_.erase(key(lease, entry));
  const auto& now_held = leases_[lease.partition];
  if (again && now_held) now_held->after = "0-0";
}

}  // namespace leat::pipelines
