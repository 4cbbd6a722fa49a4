#include "pipelines/expr/jq_message.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

#include "engine/text/replacer.hpp"
#include "pipelines/expr/jq_tokens.hpp"

namespace leat::pipelines {

namespace {

/// jq's names of tokens, and our names for them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kNames{{
    {" (Unix shell quoting issues?)", ""},
    {"INVALID_CHARACTER", "character"},
    {"QQSTRING_TEXT or QQSTRING_INTERP_START or QQSTRING_END", "the end of a string"},
    {"QQSTRING_START", "string"},
    {"IDENT", "name"},
    {"FIELD", "field"},
    {"LITERAL", "number"},
    {"FORMAT", "@format"},
    {"$end", "end"},         // of 1.6
    {"end of file", "end"},  // of 1.7
}};

/// What jq says: "jq: error: WORDS at <top-level>, line N:", followed by the text of the line.
struct Said {
  std::string words;
  std::size_t line = 1;
};

Said parse(std::string_view said) {
  constexpr std::string_view kStart = "jq: error: ";
  constexpr std::string_view kPlace = " at <top-level>, line ";
  if (said.starts_with(kStart)) said.remove_prefix(kStart.size());
  Said parsed;
  const auto place = said.find(kPlace);
  parsed.words = said.substr(0, std::min(place, said.find('\n')));
  if (place != std::string_view::npos) {
    const auto number = said.substr(place + kPlace.size());
    std::from_chars(number.data(), number.data() + number.size(), parsed.line);
  }
  for (const std::string_view rest :
       {" (while parsing '", " at line "}) {  // these quote a literal's own text
    parsed.words.resize(std::min(parsed.words.find(rest), parsed.words.size()));
  }
  return parsed;
}

/// The program with one token on each line, and the number of the line at which each token starts, from 1. A
/// variable's name stands behind its '$', since for 1.7 they are one token.
struct Spread {
  explicit Spread(std::string_view program) : tokens(jq_tokens(program)) {
    std::size_t line = 1;
    for (const auto& token : tokens) {
      const auto word = program.substr(token.begin, token.end - token.begin);
      lines.push_back(line);
      text.append(word);
      if (word == "$") continue;
      text += '\n';
      line += 1 + static_cast<std::size_t>(std::count(word.begin(), word.end(), '\n'));
    }
  }

  /// Gives the offset in the program of what stands on that line; behind the last line this is the program's
  /// end.
  [[nodiscard]] std::size_t offset_of(std::size_t line, std::size_t end) const {
    const auto after = std::upper_bound(lines.begin(), lines.end(), line);
    if (after == lines.begin()) return 0;
    const bool behind =
        after == lines.end() && line > lines.back() && tokens.back().kind != JqTokenKind::text;
    const auto first = std::lower_bound(lines.begin(), after, *std::prev(after));
    return behind ? end : tokens[static_cast<std::size_t>(first - lines.begin())].begin;
  }

  std::vector<JqToken> tokens;
  std::vector<std::size_t> lines;
  std::string text;
};

bool is_at_end(std::string_view words) noexcept {
  return words.find("unexpected $end") != words.npos || words.find("unexpected end of file") != words.npos;
}

std::size_t start_of_line(std::string_view program, std::size_t line) {
  std::size_t at = 0;
  for (; line > 1; --line) {
    const auto end = program.find('\n', at);
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  return at;
}

}  // namespace

TextFault read_jq_message(std::string_view program, std::string_view said,
                          const std::function<std::string(const std::string&)>& compile) {
  Said first = parse(said);
  const Spread spread(program);
  const Said again = parse(compile(spread.text));
  TextFault fault;
  if (is_at_end(first.words)) {
    fault.offset = program.size();
  } else if (again.words == first.words) {
    fault.offset = spread.offset_of(again.line, program.size());
  } else {
    fault.offset = start_of_line(program, first.line);
  }
  for (const auto& [theirs, ours] : kNames) text::replace_all(first.words, theirs, ours);
  fault.message = first.words.empty() ? "jq can't compile this" : first.words;
  return fault;
}

}  // namespace leat::pipelines
