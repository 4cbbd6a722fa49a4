#pragma once

#include <cstddef>
#include <string>

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

 private:
  static std::string with_file(TempDir& dir);

  TempDir dir_;
  std::string port_;
  std::string url_;
  Process process_;
};

}  // namespace leat::tests
