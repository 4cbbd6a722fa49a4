#include "engine/http/curl/early_answer.hpp"

#include <sys/socket.h>

#include <array>

namespace leat::http {

void EarlyAnswer::rescue(int fd) {
  constexpr std::size_t kMost = 256 * 1024;
  std::array<char, 16 * 1024> buffer{};
  while (bytes_.size() < kMost) {
    const auto got = recv(fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got <= 0) return;
    bytes_.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace leat::http
