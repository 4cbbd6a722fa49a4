#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leat::pipelines {

/// What JqWorker and its process say to each other. Both ends are the same executable, so numbers are in the
/// machine's own order.
///
///     frame     = size:u32 tag:u32 payload        size is the payload's
///     to it     = one frame that holds the programs, each kind:u32 size:u32 text; its tag is how many,
///                 then requests: tag = the program's number, payload = the question
///     from it   = one answer for each request, in order: kJqOk and the outputs, each size:u32 JSON;
///                 or kJqFailed and a message
///
/// Both ends know an object that inputs may start from. An input that begins with kJqDifference is an object
/// that holds only what differs from that one, because libjq takes longer to read and free an input that is
/// mostly null than most programs take to run.
inline constexpr char kJqDifference = '\x01';
inline constexpr std::uint32_t kJqOk = 0;
inline constexpr std::uint32_t kJqFailed = 1;
/// The process's exit status when there is no memory left.
inline constexpr int kJqOutOfMemory = 77;
/// The descriptor of the JqPage in the process.
inline constexpr int kJqPageFd = 3;

/// Memory that both share. It says what the process is doing, and survives whatever happens to it.
struct JqPage {
  std::atomic<std::uint64_t> running;    // number of the request, from 1; 0 between two
  std::atomic<std::int64_t> started_ns;  // when that began, on the steady clock
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

inline void put_u32(std::string& to, std::uint32_t number) {
  to.append(reinterpret_cast<const char*>(&number), sizeof number);
}
inline void set_u32(std::string& in, std::size_t at, std::uint32_t number) {
  std::memcpy(in.data() + at, &number, sizeof number);
}
inline std::uint32_t get_u32(std::string_view from, std::size_t at = 0) {
  std::uint32_t number = 0;
  std::memcpy(&number, from.data() + at, sizeof number);
  return number;
}
inline void put_text(std::string& to, std::string_view text) {
  put_u32(to, static_cast<std::uint32_t>(text.size()));
  to.append(text);
}
/// Takes a text off the front; it must be there.
inline std::string_view take_text(std::string_view& from) {
  const std::size_t size = get_u32(from);
  const auto text = from.substr(sizeof(std::uint32_t), size);
  from.remove_prefix(sizeof(std::uint32_t) + text.size());
  return text;
}

struct JqFrame {
  static constexpr std::size_t kHead = 2 * sizeof(std::uint32_t);
  std::uint32_t tag;
  std::string_view payload;
};

inline void put_frame_head(std::string& to, std::size_t size, std::uint32_t tag) {
  put_u32(to, static_cast<std::uint32_t>(size));
  put_u32(to, tag);
}

/// Takes the frame at the front of what has arrived off it; gives nothing while the frame is incomplete.
inline std::optional<JqFrame> take_frame(std::string_view& arrived) {
  if (arrived.size() < JqFrame::kHead) return std::nullopt;
  const std::size_t size = get_u32(arrived);
  if (arrived.size() - JqFrame::kHead < size) return std::nullopt;
  const JqFrame frame{get_u32(arrived, sizeof(std::uint32_t)), arrived.substr(JqFrame::kHead, size)};
  arrived.remove_prefix(JqFrame::kHead + size);
  return frame;
}

}  // namespace leat::pipelines
