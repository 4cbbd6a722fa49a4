#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/io/fd.hpp"
#include "engine/io/fd_ready.hpp"

namespace leat::io {

/// Both ends of a pipe(7), closed on exec.
struct PipeEnds {
  Fd read;
  Fd write;
};
[[nodiscard]] Result<PipeEnds> make_pipe();

/// The end of a pipe that this process reads, without blocking the loop. Loop thread only; a cancelled read
/// has taken nothing.
class PipeReader {
 public:
  static constexpr std::size_t kChunk = 64 * 1024;

  PipeReader(async::EventLoop& loop, Fd fd);

  /// Appends what there is, at least a byte, to `bytes`; nothing more at the end. One call at a time.
  async::Task<Status> read(std::string& bytes);
  /// The same without waiting: what has arrived already, a chunk at most.
  Status read_ready(std::string& bytes);
  /// The writers have closed and everything was read.
  [[nodiscard]] bool at_end() const noexcept { return end_; }

 private:
  Fd fd_;
  FdReady ready_;
  bool more_ = false;  // the last read filled its buffer: there is probably more
  bool end_ = false;
};

/// The end of a pipe that this process writes. SIGPIPE never reaches the process. Loop thread only.
class PipeWriter {
 public:
  PipeWriter(async::EventLoop& loop, Fd fd);

  /// All of it; an Error with os_errno EPIPE once the reader has gone. Cancelled, some may be written.
  async::Task<Status> write(std::string_view bytes);

 private:
  Fd fd_;
  FdReady ready_;
};

}  // namespace leat::io
