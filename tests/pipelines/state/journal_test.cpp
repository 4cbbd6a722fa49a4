#include "pipelines/state/journal.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <csignal>

#include "tests/pipelines/state/journal_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

std::string line_of(std::uint64_t number) { return "http://a.org/" + std::to_string(number); }

std::uint64_t outcome(const JournalStatus& status, Outcome of) {
  return status.outcomes[static_cast<std::size_t>(of)];
}

JournalStatus status_of(const std::string& path) {
  auto status = read_journal_status(path, 10);
  if (!status.ok()) FAIL(status.error().message);
  return std::move(*status);
}

async::Task<std::size_t> end_many(Journal& journal, std::uint64_t count) {
  std::size_t most = 0;
  for (std::uint64_t id = 1; id <= count; ++id) {
    auto room = journal.wait_for_room();
    co_await std::move(room);
    RootEnd end;
    end.id = id;
    end.hash = id;
    journal.ended(std::move(end));
    most = std::max<std::size_t>(most, id);
  }
  co_return most;
}

async::Task<void> wait_until_failed(Journal& journal) {
  auto failed = journal.failed().wait();
  co_await failed;
}

// Limits what this process can write, as a full disk does.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : before_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limited = before_;
    limited.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limited);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, before_handler_);
  }

 private:
  rlimit before_{};
  void (*before_handler_)(int);
};

}  // namespace

TEST_CASE(
    "Journal: records that ended in one run are done in the next, and the rest are new, under the same ids") {
  const tests::TempDir directory;
  const std::string path = directory / "state";
  {
    OpenJournal journal(path);
    for (std::uint64_t i = 1; i <= 3; ++i) CHECK_FALSE(journal.lookup(i, line_of(i)).done);
    journal.end(1, line_of(1));
    journal.end(3, line_of(3), Outcome::failed);
  }
  OpenJournal journal(path);
  const Root first = journal.lookup(1, line_of(1));
  CHECK(first.id == 1);
  CHECK(first.done == Outcome::ok);
  CHECK_FALSE(journal.lookup(2, line_of(2)).done);
  CHECK(journal.lookup(3, line_of(3)).done == Outcome::failed);
  const Root appended = journal.lookup(4, line_of(4));
  CHECK(appended.id == 4);
  CHECK_FALSE(appended.done);
}

TEST_CASE("Journal: a record that was cancelled is new in the next run") {
  const tests::TempDir directory;
  const std::string path = directory / "state";
  {
    OpenJournal journal(path);
    journal.end(1, line_of(1), Outcome::cancelled);
    journal.end(2, line_of(2), Outcome::skipped);
    journal.end(3, line_of(3), Outcome::not_modified);
  }
  OpenJournal journal(path);
  CHECK_FALSE(journal.lookup(1, line_of(1)).done);
  CHECK(journal.lookup(2, line_of(2)).done == Outcome::skipped);
  CHECK(journal.lookup(3, line_of(3)).done == Outcome::not_modified);
}

TEST_CASE("Journal: a failed record that is ok when it is tried again counts once, as ok") {
  const tests::TempDir directory;
  const std::string path = directory / "state";
  {
    OpenJournal journal(path);
    journal.end(1, line_of(1), Outcome::failed);
    journal.end(2, line_of(2), Outcome::failed);
  }
  {
    OpenJournal journal(path);
    journal.end(1, line_of(1));
    journal.end(1, line_of(1), Outcome::failed);  // ok stays ok
  }
  OpenJournal journal(path);
  CHECK(journal.lookup(1, line_of(1)).done == Outcome::ok);
  const JournalStatus status = status_of(path);
  CHECK(outcome(status, Outcome::ok) == 1);
  CHECK(outcome(status, Outcome::failed) == 1);
}

