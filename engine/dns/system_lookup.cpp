#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "engine/dns/resolver.hpp"
#include "engine/text/ipv4.hpp"

namespace leat::http {

namespace {

struct AddrinfoDeleter {
  void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};

std::string text_of(const addrinfo& item) {
  std::array<char, NI_MAXHOST> text{};
  if (getnameinfo(item.ai_addr, item.ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0)
    return {};
  return text.data();
}

// Only what is said of the name itself is final. A resolver that is away gives EAI_AGAIN, but one that has
// lost its own upstream often answers REFUSED, which is EAI_FAIL.
bool is_about_the_name(int status) noexcept {
  return status == EAI_NONAME || status == EAI_NODATA || status == EAI_ADDRFAMILY;
}

}  // namespace

Result<Addresses> system_lookup(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* raw = nullptr;
  const int status = getaddrinfo(host.c_str(), nullptr, &hints, &raw);
  if (status != 0) {
    const char* words = status == EAI_SYSTEM ? std::strerror(errno) : gai_strerror(status);
    Error error(Errc::dns_failed, "could not resolve the name " + host + ": " + words);
    error.retryable = !is_about_the_name(status);
    return error;
  }
  const std::unique_ptr<addrinfo, AddrinfoDeleter> list(raw);
  Addresses addresses;
  for (const addrinfo* item = list.get(); item != nullptr; item = item->ai_next) {
    std::string text = text_of(*item);
    if (text.empty()) continue;
    (item->ai_family == AF_INET6 ? addresses.v6 : addresses.v4).push_back(std::move(text));
  }
  if (addresses.empty()) {
    Error none(Errc::dns_failed, "the name " + host + " has no address");
    none.retryable = false;
    return none;
  }
  addresses.v4_first = list->ai_family == AF_INET;
  return addresses;
}

bool is_address(std::string_view host) noexcept { return host.starts_with('[') || text::is_ipv4(host); }

}  // namespace leat::http
