#include "pipelines/run/run.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <array>
#include <chrono>
#include <csignal>
#include <set>

#include "engine/async/sleep.hpp"
#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;
using namespace std::chrono_literals;
using leat::tests::TempDir;

namespace {

async::Task<void> finish_soon(Run& run, async::Duration after, async::Duration grace) {
  co_await async::sleep_for(after);
  run.finish_early(grace);
}

async::Task<void> cancel_soon(Run& run, async::Duration after) {
  co_await async::sleep_for(after);
  run.cancel_now();
}

async::Task<Status> with(async::Task<void> helper, Run& run) {
  auto helping = async::spawn(std::move(helper));
  auto executing = run.execute();
  auto status = co_await std::move(executing);
  helping.cancel();
  co_return status;
}

async::Task<Status> finished_early(Run& run, async::Duration after, async::Duration grace) {
  return with(finish_soon(run, after, grace), run);
}
async::Task<Status> cancelled(Run& run, async::Duration after) { return with(cancel_soon(run, after), run); }

template <class Drive>
Ran run_driven(const GetPlan& get, Drive drive) {
  const TempDir directory;
  std::FILE* file = std::fopen((directory / "out").c_str(), "w");
  Ran ran;
  {
    async::EventLoop loop;
    Run run(loop, get.plan(), ::fileno(file));
    ran.status = loop.run(drive(run));
    ran.stats = run.stats();
  }
  std::fclose(file);
  ran.lines = tests::json_lines(tests::read_file((directory / "out")));
  ran.check_accounting();
  return ran;
}

struct PipeEnds {
  PipeEnds() { REQUIRE(::pipe2(fds.data(), O_CLOEXEC) == 0); }
  ~PipeEnds() {
    close_reader();
    ::close(fds[1]);
  }
  void close_reader() {
    if (fds[0] >= 0) ::close(std::exchange(fds[0], -1));
  }
  std::array<int, 2> fds{};
};

}  // namespace

TEST_CASE("Run: every record has one line, good or bad, and the sum is right") {
  GetPlan get;
  get.urls = {origin().url("/ok"), origin().url("/status/404"), "ftp://x/", "http://127.0.0.1:1/"};
  const Ran ran = run_plan(get);
  CHECK_FALSE(ran.status);
  CHECK(ran.count(Outcome::ok) == 1);
  CHECK(ran.count(Outcome::failed) == 3);
  CHECK(ran.of_id(1).number("status") == 200);
  CHECK(ran.of_id(2).error_code() == "http_status");
  CHECK(ran.of_id(2).error_message() == "HTTP 404 Not Found");
  CHECK(ran.of_id(2).number("status") == 404);
  CHECK(ran.of_id(3).error_code() == "unsupported_scheme");
  CHECK(ran.of_id(4).error_code() == "connect_refused");
  CHECK(ran.stats.source_ended);
}

TEST_CASE("Run: with several threads the results, the files and the sum are the same") {
  const TempDir directory;
  GetPlan get;
  get.fetch.n = 32;
  get.fetch.threads = 3;
  get.write.include = {"body"};
  get.save.file_template = (directory / "{name}");
  for (int i = 0; i < 300; ++i) {
    get.urls.push_back(origin().url((i % 3 == 0 ? "/status/404/" : "/headers/") + std::to_string(i)));
  }
  const Ran ran = run_plan(get);
  CHECK_FALSE(ran.status);
  CHECK(ran.count(Outcome::ok) == 200);
  CHECK(ran.count(Outcome::failed) == 100);
  CHECK(ran.stats.bytes >= 200 * 50);
  for (int i = 0; i < 300; ++i) {
    const auto& line = ran.of_id(i + 1);
    REQUIRE(line.text("url") == get.urls[static_cast<std::size_t>(i)]);
    if (i % 3 == 0) continue;
    REQUIRE(line.text("body").find("/headers/" + std::to_string(i) + "\"") != std::string::npos);
    REQUIRE(tests::read_file(directory / std::to_string(i)) == line.text("body"));
  }
}

