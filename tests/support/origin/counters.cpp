#include "tests/support/origin/counters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "tests/support/origin/json.hpp"

namespace leat::origin {
namespace {

constexpr std::size_t kMaxPaths = 10'000;
constexpr std::size_t kMaxPathLength = 1024;

}  // namespace

void Counters::connection_opened() noexcept {
  ++accepted_;
  peak_open_ = std::max(peak_open_, ++open_);
}

void Counters::request_received(std::string_view path) {
  ++total_;
  peak_concurrent_ = std::max(peak_concurrent_, ++concurrent_);
  if (count_paths_) count_path(path);
}

void Counters::count_path(std::string_view path) {
  if (const auto found = paths_.find(path); found != paths_.end()) {
    ++found->second;
  } else if (paths_.size() < kMaxPaths && path.size() <= kMaxPathLength) {
    paths_.emplace(path, 1);
  } else {
    ++other_paths_;
  }
}

void Counters::reset() {
  accepted_ = 0;
  peak_open_ = open_;
  total_ = 0;
  peak_concurrent_ = concurrent_;
  paths_.clear();
  other_paths_ = 0;
}

std::string Counters::json(bool with_paths) const {
  std::string out = fmt::format(
      R"({{"connections":{{"accepted":{},"open":{},"peak":{}}},"requests":{{"total":{},"concurrent":{},"peak":{}}})",
      accepted_, open_, peak_open_, total_, concurrent_, peak_concurrent_);
  if (with_paths) {
    std::vector<std::pair<std::string_view, std::uint64_t>> sorted(paths_.begin(), paths_.end());
    std::sort(sorted.begin(), sorted.end());
    if (other_paths_ > 0) sorted.emplace_back("other", other_paths_);
    out.append(R"(,"paths":{)");
    for (const auto& [path, count] : sorted) {
      append_json_text(out, path);
      fmt::format_to(std::back_inserter(out), ":{},", count);
    }
    if (out.back() == ',') out.pop_back();
    out.push_back('}');
  }
  out.append("}\n");
  return out;
}

}  // namespace leat::origin
