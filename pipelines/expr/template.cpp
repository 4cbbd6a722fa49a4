#include "pipelines/expr/template.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "pipelines/text/nearest.hpp"
#include "pipelines/text/utf8.hpp"

namespace leat::pipelines {

namespace {

// In the order of NameField.
constexpr std::array<std::string_view, 7> kFields{"host", "path", "name", "ext", "stem", "line", "id"};

Error fault(std::string_view text, std::size_t at, const std::string& what) {
  const auto is_lead = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  const auto before = text.substr(0, at);
  const auto column = 1 + std::count_if(before.begin(), before.end(), is_lead);
  return Error(Errc::bad_input, "column " + std::to_string(column) + ": " + what);
}

std::string unknown(std::string_view name) {
  std::string what = "no field {" + printable(name, 60) + "}";
  if (const auto near = nearest(name, kFields); !near.empty()) {
    return what + "; did you mean {" + std::string(near) + "}?";
  }
  what += "; there are";
  for (const auto field : kFields) what += " {" + std::string(field) + "}";
  return what;
}

std::optional<NameField> field_of(std::string_view name) {
  const auto found = std::find(kFields.begin(), kFields.end(), name);
  if (found == kFields.end()) return std::nullopt;
  return static_cast<NameField>(found - kFields.begin());
}

void add_text(std::vector<NameTemplate::Part>& parts, std::string_view text) {
  if (parts.empty() || parts.back().is_field) parts.emplace_back();
  parts.back().text += text;
}

}  // namespace

Result<NameTemplate> NameTemplate::compile(std::string_view text) {
  if (!is_utf8(text)) return Error(Errc::bad_input, "is not UTF-8");
  if (text.find('\0') != std::string_view::npos) return Error(Errc::bad_input, "holds a NUL byte");
  NameTemplate made;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t brace = std::min(text.find_first_of("{}", at), text.size());
    if (brace > at) add_text(made.parts_, text.substr(at, brace - at));
    if (brace == text.size()) break;
    if (brace + 1 < text.size() && text[brace + 1] == text[brace]) {
      add_text(made.parts_, text.substr(brace, 1));
      at = brace + 2;
      continue;
    }
    if (text[brace] == '}') return fault(text, brace, "'}' without a '{'; a brace itself is written '}}'");
    const std::size_t end = text.find_first_of("{}", brace + 1);
    if (end == std::string_view::npos || text[end] == '{') {
      return fault(text, brace, "'{' without a '}'; a brace itself is written '{{'");
    }
    const auto name = text.substr(brace + 1, end - brace - 1);
    const auto field = field_of(name);
    if (!field) return fault(text, brace + 1, unknown(name));
    made.parts_.emplace_back();
    made.parts_.back().field = *field;
    made.parts_.back().is_field = true;
    at = end + 1;
  }
  if (auto error = made.split_base()) return std::move(*error);
  return made;
}

Status NameTemplate::split_base() {
  if (!parts_.empty() && !parts_.front().is_field) {
    std::string& text = parts_.front().text;
    if (const auto slash = text.rfind('/'); slash != std::string::npos) {
      base_ = slash == 0 ? "/" : text.substr(0, slash);
      text.erase(0, slash + 1);
      if (text.empty()) parts_.erase(parts_.begin());
    }
  }
  const bool ends_in_slash = !parts_.empty() && !parts_.back().is_field && !parts_.back().text.empty() &&
                             parts_.back().text.back() == '/';
  if (parts_.empty() || ends_in_slash) {
    return Error(Errc::bad_input, "names no file; end it with a name, as in \"out/{name}\"");
  }
  return std::nullopt;
}

}  // namespace leat::pipelines
