#include "pipelines/worker/jq_worker.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "engine/async/sleep.hpp"
#include "pipelines/expr/jq_program.hpp"
#include "tests/engine/async/loop_fixture.hpp"
#include "tests/support/child_watch.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat;
using namespace leat::async;
using namespace leat::pipelines;
using leat::tests::ChildWatch;

namespace {

using Outputs = std::vector<std::string>;
using Evaluation = TaskHandle<Result<Outputs>>;

Task<Result<Outputs>> evaluate(JqWorker& worker, std::size_t program, std::string input,
                               Duration limit = Duration(0)) {
  auto evaluation = worker.ask(program, std::move(input), limit);
  co_await evaluation.wait();
  co_return evaluation.take();
}

/// A worker for some programs, on a loop of its own.
struct Fixture {
  explicit Fixture(Outputs programs, Duration limit = 20s)
      : worker(loop, options(std::move(programs), limit)) {}

  static JqOptions options(Outputs programs, Duration limit) {
    JqOptions made;
    made.executable = LEAT_BINARY;
    for (auto& program : programs) made.programs.emplace_back(std::move(program));
    made.limit = limit;
    return made;
  }

  ChildWatch children;
  EventLoop loop;
  JqWorker worker;

  Evaluation ask(std::size_t program, std::string input) {
    return spawn_on(loop, evaluate(worker, program, std::move(input)), "evaluation");
  }
};

Task<std::string> said(Evaluation evaluation) {
  auto result = co_await evaluation;
  if (!result) co_return std::string(to_string(result.error().code)) + ": " + result.error().message;
  std::string joined;
  for (const auto& output : *result) joined += output + "\n";
  co_return joined;
}

/// What one evaluation gives: its outputs, each on a line, or its error.
std::string eval(const std::string& program, const std::string& input, Duration limit = 20s) {
  Fixture fixture({program}, limit);
  return fixture.loop.run(said(fixture.ask(0, input)));
}

/// What several evaluations give that are under way together.
Task<Outputs> all_said(std::vector<Evaluation> evaluations) {
  Outputs all;
  for (const auto& evaluation : evaluations) {
    auto saying = said(evaluation);
    all.push_back(co_await std::move(saying));
  }
  co_return all;
}

}  // namespace

TEST_CASE("JqWorker: a program may give one output, several or none") {
  CHECK(eval(".a", R"({"a":{"b":[1,2.5,null,"é"]}})") == "{\"b\":[1,2.5,null,\"é\"]}\n");
  CHECK(eval(".[] | . * 2", "[1,2,3]") == "2\n4\n6\n");
  CHECK(eval("empty", "{}") == "");
  // In 1.6 it is `empty`.
  CHECK(eval("error(null)", "{}") == (JqProgram::is_1_7() ? "filter_error: null" : ""));
  CHECK(eval("\"line\\nbreak\"", "1") == "\"line\\nbreak\"\n");
}

TEST_CASE("JqWorker: an error has jq's own message, and outputs before it don't count") {
  CHECK(eval(".a.b", R"({"a":1})") == "filter_error: Cannot index number with string \"b\"");
  CHECK(eval("1, error(\"mine\")", "1") == "filter_error: mine");
  CHECK(eval("error({a: [1]})", "1") == "filter_error: {\"a\":[1]}");
  CHECK(eval("tonumber", "\"x\"").starts_with("filter_error: Invalid numeric literal"));
  CHECK(eval(".", std::string(300, '[') + std::string(300, ']')) ==
        "filter_error: Exceeds depth limit for parsing at line 1, column 257");
}

TEST_CASE("JqWorker: a number that a double would change is kept by libjq, or named in its record's error") {
  const std::string refused = "filter_error: jq keeps numbers as doubles, which would change ";
  const auto kept = [&](const std::string& input, const std::string& number) {
    const auto got = eval(".[0]", input);
    CAPTURE(got);
    return got == refused + number || got == number + "\n";
  };
  CHECK(kept("[9007199254740993]", "9007199254740993"));
  CHECK(kept("[12345678901234567890,1]", "12345678901234567890"));
  CHECK(eval(".[0], .[1] + 1", "[2.5,9007199254740991,\"9007199254740993\"]") == "2.5\n9007199254740992\n");
  const auto long_one = eval(".[0]", "[" + std::string(1000, '7') + "]");
  CHECK((long_one.size() > 1000 || long_one == refused + std::string(60, '7') + "..."));
}

