#pragma once

#include <optional>
#include <string>
#include <vector>

namespace leat::http {

/// One field of a form. The type must have no line break.
struct FormPart {
  std::string name;
  std::string content;
  std::optional<std::string> filename;
  std::string type;  // empty: the part has no Content-Type
};

/// A form as it is sent.
struct FormData {
  std::string body;
  std::string content_type;  // with the boundary
};

/// Writes a form as multipart/form-data (RFC 7578), its names as browsers do (HTML, 4.10.21.8). The boundary
/// is made of what it stands between, so that the same form is the same request in each attempt, in each run
/// and in a replay.
[[nodiscard]] FormData form_data(const std::vector<FormPart>& parts);

}  // namespace leat::http
