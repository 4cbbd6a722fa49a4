#pragma once

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace leat::tests {

/// Runs `leat get` of one URL into an empty directory, without retries unless `more` says otherwise. It
/// checks that there is one line, that its sum is right and that its status fits the outcome.
class OneFetch {
 public:
  explicit OneFetch(const std::string& url, std::vector<std::string> more = {})
      : run_(run(url, std::move(more))), line_(only_line(run_)) {
    const std::string outcome = line_.text("outcome");
    const bool failed = outcome == "failed";
    CHECK(run_.status == (failed ? 1 : 0));
    CHECK(failed == !line_.error_code().empty());
    CHECK_MESSAGE(run_.err.find(" = 1 in;") != std::string::npos, run_.err);
  }

  [[nodiscard]] const JsonLine& line() const { return line_; }
  [[nodiscard]] std::string code() const { return line_.error_code(); }
  [[nodiscard]] std::string outcome() const { return line_.text("outcome"); }
  /// How often the URL was tried.
  [[nodiscard]] int attempts() const {
    return line_["error"].IsObject() ? line_["error"]["attempts"].GetInt()
                                     : 1 + static_cast<int>(line_.number("num_retries"));
  }
  [[nodiscard]] std::set<std::string> files() const { return dir_.names(); }
  [[nodiscard]] std::string content(const std::string& name) const { return read_file(dir_ / name); }
  [[nodiscard]] const Finished& finished() const { return run_; }

 private:
  Finished run(const std::string& url, std::vector<std::string> more) const {
    std::vector<std::string> words{"get", "-O", dir_.path(), "--retry", "0"};
    words.insert(words.end(), more.begin(), more.end());
    words.push_back(url);
    return run_leat(words);
  }

  TempDir dir_;
  Finished run_;
  JsonLine line_;
};

}  // namespace leat::tests
