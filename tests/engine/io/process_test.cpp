#include "engine/io/process.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>

#include <cerrno>
#include <set>
#include <string>
#include <vector>

#include "engine/async/gather.hpp"
#include "engine/async/wait_for.hpp"
#include "engine/io/run_process.hpp"
#include "tests/engine/async/loop_fixture.hpp"
#include "tests/support/child_watch.hpp"
#include "tests/support/process.hpp"

using namespace leat;
using namespace leat::async;
using namespace leat::io;
using leat::tests::ChildWatch;

namespace {

Command command(std::vector<std::string> argv, bool feed = false, ErrorOutput errors = ErrorOutput::pipe) {
  Command made;
  made.argv = std::move(argv);
  made.feed = feed;
  made.errors = errors;
  return made;
}

Command shell(std::string script) { return command({"sh", "-c", std::move(script)}); }

Result<Captured> run(Command what, std::string input = "", CaptureLimits limits = CaptureLimits()) {
  EventLoop loop;
  return loop.run(run_process(loop, std::move(what), std::move(input), limits));
}

std::set<std::string> lines(const std::string& text) {
  const auto all = leat::tests::lines_of(text);
  return std::set<std::string>(all.begin(), all.end());
}

Task<bool> times_out(EventLoop& loop, Command what, Duration limit) {
  auto running = run_process(loop, std::move(what), "", CaptureLimits());
  try {
    auto waiting = wait_for(std::move(running), limit);
    static_cast<void>(co_await std::move(waiting));
  } catch (const TimeoutError&) {
    co_return true;
  }
  co_return false;
}

}  // namespace

TEST_CASE("Process: one learns what a command prints and how it ends") {
  const ChildWatch children;
  const auto done = run(shell("echo out; echo err >&2; exit 3"));
  REQUIRE(done);
  CHECK(done.value().output == "out\n");
  CHECK(done.value().errors == "err\n");
  CHECK(done.value().status.code == 3);
  CHECK(done.value().status.signal == 0);
  CHECK(done.value().status.text() == "exit status 3");
  CHECK(children.none_new());
}

TEST_CASE("Process: the status names a signal that ended it") {
  const auto done = run(shell("kill -TERM $$"));
  REQUIRE(done);
  CHECK(done.value().status.signal == SIGTERM);
  CHECK(done.value().status.text() == "signal 15 (Terminated)");
}

TEST_CASE("Process: arguments arrive as they are, without a shell") {
  const auto done = run(command({"printf", "%s|", "a b", "$HOME", "*", "", "\"'"}));
  REQUIRE(done);
  CHECK(done.value().output == "a b|$HOME|*||\"'|");
}

TEST_CASE("Process: input larger than any pipe goes through while output comes back") {
  std::string input(3 << 20, 'x');
  for (std::size_t i = 0; i < input.size(); i += 61) input[i] = '\n';
  const auto done = run(command({"cat"}, true), input);
  REQUIRE(done);
  CHECK((done.value().output == input));
}

TEST_CASE("Process: without input it has an empty standard input") {
  const auto done = run(command({"cat"}));
  REQUIRE(done);
  CHECK(done.value().output.empty());
  CHECK(done.value().status.ok());
}

TEST_CASE("Process: standard input and output can be opened by name") {
  auto what = shell("cat /dev/stdin > /dev/stdout");
  what.feed = true;
  const auto done = run(std::move(what), "named");
  REQUIRE(done);
  CHECK(done.value().output == "named");
}

TEST_CASE("Process: a process that never reads its input is no error, and raises no SIGPIPE here") {
  const auto before = ::signal(SIGPIPE, SIG_DFL);
  auto what = shell("exec 0<&-; echo done");
  what.feed = true;
  const auto done = run(std::move(what), std::string(1 << 20, 'x'));
  ::signal(SIGPIPE, before);
  REQUIRE(done);
  CHECK(done.value().output == "done\n");
  CHECK(done.value().status.ok());
}

