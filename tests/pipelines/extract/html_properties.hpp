#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "engine/text/ascii.hpp"
#include "pipelines/extract/css_matcher.hpp"
#include "pipelines/extract/html_document.hpp"
#include "pipelines/extract/selector.hpp"
#include "pipelines/extract/tag_finder.hpp"

/// What holds of a pass over the tags of any page, whatever is in it: what it finds is what is in the tree.
/// tests/fuzz/input_fuzz.cpp looks for pages of which that doesn't hold.
namespace leat::pipelines::html_test {

struct Asked {
  std::string_view css;
  std::string_view attribute;
};

inline constexpr std::array<Asked, 14> kAsked{{{"a", "href"},
                                               {"*", "href"},
                                               {"[href]", "href"},
                                               {"a, area, base", "HREF"},
                                               {"img", "src"},
                                               {"IMG[src], image", "alt"},
                                               {"link[rel=next]", "href"},
                                               {"a.b[href^='/']", "href"},
                                               {":not(a)", "class"},
                                               {"*", "id"},
                                               {"*", "class"},
                                               {"x-y", "id"},
                                               {"meta[http-equiv=refresh i]", "content"},
                                               {"td, tr, li, option", "id"}}};

inline TagFinder finder_of(const Asked& asked) {
  return *TagFinder::make(std::get<Selector>(parse_selector(asked.css)), asked.attribute);
}

inline void append_found(std::string& to, std::string_view element, std::string_view value) {
  to.append(leat::text::to_lower(element)).append("=").append(value).append("\n");
}

/// What is found without a tree, a line for each element; nothing where the tree is needed.
inline std::optional<std::string> found_in_tags(const Asked& asked, std::string_view html) {
  const auto page = finder_of(asked).find(html);
  if (!page) return std::nullopt;
  std::string found;
  for (const auto& one : page->found) append_found(found, one.element, one.value);
  if (page->base) append_found(found, "the base", *page->base);
  return found;
}

inline std::string found_in_tree(const Asked& asked, const GumboNode& tree) {
  std::string found;
  const auto name = HtmlNodes::attribute_name(asked.attribute);
  const CssMatcher<HtmlNodes> matcher(std::get<Selector>(parse_selector(asked.css)));
  matcher.for_each_match(tree, [&](const GumboNode& node) {
    if (const auto value = HtmlNodes::attribute(node, name))
      append_found(found, HtmlNodes::name(node), *value);
  });
  const CssMatcher<HtmlNodes> bases(std::get<Selector>(parse_selector("base[href]")));
  bases.for_each_match(tree, [&](const GumboNode& node) {
    append_found(found, "the base", find_attribute(node.v.element, "href")->value);
    return false;
  });
  return found;
}

struct Held {
  std::size_t by_tags = 0;  // selectors for which the tags were enough
  std::string broken;       // the promise that the page breaks; empty: none
};

inline Held hold(std::string_view html) {
  Held held;
  const auto document = HtmlDocument::parse(html);
  for (const auto& asked : kAsked) {
    const auto tags = found_in_tags(asked, html);
    if (!tags) continue;
    ++held.by_tags;
    if (!document) continue;  // it is refused, or meets a fault of gumbo's own
    const std::string tree = found_in_tree(asked, document.value().document());
    if (*tags != tree)
      held.broken = std::string(asked.css) + ": tags give\n" + *tags + "the tree gives\n" + tree;
  }
  return held;
}

}  // namespace leat::pipelines::html_test
