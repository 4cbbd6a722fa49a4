#include "engine/io/pipe.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>

#include "engine/io/file_error.hpp"

namespace leat::io {

namespace {

/// Calls write(2) and keeps its SIGPIPE from the process, because MSG_NOSIGNAL doesn't exist for pipes.
ssize_t write_quietly(int fd, std::string_view bytes) noexcept {
  sigset_t sigpipe;
  sigset_t before;
  sigset_t pending;
  sigemptyset(&sigpipe);
  sigaddset(&sigpipe, SIGPIPE);
  sigpending(&pending);
  pthread_sigmask(SIG_BLOCK, &sigpipe, &before);
  const ssize_t written = ::write(fd, bytes.data(), bytes.size());
  const int number = errno;
  if (written < 0 && number == EPIPE && sigismember(&pending, SIGPIPE) == 0) {
    const timespec now{0, 0};
    while (sigtimedwait(&sigpipe, nullptr, &now) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = number;
  return written;
}

bool not_now(int number) noexcept { return number == EAGAIN || number == EWOULDBLOCK || number == EINTR; }

}  // namespace

Result<PipeEnds> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return file_failure(errno, "make", "a pipe");
  return PipeEnds{Fd(ends[0]), Fd(ends[1])};
}

PipeReader::PipeReader(async::EventLoop& loop, Fd fd)
    : fd_(std::move(fd)), ready_(loop, fd_.get(), Direction::read) {}

Status PipeReader::read_ready(std::string& bytes) {
  if (end_) return std::nullopt;
  const std::size_t before = bytes.size();
  bytes.resize(before + kChunk);
  const ssize_t got = ::read(fd_.get(), bytes.data() + before, kChunk);
  const int number = errno;
  bytes.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
  more_ = got == static_cast<ssize_t>(kChunk);
  end_ = got == 0;
  if (got < 0 && !not_now(number)) return file_failure(number, "read", "a pipe");
  return std::nullopt;
}

async::Task<Status> PipeReader::read(std::string& bytes) {
  const std::size_t before = bytes.size();
  while (bytes.size() == before && !end_) {
    if (!more_) co_await ready_.wait();
    if (auto error = read_ready(bytes)) co_return error;
  }
  co_return std::nullopt;
}

PipeWriter::PipeWriter(async::EventLoop& loop, Fd fd)
    : fd_(std::move(fd)), ready_(loop, fd_.get(), Direction::write) {}

async::Task<Status> PipeWriter::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write_quietly(fd_.get(), bytes);
    if (written > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (not_now(errno)) {
      co_await ready_.wait();
    } else {
      co_return file_failure(errno, "write", "a pipe");
    }
  }
  co_return std::nullopt;
}

}  // namespace leat::io
