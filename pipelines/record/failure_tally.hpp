#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/error.hpp"

namespace leat::pipelines {

struct Record;

/// Why records failed. The most frequent reasons stand first; equally frequent ones are in the order of code,
/// status and name.
struct FailureReport {
  struct Code {
    Errc code{};
    std::uint64_t count = 0;
    std::vector<std::pair<int, std::uint64_t>> statuses;  // of http_status
  };
  std::vector<Code> codes;
  std::vector<std::pair<std::string, std::uint64_t>> hosts;  // no more than FailureTally::kShown
  std::uint64_t other_hosts = 0;                             // failures at all others
  std::vector<std::string> first;                            // of the failures, each in a line
  std::uint64_t there_already = 0;                           // files that were, and whose records are skipped
};

/// Counts the failed records of a run by code and by host, and keeps the first of them. Loop thread only.
class FailureTally {
 public:
  static constexpr std::size_t kHosts = 1000;  // the first so many are told apart
  static constexpr std::size_t kShown = 5;
  static constexpr std::size_t kFirstFailures = 10;

  /// What must be known of a failure once its record is gone.
  struct Note {
    Errc code{};
    int status = 0;
    std::uint32_t host = 0;  // kNoHost, kOther or a number
    bool counts = false;
  };

  /// Calls `then` when so many failures have been noted; 0: never. Is called before the first.
  void after(std::uint64_t failures, std::function<void()> then) {
    limit_ = failures;
    then_ = std::move(then);
  }

  /// The note of a record that ends. It counts only if the record has failed and has a place in the
  /// accounting.
  [[nodiscard]] Note note(const Record& record);
  void add(const Note& note);
  [[nodiscard]] FailureReport report() const;

 private:
  static constexpr std::uint32_t kNoHost = 0;
  static constexpr std::uint32_t kOther = 1;
  static constexpr std::uint32_t kFirst = 2;

  std::uint32_t number_of(const std::string& url);

  std::uint64_t limit_ = 0;
  std::uint64_t noted_ = 0;
  std::vector<std::string> first_;
  std::uint64_t there_already_ = 0;
  std::function<void()> then_;
  std::map<std::pair<Errc, int>, std::uint64_t> codes_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(kFirst);  // by number
};

}  // namespace leat::pipelines
