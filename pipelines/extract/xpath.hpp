#pragma once

#include <libxml/xpath.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/expr/fault.hpp"
#include "pipelines/extract/xml_document.hpp"

namespace leat::pipelines {

/// What libxml2 does not look at when it compiles an XPath expression: its prefixes, and its faults that
/// are a function which does not exist, a variable, or a quote that is left open.
struct XpathNames {
  std::vector<std::string> prefixes;  // each once, in no order
  bool on_elements = false;           // an element's name has a prefix, not only attributes' names
  std::optional<TextFault> fault;
};

[[nodiscard]] XpathNames xpath_names(std::string_view expression);

/// A compiled XPath 1.0 expression.
///
/// Namespaces: an expression without a prefix on any element's name sees local names only, so that `//loc`
/// finds the elements that a sitemap has in its default namespace. An expression with a prefix
/// (`//media:content`) sees names as the document writes them. A prefix means what the document declares it
/// to be; svg, math, xlink and xml need no declaration, and a prefix that nobody declares matches nothing.
/// Names without a prefix match names without one. Attributes are always seen as they are written.
///
/// Names are compared as they are; those of HTML are in lower case. Variables are refused when the
/// expression is compiled, as are functions besides XPath's own 27. One thread at a time.
///
/// Nothing bounds the time that an expression takes. libxml2 2.9.14 has a limit of steps (opLimit), but
/// does not count the cost of joining sets of nodes, and looks for duplicates one by one: a union of two
/// sets of 20,000 nodes takes a second, and joining the `preceding-sibling::*` of every item of a long list
/// can take minutes. It has no way to stop an evaluation either. This is why a JqWorker's process evaluates
/// for `extract`. CSS takes linear time.
class Xpath {
 public:
  [[nodiscard]] static Compiled<Xpath> compile(const std::string& text);

  /// What an expression gives: nodes in document order, or one value.
  using Nodes = std::vector<const xmlNode*>;
  using Value = std::variant<Nodes, std::string, double, bool>;

  /// filter_error with libxml2's words for a fault that can't be known before, such as an argument that is
  /// no node set. The nodes belong to the document; those of the namespace axis are left out.
  [[nodiscard]] Result<Value> evaluate(const XmlDocument& document) const;
  /// The same with each of the document's nodes as the context node.
  [[nodiscard]] Result<std::vector<Value>> evaluate(const XmlDocument& document, const Nodes& at) const;

  [[nodiscard]] Names names() const noexcept { return names_; }

 private:
  struct FreeExpression {
    void operator()(xmlXPathCompExpr* expression) const noexcept;
  };

  std::unique_ptr<xmlXPathCompExpr, FreeExpression> expression_;
  std::vector<std::string> prefixes_;  // of elements and attributes
  Names names_ = Names::local;
};

/// A TextCheck.
[[nodiscard]] std::optional<TextFault> check_xpath(const std::string& text);

}  // namespace leat::pipelines