TEST_CASE("Run: with several threads cancel_now also cancels what runs, and all that was read is printed") {
  GetPlan get;
  get.fetch.threads = 2;
  get.fetch.n = 16;
  for (int i = 0; i < 16; ++i) get.urls.push_back(origin().url("/hang/threads" + std::to_string(i)));
  const Ran ran = run_driven(get, [](Run& run) { return cancelled(run, 50ms); });
  CHECK(ran.count(Outcome::cancelled) == 16);
}

TEST_CASE("Run: an input without records ends at once") {
  const TempDir directory;
  tests::write_file((directory / "in"), "\n# nothing\n");
  GetPlan get;
  get.lines.path = (directory / "in");
  const Ran ran = run_plan(get);
  CHECK_FALSE(ran.status);
  CHECK(ran.stats.records_in == 0);
}

TEST_CASE("Run: an input that can't be read is an error of the run itself") {
  GetPlan get;
  get.lines.path = "/no/such/file";
  const Ran ran = run_plan(get);
  REQUIRE(ran.status);
  CHECK(ran.status->code == Errc::file_error);
}

TEST_CASE("Run: a wrong plan does nothing") {
  Plan plan;
  plan.stages = {FetchArgs(), WriteArgs()};
  const Ran ran = run_plan(plan);
  REQUIRE(ran.status);
  CHECK(ran.status->code == Errc::bad_input);
}

TEST_CASE("Run: lines of every kind give their records with their numbers") {
  const TempDir directory;
  tests::write_file((directory / "in"), "\xEF\xBB\xBF" + origin().url("/ok/1") + "\r\n\n# c\n{\"url\":\"" +
                                            origin().url("/echo") +
                                            "\",\"body\":\"hi\",\"meta\":[1.0]}\nhttp://a\xFF\n" +
                                            std::string(2'000'000, 'x') + "\n" + origin().url("/ok/2"));
  GetPlan get;
  get.lines.path = (directory / "in");
  get.ordered = true;
  get.write.include = {"body"};
  const Ran ran = run_plan(get);
  REQUIRE(ran.lines.size() == 5);
  const std::array<int, 5> numbers{1, 4, 5, 6, 7};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    CHECK(ran.lines[i].number("id") == static_cast<double>(i + 1));
    CHECK(ran.lines[i].number("line") == numbers[i]);
  }
  CHECK(ran.lines[1].text("body") == "hi");
  CHECK(ran.lines[1].text("method") == "POST");
  CHECK(ran.lines[2].error_code() == "bad_input");
  CHECK(ran.lines[3].error_code() == "bad_input");
  CHECK(ran.lines[4].text("outcome") == "ok");
}

TEST_CASE("Run: there are never more transfers at once than n, and n if there is enough work") {
  const tests::OriginProcess own;
  GetPlan get;
  get.fetch.n = 5;
  for (int i = 0; i < 30; ++i) get.urls.push_back(own.url("/delay/30/" + std::to_string(i)));
  const Ran ran = run_plan(get);
  CHECK(ran.count(Outcome::ok) == 30);
  const auto stats = own.stats();
  CHECK(stats.peak == 5);
  CHECK(stats.connections <= 6);  // one of them asks for the counts
}

TEST_CASE("Run: results come in the order of completion by default, and in that of the input on request") {
  GetPlan get;
  get.urls = {origin().url("/delay/300"), origin().url("/ok"), origin().url("/delay/50")};
  Ran ran = run_plan(get);
  CHECK(ran.lines[0].number("id") == 2);
  CHECK(ran.lines[2].number("id") == 1);
  get.ordered = true;
  ran = run_plan(get);
  for (std::size_t i = 0; i < 3; ++i) CHECK(ran.lines[i].number("id") == static_cast<double>(i + 1));
}

