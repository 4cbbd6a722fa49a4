#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "engine/async/task.hpp"
#include "engine/io/fd.hpp"

namespace leat::test {

using io::Fd;

/// Two ends of a pipe, or two sockets.
struct Pair {
  Fd reader;
  Fd writer;
};

inline Pair make_pipe(int flags = 0) {
  std::array<int, 2> fds{};
  REQUIRE(::pipe2(fds.data(), O_CLOEXEC | flags) == 0);
  return {Fd(fds[0]), Fd(fds[1])};
}

inline Pair make_sockets() {
  std::array<int, 2> fds{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) == 0);
  return {Fd(fds[0]), Fd(fds[1])};
}

/// A pipe whose ends don't block, full of dots.
inline Pair make_full_pipe() {
  Pair pipe = make_pipe(O_NONBLOCK);
  const std::string junk(4096, '.');
  while (::write(pipe.writer.get(), junk.data(), junk.size()) > 0) {
  }
  return pipe;
}

inline bool is_blocking(const Fd& fd) { return (::fcntl(fd.get(), F_GETFL) & O_NONBLOCK) == 0; }

inline void set_blocking(const Fd& fd) {
  ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) & ~O_NONBLOCK);
}

inline bool readable(const Fd& fd, int milliseconds) {
  pollfd polled{fd.get(), POLLIN, 0};
  return ::poll(&polled, 1, milliseconds) > 0;
}

/// Waits for something to read; gives an empty text at the end.
inline std::string read_some(const Fd& fd, std::size_t most = 65536) {
  std::string text(most, '\0');
  if (!readable(fd, 20'000)) return {};
  const ssize_t count = ::read(fd.get(), text.data(), text.size());
  text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return text;
}

/// Reads everything on a thread of its own, with a pause before each read.
class Reader {
 public:
  explicit Reader(Fd fd, std::chrono::microseconds pause = {}, std::size_t most = 65536)
      : thread_([this, fd = std::move(fd), pause, most] {
          for (;;) {
            if (pause.count() > 0) std::this_thread::sleep_for(pause);
            const std::string some = read_some(fd, most);
            if (some.empty()) return;
            text_ += some;
          }
        }) {}
  /// Everything that came until the end.
  const std::string& text() {
    thread_.join();
    return text_;
  }

 private:
  std::string text_;
  std::thread thread_;
};

template <class T>
T run(async::Task<T> main) {
  async::EventLoop loop;
  return loop.run(std::move(main));
}

}  // namespace leat::test
