#include "engine/load/load_result.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace leat::load {

namespace {

constexpr async::Duration kShortBlock{std::chrono::milliseconds(50)};
constexpr async::Duration kLongRun{std::chrono::seconds(30)};
constexpr std::size_t kMostBlocksOfShortRun = 40;
constexpr std::size_t kMostBlocks = 600;
constexpr std::uint64_t kFewestInBlock = 4;  // answers; with fewer, most of what blocks vary by is chance

// A long run has a block for each second, so that what each has from the one before can be seen.
std::size_t blocks_for(const LoadResult& result) {
  const auto whole =
      static_cast<std::size_t>(result.measured >= kLongRun ? result.measured / std::chrono::seconds(1)
                                                           : result.measured / kShortBlock);
  const std::size_t most = result.measured >= kLongRun ? kMostBlocks : kMostBlocksOfShortRun;
  const auto filled = static_cast<std::size_t>(result.totals.finished_in_time / kFewestInBlock);
  return std::max<std::size_t>(1, std::min({whole, most, filled}));
}

}  // namespace

void merge_errors(std::map<Errc, ErrorTally>& into, const std::map<Errc, ErrorTally>& from) {
  for (const auto& [code, other] : from) {
    ErrorTally& mine = into[code];
    if (mine.count == 0 || other.first < mine.first) {
      mine.first = other.first;
      mine.example = other.example;
    }
    mine.count += other.count;
  }
}

void sort_addresses(std::vector<AddressResult>& addresses) {
  std::sort(addresses.begin(), addresses.end(),
            [](const AddressResult& a, const AddressResult& b) { return a.address < b.address; });
}

void merge_addresses(std::vector<AddressResult>& into, std::vector<AddressResult> from) {
  for (auto& other : from) {
    const auto same = std::find_if(into.begin(), into.end(),
                                   [&](const AddressResult& one) { return one.address == other.address; });
    if (same == into.end()) {
      into.push_back(std::move(other));
      continue;
    }
    same->tally.merge(other.tally);
    same->response.merge(other.response);
  }
  sort_addresses(into);
}

void Tally::merge(const Tally& other) noexcept {
  for (const auto count : kTallyCounts) this->*count += other.*count;
}

void PhaseHistograms::merge(const PhaseHistograms& other) {
  for (const auto phase : kPhaseHistograms) (this->*phase).merge(other.*phase);
}

void TargetResult::merge(const TargetResult& other) {
  if (url.empty()) {
    url = other.url;
    method = other.method;
  }
  tally.merge(other.tally);
  response.merge(other.response);
  for (const auto& [status, count] : other.by_status) by_status[status] += count;
  merge_errors(by_error, other.by_error);
}

void SampleFindings::merge(const SampleFindings& other) {
  if (unfit == 0) example = other.example;
  looked_at += other.looked_at;
  unfit += other.unfit;
}

void Slice::merge(const Slice& other) {
  sent += other.sent;
  ok += other.ok;
  status_errors += other.status_errors;
  failed += other.failed;
  bytes_in += other.bytes_in;
  in_flight += other.in_flight;
  in_flight_nanoseconds += other.in_flight_nanoseconds;
  cpu += other.cpu;
  response.merge(other.response);
  schedule_lag.merge(other.schedule_lag);
  for (const auto& [status, count] : other.by_status) by_status[status] += count;
  for (const auto& [code, count] : other.by_error) by_error[code] += count;
}

void Slice::merge_beside(const Slice& other) {
  lasts = std::max(lasts, other.lasts);
  inside = std::max(inside, other.inside);
  merge(other);
}

void settle_rate(LoadResult& result, const LoadPlan& plan) {
  const bool open = plan.mode == LoadPlan::Mode::open;
  const bool on_time = open && result.client.cap_waits == 0 && result.totals.dropped == 0;
  if (on_time) result.totals.finished_in_time = result.totals.ok;
  // What a slow server answers is late by its own time, and so is the stretch that is looked at.
  const auto late = static_cast<std::int64_t>(on_time ? result.latency.service.percentile(50).value : 0);
  const std::size_t count = blocks_for(result);
  const auto lasts = result.measured / static_cast<std::int64_t>(count);
  for (const double answers : result.answers.parts(async::Duration(late), result.measured, count)) {
    result.blocks.push_back({lasts, answers});
  }
}

double LoadResult::rate() const noexcept {
  const double elapsed = async::in_seconds(measured);
  return elapsed > 0 ? static_cast<double>(totals.finished_in_time) / elapsed : 0;
}

}  // namespace leat::load