TEST_CASE("Journal: records of a list of many thousands are found again, block after block") {
  const tests::TempDir directory;
  const std::string path = directory / "state";
  constexpr std::uint64_t kCount = 20'000;
  {
    OpenJournal journal(path);
    for (std::uint64_t i = 1; i <= kCount; ++i) {
      if (i % 3 != 0) journal.end(i, line_of(i));
    }
  }
  OpenJournal journal(path);
  std::uint64_t wrong = 0;
  for (std::uint64_t i = 1; i <= kCount + 10; ++i) {
    const Root root = journal.lookup(i, line_of(i));
    if (root.id != i || root.done.has_value() != (i % 3 != 0 && i <= kCount)) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("Journal: in an edited list records are found by their content, and new ones get new ids") {
  const tests::TempDir directory;
  const std::string path = directory / "state";
  {
    OpenJournal journal(path);
    for (std::uint64_t i = 1; i <= 5; ++i) journal.end(i, line_of(i));
  }
  std::uint64_t id_of_new = 0;
  {
    OpenJournal journal(path);
    CHECK(journal.lookup(1, line_of(1)).done);
    const Root fresh = journal.lookup(2, "http://new.org/");  // inserted here
    CHECK_FALSE(fresh.done);
    CHECK(fresh.id > 5);
    id_of_new = fresh.id;
    const Root moved = journal.lookup(3, line_of(2));
    CHECK(moved.id == 2);
    CHECK(moved.done == Outcome::ok);
    CHECK(journal.lookup(4, line_of(5)).id == 5);  // 3 and 4 were removed
    const Root last = journal.lookup(5, line_of(6));
    CHECK_FALSE(last.done);
    CHECK(last.id > 5);
    CHECK(last.id != id_of_new);
    journal.end(last.id, line_of(6));
  }
  OpenJournal journal(path);
  CHECK(journal.lookup(1, line_of(1)).done);
  CHECK(journal.lookup(2, "http://new.org/").id == id_of_new);  // it didn't end, so it has the same id again
  CHECK(journal.lookup(3, line_of(2)).done);
  CHECK(journal.lookup(4, line_of(5)).done);
  CHECK(journal.lookup(5, line_of(6)).done);
}

TEST_CASE("Journal: a line that occurs twice in an edited list and was done once counts as done once") {
  const tests::TempDir directory;
  const std::string path = directory / "state";
  {
    OpenJournal journal(path);
    journal.end(1, "a");
    journal.end(2, "b");
  }
  OpenJournal journal(path);
  CHECK_FALSE(journal.lookup(1, "c").done);
  CHECK(journal.lookup(2, "b").done);
  const Root again = journal.lookup(3, "b");
  CHECK_FALSE(again.done);
  journal.end(again.id, "b");
  CHECK_FALSE(journal.lookup(4, "b").done);  // the row of the one before belongs to that one
  CHECK(journal.lookup(5, "a").done);
}

TEST_CASE("Journal: status shows outcomes, errors and hosts while a run is going") {
  const tests::TempDir directory;
  const std::string path = directory / "state";
  OpenJournal journal(path);
  journal.end(1, line_of(1));
  journal.end(2, line_of(2), Outcome::failed);
  journal.end(3, line_of(3), Outcome::failed);
  journal.run(journal->add(1, items(1, 3)));
  journal.run(journal->take(1, 1));
  journal->finished(1, 1);
  journal.commit();
  const JournalStatus status = status_of(path);
  CHECK(status.in_use);
  CHECK(outcome(status, Outcome::ok) == 1);
  CHECK(outcome(status, Outcome::failed) == 2);
  REQUIRE(status.errors.size() == 1);
  CHECK(status.errors[0].first == "timeout");
  CHECK(status.errors[0].second == 2);
  REQUIRE(status.hosts.size() == 1);
  CHECK(status.hosts[0].name == "a.org");
  CHECK(status.hosts[0].ended == 3);
  CHECK(status.hosts[0].failed == 2);
  CHECK(status.hosts_in_all == 1);
  CHECK(status.frontier_live == 2);
  CHECK(status.frontier_done == 1);
  CHECK(std::count(status.config.begin(), status.config.end(),
                   std::make_pair(std::string("leat"), std::string("0.1.0"))) == 1);
}

TEST_CASE("Journal: status knows that no run is going") {
  const tests::TempDir directory;
  const std::string path = directory / "state";
  {
    OpenJournal journal(path);
    journal.end(1, line_of(1));
  }
  const JournalStatus status = status_of(path);
  CHECK_FALSE(status.in_use);
  CHECK(outcome(status, Outcome::ok) == 1);
}

TEST_CASE("Journal: a producer that waits for room keeps the backlog bounded and loses nothing") {
  const tests::TempDir directory;
  const std::string path = directory / "state";
  OpenJournal journal(path);
  journal.loop().run(end_many(*journal, 50'000));
  CHECK(journal->has_room());
  journal.commit();
  CHECK(outcome(status_of(path), Outcome::ok) == 50'000);
}

TEST_CASE("Journal: each queued key is taken once, and the queue ends when nothing lives") {
  const tests::TempDir directory;
  OpenJournal journal(directory / "state");
  CHECK(journal.run(journal->add(2, items(1, 2))) == 2);
  CHECK(journal.run(journal->add(2, items(1, 3))) == 1);
  CHECK(journal.run(journal->add(2, items(3, 1))) == 0);
  CHECK(journal.run(journal->count(1)).live() == 0);
  std::vector<std::uint64_t> order;
  for (;;) {
    const auto taken = journal.run(journal->take(2, 2));
    if (taken.empty()) break;
    for (const auto& one : taken) {
      order.push_back(one.key);
      journal.run(journal->add(2, items(one.key, one.key < 10 ? 2 : 1)));
      journal->finished(2, one.key);
    }
  }
  CHECK(order == std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  const FrontierCount count = journal.run(journal->count(2));
  CHECK(count.live() == 0);
  CHECK(count.done == 10);
}

TEST_CASE("Journal: a temporary journal holds a frontier and leaves no file") {
  async::EventLoop loop;
  auto opened = Journal::temporary(loop);
  REQUIRE(opened.ok());
  Journal& journal = **opened;
  const auto added = loop.run(journal.add(1, items(1, 10'000)));
  REQUIRE(added.ok());
  CHECK(added.value() == 10'000);
  const auto taken = loop.run(journal.take(1, 3));
  REQUIRE(taken.ok());
  CHECK(taken.value().back().key == 3);
}

TEST_CASE(
    "Journal: if nothing more can be written, the run and every call are told so, and what was committed "
    "stays") {
  const tests::TempDir directory;
  const std::string path = directory / "state";
  {
    OpenJournal journal(path);
    journal.end(1, line_of(1));
    journal.commit();
    const FileSizeLimit full(300 * 1024);
    async::EventLoop& loop = journal.loop();
    loop.run(end_many(*journal, 50'000));
    loop.run(wait_until_failed(*journal));
    REQUIRE(journal->failure());
    CHECK(journal->failure()->message.find(path) != std::string::npos);
    const auto answer = loop.run(journal->take(1, 1));
    REQUIRE_FALSE(answer.ok());
    CHECK(answer.error().message == journal->failure()->message);
    CHECK(loop.run(journal->commit()));
  }
  OpenJournal journal(path);
  CHECK(journal.lookup(1, line_of(1)).done == Outcome::ok);
}
