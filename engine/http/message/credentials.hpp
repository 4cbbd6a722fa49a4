#pragma once

#include <optional>
#include <string>

#include "engine/http/message/netrc.hpp"
#include "engine/http/message/url.hpp"
#include "engine/http/message/wire_options.hpp"

namespace leat::http {

/// Finds the credentials for a URL that the user named; -u, the URL itself and a .netrc file may all have a
/// say.
///
/// The order is curl's (curl(1) --user, --netrc, --netrc-optional; CURLOPT_NETRC(3)). -u comes first. With
/// --netrc the file comes next, and the URL counts only if the file has nothing for its host and user. With
/// --netrc-optional the URL comes next, and the file gives what the URL leaves out. A user in the URL without
/// a password gets the file's password. The file is read once. One thread; immutable.
class Credentials {
 public:
  /// `userpwd` is -u; it is empty if there is none. The options outlive this.
  Credentials(const std::string& userpwd, const WireOptions& wire);

  /// Gives "user:password" if there is a user. `url` must pass check_url.
  [[nodiscard]] std::optional<std::string> of(const Url& url) const;
  /// Says whether some credentials belong to one host, so that for another host they have to be looked up
  /// again.
  [[nodiscard]] bool are_by_host() const noexcept {
    return userpwd_.empty() && use_ != WireOptions::Netrc::off;
  }

 private:
  const std::string& userpwd_;
  WireOptions::Netrc use_;
  Netrc netrc_;
};

}  // namespace leat::http
