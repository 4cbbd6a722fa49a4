#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace leat::pipelines {

/// What of an option's value is secret. Plan, configuration, journal, recordings, the documents of `leat
/// bench` and messages all ask here, so that what one of them hides is hidden by the others as well.
enum class Secret : std::uint8_t {
  no,
  all,      // a password, a token, or a body, which may hold one
  header,   // of "Name: value" the value, where the name is one of credentials
  url,      // user and password of a URL
  pass,     // what stands behind the colon of FILE:PASS
  cookies,  // "name=value; …", unless it is the name of a file
};

inline constexpr std::string_view kHidden = "(secret)";

/// Whether fields of that name hold credentials, in requests or in answers; in any case.
[[nodiscard]] bool names_a_credential(std::string_view field_name);

[[nodiscard]] bool is_secret(Secret kind, const std::string& value);

/// The value with kHidden in place of what is secret in it; user and password of a URL are left out.
[[nodiscard]] std::string shown(Secret kind, const std::string& value);

}  // namespace leat::pipelines
