#include "pipelines/ledger.hpp"

#include <numeric>

namespace leat::pipelines {

std::string_view to_string(Outcome outcome) noexcept {
  constexpr std::array<std::string_view, kOutcomes> kNames{"ok", "failed", "skipped", "not_modified",
                                                           "cancelled"};
  return kNames[static_cast<std::size_t>(outcome)];
}

Ticket Ledger::take() noexcept {
  ++taken_;
  return Ticket(*this);
}

std::uint64_t Ledger::live() const noexcept {
  return taken_ - std::accumulate(settled_.begin(), settled_.end(), std::uint64_t{0});
}

void Ticket::settle(Outcome outcome) noexcept {
  if (auto* ledger = std::exchange(ledger_, nullptr)) ++ledger->settled_[static_cast<std::size_t>(outcome)];
}

}  // namespace leat::pipelines
