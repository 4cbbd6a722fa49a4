#pragma once

#include <cstddef>
#include <optional>
#include <utility>

#include "engine/async/event.hpp"

namespace leat::pipelines {

/// Counts the bytes of bodies that are held in memory anywhere in a run. While there are more than the limit,
/// `fetch` starts nothing: bodies pile up when the stages that read them are slow. Transfers that run already
/// may go over the limit. Outlives its shares. Loop thread only.
class BodyBudget {
 public:
  class Share;

  explicit BodyBudget(std::size_t limit) noexcept : limit_(limit) {}
  BodyBudget(const BodyBudget&) = delete;
  BodyBudget& operator=(const BodyBudget&) = delete;

  [[nodiscard]] Share take(std::size_t bytes) noexcept;
  [[nodiscard]] bool is_over() const noexcept { return held_ > limit_; }
  /// Only while it is over: awaits that it no longer is. One waiter at a time.
  [[nodiscard]] async::Event::Wait wait() {
    below_.emplace();
    return below_->wait();
  }

 private:
  void give_back(std::size_t bytes) noexcept {
    held_ -= bytes;
    if (!is_over() && below_) below_->set();
  }

  std::size_t limit_;
  std::size_t held_ = 0;
  std::optional<async::Event> below_;
};

/// The bytes of one body. They are given back when it is destroyed.
class BodyBudget::Share {
 public:
  Share() noexcept = default;
  Share(BodyBudget& budget, std::size_t bytes) noexcept : budget_(&budget), bytes_(bytes) {}
  Share(Share&& other) noexcept : budget_(std::exchange(other.budget_, nullptr)), bytes_(other.bytes_) {}
  Share& operator=(Share other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Share() {
    if (budget_ != nullptr) budget_->give_back(bytes_);
  }

 private:
  BodyBudget* budget_ = nullptr;
  std::size_t bytes_ = 0;
};

inline BodyBudget::Share BodyBudget::take(std::size_t bytes) noexcept {
  held_ += bytes;
  return Share(*this, bytes);
}

}  // namespace leat::pipelines
