#pragma once

#include <gumbo.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/error.hpp"

namespace leat::pipelines {

/// A page as gumbo (HTML5) has parsed it: any tag soup gives a tree, never an error.
///
/// The tree lives in one arena. That costs less than gumbo's own freeing, which also runs out of stack on
/// deep pages (gumbo 0.10.1 frees by recursion). Parsing stops with filter_error for pages that nobody
/// writes in earnest: elements more than kMaxDepth deep (gumbo's time for each tag grows with the depth), a
/// tree far bigger than its text (formatting elements that are reopened again and again), or much more
/// processor time than the size explains (thousands of attributes in one tag). It also stops for a page on
/// which gumbo meets a fault of its own, an assertion that would end the program.
///
/// Text and attribute values are UTF-8, as the input must be. Immutable; any thread, one at a time. The
/// text that was parsed outlives the document.
class HtmlDocument {
 public:
  static constexpr std::size_t kMaxDepth = 4096;

  static Result<HtmlDocument> parse(std::string_view utf8);

  HtmlDocument(HtmlDocument&&) noexcept;
  HtmlDocument& operator=(HtmlDocument&&) noexcept;
  ~HtmlDocument();

  /// Of type GUMBO_NODE_DOCUMENT.
  [[nodiscard]] const GumboNode& document() const noexcept { return *document_; }

 private:
  class Arena;
  explicit HtmlDocument(std::unique_ptr<Arena> arena);

  std::unique_ptr<Arena> arena_;
  const GumboNode* document_ = nullptr;
};

/// The element of a node; null for text, comments and the document. A template is an element, and its
/// contents are its children.
[[nodiscard]] inline const GumboElement* element_of(const GumboNode& node) noexcept {
  const bool is_element = node.type == GUMBO_NODE_ELEMENT || node.type == GUMBO_NODE_TEMPLATE;
  return is_element ? &node.v.element : nullptr;
}

/// The children of a document or an element; null for what has none.
[[nodiscard]] inline const GumboVector* children_of(const GumboNode& node) noexcept {
  if (node.type == GUMBO_NODE_DOCUMENT) return &node.v.document.children;
  const GumboElement* element = element_of(node);
  return element != nullptr ? &element->children : nullptr;
}

[[nodiscard]] inline const GumboNode& child(const GumboVector& children, std::size_t at) noexcept {
  return *static_cast<const GumboNode*>(children.data[at]);
}

/// The element's name without a prefix: lower case in HTML and MathML, SVG's own spelling in SVG.
[[nodiscard]] std::string name_of(const GumboElement& element);

/// The prefix that an attribute of SVG or MathML has, with its colon: "xlink:", "xml:", "xmlns:", or nothing.
[[nodiscard]] std::string_view prefix_of(const GumboAttribute& attribute) noexcept;

/// The attribute of that name with its prefix; null if there is none. Names are in lower case, except those
/// that SVG spells otherwise (viewBox).
[[nodiscard]] const GumboAttribute* find_attribute(const GumboElement& element,
                                                   std::string_view name) noexcept;

/// The tree of an HtmlDocument as CssMatcher wants it. Names of HTML elements and their attributes match in
/// any case, those of SVG and MathML as they are spelt. An element's namespace does not matter, but an
/// attribute's prefix does.
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

  /// All text below the node. Runs of blanks are one blank, and none stands around the text.
  static std::string text(const Node& node);

  /// The element with its tags, as HTML is written (HTML standard, 13.3).
  static std::string markup(const Node& node);
};

}  // namespace leat::pipelines