TEST_CASE("Run: finish_early lets running transfers end, and prints the other records as cancelled") {
  GetPlan get;
  get.fetch.n = 2;
  get.urls = {origin().url("/delay/400/1"), origin().url("/delay/400/2")};
  for (int i = 0; i < 20; ++i) get.urls.push_back(origin().url("/delay/400/" + std::to_string(i + 3)));
  const Ran ran = run_driven(get, [](Run& run) { return finished_early(run, 100ms, 10s); });
  CHECK_FALSE(ran.status);
  CHECK(ran.count(Outcome::ok) == 2);
  CHECK(ran.count(Outcome::cancelled) == ran.stats.records_in - 2);
  CHECK(ran.of_id(1).text("outcome") == "ok");
  CHECK(ran.of_id(3).error_code() == "cancelled");
}

TEST_CASE("Run: finish_early cancels transfers that take longer than its grace period") {
  GetPlan get;
  get.urls = {origin().url("/hang/1"), origin().url("/delay/300")};
  const auto start = std::chrono::steady_clock::now();
  const Ran ran = run_driven(get, [](Run& run) { return finished_early(run, 100ms, 600ms); });
  CHECK(ran.of_id(1).text("outcome") == "cancelled");
  CHECK(ran.of_id(1)["error"]["attempts"].GetInt() == 1);
  CHECK(ran.of_id(2).text("outcome") == "ok");
  CHECK(std::chrono::steady_clock::now() - start < 10s);
}

TEST_CASE("Run: finish_early ends a wait for the next attempt at once") {
  GetPlan get;
  get.fetch.retry = 3;
  get.urls = {origin().url("/status/503?retry-after=60")};
  const auto start = std::chrono::steady_clock::now();
  const Ran ran = run_driven(get, [](Run& run) { return finished_early(run, 200ms, 10s); });
  CHECK(ran.of_id(1).text("outcome") == "cancelled");
  CHECK(ran.of_id(1)["error"]["attempts"].GetInt() == 1);
  CHECK(std::chrono::steady_clock::now() - start < 5s);
}

TEST_CASE("Run: cancel_now cancels what runs, and all that was read is printed") {
  GetPlan get;
  get.fetch.n = 3;
  for (int i = 0; i < 200; ++i) get.urls.push_back(origin().url("/hang/" + std::to_string(i)));
  const Ran ran = run_driven(get, [](Run& run) { return cancelled(run, 100ms); });
  CHECK_FALSE(ran.status);
  CHECK(ran.stats.records_in < 200);
  CHECK(ran.count(Outcome::cancelled) == ran.stats.records_in);
}

TEST_CASE("Run: a reader that goes away ends the run without an error, also while nothing is being written") {
  std::signal(SIGPIPE, SIG_IGN);
  GetPlan get;
  get.urls = {origin().url("/hang/closed")};
  PipeEnds pipe;
  async::EventLoop loop;
  Run run(loop, get.plan(), pipe.fds[1]);
  pipe.close_reader();
  CHECK_FALSE(loop.run(run.execute()));
  CHECK(run.stats().output_closed);
  CHECK(run.stats().outcomes[static_cast<std::size_t>(Outcome::cancelled)] == run.stats().records_in);
}

TEST_CASE("Run: an output that fails is an error of the run itself") {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  REQUIRE(full >= 0);
  GetPlan get;
  get.urls = {origin().url("/ok"), origin().url("/hang/full")};
  async::EventLoop loop;
  Run run(loop, get.plan(), full);
  const auto status = loop.run(run.execute());
  ::close(full);
  REQUIRE(status);
  CHECK(status->code == Errc::disk_full);
  CHECK(run.stats().live == 0);
  CHECK(run.stats().outcomes[static_cast<std::size_t>(Outcome::cancelled)] == 2);
}

TEST_CASE("Run: a stuck reader can't hold up a run that is cancelled") {
  GetPlan get;
  get.fetch.n = 64;
  get.write.include = {"body"};
  for (int i = 0; i < 40; ++i) get.urls.push_back(origin().url("/size/64K/" + std::to_string(i)));
  PipeEnds pipe;
  async::EventLoop loop;
  Run run(loop, get.plan(), pipe.fds[1]);
  CHECK_FALSE(loop.run(cancelled(run, 300ms)));
  CHECK(run.stats().live == 0);
  pipe.close_reader();
}
