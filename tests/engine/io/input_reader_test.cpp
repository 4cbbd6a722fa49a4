#include "engine/io/input_reader.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include "tests/engine/async/loop_fixture.hpp"
#include "tests/support/process.hpp"

using namespace leat;
using namespace leat::async;
using namespace leat::io;
using leat::tests::TempDir;

namespace {

Task<Status> read_all(InputReader& reader, std::string& all) {
  std::string chunk;
  for (;;) {
    auto reading = reader.read(chunk);
    auto status = co_await std::move(reading);
    if (status || chunk.empty()) co_return status;
    all += chunk;
  }
}

Task<Status> read_path(EventLoop& loop, std::string path, std::string& all) {
  auto opened = InputReader::open(loop, path);
  if (!opened) co_return opened.error();
  auto reading = read_all(**opened, all);
  co_return co_await std::move(reading);
}

std::string fifo_in(const TempDir& directory) {
  const std::string path = (directory / "fifo");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  return path;
}

void write_all(int fd, std::string_view text) {
  REQUIRE(::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
}

// Lets the loop run until the chunk that was written has arrived.
Task<void> first_chunk_of_open_fifo(EventLoop& loop, std::string path, std::string& chunk) {
  auto opened = InputReader::open(loop, path);
  REQUIRE(opened.ok());
  const int writer = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  write_all(writer, "http://a/\n");
  auto reading = (*opened)->read(chunk);
  const auto status = co_await std::move(reading);
  CHECK_FALSE(status);
  ::close(writer);
}

Task<void> stop_soon(InputReader& reader) {
  co_await sleep_for(5ms);
  reader.stop();
}

Task<void> stopped_while_waiting(EventLoop& loop, std::string path) {
  auto opened = InputReader::open(loop, path);
  REQUIRE(opened.ok());
  const int writer = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  auto stopper = spawn(stop_soon(**opened));
  std::string all;
  auto reading = read_all(**opened, all);
  const auto status = co_await std::move(reading);
  CHECK_FALSE(status);
  CHECK(all.empty());
  co_await stopper;
  ::close(writer);
}

// A writer that never waits finds the pipe full although the reader's thread could go on.
Task<void> back_pressure(EventLoop& loop, std::string path, std::size_t& taken) {
  auto opened = InputReader::open(loop, path);
  REQUIRE(opened.ok());
  const int writer = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK);
  const std::string block(4096, 'x');
  for (int idle = 0; idle < 20;) {
    const auto wrote = ::write(writer, block.data(), block.size());
    if (wrote > 0) {
      taken += static_cast<std::size_t>(wrote);
      idle = 0;
    } else {
      ++idle;
      co_await sleep_for(2ms);
    }
  }
  ::close(writer);
  std::string all;
  auto reading = read_all(**opened, all);
  co_await std::move(reading);
  CHECK(all.size() == taken);
}

Task<void> destroyed_unread(EventLoop& loop, std::string path) {
  const auto opened = InputReader::open(loop, path);
  const int writer = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  write_all(writer, "x");
  co_await sleep_for(2ms);
  ::close(writer);
}

}  // namespace

TEST_CASE("InputReader: it gives a file completely and in order") {
  const TempDir directory;
  std::string text;
  for (int i = 0; i < 50000; ++i) text += std::to_string(i) + "\n";
  leat::tests::write_file((directory / "a"), text);
  EventLoop loop;
  std::string all;
  CHECK_FALSE(loop.run(read_path(loop, (directory / "a"), all)));
  CHECK(all == text);
}

TEST_CASE(
    "InputReader: a file that can't be opened or read is a file_error with the path and the system's words") {
  const TempDir directory;
  EventLoop loop;
  std::string all;
  auto status = loop.run(read_path(loop, (directory / "none"), all));
  REQUIRE(status);
  CHECK(status->code == Errc::file_error);
  CHECK(status->message == "can't read \"" + (directory / "none") + "\": No such file or directory");
  status = loop.run(read_path(loop, directory.path(), all));
  REQUIRE(status);
  CHECK(status->message.find("Is a directory") != std::string::npos);
}

TEST_CASE("InputReader: what was written to a pipe arrives while the pipe stays open") {
  const TempDir directory;
  EventLoop loop;
  std::string chunk;
  loop.run(first_chunk_of_open_fifo(loop, fifo_in(directory), chunk));
  CHECK(chunk == "http://a/\n");
}

TEST_CASE("InputReader: stop ends a read that waits for a silent writer") {
  const TempDir directory;
  EventLoop loop;
  const auto start = std::chrono::steady_clock::now();
  loop.run(stopped_while_waiting(loop, fifo_in(directory)));
  CHECK(std::chrono::steady_clock::now() - start < 5s);
}

TEST_CASE("InputReader: a pipe is read at most two chunks ahead, and completely in the end") {
  const TempDir directory;
  EventLoop loop;
  std::size_t taken = 0;
  loop.run(back_pressure(loop, fifo_in(directory), taken));
  CHECK(taken >= InputReader::kChunk);
  CHECK(taken <= 5 * InputReader::kChunk);
}

TEST_CASE("InputReader: if it is destroyed while a chunk is under way, it leaves nothing behind") {
  const TempDir directory;
  EventLoop loop;
  loop.run(destroyed_unread(loop, fifo_in(directory)));
}
