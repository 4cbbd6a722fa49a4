#pragma once

#include <string_view>

#include "cli/options/options.hpp"
#include "cli/terminal/system.hpp"
#include "engine/error.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::cli {

/// Checks what every request shares (-H -X -d -u -A -k --location-trusted) and puts it into `fetch`; reads
/// the files that -H and -d name, and asks for the password that -u leaves out. An Error never shows a value
/// that may be a secret.
[[nodiscard]] Status read_request_options(const RequestOptions& options, System& system,
                                          pipelines::FetchArgs& fetch);

/// The option that takes its value from standard input (`-d @-`, `-H @-`); empty if none does.
[[nodiscard]] std::string_view option_that_reads_stdin(const RequestOptions& options) noexcept;

}  // namespace leat::cli
