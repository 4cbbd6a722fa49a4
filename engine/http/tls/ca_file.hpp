#pragma once

#include <string>

#include "engine/error.hpp"

namespace leat::http {

/// Says whether a file has certificates to trust, in PEM, before anything needs them. The error is bad_input,
/// which names the file. All of it is decoded and the first certificate is parsed; a TrustStore parses the
/// others. A pipe is not looked into, because it can be read only once. Any thread.
[[nodiscard]] Status check_ca_file(const std::string& file);

}  // namespace leat::http
