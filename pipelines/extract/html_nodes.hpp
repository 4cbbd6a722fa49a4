#pragma once

#include <gumbo.h>

#include <optional>
#include <string>
#include <string_view>

#include "pipelines/extract/html_document.hpp"

namespace leat::pipelines {

/// The tree of an HtmlDocument as CssMatcher wants it. Names of HTML elements and their attributes match in
/// any case, those of SVG and MathML as they are spelt; an element's namespace doesn't matter, an attribute's
/// prefix does.
struct HtmlNodes {
  using Node = GumboNode;

  struct TypeTest {
    GumboTag tag = GUMBO_TAG_UNKNOWN;
    std::string written;
    std::string lower;
  };
  struct AttributeName {
    std::string written;
    std::string lower;
  };
  struct Cursor {
    const GumboVector* children = nullptr;
    unsigned next = 0;
  };

  static TypeTest type_test(std::string_view name);
  static AttributeName attribute_name(std::string_view name);
  static bool is_type(const Node& node, const TypeTest& test);
  static std::optional<std::string_view> attribute(const Node& node, const AttributeName& name) noexcept;

  static Cursor children(const Node& node) noexcept { return {children_of(node), 0}; }
  static const Node* next_element(Cursor& cursor) noexcept {
    while (cursor.children != nullptr && cursor.next < cursor.children->length) {
      const Node& node = child(*cursor.children, cursor.next++);
      if (element_of(node) != nullptr) return &node;
    }
    return nullptr;
  }
  static bool has_children(const Node& node) noexcept { return node.v.element.children.length > 0; }
  static bool is_empty(const Node& node) noexcept;
  static std::string type_key(const Node& node);
  static std::string name(const Node& node) { return name_of(node.v.element); }

  /// All text below the node, runs of blanks as one and none around it.
  static std::string text(const Node& node);

  /// The element with its tags, as HTML is written (HTML standard, 13.3).
  static std::string markup(const Node& node);
};

}  // namespace leat::pipelines
