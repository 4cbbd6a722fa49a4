#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"

namespace leat::io {

/// What messages call the input of that path: "standard input", or the path in quotes.
[[nodiscard]] std::string input_name(const std::string& path);

/// Reads a file or standard input chunk by chunk, without ever blocking the loop on a slow writer.
///
/// A regular file is read on the loop (the page cache answers). Anything else, such as a pipe, a terminal or
/// a socket, is read by a thread of its own that is at most two chunks ahead. Each chunk is what one read
/// gave: a line that was written is seen at once, however long the input stays open. Flags of a descriptor
/// that is shared with other processes are left alone.
///
/// Loop thread only. The destructor stops it and joins the thread, which never waits for input; destroyed
/// inside the loop's life.
class InputReader {
 public:
  static constexpr std::size_t kChunk = 64 * 1024;

  /// `path`: a file's, or "-" for standard input. file_error, with the path and the system's words.
  static Result<std::unique_ptr<InputReader>> open(async::EventLoop& loop, const std::string& path);
  virtual ~InputReader() = default;

  /// Puts the next chunk into `chunk`: empty at the end of the input and after `stop`. One call at a time.
  virtual async::Task<Status> read(std::string& chunk) = 0;
  /// A read that waits, and every later one, is at the end.
  virtual void stop() noexcept = 0;

  /// How long a regular file was when it was opened, and how much of it was read; 0 for all others.
  [[nodiscard]] virtual std::uint64_t size() const noexcept { return 0; }
  [[nodiscard]] virtual std::uint64_t offset() const noexcept { return 0; }
};

}  // namespace leat::io
