#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"

namespace leat::io {

/// Says how messages call the input of that path: "standard input", or the path in quotes.
[[nodiscard]] std::string input_name(const std::string& path);

/// Reads a file or standard input chunk by chunk, and never blocks the loop on a slow writer.
///
/// A regular file is read on the loop, because the page cache answers. Anything else, such as a pipe, a
/// terminal or a socket, is read by a thread of its own that is at most two chunks ahead. Each chunk is what
/// one read gave: a line is seen as soon as it was written, however long the input stays open. If a
/// descriptor is shared with other processes, its flags are left alone.
///
/// Loop thread only. The destructor stops the reader and joins the thread, which never waits for input. It
/// must run before the loop is destroyed.
class InputReader {
 public:
  static constexpr std::size_t kChunk = 64 * 1024;

  /// `path` is a file's path, or "-" for standard input. The error is file_error, with the path and the
  /// system's words.
  static Result<std::unique_ptr<InputReader>> open(async::EventLoop& loop, const std::string& path);
  virtual ~InputReader() = default;

  /// Puts the next chunk into `chunk`, which is empty at the end of the input and after `stop`. One call at a
  /// time.
  virtual async::Task<Status> read(std::string& chunk) = 0;
  /// Ends the input for a read that waits and for every later one.
  virtual void stop() noexcept = 0;

  /// Give how long a regular file was when it was opened, and how much of it was read; else 0.
  [[nodiscard]] virtual std::uint64_t size() const noexcept { return 0; }
  [[nodiscard]] virtual std::uint64_t offset() const noexcept { return 0; }
};

}  // namespace leat::io
