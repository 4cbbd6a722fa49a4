#include "engine/io/output_writer.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "engine/async/sleep.hpp"
#include "tests/engine/io/pipes.hpp"
#include "tests/support/temp_dir.hpp"

using leat::async::EventLoop;
using leat::async::spawn;
using leat::async::Task;
using leat::async::TaskHandle;
using leat::io::Fd;
using leat::io::OutputState;
using leat::io::OutputWriter;
using leat::test::is_blocking;
using leat::test::make_full_pipe;
using leat::test::make_pipe;
using leat::test::make_sockets;
using leat::test::Pair;
using leat::test::read_some;
using leat::test::readable;
using leat::test::Reader;
using leat::test::run;
using leat::tests::read_file;
using leat::tests::TempDir;
using namespace std::chrono_literals;

namespace {

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

/// Reads slowly, and only from `start` on; until then even a slow writer uses up its room.
struct SlowReader {
  explicit SlowReader(Fd from) noexcept : fd(std::move(from)) {}
  void start() { reader.emplace(std::move(fd), 200us, 4096); }

  Fd fd;
  std::optional<Reader> reader;
};

/// Appends numbered lines, drains, destroys the writer and closes the descriptor. Gives how often there was
/// no room; the first time starts `slow`.
Task<int> write_lines(Fd fd, int count, std::size_t capacity = 256 * 1024, SlowReader* slow = nullptr) {
  int waits = 0;
  {
    OutputWriter writer(EventLoop::current(), fd.get(), capacity);
    for (int i = 0; i < count; ++i) {
      if (!writer.has_room() && waits++ == 0 && slow != nullptr) slow->start();
      Task<void> appended = append(writer, line(i));
      co_await std::move(appended);
    }
    Task<void> drained = drain(writer);
    co_await std::move(drained);
    CHECK(writer.state() == OutputState::open);
    CHECK(writer.written() == writer.appended());
  }
  co_return waits;
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
  SlowReader slow(std::move(pipe.reader));
  CHECK(run(write_lines(std::move(pipe.writer), 20'000, 8192, &slow)) > 0);
  REQUIRE(slow.reader.has_value());
  CHECK((slow.reader->text() == lines(20'000)));
}

TEST_CASE("OutputWriter: a non-blocking pipe with a slow reader gets all of it and stays non-blocking") {
  Pair pipe = make_pipe();
  ::fcntl(pipe.writer.get(), F_SETPIPE_SZ, 4096);
  ::fcntl(pipe.writer.get(), F_SETFL, O_WRONLY | O_NONBLOCK);
  Fd copy(::fcntl(pipe.writer.get(), F_DUPFD_CLOEXEC, 3));
  SlowReader slow(std::move(pipe.reader));
  CHECK(run(write_lines(std::move(pipe.writer), 20'000, 8192, &slow)) > 0);
  CHECK_FALSE(is_blocking(copy));
  copy.reset();
  REQUIRE(slow.reader.has_value());
  CHECK((slow.reader->text() == lines(20'000)));
}

TEST_CASE("OutputWriter: a blocking pipe stays blocking") {
  Pair pipe = make_pipe();
  EventLoop loop;
  const OutputWriter writer(loop, pipe.writer.get());
  CHECK(is_blocking(pipe.writer));
}

TEST_CASE("OutputWriter: one piece may be larger than the capacity and than the pipe") {
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
    "OutputWriter: there is no room while the capacity is used up, and again once half of it is written") {
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

TEST_CASE("OutputWriter: a cancelled wait for room leaves nothing behind, and the other wait goes on") {
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

TEST_CASE("OutputWriter: drain ends when everything that was appended is written") {
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

TEST_CASE(
    "OutputWriter: flush writes the first text at once, and then gathers what comes within a millisecond") {
  Pair pipe = make_pipe();
  run([](Pair& ends) -> Task<void> {
    OutputWriter writer(EventLoop::current(), ends.writer.get());
    writer.append_now("not flushed,");
    CHECK_FALSE(readable(ends.reader, 5));
    writer.flush();
    CHECK(read_some(ends.reader) == "not flushed,");
    for (const char* text : {"one,", "two,", "three"}) {
      writer.append_now(text);
      writer.flush();
      CHECK_FALSE(readable(ends.reader, 5));  // the loop's time does not change within a turn
    }
    while (!readable(ends.reader, 0)) co_await leat::async::sleep_for(1ms);
    CHECK(read_some(ends.reader) == "one,two,three");
  }(pipe));
}

TEST_CASE(
    "OutputWriter: a quarter of the capacity is written without waiting for the end of the millisecond") {
  Pair pipe = make_pipe();
  run([](Pair& ends) -> Task<void> {
    OutputWriter writer(EventLoop::current(), ends.writer.get(), 400);
    for (int i = 0; i < 3; ++i) {
      writer.append_now(std::string(100, 'x'));
      writer.flush();
      CHECK(read_some(ends.reader).size() == 100);
    }
    co_return;
  }(pipe));
}
