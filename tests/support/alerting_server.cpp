#include "tests/support/alerting_server.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "tests/support/certificates.hpp"

namespace leat::tests {

namespace {

using namespace std::string_view_literals;

constexpr int kLook = 20;  // milliseconds between two checks whether the server ends
constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
// A record of 32 bytes that nobody has encrypted.
constexpr std::string_view kDamaged = "\x17\x03\x03\x00\x20 these bytes can't be decrypted."sv;

// The protocol that the client would like best.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void*) {
  if (offered_size < 2) return SSL_TLSEXT_ERR_NOACK;
  *size = offered[0];
  *chosen = offered + 1;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

/// One connection, whose records pass through memory, so that one can be damaged.
class AlertingServer::Connection {
 public:
  Connection(SSL_CTX* context, int fd, const std::atomic<bool>& ending)
      : fd_(fd), ending_(ending), ssl_(SSL_new(context)) {
    SSL_set_bio(ssl_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(ssl_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    SSL_free(ssl_);
    ::close(fd_);
  }

  /// False at the end.
  bool read_request() {
    std::array<char, 4096> room{};
    while (unread_.find("\r\n\r\n") == std::string::npos) {
      const int count = SSL_read(ssl_, room.data(), static_cast<int>(room.size()));
      send_records();
      if (count > 0) {
        unread_.append(room.data(), static_cast<std::size_t>(count));
      } else if (SSL_get_error(ssl_, count) != SSL_ERROR_WANT_READ || !receive_records()) {
        return false;
      }
    }
    unread_.erase(0, unread_.find("\r\n\r\n") + 4);  // requests here have no body
    return true;
  }

  void write(std::string_view bytes) {
    if (bytes.empty()) return;
    SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
    send_records();
  }

  /// Has OpenSSL read a damaged record, about which it tells the client; then waits for the client's end,
  /// since a reset could overtake the alert.
  void alert() {
    char byte = 0;
    BIO_write(SSL_get_rbio(ssl_), kDamaged.data(), static_cast<int>(kDamaged.size()));
    SSL_read(ssl_, &byte, 1);
    send_records();
    ::shutdown(fd_, SHUT_WR);
    while (receive_records()) {
    }
  }

 private:
  void send_records() {
    char* bytes = nullptr;
    const long count = BIO_get_mem_data(SSL_get_wbio(ssl_), &bytes);
    if (count > 0) ::send(fd_, bytes, static_cast<std::size_t>(count), MSG_NOSIGNAL);
    static_cast<void>(BIO_reset(SSL_get_wbio(ssl_)));
  }

  bool receive_records() {
    pollfd ready{fd_, POLLIN, 0};
    while (::poll(&ready, 1, kLook) <= 0) {
      if (ending_) return false;
    }
    std::array<char, 16384> room{};
    const ssize_t count = ::recv(fd_, room.data(), room.size(), 0);
    if (count <= 0) return false;
    BIO_write(SSL_get_rbio(ssl_), room.data(), static_cast<int>(count));
    return true;
  }

  int fd_;
  const std::atomic<bool>& ending_;
  SSL* ssl_;
  std::string unread_;
};

AlertingServer::AlertingServer(int answers, std::string beginning)
    : answers_(answers),
      beginning_(std::move(beginning)),
      context_(SSL_CTX_new(TLS_server_method())),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
           "2", "-subj", "/CN=127.0.0.1", "-keyout", dir_ / "key.pem", "-out", dir_ / "cert.pem"});
  SSL_CTX_set_alpn_select_cb(context_, choose_protocol, nullptr);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  auto* const address = reinterpret_cast<sockaddr*>(&place);
  const bool ready =
      SSL_CTX_use_certificate_file(context_, (dir_ / "cert.pem").c_str(), SSL_FILETYPE_PEM) == 1 &&
      SSL_CTX_use_PrivateKey_file(context_, (dir_ / "key.pem").c_str(), SSL_FILETYPE_PEM) == 1 &&
      ::bind(listener_, address, size) == 0 && ::listen(listener_, 128) == 0 &&
      ::getsockname(listener_, address, &size) == 0;
  if (!ready) throw std::runtime_error("the alerting server did not start");
  port_ = ntohs(place.sin_port);
  server_ = std::thread([this] { serve_all(); });
}

AlertingServer::~AlertingServer() {
  ending_ = true;
  server_.join();
  ::close(listener_);
  SSL_CTX_free(context_);
}

std::string AlertingServer::url() const { return "https://127.0.0.1:" + std::to_string(port_) + "/"; }

void AlertingServer::serve_all() {
  while (!ending_) {
    pollfd ready{listener_, POLLIN, 0};
    if (::poll(&ready, 1, kLook) <= 0) continue;
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) serve(fd);
  }
}

void AlertingServer::serve(int fd) {
  Connection connection(context_, fd, ending_);
  for (int i = 0; connection.read_request(); ++i) {
    ++requests_;
    if (i < answers_) {
      connection.write(kAnswer);
      continue;
    }
    connection.write(beginning_);
    ++alerts_;
    return connection.alert();
  }
}

}  // namespace leat::tests
