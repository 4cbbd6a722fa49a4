#include "engine/http/tls/wire.hpp"

#include <sys/uio.h>

#include <cstring>
#include <ctime>

namespace leat::http {

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

}  // namespace leat::http