TEST_CASE("JqWorker: each evaluation uses the program that it names, and a failure spoils none that follow") {
  Fixture fixture({".a", "fromjson", ".a + 1", "tonumber"});
  std::vector<Evaluation> evaluations;
  for (int round = 0; round < 3; ++round) {
    evaluations.push_back(fixture.ask(1, "\"{\""));
    evaluations.push_back(fixture.ask(2, R"({"a":1})"));
    evaluations.push_back(fixture.ask(3, "\"x\""));
    evaluations.push_back(fixture.ask(0, R"({"a":"b"})"));
  }
  const auto all = fixture.loop.run(all_said(evaluations));
  for (std::size_t i = 0; i < all.size(); i += 4) {
    CHECK(all[i].starts_with("filter_error: "));
    CHECK(all[i + 1] == "2\n");
    CHECK(all[i + 2].starts_with("filter_error: "));
    CHECK(all[i + 3] == "\"b\"\n");
  }
  CHECK(fixture.worker.starts() == 1);
}

TEST_CASE("JqWorker: ten thousand evaluations at once come back in order, from one process") {
  Fixture fixture({".n"});
  std::vector<Evaluation> evaluations;
  const std::string padding(300, 'x');
  for (int i = 0; i < 10'000; ++i) {
    evaluations.push_back(fixture.ask(0, R"({"n":)" + std::to_string(i) + R"(,"pad":")" + padding + "\"}"));
  }
  const auto all = fixture.loop.run(all_said(evaluations));
  std::size_t right = 0;
  for (std::size_t i = 0; i < all.size(); ++i) right += all[i] == std::to_string(i) + "\n" ? 1u : 0u;
  CHECK(right == 10'000);
  CHECK(fixture.worker.starts() == 1);
}

TEST_CASE("JqWorker: inputs and outputs far larger than a pipe go through") {
  Fixture fixture({"., length"});
  const std::string large = "\"" + std::string(5 << 20, 'x') + "\"";
  const auto all =
      fixture.loop.run(all_said({fixture.ask(0, large), fixture.ask(0, "1"), fixture.ask(0, large)}));
  CHECK((all[0] == large + "\n5242880\n"));
  CHECK(all[1] == "1\n1\n");
  CHECK((all[2] == all[0]));
}

TEST_CASE("JqWorker: a program that runs away fails only its record, and those after it are answered") {
  const ChildWatch children;
  for (const char* program :
       {"def f: f; f", "range(infinite) | empty", "[limit(1e9; repeat(1))]", "last(repeat(1))"}) {
    CAPTURE(program);
    Fixture fixture({program, ".a"}, 500ms);
    std::vector<Evaluation> evaluations;
    for (int i = 0; i < 20; ++i)
      evaluations.push_back(fixture.ask(i == 7 ? 0 : 1, R"({"a":)" + std::to_string(i) + "}"));
    const auto all = fixture.loop.run(all_said(evaluations));
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::string expected = std::to_string(i) + "\n";
      if (i == 7) {
        const bool memory = all[i] == "filter_error: needed more than 1 GiB of memory";
        CHECK((memory || all[i] == "filter_error: ran longer than 500ms"));
      } else {
        CHECK(all[i] == expected);
      }
    }
    CHECK(fixture.worker.starts() == 2);
  }
  CHECK(children.none_new());
}

TEST_CASE("JqWorker: many evaluations that take longer than the limit together are each in time") {
  Fixture fixture({"[range(20000)] | map(. * 2) | add"}, 1s);
  std::vector<Evaluation> evaluations;
  for (int i = 0; i < 60; ++i) evaluations.push_back(fixture.ask(0, "null"));
  const auto all = fixture.loop.run(all_said(evaluations));
  for (const auto& one : all) CHECK(one == "399980000\n");
  CHECK(fixture.worker.starts() == 1);
}

