#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/io/fd.hpp"
#include "engine/io/fd_ready.hpp"

namespace leat::io {

/// Both ends of a pipe(7). They are closed on exec.
struct PipeEnds {
  Fd read;
  Fd write;
};
[[nodiscard]] Result<PipeEnds> make_pipe();

/// The end of a pipe that this process reads without blocking the loop. Loop thread only. A read that is
/// cancelled has taken nothing.
class PipeReader {
 public:
  static constexpr std::size_t kChunk = 64 * 1024;

  PipeReader(async::EventLoop& loop, Fd fd);

  /// Waits for at least a byte and appends what there is to `bytes`; at the end it appends nothing. One call
  /// at a time.
  async::Task<Status> read(std::string& bytes);
  /// Does the same without waiting: it takes what has arrived already, at most one chunk.
  Status read_ready(std::string& bytes);
  /// Says whether the writers have closed the pipe and everything was read.
  [[nodiscard]] bool at_end() const noexcept { return end_; }

 private:
  Fd fd_;
  FdReady ready_;
  bool more_ = false;  // the last read filled its buffer, so there is probably more
  bool end_ = false;
};

/// The end of a pipe that this process writes. SIGPIPE never reaches the process. Loop thread only.
class PipeWriter {
 public:
  PipeWriter(async::EventLoop& loop, Fd fd);

  /// Writes all of it. Gives an Error with os_errno EPIPE once the reader has gone. If it is cancelled, some
  /// may be written.
  async::Task<Status> write(std::string_view bytes);

 private:
  Fd fd_;
  FdReady ready_;
};

}  // namespace leat::io
