#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "engine/async/clock.hpp"

namespace leat::http {

/// How long a failed address is put last.
struct AddressHealthOptions {
  AddressHealthOptions() = default;

  async::Duration first{std::chrono::seconds(30)};
  async::Duration longest{std::chrono::minutes(10)};
};

/// Remembers which addresses gave no connection lately, so that they are tried last.
///
/// An address that refused, reset or did not answer is out of favour for `first`. If it fails again after
/// that, it is out of favour for twice as long as before, at most for `longest`. One that took a connection
/// is in favour at once. An address is a text such as "127.0.0.1:80", because one port of a machine may be
/// dead while another one lives. Times are the caller's, so any clock serves. One thread at a time.
class AddressHealth {
 public:
  explicit AddressHealth(AddressHealthOptions options = {}) noexcept : options_(options) {}

  void failed(const std::string& address, async::TimePoint now);
  void worked(const std::string& address);

  /// Gives the time of its last failure, or TimePoint::min() if the address is in favour.
  [[nodiscard]] async::TimePoint failed_at(const std::string& address, async::TimePoint now) const;
  /// Gives a number that changes whenever an answer of `failed_at` may change. Next to free.
  [[nodiscard]] std::uint64_t version(async::TimePoint now);

 private:
  struct Mark {
    async::TimePoint at;                          // the time of the last failure
    async::TimePoint until = async::TimePoint();  // out of favour until then
    async::Duration lasts = async::Duration::zero();
  };
  void sweep(async::TimePoint now);

  AddressHealthOptions options_;
  std::unordered_map<std::string, Mark> marks_;
  std::uint64_t version_ = 0;
  async::TimePoint next_return_ = async::TimePoint::max();  // no address is back in favour before then
};

}  // namespace leat::http
