#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/task.hpp"
#include "engine/dns/name_service.hpp"
#include "engine/error.hpp"
#include "engine/http/connect/connect_attempts.hpp"
#include "engine/http/connect/connect_watch.hpp"

namespace leat::http {

/// The addresses of the host that one hop connects to, from the look-up to the last attempt at them.
///
/// That host is the URL's own, or the one that stands in its place: a proxy, or the host that --connect-to
/// names. Loop thread only. The service and the origin's text outlive it.
class HopAddresses {
 public:
  /// What the next attempt needs.
  struct Route {
    std::vector<std::string> entries;  // for CURLOPT_RESOLVE
    ConnectBound bound;
  };

  /// `origin` is the URL's. `peer` ("scheme://host:port") is the host that stands in its place; it is empty
  /// if none does. `limit` is the time for connecting, in all attempts together; zero means none.
  HopAddresses(NameService& names, std::string_view origin, std::string peer, async::Duration limit)
      : names_(names), origin_(origin), peer_(std::move(peer)), attempts_(limit) {}

  /// Says whether there is nothing to `find`.
  [[nodiscard]] bool are_known() { return names_.is_known(peer()); }
  /// Looks the addresses up; the errors are those of NameService::prepare.
  async::Task<Status> find(async::Duration limit);

  /// Gives the route of the next attempt, in that shard. `timeout` is for the whole hop; zero means none. See
  /// NameService::inject for `connects`.
  [[nodiscard]] Route next(std::size_t shard, bool connects, async::Duration timeout, async::TimePoint now);

  /// Reports that the attempt got its connection, whatever became of it later.
  void connected(const ConnectWatch& connecting);
  /// Reports that the attempt failed before anything came. Gives true if the hop goes on with the next
  /// addresses, which is no retry. `once` says that the request may have gone out and must not go out twice.
  [[nodiscard]] bool goes_on(const ConnectWatch& connecting, const Error& failure, bool once,
                             async::TimePoint now);

 private:
  [[nodiscard]] std::string_view peer() const noexcept { return peer_.empty() ? origin_ : peer_; }

  NameService& names_;
  std::string_view origin_;
  std::string peer_;
  Injection found_;
  bool are_several_ = false;  // the name has more than one address
  ConnectAttempts attempts_;
};

}  // namespace leat::http
