#include <curl/curl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include "engine/dns/fixed_addresses.hpp"
#include "engine/http/connect/proxies.hpp"
#include "engine/http/message/netrc.hpp"
#include "engine/http/message/wire_options.hpp"
#include "engine/http/tls/ca_file.hpp"
#include "engine/http/tls/certificate_name.hpp"
#include "engine/http/tls/client_certificate.hpp"
#include "engine/io/standing.hpp"

namespace leat::http {

namespace {

struct FileRow {
  std::string_view name;
  std::string WireOptions::*field;
};
constexpr std::array kFiles{
    FileRow{"key", &WireOptions::key},
    FileRow{"cacert", &WireOptions::ca_file},
    FileRow{"netrc-file", &WireOptions::netrc_file},
};
// These must be readable but are not files.
constexpr std::array kPaths{
    FileRow{"capath", &WireOptions::ca_path},
    FileRow{"unix-socket", &WireOptions::unix_socket},
};

Error refused(std::string_view name, const std::string& why) {
  return Error(Errc::bad_input, "\"" + std::string(name) + "\": " + why);
}

Status check_path(std::string_view name, const std::string& path) {
  if (::access(path.c_str(), R_OK) == 0) return std::nullopt;
  return refused(name, path + ": " + std::strerror(errno));
}

// libcurl opens such a file only when a request wants it, and not at all if no URL is https; so it is checked
// here.
Status check_file(std::string_view name, const std::string& path) {
  if (auto error = check_path(name, path)) return error;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return std::nullopt;
  return refused(name, path + ": " + std::strerror(EISDIR));
}

// curl passes a key without a certificate over, and the server is shown nothing.
Status check_lone_key(const WireOptions& options) {
  if (!options.cert.empty()) return std::nullopt;
  if (!options.key.empty()) {
    return refused("key", options.key +
                              ": is of no use without a certificate; name the file of its certificate by "
                              "\"cert\", which may be the same file");
  }
  if (options.key_password.empty()) return std::nullopt;
  return refused("pass", "is of no use without a certificate; name the file of the certificate by \"cert\"");
}

Status check_keys(const WireOptions& options) {
  if (auto error = check_lone_key(options)) return error;
  if (!options.cert.empty() && !is_token(options.cert)) {
    if (auto error = check_file("cert", split_certificate(options.cert).first)) return error;
  }
  if (auto error = check_client_certificate(options)) return error;
  const std::string& pinned = options.pinned_key;
  if (pinned.empty()) return std::nullopt;
  if (pinned.starts_with("sha256//")) return check_pinned_key(pinned);
  if (auto error = check_file("pinnedpubkey", pinned)) {
    error->message += "; takes sha256//DIGEST, or the name of a file with the key";
    return error;
  }
  return check_pinned_key(pinned);
}

Status check_trust(const WireOptions& options) {
  if (!options.ca_file.empty()) {
    if (auto why = check_ca_file(options.ca_file)) return refused("cacert", why->message);
  }
  struct stat status {};
  const bool is_folder =
      options.ca_path.empty() || (::stat(options.ca_path.c_str(), &status) == 0 && S_ISDIR(status.st_mode));
  if (is_folder) return std::nullopt;
  return refused("capath", options.ca_path + ": " + std::strerror(ENOTDIR));
}

Status check_files(const WireOptions& options) {
  for (const auto& row : kFiles) {
    const std::string& path = options.*row.field;
    if (path.empty() || is_token(path)) continue;
    if (auto error = check_file(row.name, path)) return error;
  }
  for (const auto& row : kPaths) {
    const std::string& path = options.*row.field;
    if (path.empty()) continue;
    if (auto error = check_path(row.name, path)) return error;
  }
  if (auto error = check_keys(options)) return error;
  if (auto error = check_trust(options)) return error;
  for (const auto& item : options.cookies) {
    if (item.empty() || is_cookie_data(item)) continue;
    if (auto error = check_file("cookie", item)) {
      error->message += "; takes NAME=VALUE, or the name of a file";
      return error;
    }
  }
  return std::nullopt;
}

// A run that found out only at the first request for such a host would have begun without its password.
Status check_netrc(const WireOptions& options) {
  if (options.netrc == WireOptions::Netrc::off) return std::nullopt;
  if (!options.netrc_file.empty() && !io::can_be_read_again(options.netrc_file)) return std::nullopt;
  const auto netrc = Netrc::read(options.netrc_file);
  if (netrc) return std::nullopt;
  return refused(options.netrc_file.empty() ? "netrc" : "netrc-file", netrc.error().message);
}

Status check_cookies(const WireOptions& options) {
  for (const auto& item : options.cookies) {
    if (item.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
      return refused("cookie", "a text with a line break or a NUL byte (not shown)");
    }
  }
  if (options.cookie_jar != "-") return std::nullopt;
  return refused("cookie-jar", "- would mix with the results; takes the name of a file");
}

// An entry is "HOST1:PORT1:HOST2:PORT2"; any part may be empty, and IPv6 addresses are in brackets.
Status check_connect_to(const std::string& entry) {
  int colons = 0;
  bool in_brackets = false;
  for (const char c : entry) {
    if (c == '[' || c == ']') in_brackets = c == '[';
    if (c == ':' && !in_brackets) ++colons;
  }
  if (colons == 3) return std::nullopt;
  return refused("connect-to", entry + " given; takes HOST1:PORT1:HOST2:PORT2");
}

Status check_addresses(const WireOptions& options) {
  for (const auto& entry : options.resolve) {
    if (auto error = FixedAddresses::check(entry)) return error;
  }
  for (const auto& entry : options.connect_to) {
    if (auto error = check_connect_to(entry)) return error;
  }
  if (!options.block_private) return std::nullopt;
  if (Proxies(options).any()) {
    return refused("block-private",
                   "can't be guaranteed with a proxy, which looks names up itself; give one or the other, or "
                   "proxy \"\" if the environment names one");
  }
  if (!options.unix_socket.empty()) return refused("block-private", "and \"unix-socket\" exclude each other");
  return std::nullopt;
}

}  // namespace

Status check_wire(const WireOptions& options) {
  if (auto error = Proxies::check(options)) return error;
  if (auto error = check_files(options)) return error;
  if (auto error = check_netrc(options)) return error;
  if (auto error = check_cookies(options)) return error;
  if (auto error = check_addresses(options)) return error;
  const bool can_http2 = (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_HTTP2) != 0;
  if (options.http == WireOptions::Http::v2 && !can_http2) return refused("http2", "this libcurl has none");
  return std::nullopt;
}

}  // namespace leat::http
