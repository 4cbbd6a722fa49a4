#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace leat::tests {

/// nghttpd, the server of nghttp2, without TLS on a free loopback port, for as long as this lives. /ok
/// answers "ok\n".
class NghttpdServer {
 public:
  NghttpdServer();

  /// "http://127.0.0.1:PORT" and `path`.
  [[nodiscard]] std::string url(const std::string& path) const { return url_ + path; }
  /// Ends it, and gives how many requests it has logged.
  [[nodiscard]] std::size_t end();
  /// The values that this field had in its requests, in the order in which they came; call it after `end`.
  [[nodiscard]] std::vector<std::string> values_of(const std::string& field) const;

 private:
  bool starts_on(const std::string& port);
  [[nodiscard]] std::string log() const { return read_file(dir_ / "log"); }

  TempDir dir_;
  std::string url_;
  std::optional<Process> process_;
};

}  // namespace leat::tests
