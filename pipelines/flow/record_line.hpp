#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <unordered_map>
#include <vector>

#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// Puts records into an order that is given beforehand, by their ids.
///
/// Who comes early waits for those before it. Where one of those doesn't come, `skip` goes on without it; it
/// does so by itself once more than `reach` records wait. Who comes too late goes at once. Records that the
/// order doesn't have come after all that it has.
class RecordLine {
 public:
  RecordLine(const std::vector<std::uint64_t>& order, std::size_t reach);

  void put(RecordPtr record);
  /// The next one, if it is there.
  [[nodiscard]] RecordPtr pop();
  /// None of those that are missing before the first that waits will come.
  void skip() noexcept;
  [[nodiscard]] bool empty() const noexcept { return known_.empty() && unknown_.empty(); }

 private:
  const std::size_t reach_;
  const std::size_t size_;
  std::unordered_map<std::uint64_t, std::deque<std::size_t>> places_;  // by id; the first is next
  std::size_t next_ = 0;                                               // place
  std::multimap<std::size_t, RecordPtr> known_;                        // by place
  std::deque<RecordPtr> unknown_;
};

}  // namespace leat::pipelines
