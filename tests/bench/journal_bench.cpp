// Measures the journal's share of a record: the CPU time of both threads, with a journal in $TMPDIR. For
// memory, run one of them with --benchmark_filter under /usr/bin/time -v.

#include "pipelines/state/journal.hpp"

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/gather.hpp"
#include "engine/text/hash.hpp"
#include "tests/bench/bench_loop.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat;
using namespace leat::async;
using namespace leat::pipelines;

namespace {

constexpr benchmark::IterationCount kRecords = 1'000'000;
constexpr std::uint64_t kBatch = 64;  // as many as are in flight

std::unique_ptr<Journal> open_in(const tests::TempDir& directory, EventLoop& loop) {
  JournalOptions options;
  options.file.path = directory / "state";
  auto journal = Journal::open(loop, options);
  if (!journal.ok()) std::abort();
  return std::move(*journal);
}

std::uint64_t hash_of(std::uint64_t id) { return text::hash64("http://a.org/files/" + std::to_string(id)); }

// One record in a hundred fails, over a hundred hosts.
RootEnd end_of(std::uint64_t id) {
  RootEnd end;
  end.id = id;
  end.hash = hash_of(id);
  end.host = "host" + std::to_string(id % 100) + ".org";
  if (id % 100 == 0) {
    end.outcome = pipelines::Outcome::failed;
    end.code = "timeout";
    end.url = "http://a.org/files/" + std::to_string(id);
    end.message = "no answer within 10 s";
  }
  return end;
}

Task<void> look_up(benchmark::State& state, Journal& journal, bool end) {
  std::uint64_t id = 0;
  for (auto _ : state) {
    ++id;
    auto looking = journal.lookup(id, hash_of(id));
    auto root = co_await std::move(looking);
    if (root->done) continue;
    if (!end) continue;
    journal.ended(end_of(id));
    if (journal.has_room()) continue;
    auto room = journal.wait_for_room();
    co_await std::move(room);
  }
  auto committing = journal.commit();
  co_await std::move(committing);
}

void journal_new_records(benchmark::State& state) {
  const tests::TempDir directory;
  EventLoop loop;
  const auto journal = open_in(directory, loop);
  loop.run(look_up(state, *journal, true));
}

Task<void> end_all(Journal& journal, std::uint64_t count) {
  for (std::uint64_t id = 1; id <= count; ++id) {
    journal.ended(end_of(id));
    auto room = journal.wait_for_room();
    co_await std::move(room);
  }
}

void journal_done_records(benchmark::State& state) {
  const tests::TempDir directory;
  EventLoop loop;
  {
    const auto journal = open_in(directory, loop);
    loop.run(end_all(*journal, kRecords));
  }
  const auto journal = open_in(directory, loop);
  loop.run(look_up(state, *journal, false));
}

// The list has one more line at its beginning, so every record is found by its content.
Task<void> look_up_moved(benchmark::State& state, Journal& journal) {
  std::uint64_t position = 0;
  for (auto _ : state) {
    auto looking = journal.lookup(position + 1, hash_of(position));
    auto root = co_await std::move(looking);
    if (root->done.has_value() != (position > 0)) std::abort();
    ++position;
  }
}

void journal_moved_records(benchmark::State& state) {
  const tests::TempDir directory;
  EventLoop loop;
  {
    const auto journal = open_in(directory, loop);
    loop.run(end_all(*journal, kRecords));
  }
  const auto journal = open_in(directory, loop);
  loop.run(look_up_moved(state, *journal));
}

Task<Result<std::size_t>> finish(Journal& journal, std::uint64_t key, std::uint64_t page,
                                 std::string record) {
  std::vector<FrontierItem> links;
  for (const std::uint64_t link : {2 * page, 2 * page + 1, page}) links.emplace_back(hash_of(link), record);
  auto adding = journal.add(1, std::move(links));
  auto added = co_await std::move(adding);
  journal.finished(1, key);
  co_return added;
}

// A crawl in which each page leads to two new pages and one known page, kBatch at once.
Task<void> crawl(benchmark::State& state, Journal& journal) {
  const std::string record(200, 'r');
  std::vector<FrontierItem> first;
  for (std::uint64_t page = 1; page <= kBatch; ++page) first.emplace_back(hash_of(page), record);
  auto starting = journal.add(1, std::move(first));
  const auto started = co_await std::move(starting);
  if (!started.ok()) std::abort();
  std::uint64_t page = 0;
  while (state.KeepRunningBatch(kBatch)) {
    auto taking = journal.take(1, kBatch);
    auto taken = co_await std::move(taking);
    std::vector<Task<Result<std::size_t>>> finishing;
    for (const auto& item : *taken) finishing.push_back(finish(journal, item.key, ++page, record));
    auto all = gather(std::move(finishing));
    co_await std::move(all);
  }
}

void journal_crawl(benchmark::State& state) {
  const tests::TempDir directory;
  EventLoop loop;
  const auto journal = open_in(directory, loop);
  loop.run(crawl(state, *journal));
}

}  // namespace

BENCHMARK(journal_new_records)->Iterations(kRecords)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(journal_done_records)->Iterations(kRecords)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(journal_moved_records)->Iterations(kRecords)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(journal_crawl)->Iterations(128'000)->MeasureProcessCPUTime()->UseRealTime();
