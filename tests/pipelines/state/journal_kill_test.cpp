#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <map>
#include <random>
#include <thread>

#include "tests/pipelines/state/journal_fixture.hpp"

// Sends kill -9 at random moments to a process that works through a list, or through a site, with a journal.

using namespace leat;
using namespace leat::pipelines;

namespace {

constexpr int kKills = 20;
constexpr std::uint64_t kInFlight = 64;

// What a run did, one entry for each piece of work. Each is appended by one write, so that it survives kill
// -9, as a request does.
class Trace {
 public:
  explicit Trace(const std::string& path)
      : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {}
  // All entries are of one size, so that none stands in two pages: a kill may end a write between these.
  void worked_on(std::uint64_t key) const {
    if (::write(fd_, &key, sizeof key) != static_cast<ssize_t>(sizeof key)) ::_exit(9);
  }

 private:
  int fd_;
};

std::map<std::uint64_t, std::uint64_t> times_worked_on(const std::string& path) {
  std::map<std::uint64_t, std::uint64_t> times;
  std::ifstream in(path, std::ios::binary);
  for (std::uint64_t key = 0; in.read(reinterpret_cast<char*>(&key), sizeof key);) ++times[key];
  return times;
}

async::Task<void> work_through_list(Journal& journal, const Trace& trace, std::uint64_t count) {
  std::vector<RootEnd> in_flight;
  for (std::uint64_t position = 1; position <= count; ++position) {
    auto looking = journal.lookup(position, text::hash64(std::to_string(position)));
    auto root = co_await std::move(looking);
    if (!root.ok()) ::_exit(8);
    if (!root->done) {
      trace.worked_on(position);
      in_flight.emplace_back().id = root->id;
      in_flight.back().hash = text::hash64(std::to_string(position));
    }
    if (in_flight.size() == kInFlight || position == count) {
      std::reverse(in_flight.begin(), in_flight.end());  // they don't end in order
      for (auto& end : in_flight) journal.ended(std::move(end));
      in_flight.clear();
      auto committing = journal.commit();
      if (co_await std::move(committing)) ::_exit(7);
    }
  }
}

// Each page leads to two others and back to the start, like a tree with cycles.
async::Task<void> crawl(Journal& journal, const Trace& trace, std::uint64_t pages) {
  auto starting = journal.add(1, items(1, 1));
  if (!(co_await std::move(starting)).ok()) ::_exit(8);
  for (;;) {
    auto taking = journal.take(1, kInFlight);
    auto taken = co_await std::move(taking);
    if (!taken.ok()) ::_exit(8);
    if (taken->empty()) break;
    for (const auto& page : *taken) {
      trace.worked_on(page.key);
      std::vector<FrontierItem> links = items(1, 1);
      for (const std::uint64_t next : {2 * page.key, 2 * page.key + 1}) {
        if (next <= pages) links.push_back(item(next));
      }
      auto adding = journal.add(1, std::move(links));
      if (!(co_await std::move(adding)).ok()) ::_exit(8);
      journal.finished(1, page.key);
    }
    auto committing = journal.commit();
    if (co_await std::move(committing)) ::_exit(7);
  }
}

using Work = async::Task<void> (*)(Journal&, const Trace&, std::uint64_t);

[[noreturn]] void run_child(const tests::TempDir& directory, Work work, std::uint64_t count) {
  {
    async::EventLoop loop;
    auto journal = Journal::open(loop, journal_options(directory / "state"));
    if (!journal.ok()) ::_exit(6);
    const Trace trace(directory / "trace");
    loop.run(work(**journal, trace, count));
  }
  ::_exit(0);
}

// The exit status of a child, or the signal that ended it as a negative number.
int run_for(std::chrono::microseconds limit, const tests::TempDir& directory, Work work,
            std::uint64_t count) {
  const pid_t child = ::fork();
  if (child == 0) run_child(directory, work, count);
  std::this_thread::sleep_for(limit);
  if (limit.count() > 0) ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void kill_and_go_on(Work work, std::uint64_t count) {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> microseconds(100, 30'000);
  const tests::TempDir directory;
  std::uint64_t kills = 0;
  for (int i = 0; i < kKills; ++i) {
    const int ended = run_for(std::chrono::microseconds(microseconds(random)), directory, work, count);
    if (ended == -SIGKILL) {
      ++kills;
    } else {
      REQUIRE(ended == 0);
    }
  }
  REQUIRE(run_for(std::chrono::microseconds(0), directory, work, count) == 0);
  const auto times = times_worked_on(directory / "trace");
  CHECK(times.size() == count);
  std::uint64_t repeats = 0;
  for (const auto& [key, n] : times) repeats += n - 1;
  CHECK(repeats <= kills * kInFlight);
  REQUIRE(run_for(std::chrono::microseconds(0), directory, work, count) == 0);
  CHECK(times_worked_on(directory / "trace") == times);  // nothing is left to do
  for (const auto& name : directory.names())
    CHECK((name == "state" || name == "trace" || name.starts_with("state.") || name == "state-wal" ||
           name == "state-shm"));
}

}  // namespace

TEST_CASE(
    "Journal: a list that is killed at random moments is done completely, and repeats only what was in "
    "flight") {
  kill_and_go_on(work_through_list, 40'000);
}

TEST_CASE(
    "Journal: a crawl that is killed at random moments fetches each page, and repeats only what was in "
    "flight") {
  kill_and_go_on(crawl, 10'000);
}
