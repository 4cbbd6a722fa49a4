#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/text/hash.hpp"
#include "pipelines/state/journal.hpp"
#include "tests/support/temp_dir.hpp"

namespace leat::pipelines {

inline JournalOptions journal_options(const std::string& path) {
  JournalOptions options;
  options.file.path = path;
  options.file.leat_version = "0.1.0";
  options.file.config.emplace_back("spec", "lines \"urls.txt\" | fetch n=8 | write json");
  return options;
}

/// A journal on a loop of its own, whose calls are made one at a time.
class OpenJournal {
 public:
  explicit OpenJournal(const JournalOptions& options) {
    auto opened = Journal::open(loop_, options);
    if (!opened.ok()) FAIL(opened.error().message);
    journal_ = std::move(*opened);
  }
  explicit OpenJournal(const std::string& path) : OpenJournal(journal_options(path)) {}

  Journal& operator*() { return *journal_; }
  Journal* operator->() { return journal_.get(); }

  template <class T>
  T run(async::Task<Result<T>> task) {
    auto result = loop_.run(std::move(task));
    if (!result.ok()) FAIL(result.error().message);
    return std::move(*result);
  }
  void commit() {
    const Status status = loop_.run(journal_->commit());
    if (status) FAIL(status->message);
  }
  Root lookup(std::uint64_t position, const std::string& line) {
    return run(journal_->lookup(position, text::hash64(line)));
  }
  void end(std::uint64_t id, const std::string& line, Outcome outcome = Outcome::ok) {
    RootEnd end;
    end.id = id;
    end.hash = text::hash64(line);
    end.outcome = outcome;
    end.host = "a.org";
    if (outcome == Outcome::failed) {
      end.code = "timeout";
      end.url = line;
      end.message = "no answer";
    }
    journal_->ended(std::move(end));
  }
  async::EventLoop& loop() { return loop_; }

 private:
  async::EventLoop loop_;
  std::unique_ptr<Journal> journal_;
};

inline FrontierItem item(std::uint64_t key, const std::string& record = "{}") { return {key, record}; }

inline std::vector<FrontierItem> items(std::uint64_t first, std::uint64_t count) {
  std::vector<FrontierItem> made;
  for (std::uint64_t key = first; key < first + count; ++key) made.push_back(item(key));
  return made;
}

}  // namespace leat::pipelines
