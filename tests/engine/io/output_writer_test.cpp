#include "engine/io/output_writer.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "engine/async/sleep.hpp"
#include "engine/io/fd.hpp"
#include "tests/engine/io/temp_dir.hpp"

using leat::async::EventLoop;
using leat::async::spawn;
using leat::async::Task;
using leat::async::TaskHandle;
using leat::io::Fd;
using leat::io::OutputState;
using leat::io::OutputWriter;
using leat::test::read_file;
using leat::test::TempDir;
using namespace std::chrono_literals;

namespace {

struct Pair {
  Fd reader;
  Fd writer;
};

Pair make_pipe(int flags = 0) {
  std::array<int, 2> fds{};
  REQUIRE(::pipe2(fds.data(), O_CLOEXEC | flags) == 0);
  return {Fd(fds[0]), Fd(fds[1])};
}

Pair make_sockets() {
  std::array<int, 2> fds{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) == 0);
  return {Fd(fds[0]), Fd(fds[1])};
}

Pair make_full_pipe() {
  Pair pipe = make_pipe(O_NONBLOCK);
  const std::string junk(4096, '.');
  while (::write(pipe.writer.get(), junk.data(), junk.size()) > 0) {
  }
  return pipe;
}

bool is_blocking(const Fd& fd) { return (::fcntl(fd.get(), F_GETFL) & O_NONBLOCK) == 0; }

void set_blocking(const Fd& fd) { ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) & ~O_NONBLOCK); }

std::string read_some(const Fd& fd, std::size_t most = 65536) {
  std::string text(most, '\0');
  pollfd polled{fd.get(), POLLIN, 0};
  ::poll(&polled, 1, 20'000);
  const ssize_t count = ::read(fd.get(), text.data(), text.size());
  text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return text;
}

/// Reads everything on a thread of its own, pausing before each read.
class Reader {
 public:
  explicit Reader(Fd fd, std::chrono::microseconds pause = 0us, std::size_t most = 65536)
      : thread_([this, fd = std::move(fd), pause, most] {
          for (;;) {
            if (pause > 0us) std::this_thread::sleep_for(pause);
            const std::string some = read_some(fd, most);
            if (some.empty()) return;
            text_ += some;
          }
        }) {}
  /// What came until the end.
  const std::string& text() {
    thread_.join();
    return text_;
  }

 private:
  std::string text_;
  std::thread thread_;
};

std::string line(int number) { return "line " + std::to_string(number) + "\n"; }

std::string lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += line(i);
  return text;
}

Task<void> append(OutputWriter& writer, std::string text) {
  if (!writer.has_room()) {
    Task<void> room = writer.wait_for_room();
    co_await std::move(room);
  }
  writer.append_now(text);
  writer.flush();
}

Task<void> drain(OutputWriter& writer) {
  Task<void> drained = writer.drain();
  co_await std::move(drained);
}

/// Appends numbered lines, drains, destroys the writer and closes the descriptor.
Task<void> write_lines(Fd fd, int count, std::size_t capacity = 256 * 1024) {
  {
    OutputWriter writer(EventLoop::current(), fd.get(), capacity);
    for (int i = 0; i < count; ++i) {
      Task<void> appended = append(writer, line(i));
      co_await std::move(appended);
    }
    Task<void> drained = drain(writer);
    co_await std::move(drained);
    CHECK(writer.state() == OutputState::open);
    CHECK(writer.written() == writer.appended());
  }
}

void run(Task<void> main) {
  EventLoop loop;
  loop.run(std::move(main));
}

}  // namespace

TEST_CASE("OutputWriter: a million lines arrive whole and in order") {
  Pair pipe = make_pipe();
  Reader reader(std::move(pipe.reader));
  run(write_lines(std::move(pipe.writer), 1'000'000));
  CHECK((reader.text() == lines(1'000'000)));
}

