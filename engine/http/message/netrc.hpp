#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"

namespace leat::http {

/// Users and passwords by host, as in a .netrc file: "machine HOST login USER password PASSWORD", or
/// "default" in place of a machine. Macros, accounts, ports and comments are skipped. A word may be in double
/// quotes, with \\", \\n, \\r, \\t and \\\\ in it. What is malformed is refused as a whole, because the rest
/// would be anybody's guess, and a wrong password is worse than none: libcurl 7.88 passes unknown words over,
/// and ends with an error at a quote that is not closed in its line.
///
/// It isn't libcurl's reader because 7.88 gives the last password of a host to a user whom the file does not
/// name, and reads the file again for each connection. Immutable; any thread.
class Netrc {
 public:
  struct Login {
    std::string user;
    std::string password;
  };

  Netrc() = default;
  /// The error is bad_input, with the number of the line, and shows none of its words.
  [[nodiscard]] static Result<Netrc> parse(std::string_view text);
  /// Reads a file, which errors name; if it can't be read, the result is empty. An empty name means ~/.netrc.
  [[nodiscard]] static Result<Netrc> read(std::string file);
  /// ~/.netrc; empty if there is no home.
  [[nodiscard]] static std::string usual_file();

  /// Finds the first entry for that host, in any case, or the one called "default". With a user it must be an
  /// entry of that user, or one that names none.
  [[nodiscard]] std::optional<Login> find(std::string_view host, std::string_view user = {}) const;

 private:
  struct Entry {
    std::string host;  // empty means any
    std::string user;
    std::string password;
  };
  std::vector<Entry> entries_;
};

}  // namespace leat::http
