#include "engine/dns/address_health.hpp"

#include <algorithm>

namespace leat::http {

namespace {

constexpr std::size_t kMostMarks = 16'384;

}  // namespace

void AddressHealth::failed(const std::string& address, async::TimePoint now) {
  if (marks_.size() >= kMostMarks) sweep(now);
  Mark& mark = marks_[address];
  const bool is_new = mark.lasts == async::Duration::zero();
  // Many transfers find out at once. That counts as one failure and doesn't make the time longer.
  if (is_new || mark.until <= now) {
    mark.lasts = is_new ? options_.first : std::min(2 * mark.lasts, options_.longest);
    mark.until = async::later(now, mark.lasts);
    next_return_ = std::min(next_return_, mark.until);
  }
  mark.at = now;
  ++version_;
}

void AddressHealth::worked(const std::string& address) {
  if (!marks_.empty() && marks_.erase(address) > 0) ++version_;
}

async::TimePoint AddressHealth::failed_at(const std::string& address, async::TimePoint now) const {
  const auto found = marks_.find(address);
  return found == marks_.end() || found->second.until <= now ? async::TimePoint::min() : found->second.at;
}

std::uint64_t AddressHealth::version(async::TimePoint now) {
  if (now < next_return_) return version_;
  ++version_;
  next_return_ = async::TimePoint::max();
  for (const auto& [address, mark] : marks_) {
    if (mark.until > now) next_return_ = std::min(next_return_, mark.until);
  }
  return version_;
}

void AddressHealth::sweep(async::TimePoint now) {
  std::erase_if(marks_, [now](const auto& entry) { return entry.second.until <= now; });
  if (marks_.size() >= kMostMarks) marks_.clear();
  ++version_;
}

}  // namespace leat::http
