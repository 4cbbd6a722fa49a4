#pragma once

#include <libxml/tree.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/extract/html_document.hpp"

namespace leat::pipelines {

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

/// A libxml2 tree: of an XML text, or the copy of an HtmlDocument.
///
/// XML is read without network, DTD or entities but the five that are built in, so nothing grows while it is
/// read, and libxml2's limits (depth 256, names, texts) stand. What is not well-formed is filter_error with
/// its line. Of the copy each element's `_private` is its GumboNode, and the HtmlDocument outlives it.
///
/// Mutable inside while an expression runs: one thread at a time.
class XmlDocument {
 public:
  static Result<XmlDocument> parse(std::string_view utf8);
  /// `foreign` puts SVG's and MathML's elements into their namespaces; else none has one.
  static XmlDocument copy(const HtmlDocument& html, bool foreign);

  [[nodiscard]] xmlDoc* get() const noexcept { return doc_.get(); }

 private:
  explicit XmlDocument(XmlDoc doc) : doc_(std::move(doc)) {}

  XmlDoc doc_;
};

/// The next node of the tree in document order, without recursion; null after the last one below `top`.
[[nodiscard]] xmlNode* next_in_document(xmlNode* node, const xmlNode* top) noexcept;

/// Takes the namespaces off a document's elements, as `names` says, and gives them back when destroyed.
class WithoutNamespaces {
 public:
  WithoutNamespaces(xmlDoc* doc, Names names);
  ~WithoutNamespaces();
  WithoutNamespaces(const WithoutNamespaces&) = delete;
  WithoutNamespaces& operator=(const WithoutNamespaces&) = delete;

 private:
  std::vector<std::pair<xmlNode*, xmlNs*>> taken_;
};

}  // namespace leat::pipelines
