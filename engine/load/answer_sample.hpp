#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace leat::load {

/// A good answer, of which there is a copy.
struct SampledAnswer {
  std::uint32_t target = 0;  // its place in the plan
  int status = 0;
  std::string body;
};

/// Copies of some of a thread's good answers, spread evenly over all of its requests, however many there will
/// be: first each request is chosen; when there is no room left, every second copy goes, and from then on
/// only every second of those requests is chosen. One thread.
class AnswerSample {
 public:
  static constexpr std::size_t kMost = 1000;                        // answers of a run
  static constexpr std::size_t kMostBytes = std::size_t{64} << 20;  // of their bodies

  /// `threads` share the room.
  explicit AnswerSample(std::size_t threads);

  /// Says whether the next request's answer is wanted.
  [[nodiscard]] bool wants_next() noexcept { return requests_++ % step_ == 0; }
  void keep(SampledAnswer answer);
  [[nodiscard]] std::vector<SampledAnswer> take() noexcept;

 private:
  std::size_t most_;
  std::size_t most_bytes_;
  std::uint64_t requests_ = 0;
  std::uint64_t step_ = 1;
  std::size_t bytes_ = 0;
  std::vector<SampledAnswer> kept_;
};

}  // namespace leat::load
