#include "engine/io/pipe.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>

#include <cerrno>
#include <optional>
#include <string>

#include "tests/engine/async/loop_fixture.hpp"

using namespace leat;
using namespace leat::async;
using namespace leat::io;

namespace {

PipeEnds open_pipe() {
  auto ends = make_pipe();
  REQUIRE(ends);
  return std::move(ends.value());
}

Task<Status> write_text(PipeWriter& writer, std::string text) {
  auto writing = writer.write(text);
  co_return co_await std::move(writing);
}

Task<std::string> read_to_end(PipeReader& reader) {
  std::string all;
  while (!reader.at_end()) {
    auto reading = reader.read(all);
    if (co_await std::move(reading)) co_return "failed";
  }
  co_return all;
}

bool sigpipe_pending() {
  sigset_t pending;
  ::sigpending(&pending);
  return ::sigismember(&pending, SIGPIPE) == 1;
}

/// Gives SIGPIPE its default action, as in a program that did nothing about it.
struct DefaultSigpipe {
  DefaultSigpipe() : before(::signal(SIGPIPE, SIG_DFL)) {}
  ~DefaultSigpipe() { ::signal(SIGPIPE, before); }
  void (*before)(int);
};

}  // namespace

TEST_CASE("pipe: a text that is larger than a pipe goes through, in order and completely") {
  EventLoop loop;
  auto ends = open_pipe();
  PipeReader reader(loop, std::move(ends.read));
  std::optional<PipeWriter> writer;
  writer.emplace(loop, std::move(ends.write));
  std::string text(1 << 20, 'x');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + i % 26);
  const auto both = [](PipeReader& from, std::optional<PipeWriter>& to,
                       std::string all) -> Task<std::string> {
    auto reading = spawn(read_to_end(from));
    auto writing = write_text(*to, std::move(all));
    const auto status = co_await std::move(writing);
    to.reset();
    if (status) co_return "failed";
    co_return co_await reading;
  };
  CHECK((loop.run(both(reader, writer, text)) == text));
}

TEST_CASE("pipe: writing to a pipe that nobody reads is EPIPE, not a signal") {
  const DefaultSigpipe killing;
  EventLoop loop;
  auto ends = open_pipe();
  PipeWriter writer(loop, std::move(ends.write));
  ends.read.reset();
  const auto status = loop.run(write_text(writer, "x"));
  REQUIRE(status);
  CHECK(status->os_errno == EPIPE);
  CHECK_FALSE(sigpipe_pending());
}

TEST_CASE("pipe: a reader that goes away wakes a writer that waits") {
  const DefaultSigpipe killing;
  EventLoop loop;
  auto ends = open_pipe();
  PipeWriter writer(loop, std::move(ends.write));
  const auto close_meanwhile = [](PipeWriter& to, Fd& other) -> Task<Status> {
    auto writing = spawn(write_text(to, std::string(1 << 20, 'x')));
    co_await turns(3);
    other.reset();
    co_return co_await writing;
  };
  const auto status = loop.run(close_meanwhile(writer, ends.read));
  REQUIRE(status);
  CHECK(status->os_errno == EPIPE);
}

TEST_CASE("pipe: a cancelled read has taken nothing") {
  EventLoop loop;
  auto ends = open_pipe();
  PipeReader reader(loop, std::move(ends.read));
  std::optional<PipeWriter> writer;
  writer.emplace(loop, std::move(ends.write));
  const auto cancel_one = [](PipeReader& from, std::optional<PipeWriter>& to) -> Task<std::string> {
    auto first = spawn(read_to_end(from));
    co_await turns(2);
    first.cancel();
    auto ending = ends_cancelled(first);
    const bool ended = co_await std::move(ending);
    auto writing = write_text(*to, "all of it");
    static_cast<void>(co_await std::move(writing));
    to.reset();
    auto second = read_to_end(from);
    const std::string rest = co_await std::move(second);
    co_return ended ? rest : "not cancelled";
  };
  CHECK(loop.run(cancel_one(reader, writer)) == "all of it");
}

TEST_CASE("pipe: read_ready takes what is there and does not wait") {
  EventLoop loop;
  auto ends = open_pipe();
  PipeReader reader(loop, std::move(ends.read));
  PipeWriter writer(loop, std::move(ends.write));
  std::string bytes;
  CHECK_FALSE(reader.read_ready(bytes));
  CHECK(bytes.empty());
  CHECK_FALSE(reader.at_end());
  CHECK_FALSE(loop.run(write_text(writer, "now")));
  CHECK_FALSE(reader.read_ready(bytes));
  CHECK(bytes == "now");
}

TEST_CASE("pipe: both ends are closed on exec") {
  const auto ends = open_pipe();
  CHECK((::fcntl(ends.read.get(), F_GETFD) & FD_CLOEXEC) != 0);
  CHECK((::fcntl(ends.write.get(), F_GETFD) & FD_CLOEXEC) != 0);
}
