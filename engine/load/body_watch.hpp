#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace leat::load {

/// Judges the bodies of answers as they come, one after the other. One thread.
class BodyJudge {
 public:
  virtual ~BodyJudge() = default;
  /// A body begins.
  virtual void restart() = 0;
  virtual void take(std::string_view bytes) = 0;
  /// The body has ended: says what is wrong with it; an empty text says that nothing is.
  [[nodiscard]] virtual std::string fault() = 0;
};

/// Makes a judge for each request that may be under way. Any thread.
using BodyJudges = std::function<std::unique_ptr<BodyJudge>()>;

/// What is done with the bytes of one answer's body, besides counting them: a judge gets them, and a copy is
/// made if this answer belongs to a sample. A body that is larger than kMost is not kept. One thread.
class BodyWatch {
 public:
  static constexpr std::size_t kMost = std::size_t{1} << 20;

  /// Called once, before the first request. `judge` may be null.
  void judge_by(std::unique_ptr<BodyJudge> judge) noexcept { judge_ = std::move(judge); }

  /// The next request begins.
  void begin(bool keeps) {
    keeps_ = keeps;
    restart();
  }
  /// An answer begins, maybe to a request that was sent once more.
  void restart() {
    static_cast<void>(take_kept());  // with its memory, since few answers are kept
    is_whole_ = true;
    if (judge_ != nullptr) judge_->restart();
  }
  void take(std::string_view bytes) {
    if (judge_ != nullptr) judge_->take(bytes);
    if (!keeps_ || !is_whole_) return;
    is_whole_ = kept_.size() + bytes.size() <= kMost;
    if (is_whole_) {
      kept_.append(bytes);
    } else {
      static_cast<void>(take_kept());
    }
  }

  [[nodiscard]] std::string fault() { return judge_ == nullptr ? std::string() : judge_->fault(); }
  [[nodiscard]] bool keeps() const noexcept { return keeps_; }
  [[nodiscard]] bool has_kept() const noexcept { return keeps_ && is_whole_; }
  [[nodiscard]] std::string take_kept() { return std::exchange(kept_, std::string()); }

 private:
  std::unique_ptr<BodyJudge> judge_;
  std::string kept_;
  bool keeps_ = false;
  bool is_whole_ = true;  // what is kept
};

}  // namespace leat::load
