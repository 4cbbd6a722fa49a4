#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/error.hpp"
#include "pipelines/expr/fault.hpp"
#include "pipelines/expr/worker_program.hpp"

namespace leat::pipelines {

class Page;

/// Takes pieces out of a body: the `extract` stage without its record.
///
/// What is given is always a JSON array, empty where nothing matches:
///  - css, xpath: of each element its text (runs of blanks as one, none around it), or its markup, or the
///    attribute `attr`, where it has it. Attributes that hold URLs (see links.hpp) are made absolute against
///    the page's <base href> or its own URL; srcset gives an item for each candidate.
///  - xpath besides: attributes, texts (but those of blanks only) and comments; or one string, number or
///  boolean.
///    A number that JSON can't hold is null.
///  - regex: the first group or the whole match, or an object of the named groups; null where a group took no
///    part. `attr` and `markup` mean nothing to it.
///
/// Bodies are HTML (gumbo) unless they are XML; see Page, markup_of() and Utf8Body. CSS goes straight over
/// gumbo's tree: copying that for libxml2 is only worth it for XPath. One thread at a time.
class Extractor {
 public:
  enum class Language : std::uint8_t { css, xpath, regex };
  struct What {
    Language language = Language::css;
    std::string text;
    std::string attr;     // empty: none
    bool markup = false;  // instead of an element's text
  };

  /// The fault is that of `what.text`.
  [[nodiscard]] static Compiled<Extractor> compile(const What& what);

  Extractor(Extractor&&) noexcept;
  Extractor& operator=(Extractor&&) noexcept;
  ~Extractor();

  /// filter_error for XML that is not well-formed, and for what would take beyond all bounds (see
  /// HtmlDocument, Xpath). Any body; its size is the caller's to bound.
  [[nodiscard]] Result<std::string> extract(Page& page) const;

 private:
  struct Machine;
  explicit Extractor(std::unique_ptr<Machine> compiled);

  std::unique_ptr<Machine> compiled_;
};

/// How an extractor and the pages it is asked about travel to a JqWorker's process. The answer's one output
/// is the extractor's array.
[[nodiscard]] WorkerProgram page_program(const Extractor::What& what);
/// Of a page_program's text.
[[nodiscard]] Extractor::What page_program_of(std::string_view text);

struct PageQuestion {
  std::string_view content_type;
  std::string_view url;
  std::string_view body;

  friend bool operator==(const PageQuestion&, const PageQuestion&) = default;
};
[[nodiscard]] std::string page_question(const PageQuestion& page);
/// Refers to the text.
[[nodiscard]] PageQuestion page_question_of(std::string_view text);

}  // namespace leat::pipelines
