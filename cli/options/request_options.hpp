#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/given.hpp"
#include "cli/terminal/system.hpp"
#include "engine/error.hpp"

namespace leat::cli {

/// What every request of a command has.
struct RequestConfig {
  std::string method;  // empty: as the records say
  std::vector<std::string> headers;
  std::optional<std::string> body;
  std::optional<std::string> upload;  // the name of a file, as a template; "-" is standard input
  std::string query;                  // that is added to every URL
  std::string userpwd;                // empty: none
  std::string proxy_user;
};

/// Reads -H -X -d -F -G -T -r -z -u and the like, the files that they name, and the password that -u leaves
/// out, which is asked for. An Error never shows a value that may be a secret.
[[nodiscard]] Result<RequestConfig> read_request_options(const Given& given, System& system);

/// The option that takes its value from standard input (`-d @-`, `-H @-`), without dashes; empty if none
/// does.
[[nodiscard]] std::string_view option_that_reads_stdin(const Given& given) noexcept;

}  // namespace leat::cli
