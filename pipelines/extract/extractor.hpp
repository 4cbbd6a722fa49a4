#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/expr/fault.hpp"
#include "pipelines/expr/worker_program.hpp"

namespace leat::pipelines {

class Page;

/// Takes pieces out of a body: the `extract` stage without its record.
///
/// It always gives a JSON array, which is empty if nothing matches:
///  - css and xpath give for each element its text (runs of blanks are one blank, none stands around it),
///    or its markup, or its attribute `attr` if it has that. Attributes that hold URLs (see links.hpp) are
///    made absolute against the page's <base href> or its own URL; srcset gives an item for each candidate.
///  - xpath can also give attributes, comments and texts, except those of blanks only, or one string,
///    number or boolean. A number that JSON can't hold is null.
///  - css and xpath with `fields` give an object for each element, which is then a row: each field is the
///    first find within the row, or null. An XPath of a field begins at its row.
///  - regex gives the first group or the whole match, or an object of the named groups. A group that took
///    no part is null. `attr` and `markup` mean nothing to it.
///
/// Bodies are HTML (gumbo) unless they are XML, which has to be well-formed unless `lenient` says otherwise;
/// see Page, XmlDocument, markup_of() and Utf8Body. CSS that asks for an
/// attribute of tags needs no tree, see TagFinder. Other CSS is matched on gumbo's own tree, since a copy of
/// it for libxml2 is only worth its price for XPath. One thread at a time.
class Extractor {
 public:
  enum class Language : std::uint8_t { css, xpath, regex };
  struct Find {
    Language language = Language::css;
    std::string text{};    // of a field: if it is empty, the row itself
    std::string attr{};    // empty: none
    bool markup = false;   // instead of an element's text
    bool lenient = false;  // with XML that is not well-formed
  };
  struct What : Find {
    std::vector<std::pair<std::string, Find>> fields{};  // of a row, with their names
  };

  /// A fault is one of `what.text`, or of the first field's that has one.
  [[nodiscard]] static Compiled<Extractor> compile(const What& what);

  Extractor(Extractor&&) noexcept;
  Extractor& operator=(Extractor&&) noexcept;
  ~Extractor();

  /// filter_error for XML that is not well-formed, and for a page whose tree would take too much (see
  /// HtmlDocument). Any body will do; the caller bounds its size.
  [[nodiscard]] Result<std::string> extract(Page& page) const;

 private:
  struct Machine;
  explicit Extractor(std::unique_ptr<Machine> compiled);

  std::unique_ptr<Machine> compiled_;
};

/// How an extractor and the pages it is asked about travel to a JqWorker's process. The answer's one output
/// is the extractor's array.
[[nodiscard]] WorkerProgram page_program(const Extractor::What& what);
/// Reads the text of a page_program.
[[nodiscard]] Extractor::What page_program_of(std::string_view text);

struct PageQuestion {
  std::string_view content_type;
  std::string_view url;
  std::string_view body;

  friend bool operator==(const PageQuestion&, const PageQuestion&) = default;
};
/// A body that is no UTF-8 becomes that on its way.
[[nodiscard]] std::string page_question(const PageQuestion& page);
/// Refers to the text.
[[nodiscard]] PageQuestion page_question_of(std::string_view text);

}  // namespace leat::pipelines