#ifndef LEAT_SANITIZED
TEST_CASE("JqWorker: a program that uses all memory fails only its record") {
  Fixture fixture({"def f: . + .; reduce range(40) as $i (\"0123456789abcdef\"; f)", "."});
  const auto all =
      fixture.loop.run(all_said({fixture.ask(1, "1"), fixture.ask(0, "2"), fixture.ask(1, "3")}));
  CHECK(all[0] == "1\n");
  CHECK(all[1] == "filter_error: needed more than 1 GiB of memory");
  CHECK(all[2] == "3\n");
}

TEST_CASE("JqWorker: outputs that are too large together fail only their record") {
  Fixture fixture({"(\"x\" * 1000000) as $x | range(100) | $x", "."});
  const auto all = fixture.loop.run(all_said({fixture.ask(0, "1"), fixture.ask(1, "2")}));
  CHECK(all[0] == "filter_error: its outputs together are too large");
  CHECK(all[1] == "2\n");
  CHECK(fixture.worker.starts() == 1);
}

TEST_CASE("JqWorker: a program that crashes libjq fails only its record") {
  // A value that is nested deeper than the stack allows is freed recursively.
  Fixture fixture({"reduce range(1000000) as $i (null; [.]) | empty", "."});
  const auto all =
      fixture.loop.run(all_said({fixture.ask(1, "1"), fixture.ask(0, "2"), fixture.ask(1, "3")}));
  CHECK(all[0] == "1\n");
  CHECK(all[1] == "filter_error: jq crashed on this record: signal 11 (Segmentation fault)");
  CHECK(all[2] == "3\n");
}
#endif

TEST_CASE("JqWorker: if its process is killed from outside, it is started again, and nothing is lost") {
  Fixture fixture({".n"});
  const auto kill_between = [](Fixture& with) -> Task<Outputs> {
    Outputs all;
    for (int round = 0; round < 3; ++round) {
      std::vector<Evaluation> evaluations;
      for (int i = 0; i < 200; ++i) evaluations.push_back(with.ask(0, R"({"n":)" + std::to_string(i) + "}"));
      auto first = said(evaluations.front());
      const std::string zero = co_await std::move(first);
      if (zero == "0\n" && with.worker.pid() > 0) ::kill(with.worker.pid(), SIGKILL);
      evaluations.erase(evaluations.begin());
      auto saying = all_said(evaluations);
      const auto more = co_await std::move(saying);
      all.insert(all.end(), more.begin(), more.end());
      evaluations.assign(1, with.ask(0, "{\"n\":\"after\"}"));
      auto after = said(evaluations.front());
      all.push_back(co_await std::move(after));
    }
    co_return all;
  };
  const auto all = fixture.loop.run(kill_between(fixture));
  REQUIRE(all.size() == 600);
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i] == (i % 200 == 199 ? "\"after\"\n" : std::to_string(i % 200 + 1) + "\n"));
  }
  CHECK(fixture.worker.starts() > 1);
}

TEST_CASE("JqWorker: a cancelled evaluation takes nothing from the others") {
  Fixture fixture({".n"});
  const auto cancel_some = [](Fixture& with) -> Task<int> {
    std::vector<Evaluation> evaluations;
    for (int i = 0; i < 300; ++i) evaluations.push_back(with.ask(0, R"({"n":)" + std::to_string(i) + "}"));
    co_await turns(3);
    for (std::size_t i = 0; i < 300; i += 3) evaluations[i].cancel();
    int right = 0;
    for (std::size_t i = 0; i < 300; ++i) {
      if (i % 3 == 0) {
        auto ending = ends_cancelled(evaluations[i]);
        right += co_await std::move(ending) ? 1 : 0;
      } else {
        auto saying = said(evaluations[i]);
        const std::string one = co_await std::move(saying);
        right += one == std::to_string(i) + "\n" ? 1 : 0;
      }
    }
    co_return right;
  };
  CHECK(fixture.loop.run(cancel_some(fixture)) == 300);
}

TEST_CASE("JqWorker: when an evaluation that runs away is cancelled, those after it go on at the limit") {
  Fixture fixture({"def f: f; f", "."}, 200ms);
  const auto cancel_first = [](Fixture& with) -> Task<std::string> {
    auto first = with.ask(0, "1");
    auto second = with.ask(1, "2");
    co_await sleep_for(20ms);
    first.cancel();
    auto saying = said(second);
    co_return co_await std::move(saying);
  };
  CHECK(fixture.loop.run(cancel_first(fixture)) == "2\n");
}

