#include "pipelines/record/ledger.hpp"

#include <numeric>

namespace leat::pipelines {

namespace {

// Of the outcomes of one family's records, the one with the highest rank is the family's.
int rank(Outcome outcome) noexcept {
  constexpr int kRanks[kOutcomes] = {2, 3, 0, 1, 4};  // of ok, failed, skipped, not_modified, cancelled
  return kRanks[static_cast<std::size_t>(outcome)];
}

}  // namespace

std::string_view to_string(Outcome outcome) noexcept {
  constexpr std::array<std::string_view, kOutcomes> kNames{"ok", "failed", "skipped", "not_modified",
                                                           "cancelled"};
  return kNames[static_cast<std::size_t>(outcome)];
}

void Family::note(Outcome outcome) noexcept {
  if (!noted_ || rank(outcome) > rank(outcome_)) outcome_ = outcome;
  noted_ = true;
  if (outer_) outer_->note(outcome);
}

void Family::count(Outcome outcome) noexcept {
  if (outer_) outer_->count(outcome);
}

void Family::explain(const Record& failed) {
  if (outer_) outer_->explain(failed);
}

void Family::has_put() noexcept {
  if (outer_) outer_->has_put();
}

void JoinedFamilies::note(Outcome outcome) noexcept {
  for (const auto& family : families_) family->note(outcome);
}

void JoinedFamilies::count(Outcome outcome) noexcept {
  if (!families_.empty()) families_.front()->count(outcome);
}

void JoinedFamilies::explain(const Record& failed) {
  for (const auto& family : families_) family->explain(failed);
}

void JoinedFamilies::has_put() noexcept {
  for (const auto& family : families_) family->has_put();
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
  auto* ledger = std::exchange(ledger_, nullptr);
  if (ledger != nullptr) ledger->settle(outcome);
  const auto family = std::move(family_);
  if (!family) return;
  family->note(outcome);
  if (ledger != nullptr) family->count(outcome);
}

void Ticket::withdraw() noexcept {
  if (auto* ledger = std::exchange(ledger_, nullptr)) --ledger->taken_;
  family_.reset();
}

}  // namespace leat::pipelines
