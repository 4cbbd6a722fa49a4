#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/error.hpp"

namespace leat::redis {

/// Where a Redis server is, as its URL says:
///
///     redis://[user:pass@]host[:port][/DB]     TCP
///     rediss://[user:pass@]host[:port][/DB]    TLS
///     unix:SOCKET[?db=N]                       a Unix socket
///
/// User and password are percent-encoded. `?cacert=FILE` behind the path names the certificates to trust in
/// place of the system's. A value.
struct RedisUrl {
  RedisUrl() = default;

  std::string host;  // an IPv6 address in brackets; empty with a socket
  std::uint16_t port = 6379;
  std::string socket;    // the path of a Unix socket; empty: TCP
  std::string user;      // empty: the default one
  std::string password;  // empty: none is sent
  std::string ca_file;   // certificates to trust, in PEM; empty: the system's
  unsigned db = 0;
  bool tls = false;
  std::string name;  // what the URL names inside the database, if that was asked for

  /// The URL as it may be printed: without user and password.
  [[nodiscard]] std::string shown() const;
};

/// Reads such a URL. With a `name_key` it names something inside the database: as the last part of the path
/// (`redis://host/DB/NAME`, or `redis://host/NAME` in database 0), or as `name_key` of a socket
/// (`unix:SOCKET?team=NAME`). The error is bad_input. It says what is wrong, and quotes no password.
[[nodiscard]] Result<RedisUrl> parse_redis_url(std::string_view text, std::string_view name_key = {});

}  // namespace leat::redis
