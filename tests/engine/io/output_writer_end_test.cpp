#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "engine/async/sleep.hpp"
#include "engine/io/output_writer.hpp"
#include "tests/engine/io/kernel.hpp"
#include "tests/engine/io/pipes.hpp"
#include "tests/support/temp_dir.hpp"

using leat::async::EventLoop;
using leat::async::spawn;
using leat::async::Task;
using leat::async::TaskHandle;
using leat::io::Fd;
using leat::io::OutputState;
using leat::io::OutputWriter;
using leat::test::make_full_pipe;
using leat::test::make_pipe;
using leat::test::make_sockets;
using leat::test::mount_small_disk;
using leat::test::Pair;
using leat::test::read_some;
using leat::test::Reader;
using leat::test::run;
using leat::test::set_blocking;
using leat::tests::read_file;
using leat::tests::TempDir;
using namespace std::chrono_literals;

TEST_CASE("OutputWriter: what the thread posts may arrive after the writer and its waiters are gone") {
  Pair pipe = make_full_pipe();
  run([](Pair& ends) -> Task<void> {
    auto writer = std::make_unique<OutputWriter>(EventLoop::current(), ends.writer.get(), 10);
    writer->append_now(std::string(20, 'x'));
    TaskHandle<void> room = spawn(writer->wait_for_room());
    TaskHandle<void> end = spawn(writer->wait_for_end());
    co_await leat::async::sleep_for(1ms);
    ends.reader.reset();
    while (writer->state() == OutputState::open) std::this_thread::yield();  // and it has posted that
    room.cancel();
    end.cancel();
    co_await leat::async::yield();
    CHECK(room.done());
    CHECK(end.done());
    writer.reset();
    co_await leat::async::sleep_for(1ms);
  }(pipe));
}

TEST_CASE("OutputWriter: the destructor still writes what was appended") {
  Pair pipe = make_pipe();
  Reader reader(std::move(pipe.reader), 100us);
  const std::string text(1'000'000, 'x');
  run([](Fd fd, const std::string& all) -> Task<void> {
    OutputWriter writer(EventLoop::current(), fd.get());
    writer.append_now(all);
    co_return;
  }(std::move(pipe.writer), text));
  CHECK((reader.text() == text));
}

TEST_CASE(
    "OutputWriter: if it is abandoned, it ends at once even if nobody reads, and writes no more than it had "
    "begun") {
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
    const std::string rest =
        Reader(std::move(pipe.reader)).text();  // this ends only when the thread has ended
    const std::string written = rest.substr(rest.find_last_of('.') + 1);
    CHECK((written.empty() || (blocking && written == "begun")));
  }
}

TEST_CASE(
    "OutputWriter: a reader that goes away closes it without an error, and everything that waits goes on") {
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

TEST_CASE("OutputWriter: on a disk that gets full, what is there ends with a whole line") {
  const TempDir dir;
  bool mounted = false;
  std::string written;
  std::thread([&] {
    mounted = mount_small_disk(dir.path());
    if (!mounted) return;
    const Fd file(::open((dir / "file").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    run([](const Fd& fd) -> Task<void> {
      OutputWriter writer(EventLoop::current(), fd.get());
      for (int i = 0; i < 200; ++i) writer.append_now(std::string(999, 'x') + "\n");
      Task<void> end = writer.drain();
      co_await std::move(end);
      CHECK(writer.state() == OutputState::failed);
      CHECK(writer.error_number() == ENOSPC);
    }(file));
    written = read_file(dir / "file");
  }).join();
  if (!mounted) {
    MESSAGE("no private mount namespace here: not tested");
    return;
  }
  CHECK(written.size() > 50'000);
  CHECK(written.size() % 1000 == 0);
  CHECK(written.back() == '\n');
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
  {
    EventLoop loop;
    const OutputWriter writer(loop, pipe.writer.get());
  }
  CHECK(::fcntl(pipe.writer.get(), F_GETFD) >= 0);
}
