#pragma once

#include <libxml/tree.h>
#include <libxml/xmlstring.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/extract/html_document.hpp"

namespace leat::pipelines {

/// A text as libxml2 takes it, whose char is unsigned.
[[nodiscard]] inline const xmlChar* xml_text(const char* text) noexcept {
  return reinterpret_cast<const xmlChar*>(text);
}
[[nodiscard]] inline const xmlChar* xml_text(const std::string& text) noexcept {
  return xml_text(text.c_str());
}

/// A text of libxml2's; null is an empty one.
[[nodiscard]] inline std::string_view text_of(const xmlChar* text) noexcept {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

/// The namespaces that a page has without declaring them.
inline constexpr const char* kSvg = "http://www.w3.org/2000/svg";
inline constexpr const char* kMath = "http://www.w3.org/1998/Math/MathML";
inline constexpr const char* kXlink = "http://www.w3.org/1999/xlink";

/// Which names an expression sees (see Xpath).
enum class Names : std::uint8_t {
  local,    // an element's name without its prefix, whatever its namespace
  written,  // prefix:name where the document has a prefix; a default namespace doesn't count
};

/// The owner of a libxml2 tree.
struct FreeXmlDoc {
  void operator()(xmlDoc* doc) const noexcept;
};
using XmlDoc = std::unique_ptr<xmlDoc, FreeXmlDoc>;

/// A libxml2 tree of an XML text, or one that is the copy of an HtmlDocument.
///
/// XML is read without a network, without a DTD, and with no entities but the five that are built in; so
/// nothing grows while it is read. libxml2's own limits stand (depth 256, names, texts). Text that is not
/// well-formed is filter_error with its line. In a copy, each element's `_private` is its GumboNode, and
/// the HtmlDocument outlives it.
///
/// An expression that runs changes it inside: one thread at a time.
class XmlDocument {
 public:
  /// `lenient`: what is wrong is passed over, as far as libxml2 can, and it is an error only if no element is
  /// left. An entity that nobody declares, such as &nbsp;, is nothing.
  static Result<XmlDocument> parse(std::string_view utf8, bool lenient = false);
  /// `foreign` puts SVG's and MathML's elements into their namespaces; without it no element has one.
  static XmlDocument copy(const HtmlDocument& html, bool foreign);

  [[nodiscard]] xmlDoc* get() const noexcept { return doc_.get(); }

 private:
  explicit XmlDocument(XmlDoc doc) : doc_(std::move(doc)) {}

  XmlDoc doc_;
};

/// The next node of the tree in document order, found without recursion; null after the last one below `top`.
[[nodiscard]] xmlNode* next_in_document(xmlNode* node, const xmlNode* top) noexcept;

/// Takes the namespaces off a document's elements, as `names` says, and puts them back when destroyed.
class WithoutNamespaces {
 public:
  WithoutNamespaces(xmlDoc* doc, Names names);
  ~WithoutNamespaces();
  WithoutNamespaces(const WithoutNamespaces&) = delete;
  WithoutNamespaces& operator=(const WithoutNamespaces&) = delete;

 private:
  std::vector<std::pair<xmlNode*, xmlNs*>> taken_;
};

/// The tree of an XmlDocument as CssMatcher wants it. Names match as they are spelt: an element's without its
/// prefix, an attribute's with it.
struct XmlNodes {
  using Node = xmlNode;
  using TypeTest = std::string;
  using AttributeName = std::string;
  using Cursor = const xmlNode*;

  static TypeTest type_test(std::string_view name) { return std::string(name); }
  static AttributeName attribute_name(std::string_view name) { return std::string(name); }
  static bool is_type(const Node& node, const TypeTest& name) noexcept;
  static std::optional<std::string_view> attribute(const Node& node, const AttributeName& name) noexcept;

  static Cursor children(const Node& node) noexcept { return node.children; }
  static const Node* next_element(Cursor& cursor) noexcept;
  static bool has_children(const Node& node) noexcept { return node.children != nullptr; }
  static bool is_empty(const Node& node) noexcept;
  static std::string type_key(const Node& node);
  static std::string name(const Node& node);

  /// An attribute's value, as it is.
  static std::string_view value(const Node& attribute) noexcept;

  /// All text in a node of any kind. Runs of blanks are one blank, and none stands around the text.
  static std::string text(const Node& node);

  /// The node as XML; for an attribute, its value.
  static std::string markup(const Node& node);
};

}  // namespace leat::pipelines
