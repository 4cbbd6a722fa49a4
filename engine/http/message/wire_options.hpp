#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/error.hpp"

namespace leat::http {

/// How a Client's requests get to their servers: proxies, TLS, addresses, protocol, cookies, and the
/// credentials of a netrc. Names and meanings are those of curl's options; an empty value asks for nothing.
struct WireOptions {
  enum class Http : std::uint8_t { v1_1, v2 };  // v2: if the server agrees (ALPN)
  enum class Tls : std::uint8_t { v1_2, v1_3 };
  enum class Ip : std::uint8_t { any, v4, v6 };
  enum class Netrc : std::uint8_t { off, optional, required };  // as CURLOPT_NETRC

  std::optional<std::string> proxy;  // empty text: none at all; no value: as the environment says
  std::string proxy_user;            // "user:password"
  std::optional<std::string> noproxy;
  std::string cert;  // a file, and after a colon its pass phrase
  std::string key;
  std::string key_password;
  std::string ca_file;  // certificates to trust, in PEM; empty means the system's
  std::string ca_path;
  std::string pinned_key;
  std::vector<std::string> resolve;     // "HOST:PORT:ADDRESS[,ADDRESS]…"
  std::vector<std::string> connect_to;  // "HOST1:PORT1:HOST2:PORT2"
  /// What goes to libcurl as it is, each by the name of curl's option.
  std::vector<std::pair<std::string, std::string>> direct;
  std::string unix_socket;
  std::vector<std::string> cookies;  // "name=value; …" is sent; a file or an empty text makes a jar
  std::string cookie_jar;            // a file
  std::string netrc_file;            // empty means ~/.netrc
  Netrc netrc = Netrc::off;
  Ip ip = Ip::any;
  Http http = Http::v1_1;
  Tls tls = Tls::v1_2;
  bool compressed = false;
  bool path_as_is = false;  // /../ and /./ stay in paths; else libcurl takes them out (RFC 3986 5.2.4)
  bool proxy_insecure = false;
  bool proxy_tunnel = false;   // http goes through a proxy by CONNECT, too
  bool block_private = false;  // addresses that are not public are blocked

  /// Says whether cookies that servers set are kept and sent back.
  [[nodiscard]] bool has_jar() const noexcept;
};

/// Whether libcurl has an option for that name of WireOptions::direct: see wire_settings.cpp.
[[nodiscard]] bool is_direct_option(std::string_view name) noexcept;

/// Says whether an item of `cookies` is data, as in curl; else it is the name of a file, or empty.
[[nodiscard]] inline bool is_cookie_data(const std::string& item) noexcept {
  return item.find('=') != std::string::npos;
}

inline bool WireOptions::has_jar() const noexcept {
  return !cookie_jar.empty() || !std::all_of(cookies.begin(), cookies.end(), is_cookie_data);
}

/// Says what is wrong with the options, before anything is sent. The error is bad_input, which names the
/// option, but not its value if that may be secret. It also checks whether files can be read, and the
/// environment's proxies.
[[nodiscard]] Status check_wire(const WireOptions& options);

}  // namespace leat::http
