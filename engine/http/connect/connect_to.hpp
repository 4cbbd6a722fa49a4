#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leat::http {

/// The entries "HOST1:PORT1:HOST2:PORT2" of --connect-to, as libcurl understands them: the first that fits a
/// URL's host and port counts; an empty HOST1 or PORT1 fits all, an empty HOST2 or PORT2 changes nothing.
/// They are read here so that the host that is connected to can be looked up beforehand. Immutable.
class ConnectTo {
 public:
  explicit ConnectTo(const std::vector<std::string>& entries);

  /// The origin ("scheme://host:port") that connections for that one go to.
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
