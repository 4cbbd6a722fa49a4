#include "pipelines/spec/source.hpp"

#include <algorithm>
#include <utility>

#include "engine/text/utf8.hpp"

namespace leat::pipelines {

namespace {

std::size_t line_begin(std::string_view text, std::size_t offset) {
  if (offset == 0) return 0;
  const auto end = text.rfind('\n', offset - 1);
  return end == std::string_view::npos ? 0 : end + 1;
}

}  // namespace

std::uint32_t SourceTexts::add(std::string name, std::string text) {
  if (text.starts_with(text::kByteOrderMark)) text.erase(0, text::kByteOrderMark.size());
  sources_.push_back(Source{std::move(name), std::move(text)});
  return static_cast<std::uint32_t>(sources_.size() - 1);
}

SourceTexts::Position SourceTexts::locate(Span span) const {
  const auto before = text(span.source).substr(0, span.begin);
  const auto begin = line_begin(before, before.size());
  return Position{1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')),
                  1 + text::count_characters(before.substr(begin))};
}

std::string_view SourceTexts::line_of(Span span) const {
  auto line = text(span.source);
  line.remove_prefix(line_begin(line, std::min<std::size_t>(span.begin, line.size())));
  line = line.substr(0, line.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace leat::pipelines
