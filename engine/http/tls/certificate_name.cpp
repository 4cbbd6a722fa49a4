#include "engine/http/tls/certificate_name.hpp"

namespace leat::http {

std::pair<std::string, std::string> split_certificate(std::string_view text) {
  std::string file;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escapes =
        text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == ':' || text[i + 1] == '\\');
    if (escapes) {
      file += text[++i];
    } else if (text[i] == ':') {
      return {file, std::string(text.substr(i + 1))};
    } else {
      file += text[i];
    }
  }
  return {file, ""};
}

}  // namespace leat::http
