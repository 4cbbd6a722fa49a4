#include "pipelines/spec/diagnostics.hpp"

#include <algorithm>
#include <tuple>

#include "engine/text/nearest.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/spec/hidden_secrets.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kWidth = 100;  // so many characters of a line are shown
constexpr std::size_t kBefore = 60;  // so many of these stand before the fault if the line is wider
constexpr std::string_view kCut = "…";

// Gives the first `count` characters of well-formed UTF-8.
std::string_view first_characters(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; count > 0 && at < text.size(); --count) at += text::character_length(text.substr(at));
  return text.substr(0, at);
}

std::string shown(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto tab = text.find('\t');
    out += text::printable(text.substr(0, tab), std::string::npos);
    if (tab == std::string_view::npos) break;
    out += '\t';
    text.remove_prefix(tab + 1);
  }
  return out;
}

// Fills in the excerpt and the caret from a line of well-formed UTF-8.
void point_at(Diagnostic& fault, std::string_view line) {
  std::size_t before = fault.column - 1;
  std::string_view start;
  std::string_view end;
  if (text::count_characters(line) > kWidth) {
    if (before > kBefore) {
      line.remove_prefix(first_characters(line, before - kBefore).size());
      before = kBefore;
      start = kCut;
    }
    const auto window = first_characters(line, kWidth);
    if (window.size() < line.size()) end = kCut;
    line = window;
  }
  fault.excerpt.append(start).append(shown(line)).append(end);
  if (!start.empty()) fault.caret += ' ';
  for (auto rest = first_characters(line, before); !rest.empty();) {
    fault.caret += rest.front() == '\t' ? '\t' : ' ';
    rest.remove_prefix(text::character_length(rest));
  }
  fault.caret += '^';
}

// A secret may have line ends in it, so the whole text is looked at.
std::string shown_line(const SourceTexts& sources, Span at, std::size_t number,
                       std::span<const Signature> signatures) {
  const std::string shown = with_hidden_secrets(text::to_utf8(sources.text(at.source)), signatures);
  std::string_view line = shown;
  for (; number > 1; --number) line.remove_prefix(line.find('\n') + 1);
  line = line.substr(0, line.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return std::string(line);
}

}  // namespace

std::string render(const SpecFaults& faults) {
  std::string out;
  for (const Diagnostic& fault : faults.shown) {
    out += fault.file + ":" + std::to_string(fault.line) + ":" + std::to_string(fault.column) +
           ": error: " + fault.message + "\n" + fault.excerpt + "\n" + fault.caret + "\n";
  }
  if (faults.more > 0) {
    out += "and " + std::to_string(faults.more) + (faults.more == 1 ? " more error\n" : " more errors\n");
  }
  return out;
}

Diagnostic diagnose(const SourceTexts& sources, Span at, std::string message,
                    std::span<const Signature> signatures) {
  const auto position = sources.locate(at);
  Diagnostic fault;
  fault.file = sources.name(at.source);
  fault.line = position.line;
  fault.column = position.column;
  fault.message = std::move(message);
  point_at(fault, shown_line(sources, at, position.line, signatures));
  return fault;
}

void FaultList::add(Span at, std::string message) {
  if (!places_.emplace(at.source, at.begin).second) return;
  if (kept_.size() < kMost) kept_.push_back(Kept{at, std::move(message)});
}

std::string FaultList::suggest(std::string_view word, std::span<const std::string_view> names) const {
  constexpr std::size_t kLongest = 64;
  if (kept_.size() == kMost || word.size() > kLongest) return {};
  const auto near = text::nearest(word, names);
  return near.empty() ? std::string() : "; did you mean " + in_quotes(near) + "?";
}

SpecFaults FaultList::take() {
  std::stable_sort(kept_.begin(), kept_.end(), [](const Kept& a, const Kept& b) {
    return std::tie(a.at.source, a.at.begin) < std::tie(b.at.source, b.at.begin);
  });
  SpecFaults faults;
  for (Kept& kept : kept_)
    faults.shown.push_back(diagnose(sources_, kept.at, std::move(kept.message), signatures_));
  faults.more = places_.size() - kept_.size();
  return faults;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  const bool cut = text.size() > kLongest;
  return "\"" + text::printable(text, kLongest) + (cut ? "…\"" : "\"");
}

}  // namespace leat::pipelines
