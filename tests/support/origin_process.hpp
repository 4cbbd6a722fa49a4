#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace leat::tests {

/// What the origin counted, as /stats tells it.
struct OriginStats {
  std::uint64_t connections = 0;  // accepted
  std::uint64_t open = 0;
  std::uint64_t requests = 0;
  std::uint64_t concurrent = 0;
  std::uint64_t peak = 0;  // of concurrent requests
};

/// The test origin (LEAT_ORIGIN) in a process of its own, on a free loopback port, for as long as this lives.
class OriginProcess {
 public:
  explicit OriginProcess(const std::vector<std::string>& more_arguments = {});
  OriginProcess(const OriginProcess&) = delete;
  OriginProcess& operator=(const OriginProcess&) = delete;
  ~OriginProcess();

  [[nodiscard]] int port() const noexcept { return port_; }
  /// "http://127.0.0.1:PORT" and `path`.
  [[nodiscard]] std::string url(const std::string& path) const;
  [[nodiscard]] OriginStats stats() const;
  /// The number of requests for that path, without its query.
  [[nodiscard]] std::uint64_t requests_of(const std::string& path) const;
  /// Sends a blocking GET over a connection of its own, and gives the body of the answer.
  [[nodiscard]] std::string get(const std::string& path) const;

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  int port_ = 0;
};

}  // namespace leat::tests
