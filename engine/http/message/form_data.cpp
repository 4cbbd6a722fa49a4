#include "engine/http/message/form_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "engine/text/hash.hpp"
#include "engine/text/percent.hpp"

namespace leat::http {

namespace {

// Nothing in the text ends the quotes or the line.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\r' || c == '\n') {
      text::append_percent_encoded(out, c);
    } else {
      out += c;
    }
  }
  return out + '"';
}

// What stands behind the line of the boundary.
std::string part_text(const FormPart& part) {
  std::string text = "Content-Disposition: form-data; name=" + quoted(part.name);
  if (part.filename) text += "; filename=" + quoted(*part.filename);
  if (!part.type.empty()) text += "\r\nContent-Type: " + part.type;
  return text.append("\r\n\r\n").append(part.content).append("\r\n");
}

std::string boundary_of(const std::vector<std::string>& texts) {
  std::uint64_t mark = 0;
  for (const auto& text : texts) mark = text::mix64(mark ^ text::hash64(text));
  for (;; ++mark) {
    const std::string boundary = fmt::format("------------------------{:016x}", mark);
    const bool stands_inside = std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
      return text.find(boundary) != std::string::npos;
    });
    if (!stands_inside) return boundary;
  }
}

}  // namespace

FormData form_data(const std::vector<FormPart>& parts) {
  std::vector<std::string> texts;
  texts.reserve(parts.size());
  for (const auto& part : parts) texts.push_back(part_text(part));
  const std::string boundary = boundary_of(texts);
  FormData form;
  for (const auto& text : texts) form.body.append("--").append(boundary).append("\r\n").append(text);
  form.body.append("--").append(boundary).append("--\r\n");
  form.content_type = "multipart/form-data; boundary=" + boundary;
  return form;
}

}  // namespace leat::http
