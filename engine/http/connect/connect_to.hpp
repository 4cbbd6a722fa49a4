#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leat::http {

/// What --connect-to says: entries "HOST1:PORT1:HOST2:PORT2", understood as libcurl does. The first that fits
/// a URL's host and port counts; an empty HOST1 or PORT1 fits all, an empty HOST2 or PORT2 changes nothing.
/// We need it to know the addresses of the host that is connected to beforehand. Immutable.
class ConnectTo {
 public:
  explicit ConnectTo(const std::vector<std::string>& entries);

  /// Gives the origin ("scheme://host:port") that connections for `origin` go to.
  [[nodiscard]] std::string of(std::string_view origin) const;

 private:
  struct Entry {
    std::string from_host;
    std::string from_port;
    std::string to_host;
    std::string to_port;
  };
  std::vector<Entry> entries_;
};

}  // namespace leat::http
