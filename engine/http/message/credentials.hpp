#pragma once

#include <optional>
#include <string>

#include "engine/http/message/netrc.hpp"
#include "engine/http/message/wire_options.hpp"

namespace leat::http {

/// The user and password for a URL that the user named; -u, the URL itself and a .netrc may all name them.
///
/// The order is curl's (curl(1) --user, --netrc, --netrc-optional; CURLOPT_NETRC(3)): -u comes first. With
/// --netrc comes the file next, and the URL only where the file has nothing of its host and user; with
/// --netrc-optional, the URL, and the file for what the URL leaves out. A user in the URL without a password
/// gets that of the file. Reads the file once. One thread; immutable.
class Credentials {
 public:
  /// `userpwd`: -u; empty: none. The options outlive this.
  Credentials(const std::string& userpwd, const WireOptions& wire);

  /// "user:password", if there is a user. `url` passes check_url.
  [[nodiscard]] std::optional<std::string> of(const std::string& url) const;
  /// Whether some of them belong to one host, so that those of another host have to be asked for.
  [[nodiscard]] bool are_by_host() const noexcept {
    return userpwd_.empty() && use_ != WireOptions::Netrc::off;
  }

 private:
  const std::string& userpwd_;
  WireOptions::Netrc use_;
  Netrc netrc_;
};

}  // namespace leat::http
