#include "tests/support/outage/connection.hpp"

#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace leat::outage {

Connection::Connection(int fd, std::uint64_t id, std::string address, SSL_CTX* context)
    : fd_(fd), id_(id), address_(std::move(address)) {
  if (context == nullptr) return;
  ssl_.reset(SSL_new(context));
  SSL_set_fd(ssl_.get(), fd_);
  SSL_set_accept_state(ssl_.get());
}

Connection::~Connection() { ::close(fd_); }

Connection::Input Connection::read() {
  std::array<char, 16384> room{};
  while (true) {
    ssize_t size = 0;
    bool later = false;
    if (ssl_) {
      ERR_clear_error();
      size = SSL_read(ssl_.get(), room.data(), static_cast<int>(room.size()));
      const int error = SSL_get_error(ssl_.get(), static_cast<int>(size));
      later = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
    } else {
      size = recv(fd_, room.data(), room.size(), 0);
      later = size < 0 && (errno == EAGAIN || errno == EINTR);
    }
    if (size > 0) {
      input_.append(room.data(), static_cast<std::size_t>(size));
      continue;
    }
    if (input_.find("\r\n\r\n") != std::string::npos) return Input::request;
    return later ? Input::nothing : Input::end;
  }
}

std::string Connection::next_path() {
  const auto end = input_.find("\r\n\r\n");
  if (end == std::string::npos) return {};
  const auto first = input_.find(' ') + 1;
  std::string target = input_.substr(first, input_.find(' ', first) - first);
  input_.erase(0, end + 4);
  return target.empty() ? "/" : target;
}

bool Connection::send(std::string_view bytes) {
  output_.append(bytes);
  return flush();
}

bool Connection::flush() {
  while (!output_.empty()) {
    ERR_clear_error();
    const ssize_t size = ssl_ ? SSL_write(ssl_.get(), output_.data(), static_cast<int>(output_.size()))
                              : ::send(fd_, output_.data(), output_.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    output_.erase(0, static_cast<std::size_t>(size));
  }
  return true;
}

void Connection::half_close() { shutdown(fd_, SHUT_WR); }

void Connection::reset_at_end() {
  const linger now{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

}  // namespace leat::outage
