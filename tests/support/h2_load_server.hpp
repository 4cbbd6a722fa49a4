#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "tests/support/process.hpp"

namespace leat::tests {

/// tests/support/h2_load_server.py, which speaks HTTP/2 without TLS on a free loopback port in the way that
/// `behaviour` says, for as long as this lives.
class Http2LoadServer {
 public:
  using Counts = std::map<std::string, std::uint64_t>;

  explicit Http2LoadServer(const std::string& behaviour);

  /// "http://127.0.0.1:PORT/".
  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  /// Ends it, and gives what it has counted, such as requests, answers, connections, peak. What is not there
  /// is 0.
  [[nodiscard]] Counts end();

 private:
  Process process_;
  std::string url_;
};

}  // namespace leat::tests
