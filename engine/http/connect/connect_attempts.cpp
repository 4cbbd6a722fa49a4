#include "engine/http/connect/connect_attempts.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <utility>

namespace leat::http {

namespace {

constexpr async::Duration kNoLimit = std::chrono::hours(1);
constexpr std::size_t kMostRounds = 3;

// With these words libcurl says that the connection was reset or ended. With other words a server says what
// it wants.
bool broke_in_handshake(const std::string& message) noexcept {
  constexpr std::array kWords{"SSL_connect:", "Recv failure:", "Send failure:", "unexpected eof"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&message](const char* words) { return message.find(words) != std::string::npos; });
}

}  // namespace

async::Duration ConnectAttempts::left(async::TimePoint now) const noexcept {
  return limit_.count() == 0 ? kNoLimit : limit_ - (now - *start_);
}

ConnectBound ConnectAttempts::next(std::size_t addresses, async::Duration timeout,
                                   async::TimePoint now) noexcept {
  if (!start_) start_ = now;
  addresses_ = addresses;
  ConnectBound bound;
  async::Duration rest = std::max<async::Duration>(left(now), std::chrono::milliseconds(1));
  if (limit_.count() > 0) bound.limit = rest;
  if (timeout.count() > 0) rest = std::min(rest, timeout);
  const bool again = candidates_ > 0;
  const std::size_t all = again ? candidates_ : addresses;
  bound.untried = all - std::min(all, again ? silent_ : tried_.size());
  if (bound.untried > 1) bound.patience = again ? rest / 2 : std::min(kPatience, rest / 2);
  if (again || silent_ == 0) return bound;
  // There will be a second round after this one, so the last addresses are left early, too.
  if (bound.untried <= 1) bound.patience = rest / 2;
  bound.untried = addresses + 1;
  return bound;
}

bool ConnectAttempts::goes_on(const std::vector<std::string>& tried, bool silent, async::TimePoint now) {
  for (const auto& address : tried) {
    if (std::find(tried_.begin(), tried_.end(), address) == tried_.end()) tried_.push_back(address);
  }
  if (silent) silent_ += tried.size();
  // Another transfer may make an address first again that was tried here, but that must not go on for ever.
  if (tried.empty() || left(now).count() <= 0 || ++attempts_ >= kMostRounds * addresses_) return false;
  if (tried_.size() < addresses_) return true;
  if (candidates_ > 0 || silent_ == 0) return false;
  candidates_ = std::exchange(silent_, 0);
  tried_.clear();
  return true;
}

bool is_address_failure(const Error& error) noexcept {
  switch (error.curl_code) {
    case CURLE_COULDNT_CONNECT:
      return !error.out_of_descriptors();
    case CURLE_OPERATION_TIMEDOUT:
      return error.code == Errc::connect_timeout;
    case CURLE_SSL_CONNECT_ERROR:
      return broke_in_handshake(error.message);
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
      return error.code == Errc::reset;
    default:
      return false;
  }
}

}  // namespace leat::http
