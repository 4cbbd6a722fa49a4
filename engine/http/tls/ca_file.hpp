#pragma once

#include <string>

#include "engine/error.hpp"

namespace leat::http {

/// Whether a file has certificates to trust, in PEM, before anything needs them: bad_input that names the
/// file. All of it is decoded, the first certificate is parsed; a TrustStore parses the others. Only a
/// regular file is looked into, since a pipe can be read once. Any thread.
[[nodiscard]] Status check_ca_file(const std::string& file);

}  // namespace leat::http
