#pragma once

#include <string>

#include "engine/error.hpp"
#include "engine/http/curl/curl_objects.hpp"

namespace leat::http {

/// The cookies of a run, for all transfers of one thread: what servers set, and what files bring. libcurl's
/// own rules (RFC 6265, public suffixes) say which goes where.
///
/// One thread only: libcurl's cookies are not safe to share with others. Outlives the Clients that use it.
class CookieJar {
 public:
  CookieJar();

  /// Adds what a file holds, in Netscape's format or as Set-Cookie header lines. One that isn't there is
  /// empty.
  void load(const std::string& file);
  /// Writes all of them to a file, in Netscape's format, whole or not at all. file_error.
  [[nodiscard]] Status save(const std::string& file);

  /// What the handles that use it have in common, TLS sessions included.
  [[nodiscard]] CURLSH* share() const noexcept { return share_.get(); }

 private:
  Share share_;
};

}  // namespace leat::http