TEST_CASE("Process: a program that doesn't exist is an error with the system's number") {
  const ChildWatch children;
  const auto done = run(command({"leat-no-such-program"}));
  REQUIRE_FALSE(done);
  CHECK(done.error().os_errno == ENOENT);
  CHECK(done.error().message == "cannot run 'leat-no-such-program': No such file or directory");
  CHECK(children.none_new());
}

TEST_CASE("Process: a file that can't be executed is an error as well") {
  const auto done = run(command({"/etc/passwd"}));
  REQUIRE_FALSE(done);
  CHECK(done.error().os_errno == EACCES);
}

TEST_CASE("Process: it inherits its three streams and what it was given, and nothing else of ours") {
  auto ends = make_pipe();
  REQUIRE(ends);
  std::set<std::string> expected{"0", "1", "2", "3"};  // 3 is the directory that ls reads
  auto what = command({"ls", "/proc/self/fd"});
  auto plain = run(what);
  REQUIRE(plain);
  CHECK(lines(plain.value().output) == expected);
  what.more_fds.push_back(ends.value().read.get());
  expected.insert("4");
  auto with_one = run(what);
  REQUIRE(with_one);
  CHECK(lines(with_one.value().output) == expected);
}

TEST_CASE("Process: it does not inherit what this process itself has inherited, without close-on-exec") {
  const int shared = ::open("/dev/null", O_RDONLY);  // as a shell leaves one behind: exec 9< FILE
  REQUIRE(shared > 2);
  const auto done = run(shell("ls /proc/self/fd"));
  ::close(shared);
  REQUIRE(done);
  CHECK_FALSE(lines(done.value().output).contains(std::to_string(shared)));
}

