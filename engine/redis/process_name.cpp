#include "engine/redis/process_name.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

namespace leat::redis {

std::string process_name() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return fmt::format("{}:{}", host.data(), ::getpid());
}

}  // namespace leat::redis