TEST_CASE("JqWorker: an answer doesn't wait for the evaluation after it") {
  Fixture fixture({"def f: f; f", "."}, 1h);
  const auto ask_both = [](Fixture& with) -> Task<std::string> {
    auto first = with.ask(1, "1");
    auto second = with.ask(0, "2");
    auto saying = said(first);
    auto text = co_await std::move(saying);
    second.cancel();
    co_return text;
  };
  CHECK(fixture.loop.run(ask_both(fixture)) == "1\n");
}

TEST_CASE("JqWorker: an abandoned evaluation is ended, and those after it go to the next process") {
  Fixture fixture({"def f: f; f", "."}, 1h);
  const auto abandon_first = [](Fixture& with) -> Task<std::string> {
    auto first = with.ask(0, "1");
    auto second = with.ask(1, "2");
    co_await sleep_for(50ms);
    first.cancel();
    co_await turns(3);
    with.worker.end_abandoned();
    auto saying = said(second);
    co_return co_await std::move(saying);
  };
  CHECK(fixture.loop.run(abandon_first(fixture)) == "2\n");
  CHECK(fixture.worker.starts() == 2);
}

TEST_CASE("JqWorker: after stop it leaves no process, and starts another one when it is asked again") {
  const ChildWatch children;
  Fixture fixture({"."});
  const auto stop_between = [](Fixture& with) -> Task<std::string> {
    auto first = said(with.ask(0, "1"));
    std::string all = co_await std::move(first);
    auto stopping = with.worker.stop();
    co_await std::move(stopping);
    all += with.worker.pid() == 0 && with.children.none_new() ? "none\n" : "left\n";
    auto second = said(with.ask(0, "2"));
    all += co_await std::move(second);
    co_return all;
  };
  CHECK(fixture.loop.run(stop_between(fixture)) == "1\nnone\n2\n");
  CHECK(children.none_new());
}

TEST_CASE("JqWorker: if it is stopped while it evaluates, waiting evaluations fail as cancelled") {
  const ChildWatch children;
  Fixture fixture({"def f: f; f"});
  const auto stop_it = [](Fixture& with) -> Task<std::string> {
    auto evaluation = with.ask(0, "1");
    co_await sleep_for(10ms);
    auto stopping = with.worker.stop();
    co_await std::move(stopping);
    auto saying = said(evaluation);
    co_return co_await std::move(saying);
  };
  CHECK(fixture.loop.run(stop_it(fixture)) == "cancelled: the jq worker was stopped");
  CHECK(children.none_new());
}

TEST_CASE("JqWorker: if it is destroyed inside the loop while its process lives, it leaves none") {
  const ChildWatch children;
  EventLoop loop;
  const auto use = [](EventLoop& on) -> Task<std::string> {
    JqWorker worker(on, Fixture::options({"."}, 20s));
    auto evaluating = evaluate(worker, 0, "1");
    auto result = co_await std::move(evaluating);
    co_return result ? result->front() : "";
  };
  CHECK(loop.run(use(loop)) == "1");
  CHECK(children.none_new());
}

TEST_CASE("JqWorker: an executable that doesn't exist fails the evaluations") {
  EventLoop loop;
  JqOptions options;
  options.executable = "/no/such/leat";
  options.programs = {WorkerProgram(".")};
  JqWorker worker(loop, std::move(options));
  CHECK(loop.run(said(spawn_on(loop, evaluate(worker, 0, "1"), ""))).find("No such file") !=
        std::string::npos);
}

TEST_CASE("JqWorker: an executable that is no worker fails the evaluations after a few tries") {
  EventLoop loop;
  JqOptions options;
  options.executable = "/bin/false";
  options.programs = {WorkerProgram(".")};
  JqWorker worker(loop, std::move(options));
  CHECK(loop.run(said(spawn_on(loop, evaluate(worker, 0, "1"), ""))) ==
        "filter_error: the jq worker can't run: it ended with exit status 1");
}

