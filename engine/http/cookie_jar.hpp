#pragma once

#include <string>

#include "engine/error.hpp"
#include "engine/http/curl/curl_objects.hpp"

namespace leat::http {

/// The cookies of a run for all transfers of one thread: those that servers set and those that files bring.
/// libcurl's own rules (RFC 6265, public suffixes) say which cookie goes where.
///
/// One thread only, because libcurl's cookies can't safely be shared with other threads. Outlives the Clients
/// that use it.
class CookieJar {
 public:
  CookieJar();

  /// Adds what a file holds, in Netscape's format or as Set-Cookie header lines. A file that isn't there
  /// counts as empty.
  void load(const std::string& file);
  /// Writes all of them to a file in Netscape's format, either whole or not at all. The error is file_error.
  [[nodiscard]] Status save(const std::string& file);

  /// What the handles that use it share; this includes TLS sessions.
  [[nodiscard]] CURLSH* share() const noexcept { return share_.get(); }

 private:
  Share share_;
};

}  // namespace leat::http
