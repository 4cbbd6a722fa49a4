#include "engine/http/tls/wire.hpp"

#include <curl/curl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/uio.h>

#include <algorithm>
#include <climits>
#include <cstring>
#include <ctime>

#include "engine/http/tls/close_notify.hpp"
#include "engine/http/tls/openssl_connection.hpp"

namespace leat::http {

namespace {

// What others have left there would be taken for an error of the next call. Clearing an empty queue costs a
// tenth of what decrypting a small answer does.
void forget_errors() noexcept {
  if (ERR_peek_error() != 0) ERR_clear_error();
}

}  // namespace

Wire::Wire(ConnectHandlePtr handle, void* easy, ssl_st* tls, int fd) noexcept
    : tls_(std::move(handle)),
      easy_(easy),
      direct_(tls != nullptr && put_on_socket(tls, fd) ? tls : nullptr),
      fd_(fd) {}

void Wire::stamp_arrivals() noexcept {
  const int on = 1;
  if (!tls_) ::setsockopt(fd_, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
}

long Wire::receive_stamped(char* buffer, std::size_t size,
                           std::optional<std::chrono::nanoseconds>& arrived) noexcept {
  arrived.reset();
  if (tls_) return receive_encrypted(buffer, size);
  iovec bytes{buffer, size};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(timespec))];
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const long count = ::recvmsg(fd_, &message, 0);
  const cmsghdr* header = count > 0 ? CMSG_FIRSTHDR(&message) : nullptr;
  if (header != nullptr && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_TIMESTAMPNS) {
    timespec time{};
    std::memcpy(&time, CMSG_DATA(header), sizeof time);
    arrived = std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }
  return outcome(count);
}

long Wire::send_encrypted(std::string_view bytes) noexcept {
  if (direct_ != nullptr) {
    forget_errors();
    const int sent =
        SSL_write(direct_, bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX)));
    if (sent > 0) return sent;
    const int why = SSL_get_error(direct_, sent);
    return why == SSL_ERROR_WANT_WRITE || why == SSL_ERROR_WANT_READ ? kAgain : kBroken;
  }
  std::size_t sent = 0;
  const CURLcode code = curl_easy_send(static_cast<CURL*>(easy_), bytes.data(), bytes.size(), &sent);
  if (code == CURLE_AGAIN || (code == CURLE_OK && sent == 0)) return kAgain;
  return code == CURLE_OK ? static_cast<long>(sent) : kBroken;
}

std::string Wire::why_alerted() const {
  if (direct_ == nullptr) return "";
  const unsigned long error = ERR_peek_error();
  const int reason = ERR_GET_REASON(error);
  if (ERR_GET_LIB(error) != ERR_LIB_SSL || reason < SSL_AD_REASON_OFFSET) return "";
  const std::string alert = SSL_alert_desc_string_long(reason - SSL_AD_REASON_OFFSET);
  return "the server ended the connection with a TLS alert: " + alert;
}

long Wire::receive_encrypted(char* buffer, std::size_t size) noexcept {
  if (direct_ != nullptr) return receive_directly(buffer, size);
  std::size_t received = 0;
  const CURLcode code = curl_easy_recv(static_cast<CURL*>(easy_), buffer, size, &received);
  if (code == CURLE_AGAIN) return kAgain;
  if (code != CURLE_OK) return kBroken;
  return received > 0 || CloseNotify::has_come(static_cast<CURL*>(easy_)) ? static_cast<long>(received)
                                                                          : kCut;
}

long Wire::receive_directly(char* buffer, std::size_t size) noexcept {
  forget_errors();
  const int received = SSL_read(direct_, buffer, static_cast<int>(std::min<std::size_t>(size, INT_MAX)));
  if (received > 0) return received;
  switch (SSL_get_error(direct_, received)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return kAgain;
    case SSL_ERROR_ZERO_RETURN:
      return 0;
    default:
      return ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING ? kCut : kBroken;
  }
}

}  // namespace leat::http
