#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <string>
#include <thread>

#include "tests/support/temp_dir.hpp"

namespace leat::tests {

/// A server with TLS on a free loopback port, by OpenSSL, that ends its connections with a fatal alert, for
/// as long as this lives.
///
/// It answers so many requests on each connection with 200 and an empty body. Of the next answer it sends
/// `beginning`, and then the alert bad_record_mac, as if the client's record had been damaged on its way. It
/// serves one connection after the other. The preface of HTTP/2 is a request to it.
class AlertingServer {
 public:
  AlertingServer(int answers, std::string beginning);
  AlertingServer(const AlertingServer&) = delete;
  AlertingServer& operator=(const AlertingServer&) = delete;
  ~AlertingServer();

  [[nodiscard]] std::string url() const;
  [[nodiscard]] int requests() const noexcept { return requests_; }
  [[nodiscard]] int alerts() const noexcept { return alerts_; }

 private:
  class Connection;
  void serve_all();
  void serve(int fd);

  int answers_;
  std::string beginning_;
  TempDir dir_;
  SSL_CTX* context_ = nullptr;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> ending_ = false;
  std::atomic<int> requests_ = 0;
  std::atomic<int> alerts_ = 0;
  std::thread server_;  // the last member, since it uses the others
};

}  // namespace leat::tests