TEST_CASE("JqWorker: its process has no environment, no files and no further input") {
  CHECK(eval("env", "1").starts_with("filter_error: env is refused: "));
  CHECK(eval("def x: 1; $ENV", "1").starts_with("filter_error: $ENV is refused: "));
  CHECK(eval("input", "1").starts_with("filter_error: input is refused: "));
  CHECK(eval("\"x\" | halt_error", "1").starts_with("filter_error: halt_error is refused: "));
}

TEST_CASE("JqWorker: the process ends when its parent is killed, even in a program that never ends") {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // so that it becomes our child to wait for
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    Fixture fixture({"def f: f; f", "."});
    const auto run_away = [](Fixture& with, int to) -> Task<void> {
      auto good = said(with.ask(1, "1"));
      static_cast<void>(co_await std::move(good));
      auto away = with.ask(0, "1");
      co_await sleep_for(50ms);
      const int pid = with.worker.pid();
      static_cast<void>(!::write(to, &pid, sizeof pid));
      static_cast<void>(co_await away);
    };
    fixture.loop.run(run_away(fixture, ends[1]));
    ::_exit(0);
  }
  int worker = 0;
  REQUIRE(::read(ends[0], &worker, sizeof worker) == sizeof worker);
  REQUIRE(worker > 0);
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  int status = 0;
  CHECK(::waitpid(worker, &status, 0) == worker);
  CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE(
    "JqWorker: its process is hidden from people: no help names it, and started by hand it ends without a "
    "message") {
  const auto help = leat::tests::run_leat({"--help"});
  CHECK(help.out.find("jq-worker") == std::string::npos);
  const auto by_hand = leat::tests::run_leat({"--jq-worker"});
  CHECK(by_hand.out.empty());
  CHECK(by_hand.err.empty());
}

namespace {

Task<std::string> both_said(Evaluation first, Evaluation second) {
  auto one = said(std::move(first));
  auto text = co_await std::move(one);
  auto other = said(std::move(second));
  text += " | " + co_await std::move(other);
  co_return text;
}

}  // namespace

TEST_CASE("JqWorker: an evaluation may have a limit of its own, which is a timeout, and others keep theirs") {
  Fixture fixture({"def f: f; f", "."});
  auto endless = spawn_on(fixture.loop, evaluate(fixture.worker, 0, "1", 50ms), "endless");
  auto other = fixture.ask(1, "2");
  CHECK(fixture.loop.run(both_said(std::move(endless), std::move(other))) ==
        "timeout: its program ran longer than timeout=50ms | 2\n");
}

TEST_CASE("JqWorker: dates are in the time zone of the machine, as outside of the process") {
  CHECK(eval("(1700000000 | gmtime | mktime), (0 | strftime(\"%F %T %Z\")), (\"2015\" | strptime(\"%Y\") | "
             ".[0])",
             "null") == "1700000000\n\"1970-01-01 00:00:00 UTC\"\n2015\n");
  char here[64];
  const std::time_t when = 1'700'000'000;
  std::strftime(here, sizeof here, "%F %T", std::localtime(&when));
  CHECK(eval("1700000000 | strflocaltime(\"%F %T\")", "null") == "\"" + std::string(here) + "\"\n");
}

#ifndef LEAT_SANITIZED
TEST_CASE("JqWorker: once it has answered, the process is in the sandbox and has three descriptors") {
  Fixture fixture({"."});
  std::string status;
  std::set<std::string> descriptors;
  const auto look = [](Fixture& with, std::string& state, std::set<std::string>& open) -> Task<std::string> {
    auto saying = said(with.ask(0, "1"));
    auto text = co_await std::move(saying);
    const std::string process = "/proc/" + std::to_string(with.worker.pid());
    state = tests::read_file(process + "/status");
    for (const auto& entry : std::filesystem::directory_iterator(process + "/fd"))
      open.insert(entry.path().filename());
    co_return text;
  };
  CHECK(fixture.loop.run(look(fixture, status, descriptors)) == "1\n");
  CHECK(status.find("\nNoNewPrivs:\t1\n") != std::string::npos);
  CHECK(status.find("\nSeccomp:\t2\n") != std::string::npos);
  CHECK(descriptors == std::set<std::string>{"0", "1", "2"});
}
#endif
