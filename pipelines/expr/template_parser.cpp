#include "pipelines/expr/template_parser.hpp"

#include <algorithm>

#include "pipelines/text/utf8.hpp"

namespace leat::pipelines {

namespace {

void add_text(std::vector<TemplatePiece>& pieces, std::string_view text, std::size_t offset) {
  if (pieces.empty() || pieces.back().is_field) pieces.push_back({"", offset, false});
  pieces.back().text += text;
}

}  // namespace

Compiled<std::vector<TemplatePiece>> parse_template(std::string_view text) {
  if (const auto good = valid_utf8_prefix(text); good != text.size()) return TextFault{good, "is not UTF-8"};
  if (const auto nul = text.find('\0'); nul != text.npos) return TextFault{nul, "holds a NUL byte"};
  std::vector<TemplatePiece> pieces;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t brace = std::min(text.find_first_of("{}", at), text.size());
    if (brace > at) add_text(pieces, text.substr(at, brace - at), at);
    if (brace == text.size()) break;
    if (brace + 1 < text.size() && text[brace + 1] == text[brace]) {
      add_text(pieces, text.substr(brace, 1), brace);
      at = brace + 2;
      continue;
    }
    if (text[brace] == '}') return TextFault{brace, "'}' without a '{'; a brace itself is written '}}'"};
    const std::size_t end = text.find_first_of("{}", brace + 1);
    if (end == std::string_view::npos || text[end] == '{') {
      return TextFault{brace, "'{' without a '}'; a brace itself is written '{{'"};
    }
    pieces.push_back({std::string(text.substr(brace + 1, end - brace - 1)), brace + 1, true});
    at = end + 1;
  }
  return pieces;
}

}  // namespace leat::pipelines