TEST_CASE("Process: its signals have their defaults, whatever this process ignores or blocks") {
  const auto before = ::signal(SIGUSR1, SIG_IGN);
  sigset_t blocked;
  sigset_t old;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR2);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &old);
  const auto done = run(command({"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"}));
  ::pthread_sigmask(SIG_SETMASK, &old, nullptr);
  ::signal(SIGUSR1, before);
  REQUIRE(done);
  CHECK(done.value().output == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_CASE("Process: it leads a process group of its own") {
  const auto done = run(shell("test $(cut -d' ' -f5 /proc/$$/stat) = $$ && echo own"));
  REQUIRE(done);
  CHECK(done.value().output == "own\n");
}

TEST_CASE("Process: its environment is the one it is given, even an empty one") {
  auto what = command({"/usr/bin/env"});
  what.environment = {"A=1", "B=two words"};
  auto done = run(what);
  REQUIRE(done);
  CHECK(done.value().output == "A=1\nB=two words\n");
  what.environment = std::vector<std::string>();
  done = run(what);
  REQUIRE(done);
  CHECK(done.value().output.empty());
}

TEST_CASE(
    "Process: a process that prints more than the limit is stopped, and the first part of its output is "
    "kept") {
  const ChildWatch children;
  CaptureLimits limits;
  limits.output = 1000;
  const auto done = run(command({"yes"}), "", limits);
  REQUIRE(done);
  CHECK(done.value().too_much);
  CHECK(done.value().output.size() == 1000);
  CHECK(children.none_new());
}

TEST_CASE("Process: the first part of a flood on standard error is kept, and the process goes on") {
  CaptureLimits limits;
  limits.errors = 10;
  const auto done = run(shell("yes | head -c 1000000 >&2; echo done"), "", limits);
  REQUIRE(done);
  CHECK(done.value().errors == "y\ny\ny\ny\ny\n");
  CHECK(done.value().output == "done\n");
}

TEST_CASE("Process: output that its own child prints later is waited for as well") {
  const auto done = run(shell("(read x; echo late) & exit 0"));
  REQUIRE(done);
  CHECK(done.value().output == "late\n");
}

TEST_CASE("Process: a child that holds standard error alone is not waited for") {
  EventLoop loop;
  const auto done = run(shell("echo out; echo err >&2; sleep 100 >/dev/null & echo $!"));
  REQUIRE(done);
  CHECK(done.value().errors == "err\n");
  ::kill(std::stoi(done.value().output.substr(4)), SIGKILL);
}

TEST_CASE("Process: a time limit ends it and its children, and reaps it") {
  const ChildWatch children;
  EventLoop loop;
  CHECK(loop.run(times_out(loop, shell("sleep 100 & sleep 100"), 20ms)));
  CHECK(children.none_new());
}

TEST_CASE("Process: a process that ignores SIGTERM is killed after the grace period") {
  const ChildWatch children;
  EventLoop loop;
  auto started = Process::start(loop, shell("trap '' TERM; echo ready; while :; do sleep 100; done"));
  REQUIRE(started);
  const auto stop = [](Process& process) -> Task<ExitStatus> {
    std::string ready;
    auto reading = process.output().read(ready);
    co_await std::move(reading);
    auto stopping = process.stop(10ms);
    co_return co_await std::move(stopping);
  };
  const ExitStatus status = loop.run(stop(**started));
  CHECK(status.signal == SIGKILL);
  CHECK(children.none_new());
}

TEST_CASE("Process: if it is destroyed while the process runs, that is killed and reaped at once") {
  const ChildWatch children;
  EventLoop loop;
  {
    auto started = Process::start(loop, shell("trap '' TERM; sleep 100"));
    REQUIRE(started);
    CHECK_FALSE(children.none_new());
  }
  CHECK(children.none_new());
}

TEST_CASE("Process: standard output can be read as it arrives") {
  EventLoop loop;
  auto started = Process::start(loop, command({"cat"}, true));
  REQUIRE(started);
  const auto talk = [](Process& process) -> Task<int> {
    for (int i = 0; i < 100; ++i) {
      std::string said = "line " + std::to_string(i);
      auto writing = process.input().write(said);
      co_await std::move(writing);
      std::string heard;
      auto reading = process.output().read(heard);
      co_await std::move(reading);
      if (heard != said) co_return i;
    }
    process.close_input();
    auto waiting = process.wait();
    const ExitStatus status = co_await std::move(waiting);
    co_return status.ok() ? 100 : -1;
  };
  CHECK(loop.run(talk(**started)) == 100);
}

TEST_CASE("Process: many processes at once do not mix") {
  const ChildWatch children;
  EventLoop loop;
  const auto all = [](EventLoop& on) -> Task<int> {
    std::vector<TaskHandle<Result<Captured>>> running;
    for (int i = 0; i < 40; ++i) {
      running.push_back(spawn(run_process(on, command({"cat"}, true), std::to_string(i), CaptureLimits())));
    }
    int right = 0;
    for (int i = 0; i < 40; ++i) {
      auto& one = running[static_cast<std::size_t>(i)];
      auto done = co_await one;
      right += done && done->output == std::to_string(i) ? 1 : 0;
    }
    co_return right;
  };
  CHECK(loop.run(all(loop)) == 40);
  CHECK(children.none_new());
}

TEST_CASE("Process: whenever it is cancelled, it leaves no process behind") {
  const ChildWatch children;
  for (int turn = 0; turn < 12; ++turn) {
    EventLoop loop;
    const auto cancel_after = [](EventLoop& on, int count) -> Task<bool> {
      auto what = command({"sh", "-c", "cat; sleep 100"}, true);
      auto running = spawn(run_process(on, std::move(what), std::string(200'000, 'x'), CaptureLimits()));
      co_await turns(count);
      running.cancel();
      auto ending = ends_cancelled(running);
      co_return co_await std::move(ending);
    };
    CHECK(loop.run(cancel_after(loop, turn)));
    CHECK(children.none_new());
  }
}

TEST_CASE("Process: a loop that ends early stops its running processes") {
  const ChildWatch children;
  EventLoop loop;
  const auto leave_one = [](EventLoop& on) -> Task<void> {
    auto left = spawn(run_process(on, shell("sleep 100"), "", CaptureLimits()));
    co_await turns(3);
  };
  loop.run(leave_one(loop));
  CHECK(children.none_new());
}
