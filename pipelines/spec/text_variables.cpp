#include "pipelines/spec/text_variables.hpp"

#include "pipelines/spec/lexer.hpp"

namespace leat::pipelines {

std::vector<TextVariable> text_variables(std::string_view text, bool is_template) {
  std::vector<TextVariable> found;
  for (std::size_t at = text.find('{'); at < text.size(); at = text.find('{', at)) {
    const auto rest = text.substr(at);
    if (is_template && rest.starts_with("{{")) {
      at += 2;
      continue;
    }
    const auto end = rest.starts_with("{$") ? rest.find('}') : std::string_view::npos;
    const auto name = end == std::string_view::npos ? std::string_view() : rest.substr(2, end - 2);
    if (!is_let_name(name)) {
      ++at;
      continue;
    }
    found.push_back({name, at, end + 1});
    at += end + 1;
  }
  return found;
}

}  // namespace leat::pipelines
