#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/process.hpp"

namespace leat::tests {

/// What the server of an outage saw; see its --help.
struct OutageReport {
  std::uint64_t connections = 0;
  std::uint64_t requests = 0;
  std::uint64_t answers = 0;
  bool fault_began = false;
  bool fault_ended = false;
  std::uint64_t fault_requests = 0;  // requests that were read during the fault
  std::optional<std::uint64_t>
      fault_tries;         // attempts to connect meanwhile; nothing if not root, which alone may count them
  double last_answer = 0;  // seconds of CLOCK_MONOTONIC
  std::string text;        // the whole report

  /// What came to the server meanwhile, whether it was accepted or not.
  [[nodiscard]] std::uint64_t came_meanwhile() const noexcept {
    return std::max(fault_requests, fault_tries.value_or(0));
  }
};

/// A server that fails as servers do (LEAT_OUTAGE), in a process of its own on a free port, for as long as
/// this lives.
class OutageServer {
 public:
  /// The arguments are those of the program.
  explicit OutageServer(std::vector<std::string> arguments);

  [[nodiscard]] int port() const noexcept { return port_; }
  /// "http://HOST:PORT" and `path`.
  [[nodiscard]] std::string url(const std::string& path, const std::string& host = "127.0.0.1") const;
  /// Makes that many lines, each a URL whose path is `path` and its number.
  [[nodiscard]] std::string list(int count, const std::string& path = "/",
                                 const std::string& host = "127.0.0.1") const;
  [[nodiscard]] pid_t pid() const noexcept { return process_.pid(); }
  /// Ends it, and gives what it saw.
  OutageReport end();

 private:
  Process process_;
  int port_ = 0;
};

}  // namespace leat::tests
