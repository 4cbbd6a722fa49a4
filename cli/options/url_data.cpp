#include "cli/options/url_data.hpp"

#include <algorithm>

#include "engine/text/percent.hpp"
#include "engine/text/printable.hpp"

namespace leat::cli {

namespace {

std::string encoded(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto blank = std::min(text.find(' '), text.size());
    out += text::percent_encoded(text.substr(0, blank));
    if (blank < text.size()) out += '+';
    text.remove_prefix(std::min(blank + 1, text.size()));
  }
  return out;
}

}  // namespace

Result<std::string> url_encoded_data(std::string_view value, System& system) {
  const auto mark = value.find_first_of("=@");
  if (mark == value.npos) return encoded(value);
  std::string out(value.substr(0, mark));
  if (!out.empty()) out += '=';
  const std::string rest(value.substr(mark + 1));
  if (value[mark] == '=') return out + encoded(rest);
  auto file = system.read_file(rest);
  if (!file) return Error(Errc::bad_input, text::in_quotes(rest) + ": " + file.error().message);
  return out + encoded(*file);
}

}  // namespace leat::cli
