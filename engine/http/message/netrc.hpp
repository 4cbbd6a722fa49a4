#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leat::http {

/// Users and passwords by host, as a .netrc file has them: "machine HOST login USER password PASSWORD", or
/// "default" in place of a machine. Macros, accounts and comments are passed over; a word may stand in double
/// quotes, with \\", \\n, \\r, \\t and \\\\ in it.
///
/// Not libcurl's reader: 7.88 gives the last password of a host to a user whom the file does not name, and
/// reads the file again for each connection. Immutable; any thread.
class Netrc {
 public:
  struct Login {
    std::string user;
    std::string password;
  };

  Netrc() = default;
  explicit Netrc(std::string_view text);
  /// Reads a file, or ~/.netrc if no file is named. A file that can't be read counts as empty.
  [[nodiscard]] static Netrc read(std::string file);

  /// The first entry for that host, in any case of letters, or the one called "default". If a user is given,
  /// the entry must name that user or none.
  [[nodiscard]] std::optional<Login> find(std::string_view host, std::string_view user = {}) const;

 private:
  struct Entry {
    std::string host;  // empty: any
    std::string user;
    std::string password;
  };
  std::vector<Entry> entries_;
};

}  // namespace leat::http
