#include "engine/http/message/credentials.hpp"

#include <utility>

#include "engine/http/message/url_parts.hpp"

namespace leat::http {

namespace {

using Use = WireOptions::Netrc;

// Gives the host as a .netrc names it: without brackets, port and userinfo.
std::string host_of(const Url& url) {
  auto parts = parse_url(url.text());
  if (!parts) return {};
  std::string& host = parts->host;
  return host.starts_with('[') ? host.substr(1, host.size() - 2) : std::move(host);
}

}  // namespace

Credentials::Credentials(const std::string& userpwd, const WireOptions& wire)
    : userpwd_(userpwd), use_(wire.netrc) {
  if (!are_by_host()) return;
  if (auto netrc = Netrc::read(wire.netrc_file)) netrc_ = std::move(*netrc);  // check_wire has refused others
}

std::optional<std::string> Credentials::of(const Url& url) const {
  if (!userpwd_.empty()) return userpwd_;
  std::optional<std::string> own = userinfo_of(url);
  if (use_ == Use::off) return own;
  const std::string user = own ? own->substr(0, own->find(':')) : std::string();
  const bool is_whole = own && url.userinfo().find(':') != std::string_view::npos;
  if (is_whole && use_ == Use::optional) return own;
  const auto found = netrc_.find(host_of(url), user);
  return found ? found->user + ":" + found->password : own;
}

}  // namespace leat::http
