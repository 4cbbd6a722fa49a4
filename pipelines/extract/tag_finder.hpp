#pragma once

#include <gumbo.h>

#include <array>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/extract/html_tokens.hpp"
#include "pipelines/extract/selector.hpp"

namespace leat::pipelines {

/// Takes one attribute of the elements that a selector means without a tree of the page: one pass over its
/// tags, which costs a tenth of what the tree costs. For selectors that ask for tags and attributes only.
///
/// What it gives is what CssMatcher finds in an HtmlDocument of the page, in the same order; or it gives
/// nothing, where only the tree can tell (see HtmlNesting; and for an element of SVG or MathML that the
/// selector could mean, or a NUL). A page that HtmlDocument refuses may be one that it reads. Immutable; any
/// thread.
class TagFinder {
 public:
  struct Found {
    std::string_view element;  // its name, in lower case unless it is one that nobody knows
    std::string_view value;
    bool is_refresh = false;  // a <meta http-equiv=refresh>
  };
  /// Refers to the page.
  struct Page {
    std::vector<Found> found;
    std::optional<std::string_view> base;  // what <base href> says
    std::list<std::string> values;         // those that stand otherwise in the page
  };

  /// Nothing if the selector asks for more, or no attribute is wanted.
  [[nodiscard]] static std::optional<TagFinder> make(const Selector& selector, std::string_view attribute);

  [[nodiscard]] std::optional<Page> find(std::string_view utf8) const;

 private:
  struct Condition {
    Selector::Simple simple;
    GumboTag tag = GUMBO_TAG_UNKNOWN;  // of a type
    std::string name;                  // in lower case
  };
  struct Element {
    const HtmlTag& tag;
    GumboTag name;
  };

  [[nodiscard]] bool matches(const Element& element) const;
  [[nodiscard]] bool could_match(const HtmlTag& foreign) const;
  static bool holds(const Condition& condition, const Element& element);
  /// Whether the selector means an element of which only the name is known.
  enum class Meant : std::uint8_t { no, perhaps, yes };

  void note_meant(const std::vector<Condition>& conditions) noexcept;
  static void note_base(Page& page, const HtmlTag& tag);
  [[nodiscard]] bool take(Page& page, const Element& element) const;
  [[nodiscard]] static std::string_view value_of(Page& page, const HtmlAttribute& attribute);

  std::vector<std::vector<Condition>> compounds_;
  std::string attribute_;                          // in lower case
  std::array<Meant, GUMBO_TAG_LAST + 1> meant_{};  // of elements of each name
};

}  // namespace leat::pipelines
