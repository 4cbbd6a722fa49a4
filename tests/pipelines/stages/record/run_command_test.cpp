#include "pipelines/stages/record/run_command.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/engine/async/loop_fixture.hpp"
#include "tests/support/child_watch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat;
using namespace leat::async;
using namespace leat::pipelines;
using leat::tests::ChildWatch;
using leat::tests::TempDir;

namespace {

/// What the command gives, or "code: message".
std::string run(CommandArgs argv, std::string input = "", Duration limit = 20s, std::size_t most = 1 << 20) {
  EventLoop loop;
  const auto result = loop.run(run_command(loop, std::move(argv), std::move(input), limit, most));
  if (result) return result.value();
  return std::string(to_string(result.error().code)) + ": " + result.error().message;
}

std::string shell(std::string script, Duration limit = 20s) {
  return run({"sh", "-c", std::move(script)}, "", limit);
}

}  // namespace

TEST_CASE("exec: a command's output comes back without its last newline and otherwise unchanged") {
  CHECK(run({"echo", "a  b"}) == "a  b");
  CHECK(run({"printf", "%s\n\n", "x"}) == "x\n");
  CHECK(run({"true"}) == "");
  CHECK(run({"cat"}, "from stdin\nof two lines") == "from stdin\nof two lines");
}

TEST_CASE("exec: arguments are not read by a shell") {
  CHECK(run({"echo", "$(id); `id` *", "|"}) == "$(id); `id` * |");
}

TEST_CASE("exec: a status other than 0 fails with the first line of standard error, made printable") {
  CHECK(shell("echo out; echo; exit 3") == "exec_failed: 'sh' ended with exit status 3");
  CHECK(shell("printf '\\n  bad \\033[1mthing  \\nmore\\n' >&2; exit 1") ==
        "exec_failed: 'sh' ended with exit status 1: bad \xEF\xBF\xBD[1mthing");
  CHECK(shell("kill -KILL $$") == "exec_failed: 'sh' ended with signal 9 (Killed)");
}

TEST_CASE("exec: arguments, which may be secrets, are in no message") {
  CHECK(run({"sh", "-c", "exit 1", "hunter2"}).find("hunter2") == std::string::npos);
  CHECK(run({"no-such-program", "hunter2"}) ==
        "exec_failed: cannot run 'no-such-program': No such file or directory");
}

TEST_CASE("exec: the error says that a command can't be run at all") {
  CHECK(run({}) == "exec_failed: names no program");
  CHECK(run({""}) == "exec_failed: names no program");
  CHECK(run({"echo", std::string("a\0b", 3)}) == "exec_failed: argument 1 holds a NUL byte");
}

TEST_CASE("exec: a command that runs too long is ended with all that it has started") {
  const ChildWatch children;
  CHECK(shell("sleep 100 & sleep 100", 20ms) == "timeout: 'sh' ran longer than 20ms");
  CHECK(children.none_new());
}

TEST_CASE("exec: a command that prints too much is ended") {
  const ChildWatch children;
  CHECK(run({"yes"}, "", 20s, 1000) == "exec_failed: 'yes' printed more than 1000 bytes");
  CHECK(children.none_new());
}

TEST_CASE("exec: when a cancellation has ended, its command has ended, too") {
  const ChildWatch children;
  EventLoop loop;
  const auto cancel_it = [](EventLoop& on) -> Task<bool> {
    CommandArgs argv{"sleep", "100"};
    auto running = spawn(run_command(on, std::move(argv), "", 20s, 1000));
    co_await turns(2);
    running.cancel();
    auto ending = ends_cancelled(running);
    co_return co_await std::move(ending);
  };
  CHECK(loop.run(cancel_it(loop)));
  CHECK(children.none_new());
}

TEST_CASE("exec: a runner runs no more commands at once than it may, and all of them in the end") {
  EventLoop loop;
  const TempDir directory;
  CommandRunner runner(loop, 2, 20s, 1000);
  const auto run_all = [](CommandRunner& with, std::string lock) -> Task<int> {
    // Each makes a directory with its own name if there are fewer than two, and fails if it sees a third one.
    const std::string script =
        "mkdir " + lock + "/$0 && test $(ls " + lock + " | wc -l) -le 2 && echo $0; rmdir " + lock + "/$0";
    std::vector<TaskHandle<Result<std::string>>> running;
    for (int i = 0; i < 12; ++i) {
      CommandArgs argv{"sh", "-c", script, std::to_string(i)};
      running.push_back(spawn(with.run(std::move(argv), "")));
    }
    int right = 0;
    for (int i = 0; i < 12; ++i) {
      auto result = co_await running[static_cast<std::size_t>(i)];
      right += result && *result == std::to_string(i) ? 1 : 0;
    }
    co_return right;
  };
  CHECK(loop.run(run_all(runner, directory / "")) == 12);
  CHECK(default_commands_at_once() >= 1);
}