TEST_CASE("OutputWriter: a file gets all of it") {
  const TempDir dir;
  run(write_lines(Fd(::open((dir / "out").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)), 200'000));
  CHECK((read_file(dir / "out") == lines(200'000)));
}

TEST_CASE("OutputWriter: a socket gets all of it") {
  Pair sockets = make_sockets();
  Reader reader(std::move(sockets.reader));
  run(write_lines(std::move(sockets.writer), 200'000));
  CHECK((reader.text() == lines(200'000)));
}

TEST_CASE("OutputWriter: a slow reader suspends append and loses nothing") {
  Pair pipe = make_pipe();
  ::fcntl(pipe.writer.get(), F_SETPIPE_SZ, 4096);
  Reader reader(std::move(pipe.reader), 200us, 4096);
  run(write_lines(std::move(pipe.writer), 20'000, 8192));
  CHECK((reader.text() == lines(20'000)));
}

TEST_CASE("OutputWriter: a non-blocking pipe with a slow reader gets all of it and stays non-blocking") {
  Pair pipe = make_pipe();
  ::fcntl(pipe.writer.get(), F_SETPIPE_SZ, 4096);
  ::fcntl(pipe.writer.get(), F_SETFL, O_WRONLY | O_NONBLOCK);
  const Fd copy(::fcntl(pipe.writer.get(), F_DUPFD_CLOEXEC, 3));
  std::string text;
  std::thread reader([&text, fd = std::move(pipe.reader)] {
    const std::size_t size = lines(20'000).size();
    while (text.size() < size) {
      std::this_thread::sleep_for(200us);
      text += read_some(fd, 4096);
    }
  });
  run(write_lines(std::move(pipe.writer), 20'000, 8192));
  reader.join();
  CHECK((text == lines(20'000)));
  CHECK_FALSE(is_blocking(copy));
}

TEST_CASE("OutputWriter: a blocking pipe stays blocking") {
  Pair pipe = make_pipe();
  EventLoop loop;
  const OutputWriter writer(loop, pipe.writer.get());
  CHECK(is_blocking(pipe.writer));
}

TEST_CASE("OutputWriter: one piece may be larger than the capacity and the pipe") {
  Pair pipe = make_pipe();
  Reader reader(std::move(pipe.reader));
  const std::string huge(3'000'000, 'x');
  run([](Fd fd, const std::string& text) -> Task<void> {
    OutputWriter writer(EventLoop::current(), fd.get(), 1024);
    writer.append_now(text);
    CHECK_FALSE(writer.has_room());
    Task<void> appended = append(writer, "end");
    co_await std::move(appended);
  }(std::move(pipe.writer), huge));
  CHECK((reader.text() == huge + "end"));
}

TEST_CASE(
    "OutputWriter: there is no room while the capacity is not written, and again once half is through") {
  Pair pipe = make_full_pipe();
  run([](Pair& ends) -> Task<void> {
    OutputWriter writer(EventLoop::current(), ends.writer.get(), 1000);
    writer.append_now(std::string(999, 'x'));
    CHECK(writer.has_room());
    writer.append_now("y");
    CHECK_FALSE(writer.has_room());
    CHECK(writer.appended() == 1000);
    TaskHandle<void> room = spawn(writer.wait_for_room());
    co_await leat::async::sleep_for(5ms);
    CHECK_FALSE(room.done());
    CHECK(writer.written() == 0);
    read_some(ends.reader);
    co_await room;
    CHECK(writer.has_room());
    CHECK(writer.written() >= 500);
  }(pipe));
}

TEST_CASE("OutputWriter: a wait for room that is cancelled leaves nothing behind, the other goes on") {
  Pair pipe = make_full_pipe();
  run([](Pair& ends) -> Task<void> {
    OutputWriter writer(EventLoop::current(), ends.writer.get(), 100);
    writer.append_now(std::string(100, 'x'));
    TaskHandle<void> cancelled = spawn(writer.wait_for_room());
    TaskHandle<void> other = spawn(writer.wait_for_room());
    co_await leat::async::sleep_for(2ms);
    cancelled.cancel();
    co_await leat::async::yield();
    CHECK(cancelled.cancelled());
    CHECK_FALSE(other.done());
    read_some(ends.reader);
    co_await other;
    CHECK(writer.has_room());
  }(pipe));
}

TEST_CASE("OutputWriter: what the thread posts may arrive when the writer is gone") {
  for (int i = 0; i < 200; ++i) {
    Pair pipe = make_pipe();
    EventLoop loop;
    loop.run([](Pair& ends) -> Task<void> {
      auto writer = std::make_unique<OutputWriter>(EventLoop::current(), ends.writer.get(), 10);
      writer->append_now(std::string(20, 'x'));
      TaskHandle<void> room = spawn(writer->wait_for_room());
      TaskHandle<void> end = spawn(writer->wait_for_end());
      co_await leat::async::yield();
      ends.reader.reset();
      room.cancel();
      end.cancel();
      co_await leat::async::yield();
      writer.reset();
      co_await leat::async::sleep_for(0ms);
    }(pipe));
  }
}

TEST_CASE("OutputWriter: drain comes when all that was appended is written") {
  Pair pipe = make_full_pipe();
  run([](Pair& ends) -> Task<void> {
    OutputWriter writer(EventLoop::current(), ends.writer.get());
    Task<void> empty = writer.drain();
    co_await std::move(empty);
    writer.append_now("text");
    TaskHandle<void> drained = spawn(writer.drain());
    co_await leat::async::sleep_for(5ms);
    CHECK_FALSE(drained.done());
    read_some(ends.reader);
    co_await drained;
    CHECK(writer.written() == 4);
  }(pipe));
}

TEST_CASE("OutputWriter: what is flushed goes out by itself, at once the first time and soon after that") {
  Pair pipe = make_pipe();
  run([](Pair& ends) -> Task<void> {
    OutputWriter writer(EventLoop::current(), ends.writer.get());
    writer.append_now("not flushed,");
    co_await leat::async::sleep_for(5ms);
    CHECK(writer.written() == 0);
    writer.flush();
    CHECK(read_some(ends.reader) == "not flushed,");
    writer.append_now("one,");
    writer.flush();
    writer.append_now("two");
    writer.flush();
    while (writer.written() < 19) co_await leat::async::sleep_for(1ms);
    CHECK(read_some(ends.reader) == "one,two");
  }(pipe));
}

TEST_CASE("OutputWriter: a fast producer's lines are gathered") {
  Pair pipe = make_pipe(O_DIRECT);  // keeps the writes apart
  run([](Pair& ends) -> Task<void> {
    OutputWriter writer(EventLoop::current(), ends.writer.get());
    for (int i = 0; i < 100; ++i) {
      writer.append_now("x");
      writer.flush();
    }
    Task<void> drained = drain(writer);
    co_await std::move(drained);
    std::vector<std::size_t> sizes;
    for (std::size_t sum = 0; sum < 100; sum += sizes.back()) sizes.push_back(read_some(ends.reader).size());
    CHECK(sizes.size() <= 2);
  }(pipe));
}

TEST_CASE("OutputWriter: the destructor writes what was appended") {
  Pair pipe = make_pipe();
  Reader reader(std::move(pipe.reader), 100us);
  const std::string text = lines(100'000);
  run([](Fd fd, const std::string& all) -> Task<void> {
    OutputWriter writer(EventLoop::current(), fd.get());
    writer.append_now(all);
    co_return;
  }(std::move(pipe.writer), text));
  CHECK((reader.text() == text));
}

TEST_CASE("OutputWriter: abandoned, it goes at once though nobody reads, and writes no more than was begun") {
  for (const bool blocking : {false, true}) {
    CAPTURE(blocking);
    Pair pipe = make_full_pipe();
    if (blocking) set_blocking(pipe.writer);
    run([](Pair& ends) -> Task<void> {
      OutputWriter writer(EventLoop::current(), ends.writer.get());
      writer.append_now("begun");
      TaskHandle<void> drained = spawn(writer.drain());
      TaskHandle<void> ended = spawn(writer.wait_for_end());
      co_await leat::async::sleep_for(5ms);
      writer.append_now("never");
      writer.flush();
      writer.abandon();
      CHECK(writer.state() == OutputState::closed);
      co_await drained;
      co_await ended;
      writer.append_now("nor this");
      CHECK(writer.appended() == 10);
    }(pipe));
    pipe.writer.reset();
    set_blocking(pipe.reader);
    const std::string rest = Reader(std::move(pipe.reader)).text();  // ends only when the thread has ended
    const std::string written = rest.substr(rest.find_last_of('.') + 1);
    CHECK((written.empty() || (blocking && written == "begun")));
  }
}

TEST_CASE("OutputWriter: a reader that goes away closes it, quietly, and all that waits goes on") {
  Pair pipe = make_full_pipe();
  run([](Pair& ends) -> Task<void> {
    OutputWriter writer(EventLoop::current(), ends.writer.get(), 100);
    writer.append_now(std::string(200, 'x'));
    TaskHandle<void> room = spawn(writer.wait_for_room());
    TaskHandle<void> drained = spawn(writer.drain());
    TaskHandle<void> end = spawn(writer.wait_for_end());
    co_await leat::async::sleep_for(2ms);
    ends.reader.reset();
    co_await room;
    co_await drained;
    co_await end;
    CHECK(writer.state() == OutputState::closed);
    CHECK(writer.error_number() == 0);
    CHECK(writer.has_room());
    writer.append_now("discarded");
    CHECK(writer.appended() == 200);
    Task<void> again = writer.drain();
    co_await std::move(again);
  }(pipe));
}

TEST_CASE("OutputWriter: a reader that goes away is noticed without a write") {
  for (auto make : {+[] { return make_pipe(); }, +[] { return make_sockets(); }}) {
    Pair ends = make();
    run([](Pair& both) -> Task<void> {
      OutputWriter writer(EventLoop::current(), both.writer.get());
      TaskHandle<void> end = spawn(writer.wait_for_end());
      co_await leat::async::sleep_for(5ms);
      CHECK_FALSE(end.done());
      both.reader.reset();
      co_await end;
      CHECK(writer.state() == OutputState::closed);
    }(ends));
  }
}

TEST_CASE("OutputWriter: a full disk makes it failed, with the system's number") {
  const Fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  run([](const Fd& fd) -> Task<void> {
    OutputWriter writer(EventLoop::current(), fd.get());
    writer.append_now("text");
    Task<void> drained = writer.drain();
    co_await std::move(drained);
    Task<void> end = writer.wait_for_end();
    co_await std::move(end);
    CHECK(writer.state() == OutputState::failed);
    CHECK(writer.error_number() == ENOSPC);
    CHECK(writer.written() == 0);
  }(full));
}

TEST_CASE("OutputWriter: a descriptor that is not open makes it failed from the start") {
  run([]() -> Task<void> {
    OutputWriter writer(EventLoop::current(), 987'654);
    CHECK(writer.state() == OutputState::failed);
    CHECK(writer.error_number() == EBADF);
    Task<void> end = writer.wait_for_end();
    co_await std::move(end);
    writer.append_now("discarded");
    Task<void> drained = writer.drain();
    co_await std::move(drained);
  }());
}

TEST_CASE("OutputWriter: its thread takes no signal, not even SIGPIPE") {
  Pair pipe = make_pipe();
  pipe.reader.reset();
  struct sigaction before {};
  struct sigaction deadly {};
  deadly.sa_handler = SIG_DFL;
  ::sigaction(SIGPIPE, &deadly, &before);
  run([](Pair& ends) -> Task<void> {
    OutputWriter writer(EventLoop::current(), ends.writer.get());
    writer.append_now("text");
    Task<void> drained = writer.drain();
    co_await std::move(drained);
    CHECK(writer.state() == OutputState::closed);
  }(pipe));
  ::sigaction(SIGPIPE, &before, nullptr);
}

TEST_CASE("OutputWriter: it never closes the descriptor") {
  Pair pipe = make_pipe();
  run(write_lines(Fd(::fcntl(pipe.writer.get(), F_DUPFD_CLOEXEC, 3)), 1));
  {
    EventLoop loop;
    const OutputWriter writer(loop, pipe.writer.get());
  }
  CHECK(::fcntl(pipe.writer.get(), F_GETFD) >= 0);
}
