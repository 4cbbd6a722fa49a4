#include "engine/redis/redis_url.hpp"

#include <algorithm>
#include <optional>

#include "engine/text/ascii.hpp"
#include "engine/text/number.hpp"
#include "engine/text/percent.hpp"

namespace leat::redis {

namespace {

Error fault(const std::string& what) { return Error(Errc::bad_input, "the URL of a Redis server " + what); }

constexpr std::string_view kForms =
    "takes one of the forms redis://[user:pass@]host[:port]/DB, rediss://… (TLS) and unix:SOCKET?db=N";

Status take_database(RedisUrl& url, std::string_view text) {
  const auto number = text::parse_number<unsigned>(text);
  if (!number) return fault("names a database that is no number; it is 0 for most");
  url.db = *number;
  return std::nullopt;
}

// What stands behind the '?'.
Status take_query(RedisUrl& url, std::string_view query, std::string_view name_key) {
  if (query.empty()) return std::nullopt;
  for (const auto pair : text::split(query, '&')) {
    std::string_view value = pair;
    const auto key = text::take_before(value, '=');
    if (key == "cacert" && url.socket.empty()) {
      url.ca_file = text::percent_decoded(value);
    } else if (key == "db" && !url.socket.empty()) {
      if (auto error = take_database(url, value)) return error;
    } else if (!name_key.empty() && key == name_key && !url.socket.empty()) {
      url.name = text::percent_decoded(value);
    } else {
      const std::string known = url.socket.empty() ? "cacert=FILE" : "db=N";
      return fault("has \"" + std::string(key) + "=\" behind its '?', where it takes " + known +
                   (name_key.empty() || url.socket.empty() ? "" : " and " + std::string(name_key) + "=NAME"));
    }
  }
  return std::nullopt;
}

Status take_path(RedisUrl& url, std::string_view path, std::string_view name_key) {
  if (path.empty()) return std::nullopt;
  const auto slash = path.find('/');
  if (name_key.empty()) {
    if (slash != std::string_view::npos)
      return fault("has more than the number of a database behind its host");
    return take_database(url, path);
  }
  std::string_view name = path;
  if (slash != std::string_view::npos) {
    if (auto error = take_database(url, path.substr(0, slash))) return error;
    name = path.substr(slash + 1);
  }
  url.name = text::percent_decoded(name);
  return std::nullopt;
}

Status take_host(RedisUrl& url, std::string_view authority) {
  const auto at = authority.rfind('@');
  if (at != std::string_view::npos) {
    std::string_view password = authority.substr(0, at);
    url.user = text::percent_decoded(text::take_before(password, ':'));
    url.password = text::percent_decoded(password);
    authority.remove_prefix(at + 1);
  }
  const auto bracket = authority.rfind(']');
  const auto colon = authority.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    const auto port = text::parse_number<std::uint16_t>(authority.substr(colon + 1));
    if (!port || *port == 0) return fault("has a port that is no number from 1 to 65535");
    url.port = *port;
    authority = authority.substr(0, colon);
  }
  if (authority.empty()) return fault("names no host");
  if (std::any_of(authority.begin(), authority.end(), [](char c) { return c == ' ' || text::is_control(c); }))
    return fault("has a host that is none");
  url.host = authority;
  return std::nullopt;
}

std::optional<std::string_view> behind(std::string_view text, std::string_view start) {
  if (!text::starts_with_ignoring_case(text, start)) return std::nullopt;
  return text.substr(start.size());
}

}  // namespace

std::string RedisUrl::shown() const {
  if (!socket.empty()) return "unix:" + socket + (db == 0 ? "" : "?db=" + std::to_string(db));
  return (tls ? "rediss://" : "redis://") + host + ":" + std::to_string(port) + "/" + std::to_string(db);
}

Result<RedisUrl> parse_redis_url(std::string_view text, std::string_view name_key) {
  RedisUrl url;
  Status error;
  if (const auto socket = behind(text, "unix:")) {
    std::string_view query = *socket;
    url.socket = text::take_before(query, '?');
    if (url.socket.starts_with("//")) url.socket.erase(0, 2);  // unix:///run/redis.sock
    if (url.socket.empty()) return fault("names no socket behind \"unix:\"");
    error = take_query(url, query, name_key);
  } else {
    auto rest = behind(text, "redis://");
    if (!rest) {
      rest = behind(text, "rediss://");
      url.tls = rest.has_value();
    }
    if (!rest) return fault(std::string(kForms));
    std::string_view query = *rest;
    std::string_view path = text::take_before(query, '?');
    const std::string_view authority = text::take_before(path, '/');
    error = take_host(url, authority);
    if (!error) error = take_path(url, path, name_key);
    if (!error) error = take_query(url, query, name_key);
  }
  if (error) return std::move(*error);
  if (!name_key.empty() && url.name.empty()) {
    const std::string key(name_key);
    return fault("names no " + key + ": redis://host/DB/NAME, or unix:SOCKET?" + key + "=NAME");
  }
  return url;
}

}  // namespace leat::redis
