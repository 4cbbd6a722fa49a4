#include "pipelines/record/ledger.hpp"

#include <array>
#include <numeric>

namespace leat::pipelines {

std::string_view to_string(Outcome outcome) noexcept {
  constexpr std::array<std::string_view, kOutcomes> kNames{"ok", "failed", "skipped", "not_modified",
                                                           "cancelled"};
  return kNames[static_cast<std::size_t>(outcome)];
}

Ticket Ledger::take() noexcept { return take(Ticket()); }

Ticket Ledger::take(Ticket without_place) noexcept {
  if (without_place.ledger_ == nullptr) {
    ++taken_;
    without_place.ledger_ = this;
  }
  return without_place;
}

std::uint64_t Ledger::live() const noexcept {
  return taken_ - std::accumulate(settled_.begin(), settled_.end(), std::uint64_t{0});
}

void Ticket::settle(Outcome outcome) noexcept {
  if (auto* ledger = std::exchange(ledger_, nullptr)) ledger->settle(outcome);
  if (const auto entry = std::move(entry_)) entry->note(outcome);
}

void Ticket::withdraw() noexcept {
  if (auto* ledger = std::exchange(ledger_, nullptr)) --ledger->taken_;
  entry_.reset();
}

}  // namespace leat::pipelines
