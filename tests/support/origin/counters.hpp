#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace leat::origin {

/// Hashes text of any type, so that looking up a view makes no string.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};

/// What the origin has seen, as /stats tells it. Loop thread only.
///
/// A request counts as concurrent from when it was received completely until the kernel has all of its
/// answer.
class Counters {
 public:
  explicit Counters(bool count_paths) noexcept : count_paths_(count_paths) {}

  void connection_opened() noexcept;
  void connection_closed() noexcept { --open_; }
  void request_received(std::string_view path);
  void requests_answered(std::uint64_t count) noexcept { concurrent_ -= count; }

  void reset();  // open and concurrent stay, and the peaks start from them
  [[nodiscard]] std::string json(bool with_paths) const;

 private:
  void count_path(std::string_view path);

  bool count_paths_;
  std::uint64_t accepted_ = 0;
  std::uint64_t open_ = 0;
  std::uint64_t peak_open_ = 0;
  std::uint64_t total_ = 0;
  std::uint64_t concurrent_ = 0;
  std::uint64_t peak_concurrent_ = 0;
  std::unordered_map<std::string, std::uint64_t, TextHash, std::equal_to<>> paths_;
  std::uint64_t other_paths_ = 0;
};

}  // namespace leat::origin
