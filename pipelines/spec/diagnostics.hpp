#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipelines/spec/signature.hpp"
#include "pipelines/spec/source.hpp"

namespace leat::pipelines {

/// One fault of a spec, as people see it.
///
///     spec:1:9: error: no stage "fecth"; did you mean "fetch"?
///     lines | fecth
///             ^
struct Diagnostic {
  std::string file;      // "spec" or the name of a file; "--set" for what came from there
  std::size_t line = 1;  // both count from 1, columns in characters
  std::size_t column = 1;
  std::string message;
  std::string excerpt;  // the line, cut if it is wide; control characters but tabs are replaced
  std::string caret;    // blanks and the excerpt's tabs, then '^'
};

/// The faults that people see, in the order of the text, and how many more there are.
struct SpecFaults {
  std::vector<Diagnostic> shown;
  std::size_t more = 0;

  [[nodiscard]] bool empty() const noexcept { return shown.empty(); }
};

/// Gives three lines for each fault, and a last one that says how many more there are, if any. Ends in a
/// newline.
[[nodiscard]] std::string render(const SpecFaults& faults);

/// Describes what is wrong at one place of a text.
/// The signatures say what in the text is secret, and is shown as stars.
[[nodiscard]] Diagnostic diagnose(const SourceTexts& sources, Span at, std::string message,
                                  std::span<const Signature> signatures = {});

/// Collects what parser and binder find wrong: the first fault at each place, and only kMost of them with
/// their messages.
class FaultList {
 public:
  static constexpr std::size_t kMost = 10;

  explicit FaultList(const SourceTexts& sources, std::span<const Signature> signatures = {}) noexcept
      : sources_(sources), signatures_(signatures) {}

  void add(Span at, std::string message);

  [[nodiscard]] const SourceTexts& sources() const noexcept { return sources_; }
  /// Gives the nearest of the names as the end of a message, `; did you mean "fetch"?`, or nothing. It also
  /// gives nothing when no more messages are kept, so that a spec full of faults takes no longer than others.
  [[nodiscard]] std::string suggest(std::string_view word, std::span<const std::string_view> names) const;

  [[nodiscard]] bool empty() const noexcept { return places_.empty(); }
  /// Gives what was found, in the order of the text.
  [[nodiscard]] SpecFaults take();

 private:
  using Place = std::pair<std::uint32_t, std::uint32_t>;
  struct Kept {
    Span at;
    std::string message;
  };

  const SourceTexts& sources_;
  std::span<const Signature> signatures_;
  std::vector<Kept> kept_;
  std::set<Place> places_;
};

/// Quotes a part of the spec for a message: in quotes, cut, without control characters.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace leat::pipelines
